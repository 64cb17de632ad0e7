"""Part: a segment and which of its articles count, for a store that is a view of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, overload

import numpy as np

from index.articles import Article
from index.chunker import Chunk
from index.filters import Filter
from index.postings import Rows
from index.segment import LARGEST, Segment
from index.texts import Mask, Texts, keys_of
from index.vectors import Kind

T = TypeVar("T")


@dataclass(frozen=True, eq=False)  # no slots: what is worked out once is kept in its dictionary
class Part:
    """A segment, and a mask (articles,) of those that count; None is all."""

    segment: Segment
    live: Mask | None = None

    @classmethod
    def of(cls, segment: Segment, removed: Sequence[int]) -> Part:
        """Return the part without the articles of these numbers."""
        live = np.ones(len(segment.texts.keys), dtype=np.bool_)
        live[list(removed)] = False
        return cls(segment, None if live.all() else live)

    @property
    def removed(self) -> list[int]:
        """Give the numbers of the articles that do not count."""
        return [] if self.live is None else [int(n) for n in np.flatnonzero(~self.live)]

    @cached_property
    def articles(self) -> Rows:
        """Give the numbers of the articles that count."""
        count = len(self.segment.texts.keys)
        return np.arange(count) if self.live is None else np.flatnonzero(self.live)

    @cached_property
    def live_chunks(self) -> Mask | None:
        """Give the mask (chunks,) of those that count; None is all."""
        return None if self.live is None else self.live[self.segment.texts.spans[:, 0]]

    @cached_property
    def rows(self) -> Rows:
        """Give the rows of the chunks that count."""
        count = len(self.segment)
        return np.arange(count) if self.live_chunks is None else np.flatnonzero(self.live_chunks)

    @property
    def characters(self) -> int:
        """Give the length of the articles that count, up to where the last chunk of each ends."""
        spans = self.segment.texts.spans[self.rows]
        last = np.flatnonzero(np.diff(spans[:, 0], append=-1))
        return int(spans[last, 2].sum(dtype=np.int64))

    def article(self, place: int) -> Article:
        """Return one of the articles that count."""
        return self.segment.texts.article(int(self.articles[place]))

    def chunk(self, place: int) -> Chunk:
        """Return one of the chunks that count."""
        return self.segment.texts.chunk(int(self.rows[place]))

    def narrowed(self, keep: Mask) -> Part:
        """Return the part with those alone that the mask (articles,) keeps too."""
        live = keep if self.live is None else keep & self.live
        return Part(self.segment, None if live.all() else live)

    def kept_as(self, kind: Kind) -> Part:
        """Return the part with its vectors kept in this way."""
        if self.segment.vectors.kind == kind:
            return self
        return Part(self.segment.kept_as(kind), self.live)

    def matching(self, wanted: Filter) -> Part:
        """Return the part with the articles that the filter lets through."""
        return self.narrowed(_matches(self.segment.texts, wanted))


def _matches(texts: Texts, wanted: Filter) -> Mask:
    keep = np.ones(len(texts.keys), dtype=np.bool_)
    if wanted.articles is not None:
        keep &= np.isin(texts.keys, keys_of(sorted(wanted.articles)))
    if wanted.languages is not None:
        keep &= np.isin(texts.languages, sorted(wanted.languages))
    if wanted.sources is not None:
        keys = keys_of(sorted(wanted.source_names))
        keep &= np.isin(texts.sources, keys) | np.isin(texts.sites, keys)
    if wanted.since:
        keep &= texts.dates >= wanted.since
    if wanted.until:
        keep &= (texts.dates <= wanted.until) & (texts.dates != "")
    return keep


def compacted(parts: Sequence[Part], kind: Kind | None) -> tuple[Part, ...]:
    """Merge the last parts while they are small beside each other, and drop what is mostly dead.

    As in a log-structured merge tree, a chunk is moved a logarithm of times, and the order of
    articles stays. Merged parts hold at most LARGEST chunks.
    """
    kept = [_purged(part, kind) for part in parts if len(part.articles)]
    while len(kept) > 1 and _belong(len(kept[-2].rows), len(kept[-1].rows)):
        last = kept.pop()
        both = [(part.segment, part.articles) for part in (kept.pop(), last)]
        kept.append(Part(Segment.merged(both, kind)))
    return tuple(kept)


def _belong(before: int, last: int) -> bool:
    return before <= 2 * last and before + last <= LARGEST


def _purged(part: Part, kind: Kind | None) -> Part:
    if 2 * len(part.rows) >= len(part.segment):
        return part
    return Part(Segment.merged([(part.segment, part.articles)], kind))


class Lazy(Sequence[T]):
    """A sequence whose items are made when they are asked for."""

    def __init__(self, count: int, get: Callable[[int], T]) -> None:
        self._count = count
        self._get = get

    @classmethod
    def of_parts(cls, counts: Sequence[int], get: Callable[[int, int], T]) -> Lazy[T]:
        """Make a sequence of parts of so many items; ``get`` takes the part and the place there."""
        ends = np.cumsum([0, *counts])

        def item(place: int) -> T:
            part = int(np.searchsorted(ends, place, side="right")) - 1
            return get(part, place - int(ends[part]))

        return cls(int(ends[-1]), item)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(map(self._get, range(*place.indices(self._count))))
        if not -self._count <= place < self._count:
            raise IndexError(f"{place} of {self._count}")
        return self._get(place % self._count)

    def __iter__(self) -> Iterator[T]:
        return map(self._get, range(self._count))

    def __eq__(self, other: object) -> bool:
        """Be equal to any sequence of equal items."""
        if not isinstance(other, (tuple, list, Lazy)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        """Hash like a tuple of the items."""
        return hash(tuple(self))
