"""Segments: immutable runs of articles with their vectors and postings, and views of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar, overload

import numpy as np

from index.articles import Article
from index.base import Filter
from index.bm25 import Postings, Rows
from index.chunker import Chunk, Chunking, chunk_article
from index.documents import ARTICLE, END, Documents, Mask, keys_of
from index.embedder import Matrix
from index.folder import Draft
from index.vectors import VectorFormat, Vectors

T = TypeVar("T")

# Bounds the memory of indexing and merging, and keeps a posting at two bytes and one.
MAX_CHUNKS = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Articles, vectors and postings; row i of each belongs to chunk i.

    ``folder`` is where the segment was saved, or None.
    """

    documents: Documents
    vectors: Vectors
    postings: Postings
    folder: Path | None = None

    def __post_init__(self) -> None:
        counts = {len(self.documents.spans), len(self.vectors), len(self.postings.lengths)}
        if len(counts) > 1:
            raise ValueError(f"a segment of {sorted(counts)} chunks")

    def __len__(self) -> int:
        return len(self.documents.spans)

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        chunks: Sequence[Sequence[Chunk]],
        vectors: Matrix,
        vector_format: VectorFormat | None,
    ) -> Segment:
        """Build a segment of articles, each with its chunks, and the vectors of these."""
        languages = [a.language for a, own in zip(articles, chunks, strict=True) for _ in own]
        texts = [chunk.text for own in chunks for chunk in own]
        return cls(
            Documents.build(articles, chunks),
            Vectors.build(vectors, vector_format),
            Postings.build(texts, languages),
        )

    @classmethod
    def merge(
        cls, parts: Sequence[tuple[Segment, Rows]], vector_format: VectorFormat | None
    ) -> Segment:
        """Build a segment of these articles of other segments; nothing is embedded again."""
        rows = [
            (part, np.flatnonzero(np.isin(part.documents.spans[:, ARTICLE], numbers)))
            for part, numbers in parts
        ]
        vectors = np.concatenate([part.vectors.rows(own) for part, own in rows])
        return cls(
            Documents.merge([(part.documents, numbers) for part, numbers in parts]),
            Vectors.build(vectors, vector_format),
            Postings.merge([(part.postings, own) for part, own in rows]),
        )

    def write_into(self, draft: Draft) -> tuple[Path, Segment]:
        """Write the segment into a draft unless it is there; return its folder, and it as saved."""
        data = self.folder
        if data is not None and draft.holds(data):
            return data, self
        if data is None or (saved := draft.adopt(data)) is None:
            saved = draft.create()
            self.save(saved)
        return saved, Segment.open(saved)

    def with_vector_format(self, vector_format: VectorFormat) -> Segment:
        """Return the segment with its vectors in another format."""
        vectors = self.vectors.rows(np.arange(len(self)))
        return Segment(self.documents, Vectors.build(vectors, vector_format), self.postings)

    def save(self, folder: Path) -> None:
        """Write the segment into an empty folder."""
        self.documents.save(folder)
        self.vectors.save(folder)
        self.postings.save(folder)

    @classmethod
    def open(cls, folder: Path) -> Segment:
        """Map the files of `save` into memory."""
        parts = (Documents.open(folder), Vectors.open(folder), Postings.open(folder))
        return cls(*parts, folder.resolve())


def chunk_batches(
    articles: Sequence[Article], chunking: Chunking
) -> Iterator[tuple[list[Article], list[tuple[Chunk, ...]]]]:
    """Yield articles with their chunks, as many at once as a segment may have."""
    batch: list[Article] = []
    chunks: list[tuple[Chunk, ...]] = []
    count = 0
    for article in articles:
        own = chunk_article(article, chunking)
        if batch and count + len(own) > MAX_CHUNKS:
            yield batch, chunks
            batch, chunks, count = [], [], 0
        batch.append(article)
        chunks.append(own)
        count += len(own)
    if batch:
        yield batch, chunks


