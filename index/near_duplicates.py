"""Near-duplicates: articles that share most of their words, found by MinHash (Broder 1997)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from index.text import written_words

Sketches = npt.NDArray[np.uint32]

SIZE = 32  # numbers in a sketch
# Two articles are compared if one of eight bands of four numbers is equal: that misses one in 5,000
# of the pairs that share nine words in ten, and compares two in five of those that share half.
_BANDS = 8
THRESHOLD = 0.8
# Equal numbers of two sketches: of pairs that share four words in five one in 1,800 has fewer, of
# those that share half 70 in 100.
_MIN_EQUAL = 18
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SEED = 1


def minhash(texts: Iterable[str]) -> Sketches:
    """Return (texts, SIZE) sketches: their share of equal places estimates the Jaccard index."""
    from rensa import RMinHash

    rows = []
    for text in texts:
        sketch = RMinHash(num_perm=SIZE, seed=_SEED)
        sketch.update(text.split())
        rows.append(sketch.digest())
    return np.array(rows, dtype=np.uint32).reshape(-1, SIZE)


def jaccard(text: str, other: str) -> float:
    """Return the Jaccard similarity of the words of two texts."""
    words, others = set(written_words(text)), set(written_words(other))
    return len(words & others) / max(len(words | others), 1)


def candidate_pairs(
    sketches: Sequence[Sketches], new: npt.NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows to compare: each ``new`` sketch and the first that is like it."""
    every = np.concatenate([np.zeros((0, SIZE), dtype=np.uint32), *sketches])
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for band in np.split(every, _BANDS, axis=1):
        # One number a band: sorting them is ten times faster; the rare collision is compared too.
        low, high = np.ascontiguousarray(band).view(np.uint64).T
        keys = low * _MIX + (high ^ (high >> np.uint64(29)))
        _, firsts, groups = np.unique(keys, return_index=True, return_inverse=True)
        firsts = firsts[groups]
        rows = np.flatnonzero(new & (firsts < np.arange(len(every))))
        same = (every[rows] == every[firsts[rows]]).sum(axis=1)
        rows = rows[same >= _MIN_EQUAL]
        pairs.append(np.stack([rows, firsts[rows]], axis=1))
    found = np.unique(np.concatenate(pairs), axis=0)
    yield from map(tuple, found.tolist())
