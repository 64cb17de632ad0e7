"""What the embedded model must reach on questions that nothing was tuned on.

Needs the evaluation data: ARTICLE_QA_DATA names the folder that holds eval/, with the article's
questions in eval/ beside it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa.datasets import load_dataset
from qa.evaluation import evaluate, score, score_by_language
from qa.reader import Reader
from qa.retriever import Fusion, Retriever


@pytest.fixture(scope="module")
def data() -> Path:
    folder = Path(os.environ.get("ARTICLE_QA_DATA", ""))
    if not (folder / "eval" / "xquad.test.ids").exists():
        pytest.skip("no evaluation data: set ARTICLE_QA_DATA to the folder that holds eval/")
    return folder


@pytest.mark.parametrize(
    ("asked", "told", "bar"),
    [
        ("ar", "ar", 0.955),
        ("en", "en", 0.965),
        ("en", "ar", 0.88),
        ("ru", "ar", 0.80),
        ("tr", "ar", 0.69),
    ],
)
def test_ndcg_on_the_test_half_of_xquad(
    data: Path, embedder: Embedder, asked: str, told: str, bar: float
) -> None:
    assert _ndcg(data, embedder, asked, told, Fusion()) >= bar


@pytest.mark.parametrize(("asked", "told", "bar"), [("ar", "ar", 0.86), ("en", "ar", 0.74)])
def test_ndcg_of_the_vectors_alone(
    data: Path, embedder: Embedder, asked: str, told: str, bar: float
) -> None:
    dense = Fusion(dense=1, late=0, sentence=0, lexical=0, spelling=0)
    assert _ndcg(data, embedder, asked, told, dense) >= bar


def _ndcg(data: Path, embedder: Embedder, asked: str, told: str, fusion: Fusion) -> float:
    dataset = load_dataset(
        data / "eval" / f"xquad.{told}.json.xz",
        questions=data / "eval" / f"xquad.{asked}.json.xz",
        ids=data / "eval" / "xquad.test.ids",
    )
    store = Store.build(dataset.articles, embedder)
    retrieve = Retriever(store, embedder, fusion).retrieve
    outcomes = evaluate(dataset, retrieve, Reader(store).read)
    assert len(outcomes) == 558
    found = score(outcomes).ndcg_10
    assert found is not None
    return found


def test_recall_on_the_shipped_article(data: Path, embedder: Embedder, article: Article) -> None:
    dataset = load_dataset(data.parent / "eval" / "article_questions.jsonl", article=article)
    store = Store.build(dataset.articles, embedder)
    outcomes = evaluate(dataset, Retriever(store, embedder).retrieve, Reader(store).read)
    recall = {name: scores.recall_3 for name, scores in score_by_language(outcomes).items()}
    bars = {"ar": 0.95, "en": 0.8, "fr": 0.8, "ru": 0.8}
    assert set(recall) == set(bars)
    for language, bar in bars.items():
        found = recall[language]
        assert found is not None
        assert found >= bar, language
