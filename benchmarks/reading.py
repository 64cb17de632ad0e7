"""Sentences, spans and refusals on the test halves, beside two floors measured in the same run.

python -m benchmarks.reading --eval FOLDER. Nothing was trained or tuned on these questions.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from benchmarks._report import write
from index.embedder import load_embedder
from index.store import Store
from index.text import fold, sentence_spans, terms
from qa.answer import EMPHASIS
from qa.datasets import load_dataset
from qa.evaluation import Dataset, Question
from qa.features import Told
from qa.kinds import KINDS, asked_for
from qa.reader import (
    PASSAGES,
    choose,
    embedded_calibration,
    embedded_reading,
    probability,
)
from qa.retriever import Retriever
from qa.scorer import embedded_scorer
from qa.squad import exact_match, f1
from qa.words import function_words

DIRECTIONS = ("ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "en-ar")
REFUSALS = (
    "ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "en-ar", "ru-ar", "es-ar", "de-ar",
    "tr-ar", "zh-ar",
)  # fmt: skip
_BINS = 10


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one question, and how right it is; a floor has no confidences."""

    kind: str
    holds: bool
    exact: float
    f1: float
    confidence: float = 0.0
    span_confidence: float = 0.0


def main() -> None:
    """Score every direction and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds the XQuAD and ARCD files")
    folder: Path = parser.parse_args().eval
    figures: dict[str, Any] = {}
    for name in (*DIRECTIONS, "arcd"):
        figures[name] = _direction(_dataset(folder, name), name)
    refusals = {name: _refusals(_dataset(folder, name), name) for name in REFUSALS}
    write(
        "reading",
        "XQuAD test ids (558 questions; 240 paragraphs), ARCD test (702 questions)",
        {"reading": figures, "refusals": refusals},
    )


def _dataset(folder: Path, name: str) -> Dataset:
    if name == "arcd":
        return load_dataset(folder / "arcd-test.json.xz")
    asked, told = name.split("-")
    return load_dataset(
        folder / f"xquad.{told}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.test.ids",
    )


def _direction(dataset: Dataset, name: str) -> dict[str, Any]:
    given, all_of_them, sentence, noun = [], [], [], []
    passages = _Passages(dataset)
    for question in tqdm(dataset.questions, name, unit="q"):
        told, article_id = passages.paragraph(question)
        given.append(_read(dataset, question, [(told, article_id)]))
        all_of_them.append(_read(dataset, question, passages.retrieved(question.text)))
        sentence.append(_floor(dataset, question, told, noun=False))
        noun.append(_floor(dataset, question, told, noun=True))
    return {
        "n": len(given),
        "paragraph given": _means(given),
        "all paragraphs": _means(all_of_them),
        "floor: whole sentence": _means(sentence),
        "floor: first noun-like span": _means(noun),
        "by kind, paragraph given": {
            kind: {"n": len(rows), **_means(rows)}
            for kind in KINDS
            if (rows := [read for read in given if read.kind == kind])
        },
    }


def _means(rows: Sequence[Read]) -> dict[str, float | None]:
    sure = [row for row in rows if row.span_confidence >= EMPHASIS]
    means = {
        "sentence": _mean(row.holds for row in rows),
        "exact_match": _mean(row.exact for row in rows),
        "f1": _mean(row.f1 for row in rows),
    }
    if any(row.confidence for row in rows):
        means["emphasised"] = _mean(row.span_confidence >= EMPHASIS for row in rows)
        means["emphasised rightly"] = _mean(row.f1 >= 0.5 for row in sure)
    return means


def _mean(values: Iterable[float]) -> float | None:
    kept = list(values)
    return round(float(np.mean(kept)), 4) if kept else None


class _Passages:
    """The texts that a question may be answered from."""

    def __init__(self, dataset: Dataset) -> None:
        embedder = load_embedder()
        self._articles = {article.id: article for article in dataset.articles}
        self._store = Store.build(dataset.articles, embedder)
        self._retriever = Retriever(self._store, embedder)
        self._embedder = embedder
        self._by_title: dict[str, Store] = {}
        # Another article is one of the test's, too.
        golds = (q.gold.article_id for q in dataset.questions if q.gold is not None)
        self._titles = sorted({self._articles[name].title for name in golds})

    def paragraph(self, question: Question) -> tuple[Told, str]:
        assert question.gold is not None
        article = self._articles[question.gold.article_id]
        return _told(article.text, article.language), article.id

    def retrieved(self, text: str, store: Store | None = None) -> list[tuple[Told, str]]:
        retriever = Retriever(store, self._embedder) if store else self._retriever
        chunks = [passage.chunk for passage in retriever.retrieve(text, PASSAGES)]
        return [
            (_told(c.text, self._articles[c.article_id].language), c.article_id) for c in chunks
        ]

    def store_of(self, question: Question, sort: str) -> Store:
        """Return the question's own article, another, or its own without its paragraph."""
        assert question.gold is not None
        title = self._articles[question.gold.article_id].title
        if sort == "other":
            place = self._titles.index(title) + len(self._titles) // 2
            title = self._titles[place % len(self._titles)]
        if title not in self._by_title:
            kept = [a for a in self._articles.values() if a.title == title]
            self._by_title[title] = Store.build(kept, self._embedder)
        store = self._by_title[title]
        return store.remove(question.gold.article_id) if sort == "without" else store


