"""Watch: bring a store up to date whenever its sources change."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.addresses import MilvusAddress, Place
from index.archive.sources import KNOWN
from index.archive.target import Report
from index.archive.update import Memory, Settings, update
from index.articles import is_address
from index.errors import StoreError

if TYPE_CHECKING:
    from watchfiles import Change

_DEBOUNCE, _TICK = 1000, 1000  # milliseconds
_AGAIN = 60.0  # seconds


@dataclass(slots=True)
class _Owed:
    """When an update failed that is still to be done, by the monotonic clock."""

    since: float | None = None

    @property
    def is_due(self) -> bool:
        return self.since is not None and time.monotonic() - self.since > _AGAIN


def watch(
    place: Place,
    paths: Sequence[str],
    settings: Settings,
    *,
    every: float,
    failed: Callable[[StoreError], None],
    progress: bool = False,
) -> Iterator[Report]:
    """Update at once, then whenever a file changes, and every so many seconds for addresses.

    Yields the report of each update that changed something or could not read something new. One
    after the first that fails (a full disk, a server that is away) is told to ``failed``, and done
    again a minute later.
    """
    memory: Memory = {}
    before: Report | None = None
    owed = _Owed()
    for _ in _moments(place, paths, every, owed):
        try:
            report = update(place, paths, settings, memory=memory, progress=progress)
        except StoreError as error:
            if before is None:
                raise
            owed.since = time.monotonic()
            memory.clear()  # what was read is not in the store
            failed(error)
            continue
        owed.since = None
        settings = replace(settings, replace=False, kind=None, chunk_size=None)
        if before is None or _tells_more(report, before):
            yield report
        before = report


def _tells_more(report: Report, before: Report) -> bool:
    changed = report.added or report.replaced or report.pruned
    return bool(changed) or bool(set(report.failures) - set(before.failures))


def _moments(place: Place, paths: Sequence[str], every: float, owed: _Owed) -> Iterator[None]:
    """Yield at first, and at each moment when something may have changed since."""
    from watchfiles import watch as watched

    files = [path for path in paths if not is_address(path)]
    pages, first = len(files) < len(paths), True
    asked = time.monotonic()
    while True:
        roots = _roots(files)
        # It begins to listen before it first yields: what changes during an update is told after.
        changes = watched(
            *(roots or {Path(__file__): 0}), watch_filter=_of_articles(place, roots),
            debounce=_DEBOUNCE, rust_timeout=_TICK, yield_on_timeout=True,
        )  # fmt: skip
        for changed in changes:
            due = pages and time.monotonic() - asked > every
            # What was moved away and made anew is another folder, to be listened to anew.
            moved = _roots(files) != roots or any(Path(path) in roots for _, path in changed)
            if changed or moved or due or first or owed.is_due:
                asked, first = time.monotonic(), False
                yield
            if moved:
                break


def _of_articles(store: Place, roots: Collection[Path]) -> Callable[[Change, str], bool]:
    own = Path(store.uri if isinstance(store, MilvusAddress) else store).resolve()

    def wanted(_change: Change, path: str) -> bool:
        known = path.lower().endswith(KNOWN) or Path(path) in roots
        return known and own not in Path(path).resolve().parents

    return wanted


def _roots(files: Sequence[str]) -> dict[Path, int]:
    """Return the files and folders to listen to that are there, each with what tells it apart."""
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
