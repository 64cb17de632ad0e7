"""Update: bring a store up to what paths and addresses hold, with as many processes as it takes."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.addresses import MilvusAddress, Place
from index.archive.builder import FULL, Builder, Heard
from index.archive.changes import Changes
from index.archive.progress import Bar, bar
from index.archive.sources import Failure, Source, expand
from index.archive.target import Report, Target
from index.archive.workers import WorkerBuilder, builder_of
from index.chunker import Chunking
from index.embedder import Embedder, load_embedder
from index.errors import StoreError, StoreMissing
from index.store import Store, building, writer_lock
from index.vectors import Kind

if TYPE_CHECKING:
    from index.scale import MilvusStore

_BATCH, _SOURCES, _PAGES = 1 << 19, 64, 4  # bytes, files and pages that are read at once
_ADDRESSES = 200_000_000  # characters: two or three million pages, a gigabyte of memory
_WORTH = 4_000_000  # bytes for which another process is worth its start

# Sources and the keys of their articles: what has not changed need not be read again.
Memory = dict[Source, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a store is brought up to date.

    ``model``, ``chunk_size`` and ``kind`` are of a store that is made; one that is there has its
    own. ``replace`` makes it anew; ``prune`` removes what the paths do not hold any more. ``jobs``
    processes read, None for as many as the work and the machine ask for.
    """

    model: str | None = None
    chunk_size: int | None = None
    kind: Kind | None = None
    replace: bool = False
    prune: bool = False
    jobs: int | None = None


def update(
    place: Place,
    paths: Sequence[str],
    settings: Settings | None = None,
    *,
    memory: Memory | None = None,
    progress: bool = False,
) -> Report:
    """Bring the store that lies there up to what the paths, globs and addresses hold.

    Articles that are in it already, by their content, are not embedded again; those of a source
    that holds others now are replaced. What cannot be read is told in the report, and what the
    store had of it stays, unless it is made anew. A folder is saved whenever a segment is full, and
    at the end; into Milvus articles are written as they are read.
    ``memory`` lets a later call pass over files that did not change since. Raises ArticleQAError.
    """
    settings = settings or Settings()
    embedder = load_embedder(settings.model)
    sources = list(expand(paths))
    with _target(place, embedder, settings) as target:
        with bar(progress) as shown, _builders(target, embedder, sources, settings) as made:
            _Run(sources, target, {} if memory is None else memory, shown).drive(made)
        return target.finish(prune=settings.prune)


@contextmanager
def _target(place: Place, embedder: Embedder, settings: Settings) -> Iterator[Target]:
    if isinstance(place, MilvusAddress):
        from index.archive.remote import RemoteChanges

        yield RemoteChanges(_collection(place, embedder, settings), settings.replace)
        return
    with writer_lock(place), building(place) as scratch:
        store = _opened(place, embedder, settings)
        kept_anew = bool(settings.kind) and bool(store.parts)
        yield Changes(store, place, scratch, settings.replace, kept_anew)


def _collection(address: MilvusAddress, embedder: Embedder, settings: Settings) -> MilvusStore:
    from index._milvus_rows import PIECE as LARGEST
    from index.scale import MilvusStore

    if settings.kind is not None:
        raise StoreError(f"--vectors is for folders; {address} has an index of its own")
    if address.is_file and (settings.jobs or 1) > 1:
        raise StoreError(f"{address} is of one process: leave out --jobs")
    size = settings.chunk_size
    if size is not None and size > LARGEST:
        raise StoreError(f"{address} has room for chunks of {LARGEST:,} characters at most")
    store = MilvusStore.make(address, embedder, _chunking(size))
    if size not in (None, store.chunking.size):
        raise StoreError(
            f"{address} was cut at {store.chunking.size} characters; index into another collection"
        )
    return store


