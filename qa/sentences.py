"""What the span scorer sees of each sentence of a passage, set against a question."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.embedder import Matrix, Vector
from qa.kinds import KINDS, Kind
from qa.looks import CAPITAL, NUMERIC, OPENING_CAPITAL

SURE, EXACT = 0.6, 0.999  # two words alike: surely the same, and by their stems
_WINDOW = 8  # words
_STEP, _NEAR = 3.0, 3  # words between two that stand together in the question


def sentence_features(
    shares: Vector,
    near: Vector,
    kind: Vector,
    pairs: Matrix,
    looks: Matrix,
    sentence_of: npt.NDArray[np.int64],
    late: Vector,
    dense: Vector,
) -> Matrix:
    """Return (sentences, 24): scores, what of the question it has, alone and with its neighbours.

    ``shares``, ``near`` and ``kind`` are the question's; ``pairs`` (words, question words) tells
    how alike they are; ``late`` and ``dense`` (sentences,) are the sentences' scores.
    """
    count = len(late)
    inside = [sentence_of == sentence for sentence in range(count)]
    best = np.stack([pairs[own].max(axis=0, initial=0.0) for own in inside])
    lengths = np.array([own.sum() for own in inside], dtype=np.float32)
    places = np.arange(count)
    columns = [
        late,
        dense,
        best @ shares,
        (best >= EXACT) @ shares,
        (best > SURE).mean(axis=1) if best.shape[1] else np.zeros(count),
        best @ near / max(float(near.sum()), 1e-9),
        np.log1p(lengths) / 5,
        places == 0,
        places / max(1, count - 1),
        *_with_neighbours(best, shares),
        *np.stack([_of_kind(pairs[own], looks[own], kind) for own in inside]).T,
        *np.stack([_together(pairs[own], shares) for own in inside]).T,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _with_neighbours(best: Matrix, shares: Vector) -> list[Vector]:
    """Return what of the question a sentence has with another: what it tells of may stand there."""
    none = np.zeros_like(best[:1])
    before, after = np.concatenate([none, best[:-1]]), np.concatenate([best[1:], none])
    all_before = np.maximum.accumulate(before, axis=0)
    return [
        np.maximum(best, before) @ shares,
        np.maximum(best, after) @ shares,
        np.maximum(best, all_before) @ shares,
        (before - best).clip(0) @ shares,
    ]


def _of_kind(pairs: Matrix, looks: Matrix, kind: Vector) -> tuple[float, ...]:
    """Return what a sentence has beside the question's words: numbers, names, how many words."""
    new = pairs.max(axis=1, initial=0.0) < SURE
    number = float((looks[:, :NUMERIC].any(axis=1) & new).any())
    capital = (looks[:, CAPITAL] > 0) & new
    name = float((capital & (looks[:, OPENING_CAPITAL] == 0)).any())

    def asked(one: Kind) -> float:
        return float(kind[KINDS.index(one)])

    return (
        number, float(capital.any()), name,
        number * asked("quantity"), number * asked("date"),
        name * asked("person"), name * asked("place"),
        float(np.log1p(new.sum())),
    )  # fmt: skip


def _together(pairs: Matrix, shares: Vector) -> tuple[float, float, float]:
    """Return how close words stand that are neighbours in the question, and the best window."""
    if not pairs.size:
        return 0.0, 0.0, 0.0
    place, best = pairs.argmax(axis=0), pairs.max(axis=0)
    weight = (shares[:-1] + shares[1:]) / 2
    alike, gap = best[:-1] * best[1:], np.abs(np.diff(place))
    close = weight * alike * np.exp(-(gap - 1).clip(0) / _STEP)
    near = weight * ((gap <= _NEAR) & (alike > SURE**2))
    size = min(_WINDOW, len(pairs))
    windows = np.lib.stride_tricks.sliding_window_view(pairs, size, axis=0).max(axis=-1)
    return float(close.sum()), float(near.sum()), float((windows @ shares).max())
