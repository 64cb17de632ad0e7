"""Targets: the store that an update changes, what was read for it, and the report at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, Protocol

import numpy as np

from index.articles import Article
from index.base import AnyStore, MilvusAddress
from index.bm25 import Keys, key_of
from index.chunker import Chunking
from index.documents import Mask
from index.ingest.builder import SourceSummary
from index.ingest.sources import Failure, Note, display_name
from index.near_duplicates import THRESHOLD, candidate_pairs, jaccard
from index.segment import Segment, SegmentView, compact
from index.store import Store
from index.vectors import VectorFormat


class SourceArticles(NamedTuple):
    """The keys of a source's articles, and the numbers of those that are to be indexed."""

    keys: tuple[int, ...]
    wanted: list[int]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An article that was added, one much like it, and the share of their words in both."""

    new: Article
    other: Article
    share: float


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: numbers of articles, what could not be read, and near-duplicates.

    ``replaced`` counts earlier versions of what was added; ``notice`` says what was not done;
    ``notes`` what was left out of articles. ``passed_over`` has suffixes of files in folders that
    are of no known format, and their number.
    """

    store: AnyStore
    added: int
    unchanged: int
    replaced: int
    pruned: int
    failures: tuple[Failure, ...]
    near_duplicates: tuple[NearDuplicate, ...]
    notice: str = ""
    notes: tuple[Note, ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()


class Target(Protocol):
    """A store while sources are read into it. Not thread-safe, except `new_folder`."""

    @property
    def chunking(self) -> Chunking:
        """How articles are cut."""

    @property
    def vector_format(self) -> VectorFormat | None:
        """How vectors are kept."""

    @property
    def address(self) -> MilvusAddress | None:
        """Where builders write; None if they leave segments in folders."""

    def record_failure(self, failure: Failure) -> None:
        """Record a source that could not even be opened."""

    def mark_seen_if_held(self, keys: Collection[int]) -> bool:
        """Mark the articles as seen and return True if the store certainly has all of them."""

    def record(self, summaries: Sequence[SourceSummary]) -> list[SourceArticles]:
        """Record what sources contain; return for each its articles and which are wanted."""

    def new_folder(self) -> Path:
        """Return an empty folder for a segment."""

    def add(self, folder: Path) -> None:
        """Add the segment in a folder."""

    def finish(self, *, prune: bool) -> UpdateReport:
        """Remove what was replaced or has vanished, and report."""


@dataclass(slots=True)
class ReadLog:
    """Articles and sources that an update has read, by their keys."""

    seen: set[int] = field(default_factory=set)
    added: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    failed_sources: set[int] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    is_incomplete: bool = False  # something failed that may contain many sources

    @property
    def unchanged(self) -> int:
        """The number of articles that the store had before."""
        return len(self.seen) - len(self.added)

    def record_failure(self, failure: Failure) -> None:
        """Record a source that could not even be opened."""
        self.failures.append(failure)
        self.failed_sources.add(key_of(failure.name))
        self.is_incomplete = True

    def record(self, summary: SourceSummary, is_held: Callable[[str, int], bool]) -> SourceArticles:
        """Record a source; ``is_held`` says of an article's id and key if the store had it."""
        keys = tuple(key_of(name) for name, _ in summary.articles)
        sources = {key_of(source) for _, source in summary.articles}
        self.sources |= sources
        self.failures += summary.failures
        self.notes += summary.notes
        if summary.failures:
            self.failed_sources |= {key_of(display_name(summary.source.name)), *sources}
            self.is_incomplete |= summary.source.kind != "file"
        wanted = []
        for number, ((name, _), key) in enumerate(zip(summary.articles, keys, strict=True)):
            if key not in self.seen and not is_held(name, key):
                wanted.append(number)
                self.added.add(key)
            self.seen.add(key)
        return SourceArticles(keys, wanted)

    def reason_not_to_prune(self) -> str:
        """Return why nothing may be pruned, or nothing."""
        if self.is_incomplete or not self.seen:
            return "nothing was pruned: mend or leave out what could not be read"
        return ""


@dataclass(slots=True)
class FolderTarget:
    """A store in a folder that segments are added to.

    With ``keep_old`` the version on disk stays until the end; ``is_changed`` says that the given
    store differs from it already.
    """

    store: Store
    folder: Path
    scratch: Path
    keep_old: bool
    is_changed: bool = False
    address: None = None
    _held: set[int] = field(init=False)
    _log: ReadLog = field(default_factory=ReadLog)

    def __post_init__(self) -> None:
        self._held = {
            key
            for view in self.store.views
            for key in view.segment.documents.keys[view.article_numbers].tolist()
        }

    @property
    def chunking(self) -> Chunking:
        """How articles are cut."""
        return self.store.chunking

    @property
    def vector_format(self) -> VectorFormat | None:
        """How vectors are kept."""
        return self.store.vector_format

    def record_failure(self, failure: Failure) -> None:
        """Record a source that could not even be opened."""
        self._log.record_failure(failure)

    def mark_seen_if_held(self, keys: Collection[int]) -> bool:
        """Mark the articles as seen and return True if the store has all of them."""
        if not self._held.issuperset(keys):
            return False
        self._log.seen.update(keys)
        return True

    def record(self, summaries: Sequence[SourceSummary]) -> list[SourceArticles]:
        """Record what sources contain; return for each its articles and which are wanted."""
        return [self._log.record(own, lambda _, key: key in self._held) for own in summaries]

    def new_folder(self) -> Path:
        """Return an empty folder for a segment."""
        folder = self.scratch / token_hex(8)
        folder.mkdir()  # not mkdtemp, whose folders other users cannot read
        return folder

    def add(self, folder: Path) -> None:
        """Add the segment in a folder, and save."""
        view = SegmentView(Segment.open(folder))
        self.store = replace(self.store, views=(*self.store.views, view))
        if not self.keep_old:
            self.store = self.store.save(self.folder)

    def finish(self, *, prune: bool) -> UpdateReport:
        """Remove what was replaced or has vanished, save, and report."""
        log = self._log
        if self.keep_old and not log.seen and log.failures:
            notice = "nothing could be read; the store stays as it was"
            return UpdateReport(self.store, 0, 0, 0, 0, tuple(log.failures), (), notice)
        replaced, pruned, notice = self._drop(self._is_replaced), 0, ""
        if prune and not (notice := log.reason_not_to_prune()):
            pruned = self._drop(self._has_vanished)
        # A mistyped path alone does not create a store.
        is_new = not self.store.views and (log.seen or not log.failures)
        if log.added or replaced or pruned or self.is_changed or is_new:
            views = compact(self.store.views, self.store.vector_format)
            self.store = replace(self.store, views=views).save(self.folder)
        return UpdateReport(
            self.store, len(log.added), log.unchanged, replaced, pruned, tuple(log.failures),
            tuple(self._near_duplicates()), notice, tuple(log.notes),
        )  # fmt: skip

    def _is_replaced(self, view: SegmentView) -> Mask:
        """Return the mask of articles whose source was read whole and has others now."""
        documents = view.segment.documents
        whole = self._log.sources - self._log.failed_sources
        return _is_in(documents.sources, whole) & ~_is_in(documents.keys, self._log.seen)

    def _has_vanished(self, view: SegmentView) -> Mask:
        documents = view.segment.documents
        was_read = ~_is_in(documents.sources, self._log.failed_sources)
        return was_read & ~_is_in(documents.keys, self._log.seen)

    def _drop(self, which: Callable[[SegmentView], Mask]) -> int:
        before = len(self.store.articles)
        self.store = self.store.with_views([v.restrict(~which(v)) for v in self.store.views])
        return before - len(self.store.articles)

    def _near_duplicates(self) -> Iterator[NearDuplicate]:
        views = self.store.views
        sketches = [v.segment.documents.sketches[v.article_numbers] for v in views]
        keys = [v.segment.documents.keys[v.article_numbers] for v in views]
        new = _is_in(np.concatenate([np.zeros(0, dtype=np.uint64), *keys]), self._log.added)
        articles, reported = self.store.articles, set()
        for row, other in candidate_pairs(sketches, new):
            pair = articles[row], articles[other]
            share = jaccard(pair[0].text, pair[1].text)
            if share >= THRESHOLD and row not in reported:
                reported.add(row)
                yield NearDuplicate(*pair, share)


def _is_in(keys: Keys, chosen: set[int]) -> Mask:
    return np.isin(keys, np.fromiter(chosen, dtype=np.uint64, count=len(chosen)))
