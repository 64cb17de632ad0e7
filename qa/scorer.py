"""Scores of every span of a passage as the answer: a small network over words, in numpy.

Three layers of convolution over the features of `qa.features`, weights by training/reader.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from index.embedder import Matrix
from index.errors import ModelError
from qa.features import PassageFeatures, QuestionFeatures
from qa.trees import DAMAGED

LONGEST = 20  # words; longer answers are 2 % of those trained on
IMPOSSIBLE = np.float32(-1e9)
_DILATIONS = (1, 2, 4)
Weights = dict[str, Matrix]


@dataclass(frozen=True, slots=True, eq=False)
class SpanScorer:
    """The weights of several networks that differ by their seed; their mean is the score."""

    networks: tuple[Weights, ...]

    @classmethod
    def load(cls, path: Path) -> SpanScorer:
        """Read the weights; raise ModelError if they cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                stacked = {name: stored[name].astype(np.float32) for name in stored.files}
            count = len(stacked["out"])
            return cls(tuple({k: v[i] for k, v in stacked.items()} for i in range(count)))
        except DAMAGED as error:
            raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error

    def log_probabilities(
        self, question: QuestionFeatures, passages: Sequence[PassageFeatures], prior: Matrix
    ) -> tuple[list[Matrix], float]:
        """Return, per passage, (words, LONGEST): the log probability of each span by its length.

        They sum to one over all passages together. ``prior`` (sentences,) is added to the spans
        of each sentence, in the passages' order. Beside them, the mean of the networks' highest
        scores before they are brought to that sum.
        """
        total: Matrix | None = None
        highest = []
        for weights in self.networks:
            scores = np.concatenate([_scores(weights, question, p).ravel() for p in passages])
            highest.append(float(scores.max(initial=float(IMPOSSIBLE))))
            scores = scores + _sentence_scores(weights, passages, prior)
            scores -= _log_sum(scores)
            total = scores if total is None else total + scores
        assert total is not None, "a scorer has networks"
        mean = np.asarray(total / len(self.networks), dtype=np.float32)
        mean -= _log_sum(mean)
        sizes = np.cumsum([len(p.words) * LONGEST for p in passages])[:-1]
        parts = [part.reshape(-1, LONGEST) for part in np.split(mean, sizes)]
        return parts, float(np.mean(highest))


def _log_sum(scores: Matrix) -> np.float32:
    top = scores.max(initial=float(IMPOSSIBLE))
    return np.float32(top + np.log(np.exp(scores - top).sum() + 1e-30))


def _sentence_scores(
    weights: Weights, passages: Sequence[PassageFeatures], prior: Matrix
) -> Matrix:
    """Return, for each span, what its sentence scores."""
    rows, first = [], 0
    for passage in passages:
        own = passage.sentence_features @ weights["sentence"]
        own = own + prior[first : first + len(own)]
        rows.append(np.repeat(own[passage.sentence_of], LONGEST))
        first += len(own)
    return np.concatenate(rows)


def _scores(weights: Weights, question: QuestionFeatures, passage: PassageFeatures) -> Matrix:
    """Return (words, LONGEST): each span's score, IMPOSSIBLE across a sentence's end."""
    count = len(passage.words)
    scores = np.full((count, LONGEST), IMPOSSIBLE, dtype=np.float32)
    if not count:
        return scores
    start, end, inside = _words(weights, question, passage).T
    summed = np.concatenate([np.zeros(1, dtype=np.float32), np.cumsum(inside)])
    length = question.kind @ weights["length"]
    for extra in range(min(LONGEST, count)):
        last = count - extra
        score = start[:last] + end[extra:]
        score = score + (summed[extra + 1 :] - summed[:last]) / np.sqrt(np.float32(extra + 1))
        whole = passage.sentence_of[:last] == passage.sentence_of[extra:]
        scores[:last, extra] = np.where(whole, score + length[extra], IMPOSSIBLE)
    return scores


def _words(weights: Weights, question: QuestionFeatures, passage: PassageFeatures) -> Matrix:
    """Return (words, 3): how well each starts an answer, ends it, and stands inside it."""
    vectors = passage.words.vectors * 4
    seen = np.concatenate([passage.words.looks, passage.against], axis=1)
    meaning = vectors @ weights["meaning"]
    rows = np.concatenate(
        [
            meaning,
            (question.target * 4 @ weights["asked"]) * (vectors @ weights["told"]),
            meaning * (question.kind @ weights["kind"]),
            seen,
            np.repeat(question.kind[None], len(vectors), axis=0),
        ],
        axis=1,
    )
    layers: list[Matrix] = []
    for number, dilation in enumerate(_DILATIONS):
        below = layers[-1] if layers else rows
        made = _convolved(below, weights[f"layer{number}"], dilation) + weights[f"bias{number}"]
        made = np.maximum(made, 0)
        layers.append(made + below if number else made)
    top = np.concatenate([layers[0], layers[-1]], axis=1)
    by_kind = np.tensordot(question.kind, weights["by_kind"], axes=1)
    return np.asarray(top @ weights["out"] + weights["out_bias"] + seen @ by_kind)


def _convolved(rows: Matrix, kernel: Matrix, dilation: int) -> Matrix:
    """Return the convolution by a kernel (places, in, out), as long as its input."""
    places = len(kernel)
    edge = dilation * (places // 2)
    padded = np.pad(rows, ((edge, edge), (0, 0)))
    windows = [padded[i * dilation : i * dilation + len(rows)] for i in range(places)]
    return np.concatenate(windows, axis=1) @ kernel.reshape(-1, kernel.shape[2])


@lru_cache(maxsize=1)
def embedded_scorer() -> SpanScorer:
    """Return the weights that ship with the package, loaded once in a process."""
    return SpanScorer.load(Path(str(files("qa") / "reader.npz")))
