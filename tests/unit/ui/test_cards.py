"""How an answer is shown: its places, how sure it is, an LLM's sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.articles import Article
from index.store import Store
from qa.answer import Answer, Citation, Statement
from qa.defaults import shared_embedder
from tests.unit.ui.seen import Seen
from ui.i18n import sureness_text, unsupported_text
from ui.render import as_text, message_html
from ui.talk import Reason, Turn, turn_of

ARTICLE = Article.of("Trade <b> is 3 billion. It rained.", title="t", source="s", language="en")
STORE = Store.build([ARTICLE], shared_embedder())
SENTENCE, WORDS = Citation.of(ARTICLE, 0, 23), Citation.of(ARTICLE, 13, 22)


def turn(language: str = "en", **more: object) -> Turn:
    facts = {"confidence": 0.95, **more}
    answer = Answer("q", "answered", SENTENCE.quote, citations=(SENTENCE,), passages=(), **facts)  # type: ignore[arg-type]
    return turn_of(answer, STORE, language)


def test_an_answer_ends_in_its_number_which_tells_its_quote() -> None:
    html = message_html(turn(), 3, "en")
    assert f'Trade &lt;b&gt; is 3 billion. <a class="cite" href="#cite-{ARTICLE.id}-0"' in html
    seen = Seen(html)
    assert set(seen.all("data-quote")) == {SENTENCE.quote}
    assert set(seen.all("aria-label")) == {f"[1] {SENTENCE.quote}"}
    assert set(seen.all("data-turn")) == {"3"}
    assert "paragraph 1" in seen.text
    assert "0–23" in seen.text
    assert "الفقرة 1" in Seen(message_html(turn(), 3, "ar")).text


def test_sure_words_stand_beside_how_sure_they_are() -> None:
    html = message_html(turn(span=WORDS, span_confidence=0.8), 0, "en")
    assert "<strong>3 billion</strong> · likely" in html
    html = message_html(turn(span=WORDS, span_confidence=0.8, confidence=0.55), 0, "en")
    assert "<strong>3 billion</strong> · not sure" in html
    assert "<strong>" not in message_html(turn(span=WORDS, span_confidence=0.69), 0, "en")


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "sure"), (0.9, "sure"), (0.89, "likely"), (0.7, "likely"), (0.69, "not sure"),
     (0.0, "not sure")],
)  # fmt: skip
def test_confidence_is_words_for_people(confidence: float, words: str) -> None:
    reported = turn("fr", confidence=confidence)
    assert (
        reported.sure
        == sureness_text(reported.sure, "en")
        == sureness_text(reported.sure, "xx")
        == words
    )
    assert sureness_text(reported.sure, "fr") in message_html(reported, 0, "en")


def test_an_llms_sentences_have_their_numbers_or_their_mark() -> None:
    reported = turn(
        statements=(Statement("It is 3.", (SENTENCE,), True), Statement("It is <b>.", (), False))
    )
    seen = Seen(message_html(reported, 0, "en"))
    assert "It is 3. [1]" in seen.text
    assert "It is <b>. (not supported by the passages)" in seen.text
    assert as_text(reported, "en").splitlines() == [
        "It is 3. [1]",
        "It is <b>. (not supported by the passages)",
        f"[1] «{SENTENCE.quote}» t, s, paragraph 1, 0–23",
    ]
    assert unsupported_text("fr") in message_html(replace(reported, language="fr"), 0, "en")


def test_what_is_copied_is_the_answer_with_its_place() -> None:
    copied = f"{SENTENCE.quote}\n[1] t, s, paragraph 1, 0–23"
    assert as_text(turn(), "en") == copied
    assert Seen(message_html(turn(), 0, "en")).all("data-copy") == [copied]


def test_the_place_in_a_file_stands_for_the_paragraph() -> None:
    reported = turn()
    page = replace(reported.places[0], kind="page", locator="3")
    reported = replace(reported, places=(page,))
    assert "page 3" in Seen(message_html(reported, 0, "en")).text
    assert "paragraph" not in Seen(message_html(reported, 0, "en")).text
    assert "الصفحة 3" in Seen(message_html(reported, 0, "ar")).text
    assert as_text(reported, "fr").endswith("t, s, page 3, paragraphe 1, 0–23")
    odd = replace(reported, places=(replace(page, kind="sheet", locator="<b>Q1</b>"),))
    assert "sheet &lt;b&gt;Q1&lt;/b&gt;" in message_html(odd, 0, "en")


def test_what_was_understood_and_what_failed_are_told_and_escaped() -> None:
    html = message_html(turn(completed="and <i>?", notice="no <server>"), 0, "en")
    assert "↳ and &lt;i&gt;?" in html
    assert "no &lt;server&gt;" in html
    assert "↳" not in message_html(turn(), 0, "en")


def test_the_reasons_are_folded_and_escaped() -> None:
    reported = replace(turn(), reason=Reason((("<a>", "<b>", 0.5),), "dense +1.00 = 1.00"))
    html = message_html(reported, 0, "en")
    assert "<details" in html
    assert "<bdi>&lt;a&gt;</bdi> ~ <bdi>&lt;b&gt;</bdi>" in html


def test_nothing_that_is_told_is_markup() -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    place = replace(turn().places[0], article=bad, title=bad, source=bad, quote=bad)
    reported = Turn(
        bad,
        bad,
        "answered",
        bad,
        strong=bad,
        places=(place,),
        completed=bad,
        notice=bad,
        reason=Reason(((bad, bad, 1.0),), bad),
    )
    for each in (reported, replace(reported, status="not_in_article", nearest=place),
                 replace(reported, status="failed")):  # fmt: skip
        seen = Seen(message_html(each, 0, "ar"))
        assert not seen.tags & {"script", "img"}
        assert not [name for name, _ in seen.attributes if name.startswith("on")]


def test_a_summary_is_a_paragraph_a_sentence_each_with_its_place() -> None:
    first = turn().places[0]
    second = replace(first, start=first.end + 1, end=first.end + 6, quote="Again")
    both = replace(turn(), about="summary", places=(first, second), strong="", text="x")
    shown = message_html(both, 0, "en")
    assert shown.count('<p class="said"') == 2
    assert 'class="sure"' not in shown
    assert as_text(both, "en").splitlines()[:2] == [f"{first.quote} [1]", "Again [2]"]


def test_a_localised_answer_stands_before_the_articles_words() -> None:
    shown = message_html(replace(turn(), strong="3 مليارات", localised="3 billion"), 0, "en")
    assert "<strong>3 billion</strong> (<bdi>3 مليارات</bdi>) · " in shown


def test_what_is_no_question_is_answered_without_citations() -> None:
    shown = message_html(Turn("hello", "en", "not_a_question", "Ask <something>."), 0, "en")
    assert (
        shown == '<div class="answer"><p class="said" dir="auto">Ask &lt;something&gt;.</p></div>'
    )
