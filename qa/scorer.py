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
import numpy.typing as npt

from index.embedder import Matrix
from index.errors import ModelError
from qa.features import PassageFeatures, QuestionFeatures
from qa.trees import DAMAGED

LONGEST = 20  # words; longer answers are 2 % of those trained on
IMPOSSIBLE = np.float32(-1e9)
_DILATIONS = (1, 2, 4)
_GAP = 4  # words: as far as a layer sees to one side
Weights = dict[str, Matrix]


@dataclass(frozen=True, slots=True, eq=False)
class SpanScorer:
    """The weights of several networks that differ by their seed; their mean is the score.

    Every array's first axis counts the networks.
    """

    weights: Weights

    @classmethod
    def load(cls, path: Path) -> SpanScorer:
        """Read the weights; raise ModelError if they cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls({name: stored[name].astype(np.float32) for name in stored.files})
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
        told = _joined(passages)
        scores = _scores(self.weights, question, told)[:, told.real]
        highest = float(scores.max(axis=(1, 2), initial=float(IMPOSSIBLE)).mean())
        of_sentences = told.sentence_features @ self.weights["sentence"].T + prior[:, None]
        scores += of_sentences[told.sentence_of[told.real]].T[..., None]
        scores -= _log_sum(scores)
        mean = scores.mean(axis=0, keepdims=True)
        mean -= _log_sum(mean)
        parts = np.split(mean[0], np.cumsum([len(p.words) for p in passages])[:-1])
        return list(parts), highest


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """The words of all passages in a row, with empty rows between them; ``real`` are no gaps."""

    vectors: Matrix
    seen: Matrix
    sentence_of: npt.NDArray[np.int64]
    sentence_features: Matrix

    @property
    def real(self) -> npt.NDArray[np.bool_]:
        return self.sentence_of >= 0


def _joined(passages: Sequence[PassageFeatures]) -> _Told:
    """Join passages so far apart that no layer sees over a gap."""
    vectors, seen, sentence_of, first = [], [], [], 0
    for passage in passages:
        words = passage.words
        rows = np.concatenate([words.looks, passage.against], axis=1)
        vectors += [words.vectors, np.zeros((_GAP, words.vectors.shape[1]), dtype=np.float32)]
        seen += [rows, np.zeros((_GAP, rows.shape[1]), dtype=np.float32)]
        sentence_of += [passage.sentence_of + first, np.full(_GAP, -1)]
        first += len(passage.sentence_features)
    return _Told(
        np.concatenate(vectors),
        np.concatenate(seen),
        np.concatenate(sentence_of),
        np.concatenate([passage.sentence_features for passage in passages]),
    )


def _log_sum(scores: Matrix) -> Matrix:
    """Return (networks, 1, 1): the log of the sum of the exponentials of each one's scores."""
    top = scores.max(axis=(1, 2), keepdims=True, initial=float(IMPOSSIBLE))
    total = np.exp(scores - top).sum(axis=(1, 2), keepdims=True)
    return np.asarray(top + np.log(total + 1e-30), dtype=np.float32)


def _scores(weights: Weights, question: QuestionFeatures, told: _Told) -> Matrix:
    """Return (networks, words, LONGEST): each span's score, IMPOSSIBLE across a sentence's end."""
    start, end, inside = np.moveaxis(_words(weights, question, told), 2, 0)
    networks, count = start.shape
    scores = np.full((networks, count, LONGEST), IMPOSSIBLE, dtype=np.float32)
    summed = np.concatenate([np.zeros((networks, 1)), np.cumsum(inside, axis=1)], axis=1)
    length = question.kind @ weights["length"]
    for extra in range(min(LONGEST, count)):
        last = count - extra
        score = start[:, :last] + end[:, extra:] + length[:, extra, None]
        score = score + (summed[:, extra + 1 :] - summed[:, :last]) / np.sqrt(extra + 1)
        whole = told.sentence_of[:last] == told.sentence_of[extra:]
        scores[:, :last, extra] = np.where(whole, score, IMPOSSIBLE)
    return scores


def _words(weights: Weights, question: QuestionFeatures, told: _Told) -> Matrix:
    """Return (networks, words, 3): how well each starts an answer, ends it, stands inside it."""
    vectors = told.vectors * 4
    meaning = vectors @ weights["meaning"]
    alike = (question.target * 4 @ weights["asked"])[:, None] * (vectors @ weights["told"])
    typed = meaning * (question.kind @ weights["kind"])[:, None]
    same = np.concatenate([told.seen, np.tile(question.kind, (len(vectors), 1))], axis=1)
    same = np.broadcast_to(same, (len(meaning), *same.shape))
    real = told.real[None, :, None]
    rows = np.concatenate([meaning, alike, typed, same], axis=2) * real
    layers: list[Matrix] = []
    for number, dilation in enumerate(_DILATIONS):
        below = layers[-1] if layers else rows
        made = _convolved(below, weights[f"layer{number}"], dilation)
        made = np.maximum(made + weights[f"bias{number}"][:, None], 0) * real
        layers.append(made + below if number else made)
    top = np.concatenate([layers[0], layers[-1]], axis=2)
    by_kind = np.einsum("k,nkfo->nfo", question.kind, weights["by_kind"])
    return np.asarray(top @ weights["out"] + weights["out_bias"][:, None] + told.seen @ by_kind)


def _convolved(rows: Matrix, kernel: Matrix, dilation: int) -> Matrix:
    """Return the convolutions by kernels (networks, places, in, out), as long as their input."""
    networks, places, wide, made = kernel.shape
    edge, count = dilation * (places // 2), rows.shape[1]
    padded = np.zeros((networks, count + 2 * edge, wide), dtype=np.float32)
    padded[:, edge : edge + count] = rows
    windows = [padded[:, i * dilation : i * dilation + count] for i in range(places)]
    return np.concatenate(windows, axis=2) @ kernel.reshape(networks, places * wide, made)


@lru_cache(maxsize=1)
def embedded_scorer() -> SpanScorer:
    """Return the weights that ship with the package, loaded once in a process."""
    return SpanScorer.load(Path(str(files("qa") / "reader.npz")))
