"""Segment: an unchanging run of articles with all that searches them, in memory or mapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index._folder import Draft
from index.articles import Article
from index.chunker import Chunk, Chunking, chunk_article
from index.embedder import Matrix
from index.postings import Postings, Rows
from index.texts import Texts
from index.vectors import Kind, Vectors

# Chunks. Bounds the memory of indexing and merging, and lets a posting be two bytes and one.
LARGEST = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Articles, vectors and postings; row i of each is of chunk i.

    ``folder`` is where it was saved, or None.
    """

    texts: Texts
    vectors: Vectors
    postings: Postings
    folder: Path | None = None

    def __post_init__(self) -> None:
        counts = {len(self.texts.spans), len(self.vectors), len(self.postings.lengths)}
        if len(counts) > 1:
            raise ValueError(f"a segment of {sorted(counts)} chunks")

    def __len__(self) -> int:
        return len(self.texts.spans)

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        chunks: Sequence[Sequence[Chunk]],
        vectors: Matrix,
        kind: Kind | None,
    ) -> Segment:
        """Make a segment of articles, each with its chunks, and the vectors of these."""
        languages = [a.language for a, own in zip(articles, chunks, strict=True) for _ in own]
        texts = [chunk.text for own in chunks for chunk in own]
        postings = Postings.build(texts, languages)
        return cls(Texts.build(articles, chunks), Vectors.of(vectors, kind), postings)

    @classmethod
    def merged(cls, parts: Sequence[tuple[Segment, Rows]], kind: Kind | None) -> Segment:
        """Make a segment of these articles of other segments; nothing is embedded again."""
        rows = [
            (part, np.flatnonzero(np.isin(part.texts.spans[:, 0], numbers)))
            for part, numbers in parts
        ]
        return cls(
            Texts.merged([(part.texts, numbers) for part, numbers in parts]),
            Vectors.of(np.concatenate([part.vectors.rows(own) for part, own in rows]), kind),
            Postings.merged([(part.postings, own) for part, own in rows]),
        )

    def put(self, draft: Draft) -> tuple[Path, Segment]:
        """Write the segment into a draft, if not there yet; return where, and as it lies there."""
        data = self.folder
        if data is not None and draft.has(data):
            return data, self
        if data is None or (moved := draft.take(data)) is None:
            moved = draft.new()
            self.save(moved)
        return moved, Segment.open(moved)

    def kept_as(self, kind: Kind) -> Segment:
        """Return the segment with its vectors kept in this way."""
        vectors = self.vectors.rows(np.arange(len(self)))
        return Segment(self.texts, Vectors.of(vectors, kind), self.postings)

    def save(self, folder: Path) -> None:
        """Write the segment into an empty folder."""
        self.texts.save(folder)
        self.vectors.save(folder)
        self.postings.save(folder)

    @classmethod
    def open(cls, folder: Path) -> Segment:
        """Map what `save` wrote."""
        parts = (Texts.open(folder), Vectors.open(folder), Postings.open(folder))
        return cls(*parts, folder.resolve())


def batches(
    articles: Sequence[Article], chunking: Chunking
) -> Iterator[tuple[list[Article], list[tuple[Chunk, ...]]]]:
    """Yield articles with their chunks, as many as a segment may have."""
    batch: list[Article] = []
    chunks: list[tuple[Chunk, ...]] = []
    count = 0
    for article in articles:
        own = chunk_article(article, chunking)
        if batch and count + len(own) > LARGEST:
            yield batch, chunks
            batch, chunks, count = [], [], 0
        batch.append(article)
        chunks.append(own)
        count += len(own)
    if batch:
        yield batch, chunks
