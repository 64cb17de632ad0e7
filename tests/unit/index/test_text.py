from __future__ import annotations

import textwrap
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans
from index.text import block_spans, ends_sentence, find_words, fold, folded_words, strip_span
from tests.texts import mixed_text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("تبـون", "تبون"),
        ("مُحَمَّد", "محمد"),
        ("أوكرانيا إلى آخر", "اوكرانيا الي اخر"),
        ("اتفاقية", "اتفاقيه"),
        ("شوڨاييف", "شوغاييف"),
        ("٣٫٥ و ۱۲", "3٫5 و 12"),
        ("ﻻ", "لا"),
        ("Straße ÉCOLE", "straße école"),
    ],
)
def test_fold_unifies_what_writers_use_for_one_another(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(mixed_text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_terms_point_at_the_words_as_written() -> None:
    text = "قال «تبـون»: 3 مليارات!"
    assert [(t.text, text[t.start : t.end]) for t in find_words(text)] == [
        ("قال", "قال"),
        ("تبون", "تبـون"),
        ("3", "3"),
        ("مليارات", "مليارات"),
    ]


@given(mixed_text())
def test_folded_words_are_the_texts_of_the_terms(text: str) -> None:
    assert folded_words(text) == [term.text for term in find_words(text)]


def test_a_ligature_of_several_words_folds_to_several_terms_on_one_span() -> None:
    found = find_words("ﷺ")
    assert len(found) > 1
    assert {(t.start, t.end) for t in found} == {(0, 1)}


@given(mixed_text())
def test_terms_are_in_order_and_fold_from_their_spans(text: str) -> None:
    found = find_words(text)
    assert [t.start for t in found] == sorted(t.start for t in found)
    for term in found:
        assert term.text in fold(text[term.start : term.end])


@given(mixed_text())
def test_every_letter_stands_in_a_term(text: str) -> None:
    covered = {i for t in find_words(text) for i in range(t.start, t.end)}
    # A letter that folds to nothing or to white space (a lone mark) has no term to stand in.
    letters = {
        i
        for i, char in enumerate(text)
        if unicodedata.category(char)[0] in "LN" and fold(char).strip()
    }
    assert letters <= covered


def test_lines_are_paragraphs() -> None:
    text = "عنوان\nسطر أول طويل.\n\n  سطر ثان.  \n"
    assert [text[s:e] for s, e in block_spans(text)] == ["عنوان", "سطر أول طويل.", "سطر ثان."]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The committee met on Tuesday to discuss\nthe budget for the coming year and the\n"
        "plans for the new bridge over the river\nwhich is to be built."
    )
    text = f"Heading\n\n{wrapped}\n\nNext."
    assert [text[s:e] for s, e in block_spans(text)] == ["Heading", wrapped, "Next."]


FIRST = (
    "The committee met on Tuesday to discuss the budget for the coming year and the plans for the "
    "new bridge over the river which is to be built. It was long. Nobody was hurt by anything that "
    "anyone said, and the mayor thanked them all for coming."
)
SECOND = (
    "A second paragraph begins here, and it says that the bridge will cost five million crowns, "
    "which the region pays over ten years in equal parts, beginning with the next budget."
)


@pytest.mark.parametrize("width", [40, 60, 72, 100])
@pytest.mark.parametrize(
    "layout", ["blank line", "no blank line", "first lines indented", "all indented"]
)
def test_wrapped_text_is_cut_into_its_paragraphs(width: int, layout: str) -> None:
    first = "    " if "indented" in layout else ""
    rest = "    " if layout == "all indented" else ""
    wrapped = [
        textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest)
        for text in (FIRST, SECOND)
    ]
    text = ("\n" if layout in ("no blank line", "first lines indented") else "\n\n").join(wrapped)
    found = [" ".join(text[s:e].split()) for s, e in block_spans(text)]
    assert found == [FIRST, SECOND]


@pytest.mark.parametrize(
    "text",
    [
        "Two roads diverged in a yellow wood,\nAnd sorry I could not travel both\n"
        "And be one traveler, long I stood\nAnd looked down one as far as I could\n"
        "To where it bent in the undergrowth;",
        "Storm closes the harbour for two days\nMayor opens bridge\n"
        "New school year begins with fewer pupils\nTwo hurt in fire\nRiver falls",
        "cheese\nbread\nhoney\nfish",
        "Year    Ships\n2022    41\n2023    38",
        "Year | Ships of the harbour\n2022 | 41 of them from abroad\n2023 | 38 of them from abroad",
        "- Dogs must stay outside of the hall\n- Stalls are closed at two o'clock\n"
        "- Cheese and bread may be sold here\n- No music is allowed after eight",
    ],
)
def test_lines_that_stand_alone_are_not_glued(text: str) -> None:
    assert [text[s:e] for s, e in block_spans(text)] == text.split("\n")


def test_an_item_of_a_list_has_the_lines_that_hang_under_it() -> None:
    text = (
        "1. Dogs must stay outside the hall and\n   may not bark at the people who pass\n"
        "   it on the way.\n2. Stalls close at two in the afternoon\n   on all days of the week."
    )
    assert len(block_spans(text)) == 2


def test_sentences_of_the_article(article) -> None:  # type: ignore[no-untyped-def]
    quotes = [article.text[s:e] for s, e in sentence_spans(article.text, "ar")]
    assert quotes[:2] == ["بوتين يوجّه دعوة للرئيس تبـون لزيارة موسكو", "منال.ب"]
    (trade,) = [quote for quote in quotes if "3 مليارات دولار" in quote]
    assert trade.startswith("وشدد على ضرورة")
    assert trade.endswith("في قطاع الطاقة.")


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("He paid 3.5 bn. Mr. Smith left.", "en", ["He paid 3.5 bn.", "Mr. Smith left."]),
        ("Как дела? А. С. Пушкин пришёл.", "ru", ["Как дела?", "А. С. Пушкин пришёл."]),
        ("你好。再见！是吗？", "zh", ["你好。", "再见！", "是吗？"]),
        ("هل جاء؟ نعم. ذهب", "ar", ["هل جاء؟", "نعم.", "ذهب"]),
        ("x", "xx", ["x"]),
        (" \n ", "en", []),
    ],
)
def test_sentences(text: str, language: str, sentences: list[str]) -> None:
    assert [text[s:e] for s, e in sentence_spans(text, language)] == sentences


@given(mixed_text(), st.sampled_from(["ar", "en", "zh", "xx"]))
def test_blocks_and_sentences_hold_all_but_white_space_in_order(text: str, language: str) -> None:
    for spans in (block_spans(text), sentence_spans(text, language)):
        cursor = 0
        for start, end in spans:
            assert cursor <= start < end <= len(text)
            assert not text[cursor:start].strip()
            assert text[start:end] == text[start:end].strip()
            cursor = end
        assert not text[cursor:].strip()


@given(mixed_text(), st.integers(0, 40), st.integers(0, 40))
def test_strip_span_is_str_strip(text: str, first: int, length: int) -> None:
    start, end = strip_span(text, first, min(len(text), first + length))
    assert text[start:end] == text[first : first + length].strip()


def test_a_closing_quote_may_follow_the_mark_that_ends_a_sentence() -> None:
    assert ends_sentence("قال: “نعم.” ")
    assert ends_sentence("he said “go!”)")
    assert not ends_sentence("A heading")
