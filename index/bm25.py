"""BM25 of a question over the postings of a store's segments, exact, best first.

Robertson & Zaragoza (2009), k1 = 1.2, b = 0.75, with Lucene's idf.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.candidates import Scores
from index.postings import AnyInt, Postings, Rows, key_of

Mask = npt.NDArray[np.bool_]

K1, B = 1.2, 0.75
_COMMON = 4096  # postings; a term with more is looked up for the best chunks alone, if it can be
_FREQUENCIES = 4096  # remembered, of terms that questions have


@dataclass(frozen=True, slots=True)
class Found:
    """The rows with the best scores, ascending, and the share of the question's words known."""

    rows: Rows
    scores: Scores
    coverage: float


class BM25:
    """The scores of the chunks of several segments, one after the other.

    ``live`` tells for each segment which of its chunks count; None is all. A score, and all it
    hangs on, is that of an index of the live chunks alone; a dead chunk's score is 0.
    """

    def __init__(self, parts: Sequence[Postings], live: Sequence[Mask | None]) -> None:
        self._parts = tuple(parts)
        self._live = tuple(live)
        sizes = [len(part.lengths) for part in parts]
        self._bases = np.cumsum([0, *sizes])
        lengths = [np.asarray(part.lengths, dtype=np.float32) for part in parts]
        weighed = [
            own if mask is None else own[mask] for own, mask in zip(lengths, live, strict=True)
        ]
        self.count = sum(map(len, weighed))
        mean = sum(float(own.sum(dtype=np.float64)) for own in weighed) / max(self.count, 1)
        # An infinite length makes a dead chunk's score 0 without a question asked.
        norms = [_norms(own, mask, mean) for own, mask in zip(lengths, live, strict=True)]
        self._norms = np.concatenate([np.zeros(0, dtype=np.float32), *norms])
        self._frequency = lru_cache(maxsize=_FREQUENCIES)(self._counted)
        self._postings = lru_cache(maxsize=_FREQUENCIES)(self._found)

    def find(self, groups: Sequence[tuple[str, ...]], k: int, also: Callable[[], Rows]) -> Found:
        """Return the k best rows with a score above 0, and those that ``also`` gives, ascending.

        It is asked last: what it waits for goes on meanwhile.
        ``groups`` holds for each word of the question the terms that it is searched by.
        """
        terms = dict.fromkeys(key_of(term) for group in groups for term in group)
        weights = {term: self._idf(self._frequency(term)) for term in terms}
        known = {term: w for term, w in weights.items() if self._frequency(term)}
        search = _Search(self, sorted(known.items(), key=lambda item: -item[1]))
        rows = np.union1d(search.best(k), also())
        return Found(rows, search.scores(rows), self._coverage(groups))

    def _coverage(self, groups: Sequence[tuple[str, ...]]) -> float:
        """Return the share of the question's words, weighed by idf, that the chunks hold.

        Near 0 for a question in another language, which then has nothing to gain from BM25.
        """
        commonest = [max((self._frequency(key_of(t)) for t in g), default=0) for g in groups]
        weights = list(map(self._idf, commonest))
        known = sum(weight for weight, found in zip(weights, commonest, strict=True) if found)
        return known / sum(weights) if sum(weights) else 0.0

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _counted(self, term: int) -> int:
        """Return how many live chunks hold the term."""
        total = 0
        for part, chunks, _ in self._postings(term):
            mask = self._live[part]
            total += len(chunks) if mask is None else int(mask[chunks].sum())
        return total

    def _found(self, term: int) -> tuple[tuple[int, AnyInt, AnyInt], ...]:
        """Return the segments that hold the term, with its chunks and counts there."""
        found = ((number, *part.of(term)) for number, part in enumerate(self._parts))
        return tuple(one for one in found if len(one[1]))


class _Search:
    """One question: terms are added to all chunks at once, the rarest first, while they must be.

    MaxScore (Turtle & Flood 1995): a score grows by less than its terms' idf. Once the terms
    left cannot lift a chunk above the k-th best, they are looked up for the best chunks alone.
    """

    def __init__(self, bm25: BM25, terms: Sequence[tuple[int, float]]) -> None:
        self._bm25 = bm25
        self._todo = list(terms)
        self._sums = np.zeros(int(bm25._bases[-1]), dtype=np.float32)

    def best(self, k: int) -> Rows:
        """Return the rows of the k best scores above 0, ascending; of equal ones the first."""
        least = np.float32(0)
        while self._todo:
            term, _ = self._todo[0]
            if self._bm25._frequency(term) > _COMMON:
                rest = math.fsum(weight for _, weight in self._todo)
                least = _kth(self._sums, k) - np.float32(rest * 1.001)  # sums round
                if least > 0:
                    break
            self._add(*self._todo.pop(0))
        rows = np.flatnonzero(self._sums > 0 if least <= 0 else self._sums >= least)
        scores = self.scores(rows)
        order = np.lexsort((rows, -scores))[:k]
        return np.sort(rows[order][scores[order] > 0])

    def scores(self, rows: Rows) -> Scores:
        """Return the scores of these rows, ascending, with the terms that were not added."""
        found, norms, bases = self._sums[rows], self._bm25._norms[rows], self._bm25._bases
        ends = np.searchsorted(rows, bases).tolist()
        for term, weight in self._todo:
            count = np.zeros(len(rows), dtype=np.float32)
            for part, chunks, counts in self._bm25._postings(term):
                first, last = ends[part], ends[part + 1]
                if last > first:
                    count[first:last] = _looked_up(chunks, counts, rows[first:last] - bases[part])
            found += np.float32(weight) * (count / (count + norms))
        return found

    def _add(self, term: int, weight: float) -> None:
        bases = self._bm25._bases
        for part, chunks, counts in self._bm25._postings(term):
            own = slice(bases[part], bases[part + 1])
            count = counts.astype(np.float32)
            self._sums[own][chunks] += np.float32(weight) * (
                count / (count + self._bm25._norms[own][chunks])
            )


def _norms(lengths: Scores, live: Mask | None, mean: float) -> Scores:
    norms = np.float32(K1) * (np.float32(1 - B) + np.float32(B / max(mean, 1e-9)) * lengths)
    return norms if live is None else np.where(live, norms, np.float32(np.inf))


def _looked_up(chunks: AnyInt, counts: AnyInt, rows: Rows) -> Scores:
    """Return the counts of a term in these chunks, 0 where it is not."""
    at = np.searchsorted(chunks, rows.astype(chunks.dtype)).clip(max=len(chunks) - 1)
    return np.where(chunks[at] == rows, counts[at], 0).astype(np.float32)


def _kth(sums: Scores, k: int) -> np.float32:
    """Return the k-th highest of the sums above 0, or 0 if there are fewer."""
    above = sums[sums > 0]
    if len(above) < k:
        return np.float32(0)
    return np.float32(np.partition(above, len(above) - k)[len(above) - k])
