"""Fit qa/reader/model/calibration.json on questions whose articles the network did not see."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from tqdm import tqdm

from index.models import load_embedder
from qa.datasets import Dataset, load_dataset
from qa.reader.calibration import (
    AnswerableModel,
    Calibration,
    ConfidenceModel,
    SentenceWeights,
    SpanConfidenceModel,
    log_odds,
)
from qa.reader.layers import LowerLayers
from qa.reader.network import ReaderNetwork
from qa.reader.reader import CERTAIN, MAX_PASSAGES, PASSAGES_PER_ROUND, ExtractiveNetwork
from qa.reader.selection import Candidate, Selection, read_sentences, select
from training.reader.questions import arcd_rows, held_out_titles
from training.reader.trials import Setting, Trial, Trials, only

DIRECTIONS = (
    "ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "zh-zh", "arcd",
    "en-ar", "ru-ar", "es-ar", "de-ar", "tr-ar", "zh-ar", "ar-en",
)  # fmt: skip
# Five questions in seven have their answer in the article.
SHARES: dict[Setting, float] = {"own": 2.5, "library": 2.5, "other": 1.0, "without": 1.0}
# Of held-out answerable questions; others may be a little harder. Within the language where
# they are most, and of all questions in another script than the article's.
WRONGLY_REFUSED, WRONGLY_REFUSED_ACROSS = 0.045, 0.09
_ANSWERABLE: tuple[Setting, ...] = ("own", "library")
_ROUNDS = 3
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReadTrial:
    """A trial as it was read: the candidates of the first passages, and of all."""

    direction: str
    setting: Setting
    trial: Trial
    by_depth: tuple[tuple[Candidate, ...], ...]

    def select(
        self, weights: SentenceWeights, answer: ConfidenceModel | None = None
    ) -> Chosen | None:
        """Return what the weights choose, None where nothing was read.

        With ``answer`` the first passages decide where that is certain, as in
        `qa.reader.reader.read_and_select`; else all that were read.
        """
        selection = None
        for candidates in self.by_depth if answer else self.by_depth[-1:]:
            selection = select(candidates, weights)
            if selection and answer and selection.confidence(answer) >= CERTAIN:
                break
        if selection is None:
            return None
        return Chosen(self, selection, self.trial.holds(selection.best))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A trial as it was read, the sentence chosen in it, and whether that is right."""

    read_trial: ReadTrial
    selection: Selection
    holds: bool


def held_out(folder: Path, direction: str) -> Dataset:
    """Return the questions of a direction that training does not see, and their articles."""
    if direction == "arcd":
        contexts = {row.context for row in arcd_rows(folder.parent, "hold")}
        dataset = load_dataset(folder / "arcd-train.json.xz")
        titles = {article.title for article in dataset.articles if article.text in contexts}
        return only(dataset, tuple(titles))
    asked, written = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.tune.ids",
    )
    return only(dataset, tuple(held_out_titles(folder)))


def read_held_out(folder: Path, model: Path, limit: int) -> list[ReadTrial]:
    """Read up to ``limit`` questions of each direction in every setting, a process a core."""
    read = partial(_read_direction, folder, model, limit)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(chain.from_iterable(pool.map(read, DIRECTIONS)))


def _read_direction(folder: Path, model: Path, limit: int, direction: str) -> list[ReadTrial]:
    os.environ["OMP_NUM_THREADS"] = "1"  # read when the network is opened
    network = ReaderNetwork(LowerLayers(model))
    trials = Trials(held_out(folder, direction), load_embedder())
    step = -(-len(trials.questions) // limit)
    return [
        _read(network, direction, setting, trials.trial(question, setting))
        for question in tqdm(trials.questions[::step], direction, unit="q", mininterval=10)
        for setting in SHARES
    ]


def _read(network: ExtractiveNetwork, direction: str, setting: Setting, trial: Trial) -> ReadTrial:
    by_depth = [
        read_sentences(trial.question.text, trial.inputs[:depth], network.read)
        for depth in (PASSAGES_PER_ROUND, MAX_PASSAGES)
    ]
    return ReadTrial(direction, setting, trial, tuple(by_depth))


def fit(read_trials: Sequence[ReadTrial]) -> Calibration:
    """Return the calibration of the read_trials."""
    sentence = fit_sentence_weights(read_trials)
    chosen = _chosen(read_trials, sentence, None)
    for _ in range(_ROUNDS):  # how deep is read depends on the confidence that is fitted
        answer = _fit_answer(chosen)
        chosen = _chosen(read_trials, sentence, answer)
    found = Calibration(sentence, answer, _fit_answerable(chosen), _fit_span(chosen), 0.0)
    return _set_threshold(chosen, found)


def _chosen(
    read_trials: Sequence[ReadTrial], sentence: SentenceWeights, answer: ConfidenceModel | None
) -> list[Chosen]:
    return [found for each in read_trials if (found := each.select(sentence, answer))]


def fit_sentence_weights(read_trials: Sequence[ReadTrial]) -> SentenceWeights:
    """Return the weights that make the right sentences likeliest (a conditional logit).

    The network's own log odds get a weight too; the others are given in its units.
    """
    tables = []
    for each in read_trials:
        holds = np.array([each.trial.holds(c) for c in each.by_depth[-1]])
        if each.setting in _ANSWERABLE and holds.any():
            rows = [
                [
                    c.reading.log_odds,
                    -np.log2(c.rank),
                    c.late * c.other_script,
                    c.spelling * (not c.other_script),
                ]
                for c in each.by_depth[-1]
            ]
            tables.append((np.array(rows), holds))

    def loss(weights: Floats) -> float:
        total = 0.0
        for table, holds in tables:
            scores = table @ weights
            total += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[holds])
        return total / len(tables) + 1e-3 * float(weights @ weights)

    network, *others = minimize(loss, np.array([1.0, 0.5, 0.5, 0.5])).x.tolist()
    return SentenceWeights(*(weight / network for weight in others))


