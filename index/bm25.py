"""BM25 of a question over the postings of a store's segments, exact.

Robertson & Zaragoza (2009), k1 = 1.2, b = 0.75, with Lucene's idf. `Postings` are the index of one
segment, in plain arrays that a file is mapped into; `BM25` scores the chunks of several.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis import analyse_query, index_terms
from index.base import Candidates, Scores
from index.chunker import Chunk
from index.folder import map_arrays, write_arrays
from index.text import WordCache, written_words

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
AnyInt = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]

K1, B = 1.2, 0.75
_FILE = "terms.arrays"
_CACHED_WORDS = 524_288  # while a segment is built, of about 200 bytes each
_COMMON = 4096  # postings; a term with more is scored for the best chunks only, where that suffices
_CACHED_TERMS = 4096


def key_of(name: str) -> int:
    """Return a 64-bit digest of a name; ten million names collide once in 400,000 stores."""
    return int.from_bytes(
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The chunks of each term, and how often it occurs in them.

    ``keys`` (terms,) ascend; term i has the postings ``starts[i]`` to ``starts[i + 1]`` of
    ``chunks``, which ascend, and of ``counts``. ``lengths`` (chunks,) are the numbers of terms of
    each chunk, 1 for a chunk without any.
    """

    keys: Keys
    starts: Rows
    chunks: AnyInt
    counts: AnyInt
    lengths: AnyInt

    def __post_init__(self) -> None:
        if len(self.starts) != len(self.keys) + 1 or len(self.chunks) != len(self.counts):
            raise ValueError(f"{len(self.keys)} terms, {len(self.starts)} starts")
        if int(self.starts[-1]) != len(self.chunks):
            raise ValueError(f"{len(self.chunks)} postings, not {int(self.starts[-1])}")

    @classmethod
    def build(cls, texts: Sequence[str], languages: Sequence[str]) -> Postings:
        """Index the terms of each text, stemmed by its language."""
        numbers: dict[str, int] = {}

        def numbered(word: str, language: str) -> tuple[int, ...]:
            return tuple(numbers.setdefault(t, len(numbers)) for t in index_terms(word, language))

        known = {
            language: WordCache(partial(numbered, language=language), _CACHED_WORDS)
            for language in set(languages)
        }
        found = [
            np.array(
                list(chain.from_iterable(map(known[language].__getitem__, written_words(text)))),
                dtype=np.int64,
            )
            for text, language in zip(texts, languages, strict=True)
        ]
        lengths = np.array([len(terms) for terms in found], dtype=np.int64)
        keys = np.fromiter(map(key_of, numbers), dtype=np.uint64, count=len(numbers))
        chunks = np.repeat(np.arange(len(texts)), lengths)
        terms = np.concatenate([np.zeros(0, dtype=np.int64), *found])
        return cls._sorted(keys, terms, chunks, np.ones(len(terms), dtype=np.int64), lengths)

    @classmethod
    def merge(cls, parts: Sequence[tuple[Postings, Rows]]) -> Postings:
        """Concatenate these chunks of each part."""
        keys = [np.zeros(0, dtype=np.uint64)]
        chunks, counts, lengths = (
            [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)],
            [np.zeros(0, dtype=np.int64)],
        )  # fmt: skip
        base = 0
        for part, rows in parts:
            place = np.full(len(part.lengths), -1, dtype=np.int64)
            place[rows] = np.arange(base, base + len(rows))
            moved = place[part.chunks]
            kept = moved >= 0
            keys.append(np.repeat(part.keys, np.diff(part.starts))[kept])
            chunks.append(moved[kept])
            counts.append(part.counts[kept].astype(np.int64))
            lengths.append(part.lengths[rows].astype(np.int64))
            base += len(rows)
        distinct, terms = np.unique(np.concatenate(keys), return_inverse=True)
        together = map(np.concatenate, (chunks, counts, lengths))
        return cls._sorted(distinct, terms.astype(np.int64), *together)

    @classmethod
    def _sorted(
        cls, keys: Keys, terms: Rows, chunks: Rows, counts: Rows, lengths: Rows
    ) -> Postings:
        """Build from unsorted postings: term (a number of ``keys``), chunk and count of each."""
        order = np.argsort(keys)
        place = np.empty(len(keys), dtype=np.int64)
        place[order] = np.arange(len(keys))
        width = max(len(lengths), 1)
        # One number a posting: sorting plain numbers is several times faster.
        both = place[terms] * width + chunks
        if int(counts.max(initial=1)) == 1:
            both.sort()
            firsts = np.flatnonzero(np.diff(both, prepend=-1))
            summed = np.diff(firsts, append=len(both))
        else:
            by_both = np.argsort(both, kind="stable")
            both, counts = both[by_both], counts[by_both]
            firsts = np.flatnonzero(np.diff(both, prepend=-1))
            summed = np.add.reduceat(counts, firsts) if len(firsts) else counts
        term, chunk = np.divmod(both[firsts], width)
        starts = np.searchsorted(term, np.arange(len(keys) + 1))
        return cls(
            keys[order],
            starts.astype(np.int64),
            _narrow(chunk),
            _narrow(summed),
            _narrow(lengths.clip(1)),
        )

    def lookup(self, key: int) -> tuple[AnyInt, AnyInt]:
        """Return the chunks that contain a term, ascending, and its counts there."""
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return self.chunks[:0], self.counts[:0]
        piece = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.chunks[piece], self.counts[piece]

    def save(self, folder: Path) -> None:
        """Write the arrays into a file of the folder."""
        write_arrays(folder / _FILE, {f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Map the file of `save` into memory."""
        return cls(**map_arrays(folder / _FILE))


def _narrow(numbers: Rows) -> AnyInt:
    """Return non-negative numbers in the smallest type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


class BM25:
    """Score the chunks of several segments, whose rows are counted one segment after the other.

    ``live`` says for each segment which of its chunks count; None means all. Every score, idf and
    mean length is that of an index of the live chunks alone; a dead chunk scores 0.
    """

    def __init__(self, segments: Sequence[Postings], live: Sequence[Mask | None]) -> None:
        self._segments = tuple(segments)
        self._live = tuple(live)
        sizes = [len(segment.lengths) for segment in segments]
        self._first_rows = np.cumsum([0, *sizes])
        lengths = [np.asarray(segment.lengths, dtype=np.float32) for segment in segments]
        counted = [
            own if mask is None else own[mask] for own, mask in zip(lengths, live, strict=True)
        ]
        self.count = sum(map(len, counted))
        mean = sum(float(own.sum(dtype=np.float64)) for own in counted) / max(self.count, 1)
        # An infinite norm makes the score of a dead chunk 0 without a test for it.
        norms = [_norms(own, mask, mean) for own, mask in zip(lengths, live, strict=True)]
        self._norms = np.concatenate([np.zeros(0, dtype=np.float32), *norms])
        self._frequency = lru_cache(maxsize=_CACHED_TERMS)(self._count_chunks)
        self._postings = lru_cache(maxsize=_CACHED_TERMS)(self._look_up)

    def query(self, groups: Sequence[tuple[str, ...]]) -> BM25Query:
        """Return a query of words; each group holds the index terms of one word."""
        return BM25Query(self, groups)

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def _count_chunks(self, term: int) -> int:
        """Return how many live chunks contain the term."""
        total = 0
        for number, chunks, _ in self._postings(term):
            mask = self._live[number]
            total += len(chunks) if mask is None else int(mask[chunks].sum())
        return total

    def _look_up(self, term: int) -> tuple[tuple[int, AnyInt, AnyInt], ...]:
        """Return the numbers of the segments with the term, and its chunks and counts there."""
        found = ((number, *own.lookup(term)) for number, own in enumerate(self._segments))
        return tuple(one for one in found if len(one[1]))


class BM25Query:
    """The scores of one query.

    MaxScore (Turtle & Flood 1995): terms are added to the sums of all chunks, the rarest first. A
    score grows by less than its terms' idf, so once the remaining terms cannot lift a chunk above
    the k-th best, they are added for the best chunks alone.
    """

    def __init__(self, bm25: BM25, groups: Sequence[tuple[str, ...]]) -> None:
        self._bm25 = bm25
        self._groups = groups
        terms = dict.fromkeys(key_of(term) for group in groups for term in group)
        weights = {term: bm25._idf(n) for term in terms if (n := bm25._frequency(term))}
        self._remaining = sorted(weights.items(), key=lambda item: -item[1])
        self._sums = np.zeros(int(bm25._first_rows[-1]), dtype=np.float32)

    @property
    def coverage(self) -> float:
        """The share of the question's words, weighted by idf, that occur in the chunks.

        Near 0 for a question in another language, which gains nothing from BM25.
        """
        most = [max((self._bm25._frequency(key_of(t)) for t in g), default=0) for g in self._groups]
        weights = list(map(self._bm25._idf, most))
        known = sum(weight for weight, count in zip(weights, most, strict=True) if count)
        return known / sum(weights) if sum(weights) else 0.0

    def best(self, k: int) -> Rows:
        """Return the rows of the k highest scores above 0, ascending; of equal ones the first."""
        least = np.float32(0)
        while self._remaining:
            term, weight = self._remaining[0]
            if self._bm25._frequency(term) > _COMMON:
                rest = math.fsum(weight for _, weight in self._remaining)
                least = _kth_highest(self._sums, k) - np.float32(rest * 1.001)  # sums are rounded
                if least > 0:
                    break
            self._add_to_all(term, weight)
            del self._remaining[0]
        rows = np.flatnonzero(self._sums > 0 if least <= 0 else self._sums >= least)
        scores = self.scores(rows)
        order = np.lexsort((rows, -scores))[:k]
        return np.sort(rows[order][scores[order] > 0])

    def scores(self, rows: Rows) -> Scores:
        """Return the scores of these rows, which ascend."""
        found, norms = self._sums[rows], self._bm25._norms[rows]
        ends = np.searchsorted(rows, self._bm25._first_rows).tolist()
        for term, weight in self._remaining:
            count = np.zeros(len(rows), dtype=np.float32)
            for number, chunks, counts in self._bm25._postings(term):
                own = slice(ends[number], ends[number + 1])
                if own.stop > own.start:
                    local = rows[own] - self._bm25._first_rows[number]
                    count[own] = _counts_in(chunks, counts, local)
            found += np.float32(weight) * (count / (count + norms))
        return found

    def _add_to_all(self, term: int, weight: float) -> None:
        first_rows = self._bm25._first_rows
        for number, chunks, counts in self._bm25._postings(term):
            own = slice(first_rows[number], first_rows[number + 1])
            count = counts.astype(np.float32)
            norms = self._bm25._norms[own][chunks]
            self._sums[own][chunks] += np.float32(weight) * (count / (count + norms))


def _norms(lengths: Scores, live: Mask | None, mean: float) -> Scores:
    norms = np.float32(K1) * (np.float32(1 - B) + np.float32(B / max(mean, 1e-9)) * lengths)
    return norms if live is None else np.where(live, norms, np.float32(np.inf))


def _counts_in(chunks: AnyInt, counts: AnyInt, rows: Rows) -> Scores:
    """Return how often a term occurs in these chunks, given its postings."""
    at = np.searchsorted(chunks, rows.astype(chunks.dtype)).clip(max=len(chunks) - 1)
    return np.where(chunks[at] == rows, counts[at], 0).astype(np.float32)


def _kth_highest(sums: Scores, k: int) -> np.float32:
    """Return the k-th highest of the sums above 0, or 0 if there are fewer."""
    above = sums[sums > 0]
    if len(above) < k:
        return np.float32(0)
    return np.float32(np.partition(above, len(above) - k)[len(above) - k])


def rescore_candidates(
    question: str, chunks: Sequence[Chunk], languages: Sequence[str], cosines: Scores
) -> Candidates:
    """Return chunks found by vectors as candidates, with BM25 among these chunks alone.

    For stores that have no index of words: idf, mean length and coverage are of these chunks.
    """
    bm25 = BM25([Postings.build([chunk.text for chunk in chunks], languages)], [None])
    query = bm25.query(analyse_query(question, sorted(set(languages))))
    scores = query.scores(np.arange(len(chunks)))
    return Candidates(tuple(chunks), tuple(languages), cosines, scores, query.coverage)
