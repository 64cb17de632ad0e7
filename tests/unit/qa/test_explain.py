import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.explain import explain
from qa.retriever import Retriever


def test_the_scores_sum_to_the_passages_own(store, embedder):
    question = "what is the trade volume?"
    passages = Retriever(store, embedder).retrieve(question, 3)
    reasons = explain(question, passages, store, embedder)
    assert [reason.passage for reason in reasons] == list(passages)
    for reason in reasons:
        assert reason.fused == pytest.approx(reason.passage.score, abs=1e-4)


def test_the_words_that_match_are_reported_with_their_place(store, embedder):
    question = "ما هو حجم التبادل التجاري؟"
    passages = Retriever(store, embedder).retrieve(question, 1)
    (reason,) = explain(question, passages, store, embedder)
    words = {pair.question_word: pair for pair in reason.pairs}
    assert words["التبادل"].passage_word.quote == "التبادل"
    assert words["التبادل"].similarity == pytest.approx(1.0, abs=1e-3)
    (article,) = store.articles
    for pair in reason.pairs:
        assert (
            article.text[pair.passage_word.start : pair.passage_word.end] == pair.passage_word.quote
        )
        assert (
            passages[0].chunk.start
            <= pair.passage_word.start
            < pair.passage_word.end
            <= passages[0].chunk.end
        )
    assert "هو" not in words


def test_a_passage_of_another_store_is_left_out(store, library, embedder):
    passages = Retriever(library, embedder).retrieve("The river Ouse in York", 1)
    assert explain("The river Ouse in York", passages, store, embedder) == ()


@settings(max_examples=30, deadline=None)
@given(question=st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_question_is_explained(store, embedder, question):
    passages = Retriever(store, embedder).retrieve(question, 2)
    for reason in explain(question, passages, store, embedder):
        assert reason.fused == pytest.approx(reason.passage.score, abs=1e-3)
        assert all(0 <= pair.similarity <= 1 for pair in reason.pairs)