def _fit_answer(chosen: Sequence[Chosen]) -> ConfidenceModel:
    evidence = np.array([
        [1.0, best.reading.log_odds, c.selection.lead, best.similarity, best.other_script]
        for c in chosen
        for best in [c.selection.best]
    ])  # fmt: skip
    right = np.array([float(c.holds) for c in chosen])
    weight = np.array([SHARES[c.read_trial.setting] for c in chosen])
    return ConfidenceModel(*_logistic(evidence, right, weight).tolist())


def _fit_answerable(chosen: Sequence[Chosen]) -> AnswerableModel:
    evidence = np.array([
        [1.0, c.selection.total, best.similarity, best.spelling, best.other_script]
        for c in chosen
        for best in [c.selection.best]
    ])  # fmt: skip
    answers = np.array([float(c.read_trial.setting in _ANSWERABLE) for c in chosen])
    weight = np.array([SHARES[c.read_trial.setting] for c in chosen])
    return AnswerableModel(*_logistic(evidence, answers, weight).tolist())


def _fit_span(chosen: Sequence[Chosen]) -> SpanConfidenceModel:
    rows = [c for c in chosen if c.read_trial.setting in _ANSWERABLE]
    spans = [c.selection.best.reading for c in rows]
    evidence = np.array([[1.0, log_odds(s.overlap), s.log_odds] for s in spans])
    right = np.array([
        float(c.read_trial.trial.span_scores(c.selection.best)[1] >= 0.5) for c in rows
    ])  # fmt: skip
    return SpanConfidenceModel(*_logistic(evidence, right, np.ones(len(rows))).tolist())


def _logistic(evidence: Floats, right: Floats, weight: Floats) -> Floats:
    """Return the weights of a logistic regression, the bias first."""

    def loss(weights: Floats) -> float:
        scores = evidence @ weights
        likelihood = weight * (np.logaddexp(0, scores) - right * scores)
        return float(likelihood.sum() / weight.sum()) + 1e-4 * float(weights[1:] @ weights[1:])

    return np.asarray(minimize(loss, np.zeros(evidence.shape[1])).x)


def _set_threshold(chosen: Sequence[Chosen], calibration: Calibration) -> Calibration:
    """Set the threshold, and ``other_script`` so that the same one serves across scripts."""
    within: dict[str, list[float]] = {}
    across: list[float] = []
    for c in chosen:
        if c.read_trial.setting == "own":
            same = not c.selection.best.other_script
            probability = c.selection.answerable_probability(calibration)
            (within.setdefault(c.read_trial.direction, []) if same else across).append(probability)
    threshold = min(float(np.quantile(found, WRONGLY_REFUSED)) for found in within.values())
    answerable = calibration.answerable
    if across:
        own = float(np.quantile(across, WRONGLY_REFUSED_ACROSS))
        shift = log_odds(threshold) - log_odds(own)
        answerable = replace(answerable, other_script=answerable.other_script + shift)
    return replace(calibration, answerable=answerable, threshold=round(threshold, 3))


def report(read_trials: Sequence[ReadTrial], calibration: Calibration) -> None:
    """Print, for each direction: sentences right, refused in each setting, calibration error."""
    print("right: own, library; F1; refused: " + ", ".join(SHARES) + "; calibration error")
    for direction in dict.fromkeys(r.direction for r in read_trials):
        own = [r for r in read_trials if r.direction == direction]
        chosen = _chosen(own, calibration.sentence, calibration.answer)
        confidence = np.array([c.selection.confidence(calibration.answer) for c in chosen])
        answerable = np.array([c.selection.answerable_probability(calibration) for c in chosen])
        holds = np.array([float(c.holds) for c in chosen])
        setting = np.array([c.read_trial.setting for c in chosen])
        f1 = [
            c.read_trial.trial.span_scores(c.selection.best)[1]
            for c in chosen
            if c.read_trial.setting == "own"
        ]
        figures = [
            *(holds[setting == name].mean() for name in _ANSWERABLE),
            np.mean(f1),
            *((answerable < calibration.threshold)[setting == name].mean() for name in SHARES),
            calibration_error(confidence, holds, np.array([SHARES[name] for name in setting])),
        ]
        print(f"{direction:8} " + " ".join(f"{figure:6.3f}" for figure in figures))


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
