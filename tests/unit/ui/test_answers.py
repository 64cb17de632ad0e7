"""How an answer is shown: its words within the mark, how sure it is, an LLM's sentences."""

from dataclasses import replace

import pytest

from index.articles import Article
from qa.answer import Answer, Citation, Statement
from tests.unit.ui.test_render import _Page
from ui import render
from ui.strings import NOT_IN_ARTICLE, SURE, UNSUPPORTED, WHY, how_sure, unsupported

ARTICLE = Article.of("Trade <b> is 3 billion. It rained.", title="t", source="s", language="en")
SENTENCE, WORDS = Citation.of(ARTICLE, 0, 23), Citation.of(ARTICLE, 13, 22)


def answer(**more):
    return Answer("q", "answered", SENTENCE.quote, 0.95, (SENTENCE,), (), **more)


def test_the_words_stand_out_where_they_are_sure():
    told = answer(span=WORDS, span_confidence=0.8)
    panel = render.article_panel(ARTICLE, told.citations, told.emphasis)
    assert "Trade &lt;b&gt; is <strong>3 billion</strong>.</mark>" in panel
    assert _Page(panel).marked == SENTENCE.quote
    assert "<strong>3 billion</strong> · likely" in render.citations(told, {ARTICLE.id: ARTICLE})
    doubtful = replace(told, confidence=0.55)
    assert "<strong>3 billion</strong> · not sure" in render.citations(
        doubtful, {ARTICLE.id: ARTICLE}
    )


def test_unsure_words_do_not():
    told = answer(span=WORDS, span_confidence=0.69)
    assert told.emphasis is None
    assert "<strong>" not in render.article_panel(ARTICLE, told.citations, told.emphasis)
    assert "<strong>" not in render.citations(told, {ARTICLE.id: ARTICLE})


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "sure"), (0.9, "sure"), (0.89, "likely"), (0.7, "likely"), (0.69, "not sure"),
     (0.0, "not sure")],
)  # fmt: skip
def test_confidence_is_words_for_people(confidence, words):
    told = replace(answer(), confidence=confidence)
    assert told.sureness == how_sure(words, "en") == how_sure(words, "xx") == words
    assert how_sure(words, "fr") in render.citations(told, {ARTICLE.id: ARTICLE}, "fr")


def test_every_language_has_every_text():
    assert set(SURE) == set(UNSUPPORTED) == set(NOT_IN_ARTICLE) == set(WHY)
    assert all(set(words) == set(SURE["en"]) for words in SURE.values())


def test_an_llms_sentences_have_their_numbers_or_their_mark():
    told = answer(
        statements=(Statement("It is 3.", (SENTENCE,), True), Statement("It is <b>.", (), False))
    )
    assert (
        render.as_written(told, "en") == "It is 3. [1]\nIt is <b>. (not supported by the passages)"
    )
    assert render.as_written(told, "fr").endswith(unsupported("fr"))
    assert render.as_written(answer(), "en") == SENTENCE.quote


def test_what_was_understood_and_what_failed_are_told_and_escaped():
    told = answer(completed="and <i>?", notice="no <server>")
    assert "and &lt;i&gt;?" in render.understood(told)
    assert "no &lt;server&gt;" in render.notice(told)
    assert render.understood(answer()) == render.notice(answer()) == ""


def test_an_answer_is_consistent():
    with pytest.raises(ValueError, match="is in no citation"):
        answer(span=Citation.of(ARTICLE, 24, 26))
    with pytest.raises(ValueError, match="span_confidence 2.0 is not a probability"):
        answer(span=WORDS, span_confidence=2.0)
    with pytest.raises(ValueError, match="supported by nothing"):
        Statement("x", (), True)


@pytest.mark.parametrize("text", ["", "It is 3."])
def test_a_refusal_has_neither_text_nor_citations(text):
    with pytest.raises(ValueError, match="not_in_article with 1 citations"):
        Answer("q", "not_in_article", text, 0.1, (SENTENCE,), ())
