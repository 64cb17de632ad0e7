"""Builder: reads sources, and makes segments of those of their articles that are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from index.archive.reading import read_source
from index.archive.sources import Failure, Source
from index.articles import Article
from index.chunker import Chunk, Chunking, chunk_article
from index.embedder import Embedder, Matrix
from index.errors import StoreError
from index.segment import LARGEST, Segment
from index.vectors import Kind

# A reading more must still fit.
FULL = LARGEST - 4096


@dataclass(frozen=True, slots=True)
class Heard:
    """What a builder tells of a source: ids and sources of its articles, but not their texts."""

    source: Source
    articles: tuple[tuple[str, str], ...]
    links: tuple[Source, ...]
    failures: tuple[Failure, ...]


class Builder(Protocol):
    """Reads sources, keeps what is wanted of each reading, and writes it down as a segment."""

    def read(self, sources: Sequence[Source]) -> tuple[Heard, ...]:
        """Read sources, each article of which is waited for by `keep`."""

    def keep(self, wanted: Sequence[int]) -> int:
        """Index these of the articles just read, counted through; return how many chunks wait."""

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""


@dataclass(slots=True)
class Reading:
    """The articles that were read last."""

    _read: list[Article] = field(default_factory=list)

    def read(self, sources: Sequence[Source]) -> tuple[Heard, ...]:
        """Read sources, each article of which is waited for by `taken`."""
        found = [read_source(source) for source in sources]
        self._read = [article for own in found for article in own.articles]
        return tuple(
            Heard(
                own.source,
                tuple((article.id, article.source) for article in own.articles),
                own.links,
                own.failures,
            )
            for own in found
        )

    def taken(self, wanted: Sequence[int]) -> list[Article]:
        """Return these of the articles, counted through, and forget the others."""
        chosen = [self._read[number] for number in wanted]
        self._read = []
        return chosen


@dataclass(slots=True)
class LocalBuilder:
    """A builder in this process."""

    embedder: Embedder
    chunking: Chunking
    kind: Kind | None
    _reading: Reading = field(default_factory=Reading)
    _articles: list[Article] = field(default_factory=list)
    _chunks: list[tuple[Chunk, ...]] = field(default_factory=list)
    _vectors: list[Matrix] = field(default_factory=list)

    def read(self, sources: Sequence[Source]) -> tuple[Heard, ...]:
        """Read sources, each article of which is waited for by `keep`."""
        return self._reading.read(sources)

    def keep(self, wanted: Sequence[int]) -> int:
        """Index these of the articles just read, counted through; return how many chunks wait."""
        chosen = self._reading.taken(wanted)
        chunks = [chunk_article(article, self.chunking) for article in chosen]
        texts = [chunk.text for own in chunks for chunk in own]
        if texts:
            self._vectors.append(self.embedder.embed_passages(texts))
        self._articles += chosen
        self._chunks += chunks
        return sum(map(len, self._vectors))

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""
        segment = Segment.build(
            self._articles, self._chunks, np.concatenate(self._vectors), self.kind
        )
        try:
            segment.save(folder)
        except OSError as error:
            reason = error.strerror or error
            raise StoreError(f"{folder.parent.parent} cannot be written ({reason})") from error
        self._articles, self._chunks, self._vectors = [], [], []
