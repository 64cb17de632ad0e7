"""Watch: bring a store up to date whenever its sources change."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.articles import is_address
from index.base import MilvusAddress, StoreLocation
from index.errors import StoreError
from index.ingest.sources import known_suffixes
from index.ingest.targets import UpdateReport
from index.ingest.update import KnownSources, UpdateSettings, update

if TYPE_CHECKING:
    from watchfiles import Change

_DEBOUNCE, _TICK = 1000, 1000  # milliseconds
_AGAIN = 60.0  # seconds


@dataclass(slots=True)
class _Retry:
    """The time of a failed update that is to be repeated, by the monotonic clock."""

    since: float | None = None

    @property
    def is_due(self) -> bool:
        return self.since is not None and time.monotonic() - self.since > _AGAIN


def watch(
    location: StoreLocation,
    paths: Sequence[str],
    settings: UpdateSettings,
    *,
    interval_seconds: float,
    on_failure: Callable[[StoreError], None],
    progress: bool = False,
) -> Iterator[UpdateReport]:
    """Update at once, then whenever a file changes, and every so many seconds for addresses.

    Yields the report of each update that changed something or failed to read something new. If
    an update after the first one fails (a full disk, a server that is down), ``on_failure`` is
    called with the error, and the update is repeated a minute later.
    """
    known: KnownSources = {}
    before: UpdateReport | None = None
    retry = _Retry()
    suffixes = known_suffixes(pictures=settings.ocr is not None)
    for _ in _wait_for_changes(location, paths, suffixes, interval_seconds, retry):
        try:
            report = update(location, paths, settings, known=known, progress=progress)
        except StoreError as error:
            if before is None:
                raise
            retry.since = time.monotonic()
            known.clear()  # what was read is not in the store
            on_failure(error)
            continue
        retry.since = None
        settings = replace(settings, replace=False, vector_format=None, chunk_size=None)
        if before is None or _has_news(report, before):
            yield report
        before = report


def _has_news(report: UpdateReport, before: UpdateReport) -> bool:
    changed = report.added or report.replaced or report.pruned
    return bool(changed) or bool(set(report.failures) - set(before.failures))


def _wait_for_changes(
    location: StoreLocation,
    paths: Sequence[str],
    suffixes: tuple[str, ...],
    interval_seconds: float,
    retry: _Retry,
) -> Iterator[None]:
    """Yield at once, and at each moment when something may have changed since."""
    from watchfiles import watch as watched

    files = [path for path in paths if not is_address(path)]
    pages, first = len(files) < len(paths), True
    checked = time.monotonic()
    while True:
        roots = _roots(files)
        # It listens from before its first yield: changes during an update are reported after it.
        changes = watched(
            *(roots or {Path(__file__): 0}),
            watch_filter=_make_watch_filter(location, roots, suffixes),
            debounce=_DEBOUNCE, rust_timeout=_TICK, yield_on_timeout=True,
        )  # fmt: skip
        for changed in changes:
            due = pages and time.monotonic() - checked > interval_seconds
            # A folder that was moved away and created again is another one, with a new watch.
            moved = _roots(files) != roots or any(Path(path) in roots for _, path in changed)
            if changed or moved or due or first or retry.is_due:
                checked, first = time.monotonic(), False
                yield
            if moved:
                break


def _make_watch_filter(
    store: StoreLocation, roots: Collection[Path], suffixes: tuple[str, ...]
) -> Callable[[Change, str], bool]:
    own = Path(store.uri if isinstance(store, MilvusAddress) else store).resolve()

    def wanted(_change: Change, path: str) -> bool:
        is_source = path.lower().endswith(suffixes) or Path(path) in roots
        return is_source and own not in Path(path).resolve().parents

    return wanted


def _roots(files: Sequence[str]) -> dict[Path, int]:
    """Return the existing files and folders to watch, each with its inode."""
    found = {}
    for path in map(_root, files):
        try:
            found[path] = path.stat().st_ino
        except OSError:
            continue
    return found


def _root(path: str) -> Path:
    """Return the path, or the last folder before the first pattern of a glob."""
    if Path(path).exists() or not glob.has_magic(path):
        return Path(path)
    parts = Path(path).parts
    plain = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:plain])