def _told(text: str, language: str) -> Told:
    return Told(text, sentence_spans(text, language), language)


def _read(dataset: Dataset, question: Question, told: Sequence[tuple[Told, str]]) -> Read:
    calibration = embedded_calibration()
    choice = choose(question.text, [t for t, _ in told], embedded_scorer(), calibration.rank)
    assert choice is not None, "every paragraph has words"
    text, article_id = told[choice.passage]
    read = _judged(dataset, question, text, article_id, choice.sentence, choice.span)
    return Read(
        read.kind, read.holds, read.exact, read.f1,
        calibration.answers.probability(choice.evidence),
        probability(calibration.emphasis, choice.emphasis),
    )  # fmt: skip


def _judged(
    dataset: Dataset,
    question: Question,
    told: Told,
    article_id: str,
    sentence: tuple[int, int],
    span: tuple[int, int],
) -> Read:
    gold = question.gold
    assert gold is not None
    article = next(a for a in dataset.articles if a.id == gold.article_id)
    golds = [article.text[first:last] for first, last in gold.answers]
    at = article.text.find(told.text) if article_id == gold.article_id else -1
    holds = at >= 0 and any(
        at + sentence[0] <= first and last <= at + sentence[1] for first, last in gold.answers
    )
    answer = told.text[slice(*span)]
    return Read(
        asked_for(question.text).kind,
        holds,
        exact_match(answer, golds, article.language),
        f1(answer, golds, article.language),
    )


def _floor(dataset: Dataset, question: Question, text: Told, noun: bool) -> Read:
    """Read the sentence of the best late interaction; its first noun-like span, or all of it.

    Noun-like: the first words in a row, at most four, that are neither function words nor in the
    question.
    """
    assert question.gold is not None
    _, (passage,) = embedded_reading().read(question.text, [text])
    best = int(np.argmax(passage.sentence_features[:, 0]))
    start, end = text.sentences[best]
    span = (start, end)
    if noun:
        listed = frozenset[str]().union(*function_words())
        asked = {term.text for term in terms(question.text)}
        rows: list[int] = []
        for row in np.flatnonzero(passage.sentence_of == best).tolist():
            word = fold(text.text[passage.words.starts[row] : passage.words.ends[row]])
            if word not in listed and word not in asked:
                rows.append(row)
            elif rows:
                break
        if rows:
            last = rows[min(3, len(rows) - 1)]
            span = int(passage.words.starts[rows[0]]), int(passage.words.ends[last])
    return _judged(dataset, question, text, question.gold.article_id, (start, end), span)


def _refusals(dataset: Dataset, name: str) -> dict[str, Any]:
    """Ask each question of its article, of another one, and of its own without its paragraph."""
    passages = _Passages(dataset)
    chances: dict[str, list[float]] = defaultdict(list)
    right: list[bool] = []
    for question in tqdm(dataset.questions, f"{name}, refusals", unit="q"):
        for sort in ("own", "other", "without"):
            store = passages.store_of(question, sort)
            read = _read(dataset, question, passages.retrieved(question.text, store))
            chances[sort].append(read.confidence)
            if sort == "own":
                right.append(read.holds)
    own, other = np.array(chances["own"]), np.array(chances["other"])
    # Five questions in seven are answerable, as the calibration takes for granted.
    weights = np.repeat([5.0, 2.0], [len(own), len(other)])
    both, labels = np.concatenate([own, other]), np.repeat([1.0, 0.0], [len(own), len(other)])
    order = np.argsort(-own, kind="stable")
    return {
        "n": len(own),
        "wrongly refused": _mean(own < 0.5),
        "refused, other article": _mean(other < 0.5),
        "refused, without its paragraph": _mean(np.array(chances["without"]) < 0.5),
        "auroc, other article": round(float(roc_auc_score(labels, both)), 4),
        "auroc, without its paragraph": round(
            float(roc_auc_score(labels, np.concatenate([own, chances["without"]]))), 4
        ),
        "expected calibration error": round(_calibration_error(both, labels, weights), 4),
        "risk at coverage": {
            f"{share:.0%}": _mean(
                1.0 - right[row] for row in order[: int(share * len(order))].tolist()
            )
            for share in (0.25, 0.5, 0.75, 1.0)
        },
    }


def _calibration_error(chances: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Return the mean gap between confidence and truth, ten bins of equal width (Guo 2017)."""
    places = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for place in range(_BINS):
        rows = places == place
        if rows.any():
            inside = weights[rows]
            gap = np.average(chances[rows], weights=inside) - np.average(
                labels[rows], weights=inside
            )
            total += abs(float(gap)) * float(inside.sum())
    return total / float(weights.sum())


if __name__ == "__main__":
    main()
