"""A folder of checksummed files that changes as a whole.

``manifest.json`` names the data folders beside it, one a segment, and the sha256 of every file in
there and of itself. What is new is written into data folders of its own; replacing the manifest,
one atomic rename, is the moment it comes into force. A crash before that leaves the old version
as it was. Segments never change: what a new version shares with the old one is not written again.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index._manifest import FORMAT, MANIFEST, SHAPE, Entry, manifest_of, names_of, sealed, sha256_of
from index.errors import StoreError

logger = logging.getLogger(__name__)

_PATIENCE = 1.0  # seconds to wait for another writer without a word
LOCK, WRITER_LOCK = ".lock", ".writer.lock"
_DATA, _NEW = "data-", "new-"
# The only names that saving makes, and so the only ones that it may remove.
_OWN = re.compile(r"data-[0-9a-f]{16}|new-[0-9a-f]{16}|manifest\.json\.[0-9a-f]{8}")


@dataclass(slots=True)
class Draft:
    """A new version in the making: the segments that it will have."""

    folder: Path
    known: dict[str, str]  # the files of the version before
    segments: list[Entry] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)

    def has(self, data: Path) -> bool:
        """Tell whether a data folder is one of the version before."""
        beside = data.parent == self.folder.resolve()
        return beside and any(name.startswith(f"{data.name}/") for name in self.known)

    def new(self) -> Path:
        """Make a data folder for a segment that is not in this folder yet."""
        data = self._named()
        data.mkdir()
        self.made.append(data)
        return data

    def take(self, built: Path) -> Path | None:
        """Make a data folder of what was built in this folder; None if it was built elsewhere."""
        if built.parent.parent != self.folder.resolve() or not built.parent.name.startswith(_NEW):
            return None
        data = built.rename(self._named())
        self.made.append(data)
        return data

    def _named(self) -> Path:
        return self.folder.resolve() / f"{_DATA}{secrets.token_hex(8)}"

    def put(self, data: Path, removed: list[int]) -> None:
        """Name a segment's data folder, in order."""
        self.segments.append({"data": data.name, "removed": removed})


@contextmanager
def replacing(folder: Path, facts: dict[str, Any]) -> Iterator[Draft]:
    """Give a draft to fill; on leaving, bring it into force with its manifest."""
    try:
        _make(folder)
        _refuse_foreign(folder)
        with FileLock(folder / LOCK):
            draft, done = Draft(folder, _files(folder)), ""
            try:
                yield draft
                manifest = facts | {"segments": draft.segments, "files": _checksums(draft)}
                done = sealed(manifest)
                _put_in_force(folder, done)
            except BaseException:  # Ctrl-C too must leave no half-written folder behind
                # Past the rename the new version is the store: it must stay.
                if not done or not _is_in_force(folder, done):
                    for data in draft.made:
                        shutil.rmtree(data, ignore_errors=True)
                raise
            _sweep(folder, keep={entry["data"] for entry in draft.segments})
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error


def _files(folder: Path) -> dict[str, str]:
    """Return the files of the version in force; what is no such version has none."""
    try:
        manifest = manifest_of(folder)
    except StoreError:
        return {}
    return manifest["files"] if manifest["format"] == FORMAT else {}


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Give a folder in the store's where segments are built; what is not saved goes with it.

    For who holds the `writer_lock`: what another left there when it was killed goes too.
    """
    try:
        for left in folder.glob(f"{_NEW}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = folder.resolve() / f"{_NEW}{secrets.token_hex(8)}"
        made.mkdir()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _checksums(draft: Draft) -> dict[str, str]:
    """Flush what was written, and return the sha256 of all files of the draft."""
    kept = {entry["data"] for entry in draft.segments} - {data.name for data in draft.made}
    found = {name: digest for name, digest in draft.known.items() if name.split("/")[0] in kept}
    for data in draft.made:
        for name in names_of(data):
            _fsync(data / name)
            found[f"{data.name}/{name}"] = sha256_of(data / name)
        _fsync(data)
    _fsync(draft.folder)
    return found


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Keep other writers out from opening a store to saving what came of it.

    Two writers that opened the same version would each save without the other's articles. Waits
    for another that has it, and says so. Raises StoreError if the folder cannot be written.
    """
    try:
        _make(folder)
        _refuse_foreign(folder)
        lock = FileLock(folder / WRITER_LOCK)
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            logger.warning("another process writes %s; waiting for it to end", folder)
            lock.acquire()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error
    try:
        yield
    finally:
        lock.release()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_in_force(folder: Path, manifest: str) -> None:
    aside = folder / f"{MANIFEST}.{secrets.token_hex(4)}"
    aside.write_text(manifest, encoding="ascii")
    _fsync(aside)
    aside.replace(folder / MANIFEST)
    _fsync(folder)


def _make(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)


def _is_in_force(folder: Path, manifest: str) -> bool:
    try:
        return (folder / MANIFEST).read_text("ascii") == manifest
    except (OSError, UnicodeDecodeError):
        return False


def _refuse_foreign(folder: Path) -> None:
    """Never write among somebody's own files, nor over their manifest.json."""
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file; --store names a folder")
    names = [path.name for path in folder.iterdir()]
    foreign = [n for n in names if n not in (MANIFEST, LOCK, WRITER_LOCK) and not _OWN.fullmatch(n)]
    if MANIFEST in names and not any(n.startswith(_DATA) for n in names) and not _is_ours(folder):
        foreign.append(MANIFEST)
    if foreign:
        raise StoreError(f"{folder} holds other files ({foreign[0]}); choose an empty folder")


def _is_ours(folder: Path) -> bool:
    """Tell whether the manifest is that of a store; one without articles has no data folder."""
    try:
        return set(SHAPE) <= set(manifest_of(folder))
    except StoreError:
        return False


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove versions that are no longer in force, crashed ones too."""
    for path in folder.iterdir():
        if path.name in keep or not _OWN.fullmatch(path.name) or path.name.startswith(_NEW):
            continue
        if path.name.startswith(_DATA):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
