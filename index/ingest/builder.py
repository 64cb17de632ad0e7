"""Builders: read sources, and index those of their articles that the store wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from index.articles import Article
from index.base import MilvusAddress
from index.chunker import Chunk, Chunking, chunk_article
from index.embedder import Embedder, Matrix
from index.errors import StoreError
from index.ingest.read import read_source
from index.ingest.sources import Failure, Note, Source
from index.readers.scans import OCR
from index.segment import MAX_CHUNKS, Segment
from index.vectors import VectorFormat

# Chunks from which a segment is finished: one more batch of sources must still fit.
FULL_SEGMENT = MAX_CHUNKS - 4096


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What a builder reports of a source: ids and sources of its articles, not their texts."""

    source: Source
    articles: tuple[tuple[str, str], ...]
    links: tuple[Source, ...]
    failures: tuple[Failure, ...]
    notes: tuple[Note, ...] = ()


class Builder(Protocol):
    """Reads sources, keeps the articles that are wanted, and writes them down as a segment."""

    def read(self, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
        """Read sources and hold their articles until `keep` is called."""

    def keep(self, wanted: Sequence[int]) -> int:
        """Index those of the articles just read whose numbers are given.

        Returns how many chunks are not yet written.
        """

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""

    def stop(self) -> None:
        """Stop at once; what was not written is lost."""


@dataclass(frozen=True, slots=True)
class BuilderSettings:
    """How articles are cut and stored: as segments, or in the collection of an ``address``.

    ``ocr`` reads scans too.
    """

    chunking: Chunking
    vector_format: VectorFormat | None
    address: MilvusAddress | None
    ocr: OCR | None


@dataclass(slots=True)
class SourceReader:
    """Reads sources, scans too with ``ocr``, and holds the articles of the last call."""

    ocr: OCR | None = None
    _articles: list[Article] = field(default_factory=list)

    def read(self, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
        """Read sources and hold their articles until `take` is called."""
        contents = [read_source(source, self.ocr) for source in sources]
        self._articles = [article for content in contents for article in content.articles]
        return tuple(
            SourceSummary(
                content.source,
                tuple((article.id, article.source) for article in content.articles),
                content.links,
                content.failures,
                content.notes,
            )
            for content in contents
        )

    def take(self, wanted: Sequence[int]) -> list[Article]:
        """Return the articles of these numbers, and forget all that were read."""
        chosen = [self._articles[number] for number in wanted]
        self._articles = []
        return chosen


@dataclass(slots=True)
class SegmentBuilder:
    """A builder of segments in this process."""

    embedder: Embedder
    chunking: Chunking
    vector_format: VectorFormat | None
    reader: SourceReader
    _articles: list[Article] = field(default_factory=list)
    _chunks: list[tuple[Chunk, ...]] = field(default_factory=list)
    _vectors: list[Matrix] = field(default_factory=list)

    def read(self, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
        """Read sources and hold their articles until `keep` is called."""
        return self.reader.read(sources)

    def keep(self, wanted: Sequence[int]) -> int:
        """Index those of the articles just read whose numbers are given.

        Returns how many chunks are not yet written.
        """
        articles = self.reader.take(wanted)
        chunks = [chunk_article(article, self.chunking) for article in articles]
        texts = [chunk.text for own in chunks for chunk in own]
        if texts:
            self._vectors.append(self.embedder.embed_passages(texts))
        self._articles += articles
        self._chunks += chunks
        return sum(map(len, self._vectors))

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""
        vectors = np.concatenate(self._vectors)
        segment = Segment.build(self._articles, self._chunks, vectors, self.vector_format)
        try:
            segment.save(folder)
        except OSError as error:
            reason = error.strerror or error
            raise StoreError(f"{folder.parent.parent} cannot be written ({reason})") from error
        self._articles, self._chunks, self._vectors = [], [], []

    def stop(self) -> None:
        """Do nothing: the work is in the caller's thread."""
