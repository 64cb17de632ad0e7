"""Indexing into Milvus: builders write into the collection, and the target removes the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.base import MilvusAddress
from index.bm25 import key_of
from index.chunker import Chunking, chunk_article
from index.embedder import Embedder
from index.errors import StoreError
from index.ingest.builder import SourceReader, SourceSummary
from index.ingest.sources import Failure, Source
from index.ingest.targets import ReadLog, SourceArticles, UpdateReport
from index.milvus.schema import PIECE_CHARS, to_int64
from index.milvus.store import MilvusStore

_SOURCES = 500  # in one query


@dataclass(slots=True)
class MilvusBuilder:
    """A builder that writes what it keeps into a collection, at once."""

    embedder: Embedder
    store: MilvusStore
    reader: SourceReader

    def read(self, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
        """Read sources and hold their articles until `keep` is called."""
        return self.reader.read(sources)

    def keep(self, wanted: Sequence[int]) -> int:
        """Write those of the articles just read whose numbers are given; return 0."""
        articles = self.reader.take(wanted)
        chunks = [chunk_article(article, self.store.chunking) for article in articles]
        texts = [chunk.text for own in chunks for chunk in own]
        if texts:
            self.store.put(articles, chunks, self.embedder.embed_passages(texts))
        return 0

    def finish(self, folder: Path) -> None:
        """Do nothing: all is written."""

    def stop(self) -> None:
        """Do nothing: the work is in the caller's thread."""


@dataclass(slots=True)
class MilvusTarget:
    """A collection that builders write into, perhaps beside other processes.

    Near-duplicates are not searched: that would need the sketches of all articles here.
    """

    store: MilvusStore
    replaces: bool
    vector_format: None = None
    _log: ReadLog = field(default_factory=ReadLog)

    @classmethod
    def open(
        cls, address: MilvusAddress, embedder: Embedder, chunking: Chunking, *, replace: bool
    ) -> MilvusTarget:
        """Open a collection, or create it; raise StoreError if it cannot be used."""
        if chunking.size > PIECE_CHARS:
            raise StoreError(f"{address} has room for chunks of {PIECE_CHARS:,} characters at most")
        return cls(MilvusStore.open_or_create(address, embedder, chunking), replace)

    @property
    def chunking(self) -> Chunking:
        """How articles are cut."""
        return self.store.chunking

    @property
    def address(self) -> MilvusAddress:
        """Where builders write."""
        return self.store.connection.address

    def record_failure(self, failure: Failure) -> None:
        """Record a source that could not even be opened."""
        self._log.record_failure(failure)

    def mark_seen_if_held(self, keys: Collection[int]) -> bool:  # noqa: ARG002  # of the protocol
        """Return False: another process may have removed any article."""
        return False

    def record(self, summaries: Sequence[SourceSummary]) -> list[SourceArticles]:
        """Record what sources contain; return for each its articles and which are wanted."""
        held = self.store.complete_ids({name for own in summaries for name, _ in own.articles})
        return [self._log.record(own, lambda name, _: name in held) for own in summaries]

    def new_folder(self) -> Path:
        """Raise AssertionError: builders leave no segments here."""
        raise AssertionError(f"builders write into {self.address}")

    def add(self, folder: Path) -> None:
        """Raise AssertionError: builders leave no segments here."""
        raise AssertionError(f"{folder} is no part of {self.address}")

    def finish(self, *, prune: bool) -> UpdateReport:
        """Remove what was replaced or has vanished, and report."""
        log = self._log
        self.store.wait_until_visible()
        replaced, pruned, notice = self._drop(self._replaced()), 0, ""
        if self.replaces and not log.seen:
            notice = "nothing could be read; the store stays as it was"
        elif self.replaces:
            replaced += self._drop(self._unseen(set()))
        if prune and not (notice := notice or log.reason_not_to_prune()):
            pruned = self._drop(self._unseen(log.failed_sources))
        return UpdateReport(
            self.store, len(log.added), log.unchanged, replaced, pruned, tuple(log.failures), (),
            notice, tuple(log.notes),
        )  # fmt: skip

    def _replaced(self) -> Iterator[str]:
        """Yield the articles whose source was read whole and has others now."""
        whole = sorted(self._log.sources - self._log.failed_sources)
        for at in range(0, len(whole), _SOURCES):
            for digest, name in self.store.articles_of_sources(whole[at : at + _SOURCES]):
                if key_of(name) not in self._log.seen:
                    yield digest

    def _unseen(self, spared_sources: set[int]) -> Iterator[str]:
        """Yield the articles that were not read, except those of the spared sources."""
        spared = set(map(to_int64, spared_sources))
        for digest, name, source in self.store.all_articles():
            if key_of(name) not in self._log.seen and source not in spared:
                yield digest

    def _drop(self, digests: Iterator[str]) -> int:
        found = list(digests)
        if found:
            self.store.delete_rows(found)
        return len(found)
