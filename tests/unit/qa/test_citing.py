import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.chunker import Chunk
from qa.answer import Passage
from qa.citing import find_quote, statements
from tests.texts import mixed_text

TEXT = "وصل التبادل التجاري إلى 3 مليارات دولار. They met in Moscow, in April."
ARTICLE = Article.of(TEXT, title="t", source="s")
PASSAGES = (
    Passage(Chunk(ARTICLE.id, 0, 40, TEXT[0:40]), 1.0, 1),
    Passage(Chunk(ARTICLE.id, 41, len(TEXT), TEXT[41:]), 0.5, 2),
)


def read(written):
    return statements(written, PASSAGES, {ARTICLE.id: ARTICLE})


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
    ],
)
def test_what_does_not_resolve_is_not_supported(written):
    (one,) = read(written)
    assert not one.supported


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
