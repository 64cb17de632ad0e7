import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.chunker import Chunk
from qa.answer import Passage
from qa.attribution import _numbers_in, find_quote, neutralise_markers, parse_statements
from tests.texts import mixed_text

TEXT = "وصل التبادل التجاري إلى 3 مليارات دولار. They met in Moscow, in April."
ARTICLE = Article.of(TEXT, title="t", source="s")
PASSAGES = (
    Passage(Chunk(ARTICLE.id, 0, 40, TEXT[0:40]), 1.0, 1),
    Passage(Chunk(ARTICLE.id, 41, len(TEXT), TEXT[41:]), 0.5, 2),
)


def read(written):
    return parse_statements(written, PASSAGES, {ARTICLE.id: ARTICLE})


def test_the_quote_is_found_where_it_stands():
    (one,) = read('They met in April. [2: "in April"]')
    assert (one.text, one.supported) == ("They met in April.", True)
    (citation,) = one.citations
    assert TEXT[citation.start : citation.end] == "in April" == citation.quote


@pytest.mark.parametrize(
    "written",
    [
        'They met [2: "in Moscow"].',
        "They met. [2: “in Moscow”]",
        "They met [2: «in Moscow»] .",
        'They met [2:"IN MOSCOW"].',
    ],
)
def test_markers_may_be_written_in_many_ways(written):
    (one,) = read(written)
    assert one.supported
    assert one.citations[0].quote == "in Moscow"
    assert one.text == "They met."


def test_markers_within_a_sentence_do_not_cut_it():
    found = read("They [2] met in Moscow, and in April [2] too. It rained.")
    assert [s.text for s in found] == ["They met in Moscow, and in April too.", "It rained."]
    assert [s.supported for s in found] == [True, False]


def test_one_marker_may_name_two_passages():
    (one,) = read("Trade reached 3 billion dollars, and they met in Moscow [1, 2].")
    assert [c.quote for c in one.citations] == [p.chunk.text for p in PASSAGES]
    assert one.supported


def test_an_unfinished_marker_is_not_shown():
    assert [s.text for s in read('They met in April [2: "in Ap')] == ["They met in April"]


@pytest.mark.parametrize("nothing", ["", ".", "\u200b", "😀", "[[1]]"])
def test_what_has_no_words_is_no_statement(nothing):
    assert read(f"{nothing} [2]") == ()


def test_two_markers_belong_to_one_sentence():
    (one,) = read('They met and traded. [1: "3 مليارات دولار"] [2: "in Moscow"]')
    assert one.supported
    assert [c.quote for c in one.citations] == ["3 مليارات دولار", "in Moscow"]


def test_a_bare_marker_cites_the_passage():
    (one,) = read("They met [2].")
    assert one.citations[0].quote == PASSAGES[1].chunk.text


@pytest.mark.parametrize(
    "written",
    [
        "They met.",
        'They met. [3: "in Moscow"]',
        "They met. [0]",
        'They met. [2: "in Paris"]',
        'They met. [1: "in Moscow"]',
        'They met 17 times. [2: "in Moscow"]',
        'They met. [2: "in Moscow"] [9]',
        'They met. [2: "n"]',
        'They met. [2: "."]',
        "Aliens built all the pyramids of Egypt. [2]",
        'Aliens built all the pyramids of Egypt. [2: "They met in Moscow"]',
    ],
)
def test_what_does_not_resolve_is_not_supported(written):
    (one,) = read(written)
    assert not one.supported


@pytest.mark.parametrize(
    ("said", "reported", "same"),
    [
        ("35", "3,5", False), ("3.5", "3,5", True), ("15", "1,5", False), ("3,500", "3500", True),
        ("3.500", "3500", True), ("٣٫٥", "3.5", True), ("1,234,567", "1234567", True),
        ("1,23", "123", False),
    ],
)  # fmt: skip
def test_numbers_are_compared_by_what_they_are(said, reported, same):
    assert _numbers_in(said, reported) is same


def test_brackets_of_a_passage_cite_nothing_and_still_are_found():
    article = Article.of('It cost 3 euros [sic] [1: "x"] in all.', title="t", source="s")
    (passage,) = (Passage(Chunk(article.id, 0, len(article.text), article.text), 1.0, 1),)
    shown = neutralise_markers(article.text)
    assert "[" not in shown
    (one,) = parse_statements(
        f'It cost 3 euros. [1: "{shown[8:21]}"]', [passage], {article.id: article}
    )
    assert one.citations[0].quote == "3 euros [sic"
    (one,) = parse_statements(
        'It cost 3 euros. [1: "3 euros [sic]"]', [passage], {article.id: article}
    )
    assert one.supported


def test_no_number_that_python_cannot_count_is_a_marker():
    assert not any(s.citations for s in read("They met. [²] [½] [①] [፩]"))


def test_only_the_sentence_of_the_marker_is_supported():
    found = read('It rained. They met in April. [2: "in April"] It snowed.')
    assert [s.supported for s in found] == [False, True, False]


def test_a_quote_in_other_letters_is_the_articles_own():
    assert find_quote("٣ مِليارات", "إلى 3 مليارات دولار") == (4, 13)
    assert find_quote("", "text") is None


@given(mixed_text(), st.sampled_from(["", "[1]", '[2: "in April"]', "[7]", "[1", '[1: ""]']))
def test_any_text_gives_true_citations(text, marker):
    for statement in read(text + marker + text):
        for citation in statement.citations:
            assert TEXT[citation.start : citation.end] == citation.quote