@dataclass(frozen=True, eq=False)  # no slots: cached properties need a dictionary
class SegmentView:
    """A segment, and the mask (articles,) of its live articles; None means all are live."""

    segment: Segment
    live: Mask | None = None

    @classmethod
    def without(cls, segment: Segment, removed: Sequence[int]) -> SegmentView:
        """Return a view without the articles of these numbers."""
        live = np.ones(len(segment.documents.keys), dtype=np.bool_)
        live[list(removed)] = False
        return cls(segment, None if live.all() else live)

    @property
    def removed(self) -> list[int]:
        """The numbers of the articles that are not live."""
        return [] if self.live is None else [int(n) for n in np.flatnonzero(~self.live)]

    @cached_property
    def article_numbers(self) -> Rows:
        """The numbers of the live articles in the segment."""
        count = len(self.segment.documents.keys)
        return np.arange(count) if self.live is None else np.flatnonzero(self.live)

    @cached_property
    def live_chunks(self) -> Mask | None:
        """The mask (chunks,) of the live chunks; None means all are live."""
        return None if self.live is None else self.live[self.segment.documents.spans[:, ARTICLE]]

    @cached_property
    def chunk_rows(self) -> Rows:
        """The rows of the live chunks in the segment."""
        count = len(self.segment)
        return np.arange(count) if self.live_chunks is None else np.flatnonzero(self.live_chunks)

    @property
    def characters(self) -> int:
        """The total length of the live articles, each up to the end of its last chunk."""
        spans = self.segment.documents.spans[self.chunk_rows]
        last = np.flatnonzero(np.diff(spans[:, ARTICLE], append=-1))
        return int(spans[last, END].sum(dtype=np.int64))

    def article(self, place: int) -> Article:
        """Return a live article, counted among the live ones."""
        return self.segment.documents.article(int(self.article_numbers[place]))

    def chunk(self, place: int) -> Chunk:
        """Return a live chunk, counted among the live ones."""
        return self.segment.documents.chunk(int(self.chunk_rows[place]))

    def restrict(self, keep: Mask) -> SegmentView:
        """Return a view of those live articles that the mask (articles,) keeps."""
        live = keep if self.live is None else keep & self.live
        return SegmentView(self.segment, None if live.all() else live)

    def filter(self, wanted: Filter) -> SegmentView:
        """Return a view of those live articles that the filter lets through."""
        return self.restrict(_matches(self.segment.documents, wanted))

    def with_vector_format(self, vector_format: VectorFormat) -> SegmentView:
        """Return the view with vectors in another format."""
        if self.segment.vectors.format == vector_format:
            return self
        return SegmentView(self.segment.with_vector_format(vector_format), self.live)

    def rewrite(self, vector_format: VectorFormat | None) -> SegmentView:
        """Return a view of a new segment that holds the live articles alone."""
        return SegmentView(Segment.merge([(self.segment, self.article_numbers)], vector_format))


def _matches(documents: Documents, wanted: Filter) -> Mask:
    keep = np.ones(len(documents.keys), dtype=np.bool_)
    if wanted.articles is not None:
        keep &= np.isin(documents.keys, keys_of(sorted(wanted.articles)))
    if wanted.languages is not None:
        keep &= np.isin(documents.languages, sorted(wanted.languages))
    if wanted.sources is not None:
        keys = keys_of(sorted(wanted.source_names))
        keep &= np.isin(documents.sources, keys) | np.isin(documents.sites, keys)
    if wanted.since:
        keep &= documents.dates >= wanted.since
    if wanted.until:
        keep &= (documents.dates <= wanted.until) & (documents.dates != "")
    return keep


def compact(
    views: Sequence[SegmentView], vector_format: VectorFormat | None
) -> tuple[SegmentView, ...]:
    """Merge the last segments while they are small, and rewrite those that are mostly removed.

    As in a log-structured merge tree, a chunk is moved a logarithmic number of times, and articles
    keep their order. Merged segments hold at most MAX_CHUNKS.
    """
    kept = [
        _rewrite_mostly_removed(view, vector_format) for view in views if len(view.article_numbers)
    ]
    while len(kept) > 1 and _should_merge(len(kept[-2].chunk_rows), len(kept[-1].chunk_rows)):
        last = kept.pop()
        both = [(view.segment, view.article_numbers) for view in (kept.pop(), last)]
        kept.append(SegmentView(Segment.merge(both, vector_format)))
    return tuple(kept)


def _should_merge(previous: int, last: int) -> bool:
    return previous <= 2 * last and previous + last <= MAX_CHUNKS


def _rewrite_mostly_removed(view: SegmentView, vector_format: VectorFormat | None) -> SegmentView:
    mostly_removed = 2 * len(view.chunk_rows) < len(view.segment)
    return view.rewrite(vector_format) if mostly_removed else view


class LazySequence(Sequence[T]):
    """A sequence whose items are made when they are asked for."""

    def __init__(self, count: int, get: Callable[[int], T]) -> None:
        self._count = count
        self._get = get

    @classmethod
    def concatenate(cls, counts: Sequence[int], get: Callable[[int, int], T]) -> LazySequence[T]:
        """Return a sequence over parts of so many items; ``get`` takes a part and a place in it."""
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
        """Return whether the other is a sequence of equal items."""
        if not isinstance(other, (tuple, list, LazySequence)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        """Return the hash of a tuple of the items."""
        return hash(tuple(self))
