"""Target: the store that an update changes, wherever it lies, and the report of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.addresses import MilvusAddress
from index.archive.builder import Heard
from index.archive.sources import Failure, shown
from index.articles import Article
from index.chunker import Chunking
from index.contract import AnyStore
from index.postings import key_of
from index.vectors import Kind

# The keys of a source's articles, and which of these are to be indexed.
Noted = tuple[tuple[int, ...], list[int]]


@dataclass(frozen=True, slots=True)
class Twin:
    """An article that was added, one much like it, and the share of their words in both."""

    new: Article
    other: Article
    share: float


@dataclass(frozen=True, slots=True)
class Report:
    """What an update did: numbers of articles, what could not be read, and near-duplicates.

    ``replaced`` counts earlier versions of what was added; ``notice`` tells what was not done.
    """

    store: AnyStore
    added: int
    unchanged: int
    replaced: int
    pruned: int
    failures: tuple[Failure, ...]
    twins: tuple[Twin, ...]
    notice: str = ""


class Target(Protocol):
    """A store while sources are read into it; one thread at a time, but for `room`."""

    @property
    def chunking(self) -> Chunking:
        """Tell how articles are cut."""

    @property
    def kind(self) -> Kind | None:
        """Tell how vectors are kept."""

    @property
    def address(self) -> MilvusAddress | None:
        """Tell where builders write, if they do not leave segments."""

    def fail(self, failure: Failure) -> None:
        """Note what could not even be looked into."""

    def still_holds(self, keys: Collection[int]) -> bool:
        """Note articles as met if the store surely has them all."""

    def note(self, heard: Sequence[Heard]) -> list[Noted]:
        """Note what sources hold; return for each its articles, and which are wanted."""

    def room(self) -> Path:
        """Return an empty folder for a segment."""

    def put(self, folder: Path) -> None:
        """Take in the segment that lies in a folder."""

    def finish(self, *, prune: bool) -> Report:
        """Remove what was replaced or vanished, and report."""


@dataclass(slots=True)
class Met:
    """What was met while sources were read: articles and sources by their keys."""

    seen: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    added: set[int] = field(default_factory=set)
    unread: bool = False  # something that may hold many sources

    @property
    def unchanged(self) -> int:
        """Count the articles that the store had before."""
        return len(self.seen) - len(self.added)

    def fail(self, failure: Failure) -> None:
        """Note what could not even be looked into."""
        self.failures.append(failure)
        self.broken.add(key_of(failure.name))
        self.unread = True

    def note(self, heard: Heard, held: Callable[[str, int], bool]) -> Noted:
        """Note what a source holds, asking of each id and key whether the store had it before."""
        keys = tuple(key_of(name) for name, _ in heard.articles)
        sources = {key_of(source) for _, source in heard.articles}
        self.sources |= sources
        self.failures += heard.failures
        if heard.failures:
            self.broken |= {key_of(shown(heard.source.name)), *sources}
            self.unread |= heard.source.kind != "file"
        wanted = []
        for number, ((name, _), key) in enumerate(zip(heard.articles, keys, strict=True)):
            if key not in self.seen and not held(name, key):
                wanted.append(number)
                self.added.add(key)
            self.seen.add(key)
        return keys, wanted

    def not_pruned(self) -> str:
        """Return why nothing may be pruned, or nothing."""
        if self.unread or not self.seen:
            return "nothing was pruned: mend or leave out what could not be read"
        return ""