def _chunking(size: int | None) -> Chunking:
    size = size or Chunking().size
    return Chunking(size, min(Chunking().joined, size // 2))


def _opened(folder: Path, embedder: Embedder, settings: Settings) -> Store:
    """Return the store that is there, or an empty one to begin with."""
    try:
        old = None if settings.replace else Store.open(folder, embedder)
    except StoreMissing:
        old = None
    size = settings.chunk_size
    if old is None:
        return Store.build((), embedder, _chunking(size), kind=settings.kind)
    if size not in (None, old.chunking.size):
        raise StoreError(
            f"{folder} was cut at {old.chunking.size} characters; to cut it anew give all "
            "its articles and --replace"
        )
    return old.kept_as(settings.kind) if settings.kind else old


@contextmanager
def _builders(
    target: Target,
    embedder: Embedder,
    sources: Sequence[Source | Failure],
    settings: Settings,
) -> Iterator[Sequence[Builder]]:
    jobs = settings.jobs or _jobs(sources, settings)
    told = target.chunking, target.kind, target.address
    if jobs == 1 or (target.address is not None and target.address.is_file):
        yield [builder_of(embedder, *told)]
        return
    workers: list[WorkerBuilder] = []
    try:
        for _ in range(jobs):
            workers.append(WorkerBuilder.start(settings.model, *told))
        yield workers
    finally:
        for worker in workers:
            worker.stop()


def _jobs(sources: Sequence[Source | Failure], settings: Settings) -> int:
    if settings.model is not None:  # a transformer takes all cores, and gigabytes
        return 1
    size = sum(source.size for source in sources if isinstance(source, Source))
    return max(1, min(os.cpu_count() or 1, size // _WORTH))


@dataclass(slots=True)
class _Run:
    """What is still to be read, given out to builders."""

    given: Sequence[Source | Failure]
    target: Target
    memory: Memory
    bar: Bar
    _todo: deque[Source] = field(default_factory=deque)
    _met: set[str] = field(default_factory=set)
    _letters: int = 0  # of all addresses
    _reading: int = 0
    _stopped: bool = False
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def drive(self, builders: Sequence[Builder]) -> None:
        """Let the builders read all there is."""
        for source in self.given:
            if isinstance(source, Failure):
                self.target.fail(source)
            else:
                self._expect(source)
        if len(builders) == 1:
            self._drive(builders[0])
            return
        with ThreadPoolExecutor(len(builders)) as pool:
            driven = [pool.submit(self._drive, builder) for builder in builders]
            try:
                for one in driven:
                    one.result()
            except BaseException:  # Ctrl-C too: those that wait for something to read must end
                for builder in builders:
                    if isinstance(builder, WorkerBuilder):
                        builder.child.kill()
                raise

    def _expect(self, source: Source) -> None:
        known = self.memory.get(source) if source.version else None
        if known is not None and self.target.still_holds(known):
            return
        if source.kind == "page":
            if source.name in self._met:  # feeds list what others list
                return
            if self._letters > _ADDRESSES:
                return
            self._letters += len(source.name)
            if self._letters > _ADDRESSES:  # nor is anything pruned then
                self.target.fail(
                    Failure(source.name, "more addresses are listed than are followed")
                )
                return
            self._met.add(source.name)
        self._todo.append(source)
        self.bar.expect(source.size)

    def _drive(self, builder: Builder) -> None:
        waiting = 0
        try:
            while batch := self._next():
                heard = builder.read(batch)
                waiting = builder.keep(self._wanted(heard))
                if waiting >= FULL:
                    self._finish(builder)
                    waiting = 0
            if waiting:
                self._finish(builder)
        except BaseException:  # Ctrl-C too: other threads wait for what this one finds
            with self._lock:
                self._stopped = True
                self._lock.notify_all()
            raise

    def _next(self) -> list[Source]:
        """Return what to read next; nothing at the end."""
        with self._lock:
            while not self._todo and self._reading and not self._stopped:
                self._lock.wait()
            batch: list[Source] = []
            while self._todo and not self._stopped and _fits(batch, self._todo[0]):
                batch.append(self._todo.popleft())
            self._reading += bool(batch)
            return batch

    def _wanted(self, heard: Sequence[Heard]) -> list[int]:
        """Note what was read; return which of the articles, counted through, are new."""
        with self._lock:
            wanted, before = [], 0
            for own, (keys, new) in zip(heard, self.target.note(heard), strict=True):
                wanted += [before + number for number in new]
                before += len(own.articles)
                for link in own.links:
                    self._expect(link)
                if own.source.version and not own.links and not own.failures:
                    self.memory[own.source] = keys
                self.bar.done(own.source.size, len(own.articles))
            self._reading -= 1
            self._lock.notify_all()
            return wanted

    def _finish(self, builder: Builder) -> None:
        folder = self.target.room()
        builder.finish(folder)
        with self._lock:
            self.target.put(folder)


def _fits(batch: Sequence[Source], source: Source) -> bool:
    if not batch:
        return True
    pages = sum(one.kind == "page" for one in batch)
    size = sum(one.size for one in batch) + source.size
    return size <= _BATCH and len(batch) < _SOURCES and pages < _PAGES
