"""What the bundled model must reach on questions that nothing was tuned on.

Needs the evaluation data: ARTICLE_QA_DATA names the folder that holds eval/, with the article's
questions in eval/ beside it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks.quality import answer_nothing
from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.datasets import Dataset, load_dataset
from qa.evaluation import evaluate, score, score_by_language
from qa.reader.calibration import bundled_calibration
from qa.reader.network import bundled_network
from qa.reader.reader import read_and_select
from qa.retriever import Fusion, Retriever
from training.reader.trials import Trials


@pytest.fixture(scope="module")
def data() -> Path:
    folder = Path(os.environ.get("ARTICLE_QA_DATA", ""))
    if not (folder / "eval" / "xquad.test.ids").exists():
        pytest.skip("no evaluation data: set ARTICLE_QA_DATA to the folder that holds eval/")
    return folder


@pytest.mark.parametrize(
    ("asked", "written", "bar", "of_vectors"),
    [
        ("ar", "ar", 0.95, 0.77),
        ("en", "en", 0.96, 0.0),
        ("en", "ar", 0.90, 0.75),
        ("ru", "ar", 0.84, 0.70),
        ("tr", "ar", 0.77, 0.0),
    ],
)
def test_ndcg_on_the_test_half_of_xquad(
    data: Path, embedder: Embedder, asked: str, written: str, bar: float, of_vectors: float
) -> None:
    dataset = load_dataset(
        data / "eval" / f"xquad.{written}.json.xz",
        questions=data / "eval" / f"xquad.{asked}.json.xz",
        ids=data / "eval" / "xquad.test.ids",
    )
    # Of all paragraphs, but a sixth of the questions: python -m benchmarks.quality asks all.
    sixth = Dataset(dataset.articles, dataset.paragraphs, dataset.questions[::6])
    store = Store.build(dataset.articles, embedder)
    signals = lru_cache(maxsize=None)(Retriever(store, embedder).signals)  # for both fusions
    alone = Fusion(dense=1, late=0, sentence=0, lexical=0, spelling=0)
    for fusion, least in ((Fusion(), bar), (alone, of_vectors)):
        best = Retriever(store, embedder, fusion).best
        outcomes = evaluate(sixth, lambda q, k, best=best: best(*signals(q), k), answer_nothing)
        assert len(outcomes) == 93
        found = score(outcomes).ndcg_10
        assert found is not None
        assert found >= least


def test_recall_on_the_shipped_article(data: Path, embedder: Embedder, article: Article) -> None:
    dataset = load_dataset(data.parent / "eval" / "article_questions.jsonl", article=article)
    store = Store.build(dataset.articles, embedder)
    outcomes = evaluate(dataset, Retriever(store, embedder).retrieve, answer_nothing)
    recall = {name: scores.recall_3 for name, scores in score_by_language(outcomes).items()}
    bars = {"ar": 0.95, "en": 0.8, "fr": 0.8, "ru": 0.8}
    assert set(recall) == set(bars)
    for language, bar in bars.items():
        found = recall[language]
        assert found is not None
        assert found >= bar, language


@pytest.mark.parametrize(
    ("asked", "written", "sentence", "f1"),
    [("ar", "ar", 0.80, 0.57), ("en", "en", 0.87, 0.71), ("en", "ar", 0.75, 0.52)],
)
def test_sentence_and_span_of_the_paragraph_given(
    data: Path, embedder: Embedder, asked: str, written: str, sentence: float, f1: float
) -> None:
    dataset = load_dataset(
        data / "eval" / f"xquad.{written}.json.xz",
        questions=data / "eval" / f"xquad.{asked}.json.xz",
        ids=data / "eval" / "xquad.test.ids",
    )
    trials, calibration = Trials(dataset, embedder), bundled_calibration()
    held, overlaps = [], []
    for question in trials.questions[::8]:  # all of them: python -m benchmarks.reading
        trial = trials.trial(question, "given")
        found = read_and_select(question.text, trial.inputs, bundled_network(), calibration)
        assert found is not None
        held.append(trial.holds(found.best))
        overlaps.append(trial.span_scores(found.best)[1])
    assert sum(held) / len(held) >= sentence
    assert sum(overlaps) / len(overlaps) >= f1


def test_refusals_on_the_article(data: Path, embedder: Embedder, article: Article) -> None:
    dataset = load_dataset(data.parent / "eval" / "article_questions.jsonl", article=article)
    refused: dict[bool, list[bool]] = {True: [], False: []}
    for question in dataset.questions:
        answer = ask(question.text)
        refused[question.gold is not None].append(answer.status == "not_in_article")
    assert sum(refused[False]) / len(refused[False]) >= 0.75
    assert sum(refused[True]) / len(refused[True]) <= 0.1
