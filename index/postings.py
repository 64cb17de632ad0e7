"""Postings: which chunks hold which terms, in plain arrays that a file can be mapped into."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index._arrays import map_arrays, write_arrays
from index._remembered import Remembered
from index.lexical import terms_of
from index.text import written_words

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
AnyInt = npt.NDArray[np.integer]

_FILE = "terms.arrays"
_WORDS = 524_288  # remembered while a segment is made, of about 200 bytes


def key_of(name: str) -> int:
    """Return 64 bits for a name; of ten million names two share theirs once in 400,000 stores."""
    return int.from_bytes(
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The chunks of each term and how often they hold it.

    ``keys`` (terms,) ascend; term i has the postings from ``starts[i]`` to ``starts[i + 1]`` of
    ``chunks``, ascending, and ``counts``. ``lengths`` (chunks,) counts the terms of each chunk,
    and is 1 for one without any.
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
        """Index the terms of each text, stemmed as its language is."""
        numbers: dict[str, int] = {}

        def numbered(word: str, language: str) -> tuple[int, ...]:
            return tuple(numbers.setdefault(t, len(numbers)) for t in terms_of(word, language))

        known = {
            language: Remembered(partial(numbered, language=language), _WORDS)
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
        return cls._of(keys, terms, chunks, np.ones(len(terms), dtype=np.int64), lengths)

    @classmethod
    def merged(cls, parts: Sequence[tuple[Postings, Rows]]) -> Postings:
        """Put together the chunks of these rows of each part, in order."""
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
        return cls._of(distinct, terms.astype(np.int64), *together)

    @classmethod
    def _of(cls, keys: Keys, terms: Rows, chunks: Rows, counts: Rows, lengths: Rows) -> Postings:
        """Sort postings, given as number of the key, chunk and count; equal ones are added up."""
        order = np.argsort(keys)
        place = np.empty(len(keys), dtype=np.int64)
        place[order] = np.arange(len(keys))
        width = max(len(lengths), 1)
        # One number a posting, since sorting plain numbers is several times as fast.
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

    def of(self, key: int) -> tuple[AnyInt, AnyInt]:
        """Return the chunks of a term, ascending, and its counts there."""
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
        """Map what `save` wrote."""
        return cls(**map_arrays(folder / _FILE))


def _narrow(numbers: Rows) -> AnyInt:
    """Return the numbers, none below 0, in the narrowest type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
