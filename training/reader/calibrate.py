"""Fit qa/reader/model/calibration.json on questions whose articles the network did not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from tqdm import tqdm

from index.embedder import load_embedder
from qa.datasets import load_dataset
from qa.evaluation import Dataset
from qa.reader.calibration import (
    Calibration,
    Confidence,
    SentenceWeights,
    SpanConfidence,
    log_odds,
)
from qa.reader.network import ReaderNetwork
from qa.reader.reader import DEPTH, FIRST
from qa.reader.selection import Candidate, Selection, read_sentences, select
from training.reader.questions import arcd_rows, held_out_titles
from training.reader.trials import Setting, Trial, Trials, only

DIRECTIONS = (
    "ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "zh-zh", "arcd",
    "en-ar", "ru-ar", "es-ar", "de-ar", "tr-ar", "zh-ar", "ar-en",
)  # fmt: skip
# How often each is met: five questions in seven have their answer in the article.
SHARES: dict[Setting, float] = {"own": 2.5, "library": 2.5, "other": 1.0, "without": 1.0}
WRONGLY_REFUSED = 0.05
_FIT_SETTINGS: tuple[Setting, ...] = ("own", "library")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A trial as it was read: its candidates, and which of them hold the answer."""

    direction: str
    setting: Setting
    trial: Trial
    candidates: tuple[Candidate, ...]
    holds: tuple[bool, ...]

    def select(self, weights: SentenceWeights) -> tuple[Selection, bool] | None:
        """Return what the weights choose, and whether it is right."""
        selection = select(self.candidates, weights)
        if selection is None:
            return None
        return selection, self.holds[self.candidates.index(selection.best)]


def held_out(folder: Path, direction: str) -> Dataset:
    """Return the questions of a direction that training does not see, and their articles."""
    if direction == "arcd":
        contexts = {row.context for row in arcd_rows(folder.parent, "hold")}
        dataset = load_dataset(folder / "arcd-train.json.xz")
        titles = {article.title for article in dataset.articles if article.text in contexts}
        return only(dataset, tuple(titles))
    asked, told = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{told}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.tune.ids",
    )
    return only(dataset, tuple(held_out_titles(folder)))


def read_held_out(
    folder: Path, network: ReaderNetwork, limit: int, directions: Sequence[str] = DIRECTIONS
) -> Iterator[Reading]:
    """Yield up to ``limit`` questions of each direction, in every setting."""
    embedder = load_embedder()
    for direction in directions:
        trials = Trials(held_out(folder, direction), embedder)
        step = max(1, len(trials.questions) // limit)
        for question in tqdm(trials.questions[::step], direction, unit="q"):
            for setting in SHARES:
                trial = trials.trial(question, setting)
                for depth in (FIRST, DEPTH):
                    read = read_sentences(question.text, trial.inputs[:depth], network.read)
                    holds = tuple(map(trial.holds, read))
                    yield Reading(direction, setting, trial, read, holds)


def fit(readings: Sequence[Reading]) -> Calibration:
    """Return the calibration of the readings."""
    sentence = fit_sentence_weights(readings)
    print(f"sentence weights: {sentence}, right {accuracy(readings, sentence):.4f}")
    chosen = [(r, *picked) for r in readings if (picked := r.select(sentence))]
    evidence = np.array([
        [1.0, s.best.spans.log_odds, s.lead, s.best.similarity] for _, s, _ in chosen
    ])  # fmt: skip
    right = np.array([holds for _, _, holds in chosen], dtype=np.float64)
    weight = np.array([SHARES[r.setting] for r, _, _ in chosen])
    answer = Confidence(*_logistic(evidence, right, weight).tolist())
    found = Calibration(sentence, answer, _fit_span(chosen), 0.0)
    return replace(found, threshold=_threshold(chosen, found))


def fit_sentence_weights(readings: Sequence[Reading]) -> SentenceWeights:
    """Return the weights that make the right sentences likeliest (a conditional logit).

    The network's own log odds get a weight too; the others are given in its units.
    """
    answerable = [r for r in readings if r.setting in _FIT_SETTINGS and any(r.holds)]
    tables = [
        (
            np.array([
                [c.spans.log_odds, -np.log2(1 + c.passage), c.late, c.spelling]
                for c in r.candidates
            ]),
            np.array(r.holds),
        )
        for r in answerable
    ]  # fmt: skip

    def loss(weights: Floats) -> float:
        total = 0.0
        for table, holds in tables:
            scores = table @ weights
            total += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[holds])
        return total / len(tables) + 1e-3 * float(weights @ weights)

    network, rank, late, spelling = minimize(loss, np.array([1.0, 0.5, 0.5, 0.2])).x.tolist()
    return SentenceWeights(rank / network, late / network, spelling / network)


