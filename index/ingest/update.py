"""Update: bring a store up to date with paths and addresses, in several processes if worthwhile."""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.base import MilvusAddress, StoreLocation
from index.chunker import Chunking
from index.embedder import Embedder
from index.errors import StoreError, StoreNotFoundError
from index.folder import scratch_folder, writer_lock
from index.ingest.builder import FULL_SEGMENT, Builder, BuilderSettings, SourceSummary
from index.ingest.sources import Failure, Source, find_sources
from index.ingest.targets import FolderTarget, Target, UpdateReport
from index.ingest.workers import WorkerBuilder, make_builder
from index.models import load_embedder
from index.readers.scans import OCR
from index.store import Store, open_store
from index.vectors import VectorFormat

if TYPE_CHECKING:
    from tqdm import tqdm

_BATCH, _SOURCES, _PAGES = 1 << 19, 64, 4  # bytes, files and pages in a batch, at most
_ADDRESSES = 200_000_000  # characters: two or three million pages, a gigabyte of memory
_BYTES_PER_PROCESS = 4_000_000  # for which another process is worth its start
_PAGE_BYTES = 50_000  # what a page counts for in the progress before its size is known

# Sources and the keys of their articles: sources that have not changed need not be read again.
KnownSources = dict[Source, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """How a store is brought up to date.

    ``model``, ``chunk_size`` and ``vector_format`` apply to a new store; an existing one has its
    own. ``replace`` rebuilds it; ``prune`` removes what the paths no longer contain. ``jobs`` is
    the number of processes, None to choose it by the work and the machine. With ``ocr``, scans and
    pictures are read, too.
    """

    model: str | None = None
    chunk_size: int | None = None
    vector_format: VectorFormat | None = None
    replace: bool = False
    prune: bool = False
    jobs: int | None = None
    ocr: OCR | None = None


def update(
    location: StoreLocation,
    paths: Sequence[str],
    settings: UpdateSettings | None = None,
    *,
    known: KnownSources | None = None,
    progress: bool = False,
) -> UpdateReport:
    """Bring the store at a location up to date with paths, globs and addresses.

    Articles that it has already, by their content, are not embedded again; articles of a source
    that contains others now are replaced. What cannot be read is in the report, and what the store
    had of it stays, unless the store is rebuilt. A folder is saved whenever a segment is full, and
    at the end; Milvus gets articles as they are read. With ``known``, filled by an earlier call,
    unchanged files are skipped. Raises ArticleQAError.
    """
    settings = _with_model(settings or UpdateSettings(), location)
    embedder = load_embedder(settings.model)
    passed_over = Counter[str]()
    sources = list(find_sources(paths, passed_over, pictures=settings.ocr is not None))
    with _open_target(location, embedder, settings) as target:
        with (
            progress_bar(progress) as bar,
            _start_builders(target, embedder, sources, settings) as builders,
        ):
            _Run(target, {} if known is None else known, bar).read_all(sources, builders)
        report = target.finish(prune=settings.prune)
    return replace(report, passed_over=tuple(passed_over.most_common()))


def _with_model(settings: UpdateSettings, location: StoreLocation) -> UpdateSettings:
    """Return the settings with the model that the store was made with, where they name none."""
    if settings.model is not None or settings.replace:
        return settings
    try:
        return replace(settings, model=open_store(location).model)
    except StoreNotFoundError:
        return settings


@contextmanager
def _open_target(
    location: StoreLocation, embedder: Embedder, settings: UpdateSettings
) -> Iterator[Target]:
    if isinstance(location, MilvusAddress):
        yield _open_collection(location, embedder, settings)
        return
    with writer_lock(location), scratch_folder(location) as scratch:
        store = _open_or_create(location, embedder, settings)
        is_changed = bool(settings.vector_format) and bool(store.views)
        yield FolderTarget(store, location, scratch, settings.replace, is_changed)


def _open_collection(
    address: MilvusAddress, embedder: Embedder, settings: UpdateSettings
) -> Target:
    from index.milvus.ingest import MilvusTarget

    if settings.vector_format is not None:
        raise StoreError(f"--vectors is for folders; {address} has an index of its own")
    if address.is_file and (settings.jobs or 1) > 1:
        raise StoreError(f"only one process can open {address}: leave out --jobs")
    size = settings.chunk_size
    target = MilvusTarget.open(address, embedder, _chunking(size), replace=settings.replace)
    if size not in (None, target.chunking.size):
        raise StoreError(
            f"{address} was cut at {target.chunking.size} characters; index into another collection"
        )
    return target


def _chunking(size: int | None) -> Chunking:
    size = size or Chunking().size
    return Chunking(size, min(Chunking().joined, size // 2))


def _open_or_create(folder: Path, embedder: Embedder, settings: UpdateSettings) -> Store:
    try:
        old = None if settings.replace else Store.open(folder, embedder)
    except StoreNotFoundError:
        old = None
    size, vector_format = settings.chunk_size, settings.vector_format
    if old is None:
        return Store.build((), embedder, _chunking(size), vector_format=vector_format)
    if size not in (None, old.chunking.size):
        raise StoreError(
            f"{folder} was cut at {old.chunking.size} characters; to cut it anew give all "
            "its articles and --replace"
        )
    return old.with_vector_format(vector_format) if vector_format else old


@contextmanager
def _start_builders(
    target: Target,
    embedder: Embedder,
    sources: Sequence[Source | Failure],
    settings: UpdateSettings,
) -> Iterator[Sequence[Builder]]:
    jobs = settings.jobs or _choose_jobs(sources, settings)
    how = BuilderSettings(target.chunking, target.vector_format, target.address, settings.ocr)
    if jobs == 1 or (target.address is not None and target.address.is_file):
        yield [make_builder(embedder, how)]
        return
    workers: list[WorkerBuilder] = []
    try:
        for _ in range(jobs):
            workers.append(WorkerBuilder.start(settings.model, how))
        yield workers
    finally:
        for worker in workers:
            worker.close()


def _choose_jobs(sources: Sequence[Source | Failure], settings: UpdateSettings) -> int:
    if settings.model is not None:  # a transformer uses all cores, and gigabytes
        return 1
    size = sum(source.size for source in sources if isinstance(source, Source))
    return max(1, min(os.cpu_count() or 1, size // _BYTES_PER_PROCESS))


@dataclass(slots=True)
class _Run:
    """The queue of sources, and what builders make of them."""

    target: Target
    known: KnownSources
    bar: ProgressBar
    _queue: deque[Source] = field(default_factory=deque)
    _pages: set[str] = field(default_factory=set)
    _address_characters: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read_all(self, sources: Sequence[Source | Failure], builders: Sequence[Builder]) -> None:
        """Read all sources, and the pages that they link to."""
        for source in sources:
            if isinstance(source, Failure):
                self.target.record_failure(source)
            else:
                self._enqueue(source)
        if len(builders) == 1:  # in this thread: the time limit works only in the main one
            self._read_with(builders[0])
        else:
            self._read_in_parallel(builders)

    def _read_with(self, builder: Builder) -> None:
        unwritten = 0
        while batch := self._next_batch():
            unwritten = self._process(builder, batch)
        if unwritten:
            self._finish_segment(builder)

    def _read_in_parallel(self, builders: Sequence[Builder]) -> None:
        """Give batches to idle builders until none is left, then finish their segments."""
        idle, unwritten = list(builders), [0] * len(builders)
        running: dict[Future[int], Builder] = {}
        with ThreadPoolExecutor(len(builders)) as pool:
            try:
                while True:
                    while idle and (batch := self._next_batch()):
                        builder = idle.pop()
                        running[pool.submit(self._process, builder, batch)] = builder
                    if not running:
                        break
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        builder = running.pop(future)
                        unwritten[builders.index(builder)] = future.result()
                        idle.append(builder)
                last = [b for b, count in zip(builders, unwritten, strict=True) if count]
                list(pool.map(self._finish_segment, last))
            except BaseException:  # Ctrl-C too: the threads must not wait for their builders
                for builder in builders:
                    builder.stop()
                raise

    def _next_batch(self) -> list[Source]:
        with self._lock:
            batch: list[Source] = []
            while self._queue and _fits(batch, self._queue[0]):
                batch.append(self._queue.popleft())
            return batch

    def _process(self, builder: Builder, batch: Sequence[Source]) -> int:
        """Read a batch and index what is wanted; return how many chunks are unwritten."""
        unwritten = builder.keep(self._record(builder.read(batch)))
        if unwritten < FULL_SEGMENT:
            return unwritten
        self._finish_segment(builder)
        return 0

    def _record(self, summaries: Sequence[SourceSummary]) -> list[int]:
        """Record what was read; return the numbers of the wanted articles among all of these."""
        with self._lock:
            wanted, before = [], 0
            for own, (keys, new) in zip(summaries, self.target.record(summaries), strict=True):
                wanted += [before + number for number in new]
                before += len(own.articles)
                for link in own.links:
                    self._enqueue(link)
                if own.source.version and not own.links and not own.failures:
                    self.known[own.source] = keys
                self.bar.advance(own.source.size, len(own.articles))
            return wanted

    def _enqueue(self, source: Source) -> None:
        known = self.known.get(source) if source.version else None
        if known is not None and self.target.mark_seen_if_held(known):
            return
        if source.kind == "page" and not self._is_new_page(source.name):
            return
        self._queue.append(source)
        self.bar.expect(source.size)

    def _is_new_page(self, url: str) -> bool:
        """Return whether a page is to be read: once, and within the limit of all addresses."""
        if url in self._pages or self._address_characters > _ADDRESSES:
            return False
        self._address_characters += len(url)
        if self._address_characters > _ADDRESSES:  # a failure, so that nothing is pruned
            self.target.record_failure(Failure(url, "more addresses are listed than are followed"))
            return False
        self._pages.add(url)
        return True

    def _finish_segment(self, builder: Builder) -> None:
        folder = self.target.new_folder()
        builder.finish(folder)
        with self._lock:
            self.target.add(folder)


def _fits(batch: Sequence[Source], source: Source) -> bool:
    if not batch:
        return True
    pages = sum(one.kind == "page" for one in batch)
    size = sum(one.size for one in batch) + source.size
    return size <= _BATCH and len(batch) < _SOURCES and pages < _PAGES


class ProgressBar:
    """A bar that counts the bytes that were read, and the articles in them."""

    def __init__(self, bar: tqdm[None]) -> None:
        self._bar = bar
        self.articles = 0

    def expect(self, size: int) -> None:
        """Add a source of so many bytes to the total; 0 if its size is unknown."""
        self._bar.total += size or _PAGE_BYTES
        self._bar.refresh()

    def advance(self, size: int, articles: int) -> None:
        """Count a source that was read."""
        self.articles += articles
        self._bar.set_postfix_str(f"{self.articles:,} articles", refresh=False)
        self._bar.update(size or _PAGE_BYTES)


@contextmanager
def progress_bar(shown: bool) -> Iterator[ProgressBar]:
    """Show a progress bar on stderr, with the rate and the time left, while the block runs."""
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())  # tqdm's own lock starts a process
    layout = (
        "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} "
        "[{elapsed}<{remaining}, {rate_fmt}{postfix}]"
    )
    with tqdm(
        total=0, desc="indexing", unit="B", unit_scale=True, disable=not shown, bar_format=layout
    ) as bar:
        yield ProgressBar(bar)
