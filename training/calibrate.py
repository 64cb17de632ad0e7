"""Fit how sure an answer and its span are, on questions whose article no network learned from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from index.text import fold, sentence_spans
from qa.datasets import load_dataset
from qa.evaluation import Gold, Question
from qa.features import Told, question_features
from qa.kinds import asked_for
from qa.reader import PASSAGES, Calibration, Choice, choose, embedded_reading
from qa.retriever import Retriever
from qa.scorer import SpanScorer
from qa.squad import f1
from qa.words import function_words
from training.fit import SHARES, Asked, fitted_answers, fitted_emphasis
from training.network import fold_of

READ = (
    "ar-ar", "en-en", "ru-ru", "es-es", "en-ar", "ru-ar", "es-ar", "de-ar", "tr-ar", "ar-en",
)  # fmt: skip
RANKS = (0.6, 1.0, 1.5, 2.0)
# What few articles tell of their persons and places.
_TEMPLATES = {
    "ar": ("متى ولد {}؟", "كم طول {}؟", "ماذا يأكل {}؟", "من رسم {}؟", "من زوجة {}؟"),
    "en": ("When was {} born?", "How tall is {}?", "What does {} eat?", "Who painted {}?",
           "Who is married to {}?"),
    "es": ("¿Cuándo nació {}?", "¿Cuánto mide {}?", "¿Qué come {}?", "¿Quién pintó {}?",
           "¿Con quién está casado {}?"),
    "ru": ("Когда родился {}?", "Какого роста {}?", "Что ест {}?", "Кто нарисовал {}?",
           "На ком женат {}?"),
    "de": ("Wann wurde {} geboren?", "Wie groß ist {}?", "Was isst {}?", "Wer hat {} gemalt?",
           "Mit wem ist {} verheiratet?"),
    "tr": ("{} ne zaman doğdu?", "{} boyu ne kadar?", "{} ne yer?", "{} resmini kim yaptı?",
           "{} kiminle evli?"),
}  # fmt: skip


def calibrate(
    folder: Path, folds: Sequence[SpanScorer], embedder: Embedder, keep: Path | None = None
) -> Calibration:
    """Return the calibration, and print what it gives; ``keep`` the evidence in this folder."""
    sets = {direction: _Direction(folder, direction, embedder) for direction in READ}
    rank = max(RANKS, key=lambda rank: _sentences_right(sets, folds, rank))
    asked = [
        found
        for direction in sets.values()
        for sort in SHARES
        for found in direction.ask(sort, folds, rank)
    ]
    if keep:
        np.savez_compressed(
            keep / "asked.npz",
            evidence=np.stack([a.evidence for a in asked]),
            emphasis=np.stack([a.emphasis for a in asked]),
            f1=np.array([a.f1 for a in asked]),
            words=np.array([a.words for a in asked]),
            sort=np.array([a.sort for a in asked]),
            direction=np.array([a.direction for a in asked]),
        )
    found = Calibration(rank, fitted_answers(asked), fitted_emphasis(asked))
    _report(asked, found)
    return found


def _report(asked: Sequence[Asked], found: Calibration) -> None:
    """Print what the calibration gives on the questions it was fitted on."""
    for direction in READ:
        told = f"{direction}:"
        for sort in SHARES:
            rows = [a for a in asked if (a.direction, a.sort) == (direction, sort)]
            refused = np.mean([found.answers.probability(a.evidence) < 0.5 for a in rows])
            told += f" {sort} refused {refused:.3f}"
        print(told)


def _sentences_right(
    sets: dict[str, _Direction], folds: Sequence[SpanScorer], rank: float
) -> float:
    found = [asked.holds for d in sets.values() for asked in d.ask("own", folds, rank)]
    print(f"rank {rank}: the sentence holds the answer {np.mean(found):.4f}")
    return float(np.mean(found))


class _Direction:
    """The tuning questions in one language on articles in another, by article."""

    def __init__(self, folder: Path, direction: str, embedder: Embedder) -> None:
        asked, told = direction.split("-")
        dataset = load_dataset(
            folder / f"xquad.{told}.json.xz",
            questions=folder / f"xquad.{asked}.json.xz",
            ids=folder / "xquad.tune.ids",
        )
        self._name = direction
        self._articles = {article.id: article for article in dataset.articles}
        self._questions = dataset.questions
        self._titles = sorted({self._title(q) for q in dataset.questions})
        self._embedder = embedder
        self._stores = {title: self._store(title, None) for title in self._titles}
        self._told: dict[tuple[str, str], list[tuple[Told, str]]] = {}

    def _store(self, title: str, without: str | None) -> Store:
        kept = [a for a in self._articles.values() if a.title == title and a.id != without]
        return Store.build(kept, self._embedder)

    def _title(self, question: Question) -> str:
        return self._articles[_gold(question).article_id].title

    def ask(self, sort: str, folds: Sequence[SpanScorer], rank: float) -> list[Asked]:
        """Put every question to the texts of this sort."""
        questions = tqdm(self._questions, f"{self._name} {sort}", unit="q", leave=False)
        return [found for q in questions if (found := self._ask(q, sort, folds, rank))]

    def _ask(
        self, question: Question, sort: str, folds: Sequence[SpanScorer], rank: float
    ) -> Asked | None:
        text = question.text
        templates = _TEMPLATES[self._name[:2]]
        if sort == "swapped":
            text = self._swapped(question)
        if sort == "template":
            template = templates[sum(question.id.encode()) % len(templates)]
            text = template.format(_weightiest(question.text))
        told = self._passages(question, text, sort)
        choice = choose(text, [t for t, _ in told], folds[fold_of(self._title(question))], rank)
        if choice is None:
            return None
        holds, score = self._judged(choice, question, told) if sort == "own" else (False, 0.0)
        words = len(question_features(text, embedded_reading(), told[0][0].language).spans)
        return Asked(self._name, sort, words, choice.evidence, choice.emphasis, holds, score)

    def _passages(self, question: Question, text: str, sort: str) -> list[tuple[Told, str]]:
        key = question.id, sort
        if key not in self._told:
            self._told[key] = self._retrieved(question, text, sort)
        return self._told[key]

    def _retrieved(self, question: Question, text: str, sort: str) -> list[tuple[Told, str]]:
        title = self._title(question)
        if sort == "without":
            store = self._stores[title].remove(_gold(question).article_id)
        else:
            store = self._stores[self._elsewhere(title) if sort in ("other", "swapped") else title]
        passages = Retriever(store, self._embedder).retrieve(text, PASSAGES)
        found = []
        for passage in passages:
            article: Article = store.article(passage.chunk.article_id)
            spans = sentence_spans(passage.chunk.text, article.language)
            found.append((Told(passage.chunk.text, spans, article.language), article.id))
        return found

    def _elsewhere(self, title: str) -> str:
        place = self._titles.index(title) + len(self._titles) // 2
        return self._titles[place % len(self._titles)]

    def _swapped(self, question: Question) -> str:
        """Return the question with its weightiest words those of a question on another article.

        "How old is Tesla?" is so asked of an article on Luther: "How old is Luther?".
        """
        title = self._elsewhere(self._title(question))
        theirs = [q for q in self._questions if self._title(q) == title]
        other = theirs[sum(question.id.encode()) % len(theirs)]
        mine, name = _weightiest(question.text), _weightiest(other.text)
        return question.text.replace(mine, name) if mine and name else other.text

    def _judged(
        self, choice: Choice, question: Question, told: Sequence[tuple[Told, str]]
    ) -> tuple[bool, float]:
        gold = _gold(question)
        read, article_id = told[choice.passage]
        article = self._articles[gold.article_id]
        at = article.text.find(read.text)
        if article_id != gold.article_id or at < 0:
            return False, 0.0
        start, end = (at + place for place in choice.sentence)
        holds = any(start <= first and last <= end for first, last in gold.answers)
        golds = [article.text[first:last] for first, last in gold.answers]
        return holds, f1(read.text[slice(*choice.span)], golds, article.language)


def _weightiest(question: str) -> str:
    """Return the word of a question that says most; capitals say that it is a name."""
    words = embedded_reading().words(question, "")
    asked = asked_for(question)
    listed = frozenset[str]().union(*function_words())
    best, most = "", 0.0
    for start, end, weight in zip(words.starts, words.ends, words.weights.tolist(), strict=True):
        word = question[start:end]
        if fold(word) in listed or asked.start <= start < asked.end:
            continue
        weight *= 3 if word[:1].isupper() and start else 1
        if weight > most:
            best, most = word, weight
    return best


def _gold(question: Question) -> Gold:
    assert question.gold is not None, "XQuAD asks only what it answers"
    return question.gold
