"""Changes: what an update does to a store in a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

import numpy as np

from index.archive.builder import Heard
from index.archive.sources import Failure
from index.archive.target import Met, Noted, Report, Twin
from index.chunker import Chunking
from index.duplicates import NEAR, alike, overlap
from index.parts import Part, compacted
from index.postings import Keys
from index.segment import Segment
from index.store import Store
from index.texts import Mask
from index.vectors import Kind


@dataclass(slots=True)
class Changes:
    """A store that segments are put into, and what was met on the way."""

    store: Store
    folder: Path
    scratch: Path
    keep_old: bool  # what is on disk, until the end
    is_changed: bool = False  # already
    address: None = None
    _held: set[int] = field(init=False)
    _met: Met = field(default_factory=Met)

    def __post_init__(self) -> None:
        self._held = {
            key
            for part in self.store.parts
            for key in part.segment.texts.keys[part.articles].tolist()
        }

    @property
    def chunking(self) -> Chunking:
        """Tell how articles are cut."""
        return self.store.chunking

    @property
    def kind(self) -> Kind | None:
        """Tell how vectors are kept."""
        return self.store.kind

    def fail(self, failure: Failure) -> None:
        """Note what could not even be looked into."""
        self._met.fail(failure)

    def still_holds(self, keys: Collection[int]) -> bool:
        """Note articles as met if the store has them all."""
        if not self._held.issuperset(keys):
            return False
        self._met.seen.update(keys)
        return True

    def note(self, heard: Sequence[Heard]) -> list[Noted]:
        """Note what sources hold; return for each its articles, and which are wanted."""
        return [self._met.note(own, lambda _, key: key in self._held) for own in heard]

    def room(self) -> Path:
        """Return an empty folder for a segment."""
        folder = self.scratch / token_hex(8)
        folder.mkdir()  # not mkdtemp, whose folders nobody else may read
        return folder

    def put(self, folder: Path) -> None:
        """Take in a segment that lies in a folder, and save."""
        part = Part(Segment.open(folder))
        self.store = replace(self.store, parts=(*self.store.parts, part))
        if not self.keep_old:
            self.store = self.store.save(self.folder)

    def finish(self, *, prune: bool) -> Report:
        """Remove what was replaced or vanished, save, and report."""
        met = self._met
        if self.keep_old and not met.seen and met.failures:
            notice = "nothing could be read; the store stays as it was"
            return Report(self.store, 0, 0, 0, 0, tuple(met.failures), (), notice)
        replaced, pruned, notice = self._drop(self._is_replaced), 0, ""
        if prune and not (notice := met.not_pruned()):
            pruned = self._drop(self._is_vanished)
        # A mistyped path alone makes no store.
        is_new = not self.store.parts and (met.seen or not met.failures)
        if met.added or replaced or pruned or self.is_changed or is_new:
            parts = compacted(self.store.parts, self.store.kind)
            self.store = replace(self.store, parts=parts).save(self.folder)
        failures = tuple(met.failures)
        twins = tuple(self._twins())
        return Report(
            self.store, len(met.added), met.unchanged, replaced, pruned, failures, twins, notice
        )

    def _is_replaced(self, part: Part) -> Mask:
        """Tell of an article whether its source was read whole and held others."""
        texts = part.segment.texts
        sources = self._met.sources - self._met.broken
        return _among(texts.sources, sources) & ~_among(texts.keys, self._met.seen)

    def _is_vanished(self, part: Part) -> Mask:
        texts = part.segment.texts
        return ~_among(texts.keys, self._met.seen) & ~_among(texts.sources, self._met.broken)

    def _drop(self, which: Callable[[Part], Mask]) -> int:
        before = len(self.store.articles)
        self.store = self.store.of_parts([part.narrowed(~which(part)) for part in self.store.parts])
        return before - len(self.store.articles)

    def _twins(self) -> Iterator[Twin]:
        parts = self.store.parts
        sketches = [part.segment.texts.sketches[part.articles] for part in parts]
        keys = [part.segment.texts.keys[part.articles] for part in parts]
        new = _among(np.concatenate([np.zeros(0, dtype=np.uint64), *keys]), self._met.added)
        articles, told = self.store.articles, set()
        for row, other in alike(sketches, new):
            pair = articles[row], articles[other]
            share = overlap(pair[0].text, pair[1].text)
            if share >= NEAR and row not in told:
                told.add(row)
                yield Twin(*pair, share)


def _among(keys: Keys, chosen: set[int]) -> Mask:
    return np.isin(keys, np.fromiter(chosen, dtype=np.uint64, count=len(chosen)))
