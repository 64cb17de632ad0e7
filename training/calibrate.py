"""Fit how sure an answer and its span are, on questions whose article no network learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
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
from qa.trees import BoostedTrees
from qa.words import function_words

READ = ("ar-ar", "en-en", "ru-ru", "es-es", "en-ar", "ru-ar", "es-ar", "ar-en")
_LENGTHS = (2.5, 3.5, 4.5, 6.5)  # content words, between one bin and the next
_MOST = 8.0  # times that a question may be weighed up or down for its length
_RIGHT = 0.5  # the F1 from which a span is as good as right
RANKS = (0.6, 1.0, 1.5, 2.0)
# A reader mostly asks what the article tells, five times in seven, as in the questions on the
# shipped article. The rest: asked of another article; of another, but with a name of this one put
# in; what no article tells, of a name of its own; of its own article without the paragraph that
# answers. The last are half answered by their neighbours, and count least.
SHARES = {"own": 5.0, "other": 0.6, "swapped": 0.5, "template": 0.7, "without": 0.2}
# What few articles tell of their persons and places.
_TEMPLATES = {
    "ar": ("متى ولد {}؟", "كم طول {}؟", "ماذا يأكل {}؟", "من رسم {}؟", "من زوجة {}؟"),
    "en": ("When was {} born?", "How tall is {}?", "What does {} eat?", "Who painted {}?",
           "Who is married to {}?"),
    "es": ("¿Cuándo nació {}?", "¿Cuánto mide {}?", "¿Qué come {}?", "¿Quién pintó {}?",
           "¿Con quién está casado {}?"),
    "ru": ("Когда родился {}?", "Какого роста {}?", "Что ест {}?", "Кто нарисовал {}?",
           "На ком женат {}?"),
}  # fmt: skip
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one set of texts: what was chosen, and how right it is."""

    direction: str
    sort: str
    words: int  # of content in the question
    evidence: Numbers
    emphasis: Numbers
    holds: bool
    f1: float


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
            sort=np.array([a.sort for a in asked]),
            direction=np.array([a.direction for a in asked]),
        )
    found = Calibration(rank, fitted_answers(asked), fitted_emphasis(asked))
    _report(asked, found)
    return found


def fitted_answers(asked: Sequence[Asked]) -> BoostedTrees:
    """Return the trees that tell an answerable question.

    A logistic model of the same evidence tells less: its AUROC on the same data is .953 against
    questions asked of another article, where the trees' is .977, and .838 to .875 against those
    without their paragraph.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    answerable = np.array([a.sort == "own" for a in asked])
    counts = {sort: sum(a.sort == sort for a in asked) for sort in SHARES}
    weights = np.array([SHARES[a.sort] * len(asked) / counts[a.sort] for a in asked])
    weights[answerable] *= _balance(asked, answerable, weights)
    model = GradientBoostingClassifier(
        n_estimators=100, max_depth=3, min_samples_leaf=50, subsample=0.5, random_state=7
    )
    model.fit(np.stack([a.evidence for a in asked]), answerable, weights / weights.mean())
    return as_arrays(model)


def _balance(
    asked: Sequence[Asked], answerable: npt.NDArray[np.bool_], weights: Numbers
) -> Numbers:
    """Return factors that give short and long answerable questions the share of all of them.

    XQuAD answers few short questions and the templates are short: without this, to be short is
    taken for a sign that there is no answer.
    """
    lengths = np.digitize([a.words for a in asked], _LENGTHS)
    ratio = SHARES["own"] / (sum(SHARES.values()) - SHARES["own"])
    factors = np.ones(len(asked))
    for length in range(len(_LENGTHS) + 1):
        rows = lengths == length
        have, against = weights[rows & answerable].sum(), weights[rows & ~answerable].sum()
        if have:
            factors[rows] = np.clip(ratio * against / have, 1 / _MOST, _MOST)
    return factors[answerable]


def as_arrays(model: Any) -> BoostedTrees:
    """Return scikit-learn's boosted trees as plain arrays."""
    trees = [row[0].tree_ for row in model.estimators_]
    roots = np.cumsum([0, *(tree.node_count for tree in trees)])
    left, right = (
        np.concatenate([np.where(s < 0, -1, s + r) for s, r in zip(sides, roots, strict=False)])
        for sides in ([t.children_left for t in trees], [t.children_right for t in trees])
    )
    prior = model.init_.class_prior_
    return BoostedTrees(
        float(np.log(prior[1] / prior[0])),
        roots[:-1].astype(np.int32),
        np.concatenate([tree.feature for tree in trees]).astype(np.int32),
        np.concatenate([tree.threshold for tree in trees]),
        left.astype(np.int32),
        right.astype(np.int32),
        model.learning_rate * np.concatenate([tree.value[:, 0, 0] for tree in trees]),
    )


def fitted_emphasis(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Return the logistic model of "the span shares half of its words with the answer"."""
    from sklearn.linear_model import LogisticRegression

    own = [a for a in asked if a.sort == "own"]
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(np.stack([a.emphasis for a in own]), [a.f1 >= _RIGHT for a in own])
    weights = (float(model.intercept_[0]), *model.coef_[0].tolist())
    return tuple(round(weight, 4) for weight in weights)


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
        if sort == "swapped":
            text = self._swapped(question)
        if sort == "template":
            templates = _TEMPLATES[self._name[:2]]
            template = templates[sum(question.id.encode()) % len(templates)]
            text = template.format(_weightiest(question.text))
        told = self._passages(question, text, sort)
        choice = choose(text, [t for t, _ in told], folds[_fold(self._title(question))], rank)
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


def _fold(title: str) -> int:
    from training.reader import fold_of

    return fold_of(title)


def _gold(question: Question) -> Gold:
    assert question.gold is not None, "XQuAD asks only what it answers"
    return question.gold
