from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.chunker import Chunk
from qa.answer import Answer, Citation, Passage
from qa.datasets import Dataset, Gold, LabelledQuestion
from qa.evaluation import Outcome, evaluate, ndcg, recall, reciprocal_rank, score, score_by_language

TEXT = "One one.\nTwo two.\nThree three."
ARTICLE = Article("a", "t", TEXT, "test", "en")
PARAGRAPHS = ((0, 8), (9, 17), (18, 30))


def _passage(start: int, end: int, rank: int) -> Passage:
    return Passage(Chunk("a", start, end, TEXT[start:end]), -float(rank), rank)


def _answered(start: int, end: int) -> Answer:
    citation = Citation.of(ARTICLE, start, end)
    return Answer("q", "answered", citation.quote, 0.9, (citation,), ())


REFUSED = Answer("q", "not_in_article", "", 0.1, (), ())


def _question(number: int, language: str, gold: Gold | None) -> LabelledQuestion:
    return LabelledQuestion(str(number), "q", language, gold)


def test_scores_by_hand() -> None:
    first, second = ("a", PARAGRAPHS[0]), ("a", PARAGRAPHS[1])
    gold = Gold("a", PARAGRAPHS[1], ((9, 12),))
    outcomes = [
        # right paragraph at rank 2, sentence right
        Outcome(_question(1, "en", gold), (first, second), _answered(9, 17), 1.0, 1.0),
        # at rank 1, but the sentence is another one
        Outcome(_question(2, "en", gold), (second, first), _answered(0, 8), 0.0, 0.5),
        # not found at all, and refused
        Outcome(_question(3, "ar", gold), (first,), REFUSED),
        # nothing to find: once refused, once answered
        Outcome(_question(4, "ar", None), (first,), REFUSED),
        Outcome(_question(5, "ar", None), (first,), _answered(0, 8)),
    ]
    found = score(outcomes)
    assert found.as_json() == {
        "n": 5,
        "ndcg@10": pytest.approx((1 / math.log2(3) + 1 + 0) / 3),
        "recall@1": pytest.approx(1 / 3),
        "recall@3": pytest.approx(2 / 3),
        "recall@5": pytest.approx(2 / 3),
        "recall@10": pytest.approx(2 / 3),
        "mrr@10": pytest.approx((0.5 + 1 + 0) / 3),
        "sentence_accuracy": pytest.approx(1 / 3),
        "exact_match": pytest.approx(1 / 3),
        "f1": pytest.approx(0.5),
        "refusal_precision": 1 / 2,
        "refusal_recall": 1 / 2,
    }
    by_language = score_by_language(outcomes)
    assert list(by_language) == ["ar", "en"]
    assert by_language["en"].mrr_10 == 0.75
    assert by_language["en"].refusal_recall is None
    assert by_language["ar"].n == 3


def test_no_outcomes_have_no_means() -> None:
    assert set(score([]).as_json().values()) == {0, None}


@given(st.lists(st.permutations(range(15)), min_size=1, max_size=6), st.data())
def test_metrics_agree_with_trec_eval(rankings: list[list[int]], data: st.DataObject) -> None:
    from pytrec_eval import RelevanceEvaluator

    golds = [data.draw(st.integers(0, 17)) for _ in rankings]
    qrels = {f"q{i}": {f"d{gold}": 1} for i, gold in enumerate(golds)}
    run = {
        f"q{i}": {f"d{item}": float(-rank) for rank, item in enumerate(ranking[:10])}
        for i, ranking in enumerate(rankings)
    }
    measures = {"ndcg_cut.10", "recip_rank", "recall.1,3,5,10"}
    theirs = RelevanceEvaluator(qrels, measures).evaluate(run)
    for i, (ranking, gold) in enumerate(zip(rankings, golds, strict=True)):
        ours = {
            "ndcg_cut_10": ndcg(ranking, gold, 10),
            "recip_rank": reciprocal_rank(ranking, gold, 10),
            **{f"recall_{k}": recall(ranking, gold, k) for k in (1, 3, 5, 10)},
        }
        assert ours == pytest.approx(theirs[f"q{i}"])


def test_a_passage_stands_for_the_paragraph_it_has_most_of() -> None:
    dataset = Dataset(
        (ARTICLE,), {"a": PARAGRAPHS}, (_question(1, "", Gold("a", PARAGRAPHS[2], ())),)
    )
    passages = (_passage(2, 10, 1), _passage(5, 16, 2), _passage(10, 29, 3))
    (outcome,) = evaluate(dataset, lambda q, k: passages, lambda q, p: REFUSED)
    # [2:10] has more of the first than of the second, [5:16] more of the second.
    assert outcome.ranking == tuple(("a", p) for p in PARAGRAPHS)


def test_paragraphs_that_passages_contain_come_after_those_they_have_most_of() -> None:
    dataset = Dataset((ARTICLE,), {"a": PARAGRAPHS}, (_question(1, "en", None),))
    (outcome,) = evaluate(
        dataset, lambda q, k: (_passage(0, 17, 1), _passage(18, 24, 2)), lambda q, p: REFUSED
    )
    assert outcome.ranking == tuple(("a", PARAGRAPHS[i]) for i in (0, 2, 1))