def accuracy(readings: Sequence[Reading], weights: SentenceWeights) -> float:
    """Return the share of answerable readings whose chosen sentence is right."""
    found = [r.select(weights) for r in readings if r.setting in _FIT_SETTINGS]
    return float(np.mean([bool(f and f[1]) for f in found]))


def _fit_span(chosen: Sequence[tuple[Reading, Selection, bool]]) -> SpanConfidence:
    rows = [(r, s) for r, s, holds in chosen if r.setting in _FIT_SETTINGS]
    evidence = np.array([
        [1.0, log_odds(s.best.spans.overlap), s.best.spans.log_odds] for _, s in rows
    ])  # fmt: skip
    right = np.array([r.trial.span_scores(s.best)[1] >= 0.5 for r, s in rows], dtype=np.float64)
    return SpanConfidence(*_logistic(evidence, right, np.ones(len(rows))).tolist())


def _logistic(evidence: Floats, right: Floats, weight: Floats) -> Floats:
    """Return the weights of a logistic regression, the bias first."""

    def loss(weights: Floats) -> float:
        scores = evidence @ weights
        likelihood = weight * (np.logaddexp(0, scores) - right * scores)
        return float(likelihood.sum() / weight.sum()) + 1e-4 * float(weights[1:] @ weights[1:])

    return np.asarray(minimize(loss, np.zeros(evidence.shape[1])).x)


def _threshold(
    chosen: Sequence[tuple[Reading, Selection, bool]], calibration: Calibration
) -> float:
    """Return the confidence below which WRONGLY_REFUSED of the answerable questions lie.

    Of each direction within a language, asked of its own article; the lowest counts.
    """
    within = [d for d in DIRECTIONS if d == "arcd" or d[:2] == d[3:]]
    found = []
    for direction in within:
        confidences = [
            s.confidence(calibration)
            for r, s, _ in chosen
            if r.direction == direction and r.setting == "own"
        ]
        if confidences:
            found.append(float(np.quantile(confidences, WRONGLY_REFUSED)))
    return round(float(np.mean(found)), 3)


def report(readings: Sequence[Reading], calibration: Calibration) -> None:
    """Print, for each direction: sentences right, refused in each setting, calibration error."""
    print("right: own, library; F1; refused: " + ", ".join(SHARES) + "; calibration error")
    for direction in dict.fromkeys(r.direction for r in readings):
        rows = [
            (r, *found)
            for r in readings
            if r.direction == direction and (found := r.select(calibration.sentence))
        ]
        right = {
            name: np.mean([holds for r, _, holds in rows if r.setting == name])
            for name in _FIT_SETTINGS
        }
        f1 = np.mean([r.trial.span_scores(s.best)[1] for r, s, _ in rows if r.setting == "own"])
        refused = [
            np.mean([
                s.confidence(calibration) < calibration.threshold
                for r, s, _ in rows if r.setting == name
            ])
            for name in SHARES
        ]  # fmt: skip
        confidence = np.array([s.confidence(calibration) for _, s, _ in rows])
        holds = np.array([float(h) for _, _, h in rows])
        weight = np.array([SHARES[r.setting] for r, _, _ in rows])
        error = calibration_error(confidence, holds, weight)
        shown = " ".join(f"{share:6.3f}" for share in (*right.values(), f1, *refused, error))
        print(f"{direction:8} {shown}")


def calibration_error(chances: Floats, right: Floats, weight: Floats, bins: int = 10) -> float:
    """Return the mean gap between confidence and truth, bins of equal width (Guo et al. 2017)."""
    places = np.minimum((chances * bins).astype(int), bins - 1)
    total = 0.0
    for place in range(bins):
        rows = places == place
        if rows.any():
            inside = weight[rows]
            gap = np.average(chances[rows], weights=inside) - np.average(
                right[rows], weights=inside
            )
            total += abs(float(gap)) * float(inside.sum())
    return total / float(weight.sum())
