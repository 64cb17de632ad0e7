"""A folder of checksummed files that changes as a whole.

``manifest.json`` names the data folders beside it, one a segment, and the sha256 of every file in
there and of itself. What is new is written into data folders of its own; replacing the manifest,
one atomic rename, is the moment it comes into force. A crash before that leaves the old version
as it was. Segments never change: what a new version shares with the old one is not written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from filelock import FileLock

from index.errors import StoreDamaged, StoreError, StoreMissing

MANIFEST = "manifest.json"
FORMAT = 3
LOCK, WRITER_LOCK = ".lock", ".writer.lock"
_DATA = "data-"
# The only names that saving makes, and so the only ones that it may remove.
_OWN = re.compile(r"data-[0-9a-f]{16}|manifest\.json\.[0-9a-f]{8}")


class Entry(TypedDict):
    """A segment: its data folder, and the numbers of its articles that were removed."""

    data: str
    removed: list[int]


class Manifest(TypedDict):
    """What the manifest file holds, beside its own sha256."""

    format: int
    embedder: str
    dim: int
    chunking: dict[str, int]
    vectors: str
    counts: dict[str, int]
    segments: list[Entry]
    files: dict[str, str]


_SHAPE = {
    "format": int, "embedder": str, "dim": int, "chunking": dict, "vectors": str, "counts": dict,
    "segments": list, "files": dict,
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A new version in the making: the segments that it will have."""

    folder: Path
    segments: list[Entry] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)

    def new(self) -> Path:
        """Make a data folder for a segment that is not in this folder yet."""
        data = self.folder / f"{_DATA}{secrets.token_hex(8)}"
        data.mkdir()
        self.made.append(data)
        return data

    def put(self, data: Path, removed: list[int]) -> None:
        """Name a segment's data folder, in order."""
        self.segments.append({"data": data.name, "removed": removed})


def rebuild(folder: Path) -> str:
    """Say the command that makes a store anew."""
    return f"make it anew with: article-qa index ARTICLE… --store {folder} --replace"


@contextmanager
def replacing(folder: Path, facts: dict[str, Any]) -> Iterator[Draft]:
    """Give a draft to fill; on leaving, bring it into force with its manifest."""
    try:
        _make(folder)
        _refuse_foreign(folder)
        with FileLock(folder / LOCK):
            draft, done = Draft(folder), ""
            try:
                yield draft
                manifest = facts | {"segments": draft.segments, "files": _checksums(draft)}
                done = _sealed(manifest)
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


def _checksums(draft: Draft) -> dict[str, str]:
    """Flush what was written, and return the sha256 of all files of the draft."""
    kept = {entry["data"] for entry in draft.segments} - {data.name for data in draft.made}
    known = _manifest(draft.folder)["files"] if kept else {}
    found = {name: digest for name, digest in known.items() if name.split("/")[0] in kept}
    for data in draft.made:
        for name in _names(data):
            _fsync(data / name)
            found[f"{data.name}/{name}"] = _sha256(data / name)
        _fsync(data)
    _fsync(draft.folder)
    return found


def read(folder: Path) -> Manifest:
    """Return the manifest, every file that it names checked.

    A manifest of another format is returned as it is. Raises StoreMissing or StoreDamaged.
    """
    while True:
        manifest = _manifest(folder)
        if manifest["format"] != FORMAT:
            return manifest
        reason = _damage(manifest, folder)
        if reason is None:
            return manifest
        # A writer may have replaced the version between the two steps.
        if in_force(folder, manifest):
            raise StoreDamaged(f"{folder} is damaged: {reason}; {rebuild(folder)}")


def in_force(folder: Path, manifest: Manifest) -> bool:
    """Tell whether the folder's manifest is still this one."""
    return _manifest(folder) == manifest


def writer_lock(folder: Path) -> FileLock:
    """Return the lock to hold from opening a store to saving what came of it.

    Two writers that opened the same version would each save without the other's articles.
    """
    try:
        _make(folder)
        _refuse_foreign(folder)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error
    return FileLock(folder / WRITER_LOCK)


def _sealed(manifest: dict[str, Any]) -> str:
    """Return the manifest's JSON with its own sha256."""
    digest = hashlib.sha256(json.dumps(manifest).encode()).hexdigest()
    return json.dumps(manifest | {"sha256": digest}, indent=1)


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise StoreMissing(f"{folder} holds no store; {rebuild(folder)}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreDamaged(f"{path} cannot be read ({error}); {rebuild(folder)}") from error
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise StoreDamaged(f"{path} is not a store's manifest; {rebuild(folder)}")
    if found["format"] == FORMAT:
        digest = found.pop("sha256", None)
        if digest != json.loads(_sealed(found))["sha256"] or not _is_whole(found):
            raise StoreDamaged(f"{path} was changed; {rebuild(folder)}")
    manifest: Manifest = found  # type: ignore[assignment]  # its shape was checked just now
    return manifest


def _is_whole(found: dict[str, Any]) -> bool:
    whole = all(isinstance(found.get(key), kind) for key, kind in _SHAPE.items())
    return whole and all(
        isinstance(entry, dict) and _OWN.fullmatch(str(entry.get("data")))
        for entry in found["segments"]
    )


def _damage(manifest: Manifest, folder: Path) -> str | None:
    """Return what is wrong with the data files, or None."""
    expected = manifest["files"]
    try:
        folders = [entry["data"] for entry in manifest["segments"]]
        found = [f"{data}/{name}" for data in folders for name in _names(folder / data)]
        if missing := sorted(set(expected) - set(found)):
            return f"{missing[0]} is missing"
        if len(found) > len(expected):
            return "there are files it does not know"
        # Hashing lets go of the interpreter: two files at once take half as long.
        with ThreadPoolExecutor(2) as pool:
            digests = pool.map(_sha256, (folder / name for name in found))
            changed = [n for n, d in zip(found, digests, strict=True) if d != expected[n]]
        return f"{changed[0]} was changed" if changed else None
    except OSError as error:
        return f"{error.filename} cannot be read ({error.strerror})"


def _names(data: Path) -> list[str]:
    found = [path for path in data.rglob("*") if not path.is_dir()]
    if odd := [path for path in found if not path.is_file()]:
        raise OSError(0, "not a regular file", str(odd[0]))
    return sorted(path.relative_to(data).as_posix() for path in found)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


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
        return set(_SHAPE) <= set(_manifest(folder))
    except StoreError:
        return False


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove versions that are no longer in force, crashed ones too."""
    for path in folder.iterdir():
        if path.name in keep or not _OWN.fullmatch(path.name):
            continue
        if path.name.startswith(_DATA):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
