import numpy as np
import pytest
from hypothesis import given, settings

from index.articles import Article, seed_articles
from index.embedder import load_embedder
from index.store import Store
from index.text import sentence_spans
from qa import ask
from qa.features import Told, Words
from qa.reader import (
    EMPHASIS_EVIDENCE,
    EVIDENCE,
    Reader,
    _best_span,
    choose,
    embedded_calibration,
    embedded_reading,
    probability,
)
from qa.retriever import Retriever
from qa.scorer import LONGEST, embedded_scorer
from tests.texts import mixed_text


@pytest.fixture(scope="module")
def embedder():
    return load_embedder()


def test_the_answer_is_cited_and_its_words_stand_in_the_citation():
    (article,) = seed_articles()
    answer = ask("ما هو حجم التبادل التجاري؟")
    (citation,) = answer.citations
    assert answer.text == citation.quote == article.text[citation.start : citation.end]
    assert answer.span.quote == article.text[answer.span.start : answer.span.end]
    assert citation.start <= answer.span.start < answer.span.end <= citation.end
    assert "3 مليارات دولار" in answer.text


@pytest.fixture(scope="module")
def kept(embedder):
    return lambda text: Store.build([Article.of(text, title="t", source="s")], embedder)


def readable(text):
    return bool(text.strip()) and not any("\ud800" <= char <= "\udfff" for char in text)


@settings(max_examples=60, deadline=None)
@given(text=mixed_text().filter(readable), question=mixed_text(10))
def test_any_text_and_question_give_true_slices(kept, embedder, text, question):
    store = kept(text)
    passages = Retriever(store, embedder).retrieve(question if question.strip() else "who?")
    answer = Reader(store).read(question, passages)
    assert 0.0 <= answer.confidence <= 1.0
    for place in (*answer.citations, *filter(None, [answer.span])):
        assert store.articles[0].text[place.start : place.end] == place.quote


def test_nothing_to_read_is_refused(kept):
    answer = Reader(kept("Some text.")).read("who?", ())
    assert (answer.status, answer.confidence, answer.span) == ("not_in_article", 0.0, None)
    told = Told("— … —", ((0, 5),), "en")
    assert choose("who?", [told], embedded_scorer(), 0.0) is None


def test_the_span_is_the_one_of_the_most_expected_overlap_by_hand():
    chances = np.full((4, LONGEST), -np.inf)
    # words 0-1 (.4), 1-2 (.35), 1 alone (.25)
    chances[0, 1], chances[1, 1], chances[1, 0] = np.log([0.4, 0.35, 0.25])
    first, length, overlap = _best_span(chances)
    # one word: .25 + (.4 + .35) * 2/3 = .75; two: .4 + .35 / 2 + .25 * 2/3 = .7417
    assert (first, length) == (1, 1)
    assert overlap == pytest.approx(0.75)


def test_a_lower_rank_costs():
    said = "They met in Paris in 1999."
    told = [Told(text, sentence_spans(text, "en"), "en") for text in ("It rained.", said, said)]
    choice = choose("When did they meet?", told, embedded_scorer(), 1.0)
    assert choice is not None
    assert choice.passage == 1
    assert len(choice.evidence) == len(EVIDENCE)
    assert len(choice.emphasis) == len(EMPHASIS_EVIDENCE)


def test_the_probability_is_the_logistic_of_the_sum():
    assert probability((1.0, 2.0, -1.0), np.array([0.5, 2.0])) == pytest.approx(0.5)
    assert probability((0.0, 1.0), np.array([np.log(3)])) == pytest.approx(0.75)
    assert probability((0.0, 1.0), np.array([1e9])) == pytest.approx(1.0)


def test_the_calibration_knows_all_evidence():
    calibration = embedded_calibration()
    assert calibration.answers.feature.max() < len(EVIDENCE)
    assert len(calibration.emphasis) == len(EMPHASIS_EVIDENCE) + 1


@given(mixed_text())
def test_words_are_slices_in_order(text):
    words: Words = embedded_reading().words(text, "ar")
    assert (words.starts < words.ends).all()
    assert (words.ends[:-1] <= words.starts[1:]).all()
    assert len(words.vectors) == len(words.looks) == len(words.stems) == len(words.spelled)
