"""What an update does to a store in Milvus: builders write into it, and what is over goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index._milvus_rows import signed
from index.addresses import MilvusAddress
from index.archive.builder import Heard, Reading
from index.archive.sources import Failure, Source
from index.archive.target import Met, Noted, Report
from index.chunker import Chunking, chunk_article
from index.embedder import Embedder
from index.postings import key_of
from index.scale import MilvusStore

_SOURCES = 500  # asked about at once


@dataclass(slots=True)
class MilvusBuilder:
    """A builder that writes what it keeps into a collection, at once."""

    embedder: Embedder
    store: MilvusStore
    _reading: Reading = field(default_factory=Reading)

    def read(self, sources: Sequence[Source]) -> tuple[Heard, ...]:
        """Read sources, each article of which is waited for by `keep`."""
        return self._reading.read(sources)

    def keep(self, wanted: Sequence[int]) -> int:
        """Write these of the articles just read, counted through; nothing waits."""
        articles = self._reading.taken(wanted)
        chunks = [chunk_article(article, self.store.chunking) for article in articles]
        texts = [chunk.text for own in chunks for chunk in own]
        if texts:
            self.store.put(articles, chunks, self.embedder.embed_passages(texts))
        return 0

    def finish(self, folder: Path) -> None:
        """Do nothing: all is written."""


@dataclass(slots=True)
class RemoteChanges:
    """A collection that builders write into, and what was met on the way.

    Other processes may do the same to it. Near-duplicates are not looked for: sketches of all
    articles would have to be here.
    """

    store: MilvusStore
    replaces: bool
    kind: None = None
    _met: Met = field(default_factory=Met)

    @property
    def chunking(self) -> Chunking:
        """Tell how articles are cut."""
        return self.store.chunking

    @property
    def address(self) -> MilvusAddress:
        """Tell where builders write."""
        return self.store.connection.address

    def fail(self, failure: Failure) -> None:
        """Note what could not even be looked into."""
        self._met.fail(failure)

    def still_holds(self, keys: Collection[int]) -> bool:  # noqa: ARG002  # of the contract
        """Know nothing for sure: others may have removed them."""
        return False

    def note(self, heard: Sequence[Heard]) -> list[Noted]:
        """Note what sources hold; return for each its articles, and which are wanted."""
        held = self.store.whole({name for own in heard for name, _ in own.articles})
        return [self._met.note(own, lambda name, _: name in held) for own in heard]

    def room(self) -> Path:
        """Fail: builders leave no segments here."""
        raise AssertionError(f"builders write into {self.address}")

    def put(self, folder: Path) -> None:
        """Fail: builders leave no segments here."""
        raise AssertionError(f"{folder} is no part of {self.address}")

    def finish(self, *, prune: bool) -> Report:
        """Remove what was replaced or vanished, and report."""
        met = self._met
        self.store.settle()
        replaced, pruned, notice = self._drop(self._replaced()), 0, ""
        if self.replaces and not met.seen:
            notice = "nothing could be read; the store stays as it was"
        elif self.replaces:
            replaced += self._drop(self._others(set()))
        if prune and not (notice := notice or met.not_pruned()):
            pruned = self._drop(self._others(met.broken))
        return Report(
            self.store, len(met.added), met.unchanged, replaced, pruned, tuple(met.failures), (),
            notice,
        )  # fmt: skip

    def _replaced(self) -> Iterator[str]:
        """Yield the articles whose source was read whole and held others."""
        every = sorted(self._met.sources - self._met.broken)
        for at in range(0, len(every), _SOURCES):
            for digest, name in self.store.sources(every[at : at + _SOURCES]):
                if key_of(name) not in self._met.seen:
                    yield digest

    def _others(self, spared: set[int]) -> Iterator[str]:
        """Yield the articles that were not met, but for those of sources that are spared."""
        sources = set(map(signed, spared))
        for digest, name, source in self.store.every():
            if key_of(name) not in self._met.seen and source not in sources:
                yield digest

    def _drop(self, digests: Iterator[str]) -> int:
        found = list(digests)
        if found:
            self.store.drop(found)
        return len(found)
