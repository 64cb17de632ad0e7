"""A folder of checksummed files that changes as a whole.

``manifest.json`` names the data folder beside it and the sha256 of every file in there. A new
version is written into a data folder of its own; replacing the manifest, one atomic rename,
is the moment it comes into force. A crash before that leaves the old version as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

from filelock import FileLock

from index.errors import StoreDamaged, StoreError, StoreMissing

MANIFEST = "manifest.json"
LOCK, WRITER_LOCK = ".lock", ".writer.lock"
_DATA = "data-"
# The only names that saving makes, and so the only ones that it may remove.
_OWN = re.compile(r"data-[0-9a-f]{16}|manifest\.json\.[0-9a-f]{8}")


class Manifest(TypedDict):
    """What the manifest file holds."""

    format: int
    embedder: str
    dim: int
    chunking: dict[str, int]
    counts: dict[str, int]
    data: str
    files: dict[str, str]


def rebuild(folder: Path) -> str:
    """Say the command that makes a store anew."""
    return f"make it anew with: article-qa index ARTICLE… --store {folder} --replace"


@contextmanager
def replacing(folder: Path, facts: dict[str, Any]) -> Iterator[Path]:
    """Give a new data folder to fill; on leaving, bring it into force with its manifest."""
    try:
        _make(folder)
        _refuse_foreign(folder)
        with FileLock(folder / LOCK):
            data = folder / f"{_DATA}{secrets.token_hex(8)}"
            data.mkdir()
            try:
                yield data
                checksums = {name: _flush(data / name) for name in _names(data)}
                for inner in (*filter(Path.is_dir, data.rglob("*")), data, folder):
                    _fsync(inner)
                manifest = facts | {"data": data.name, "files": checksums}
                _put_in_force(folder, json.dumps(manifest, indent=1))
            except BaseException:  # Ctrl-C too must leave no half-written folder behind
                # Past the rename the new version is the store: it must stay.
                if not _is_in_force(folder, data):
                    shutil.rmtree(data, ignore_errors=True)
                raise
            _sweep(folder, keep=data.name)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error


def read(folder: Path) -> tuple[Manifest, Path]:
    """Return the manifest and the data folder, every file of it checked.

    Raises StoreMissing or StoreDamaged.
    """
    while True:
        manifest = _manifest(folder)
        data = folder / manifest["data"]
        reason = _damage(manifest, data)
        if reason is None:
            return manifest, data
        # A writer may have replaced the version between the two steps.
        if in_force(folder, data):
            raise StoreDamaged(f"{folder} is damaged: {reason}; {rebuild(folder)}")


def in_force(folder: Path, data: Path) -> bool:
    """Tell whether the manifest still names this data folder."""
    return _manifest(folder)["data"] == data.name


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


def write_rows(path: Path, rows: Iterable[object]) -> None:
    """Write one JSON value a line."""
    with path.open("w", encoding="ascii") as stream:
        for row in rows:
            stream.write(json.dumps(row) + "\n")


def read_rows(path: Path) -> Iterator[Any]:
    """Read what `write_rows` wrote."""
    with path.open(encoding="ascii") as stream:
        for line in stream:
            yield json.loads(line)


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise StoreMissing(f"{folder} holds no store; {rebuild(folder)}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreDamaged(f"{path} cannot be read ({error}); {rebuild(folder)}") from error
    shape = {"format": int, "embedder": str, "dim": int, "data": str, "files": dict}
    whole = isinstance(found, dict) and all(
        isinstance(found.get(key), kind) for key, kind in shape.items()
    )
    if (
        not whole
        or not found["data"].startswith(_DATA)
        or Path(found["data"]).name != found["data"]
    ):
        raise StoreDamaged(f"{path} is not a store's manifest; {rebuild(folder)}")
    manifest: Manifest = found
    return manifest


def _damage(manifest: Manifest, data: Path) -> str | None:
    """Return what is wrong with the data files, or None."""
    expected = manifest["files"]
    try:
        found = _names(data)
        if missing := sorted(set(expected) - set(found)):
            return f"{missing[0]} is missing"
        if len(found) > len(expected):
            return "there are files it does not know"
        changed = [name for name in found if _sha256(data / name) != expected[name]]
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


def _flush(path: Path) -> str:
    _fsync(path)
    return _sha256(path)


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


def _is_in_force(folder: Path, data: Path) -> bool:
    try:
        return in_force(folder, data)
    except StoreError:
        return False


def _refuse_foreign(folder: Path) -> None:
    """Never write among somebody's own files, nor over their manifest.json."""
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file; --store names a folder")
    names = [path.name for path in folder.iterdir()]
    foreign = [n for n in names if n not in (MANIFEST, LOCK, WRITER_LOCK) and not _OWN.fullmatch(n)]
    if MANIFEST in names and not any(n.startswith(_DATA) for n in names):
        foreign.append(MANIFEST)
    if foreign:
        raise StoreError(f"{folder} holds other files ({foreign[0]}); choose an empty folder")


def _sweep(folder: Path, keep: str) -> None:
    """Remove versions that are no longer in force, crashed ones too."""
    for path in folder.iterdir():
        if path.name == keep or not _OWN.fullmatch(path.name):
            continue
        if path.name.startswith(_DATA):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
