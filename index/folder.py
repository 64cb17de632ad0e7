"""A folder of checksummed files that changes as a whole.

``manifest.json`` names the data folders beside it, one a segment, with the sha256 of every file in
them and of itself. A new version writes its new segments into data folders of their own, then
replaces the manifest in one atomic rename. A crash before that leaves the old version untouched.
Segments never change, so those that two versions share are written once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from index.errors import StoreDamagedError, StoreError, StoreNotFoundError

if TYPE_CHECKING:
    from typing_extensions import NotRequired

_ALIGNMENT = 64  # bytes; every array starts at a multiple
_DTYPE_KINDS = "uiU"  # integers and text: no Python objects


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays of integers or text: a line of JSON, then the bytes of each.

    Not .npy: numpy 2.4 reads its header as Python, which CPython 3.11 sometimes fails at while
    other threads do the same ("AST constructor recursion depth mismatch").
    """
    layout = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    with path.open("wb") as stream:
        stream.write(json.dumps(layout).encode("ascii") + b"\n")
        for array in arrays.values():
            stream.write(b"\0" * (-stream.tell() % _ALIGNMENT))
            stream.write(np.ascontiguousarray(array).data)


def map_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Map a file of `write_arrays` into memory, read-only; pages are read when needed.

    Raises ValueError or TypeError if the file has another form.
    """
    mapped = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
    with path.open("rb") as stream:
        layout = json.loads(stream.readline())
        at = stream.tell()
    arrays = {}
    for name, (type_name, shape) in layout.items():
        dtype = np.dtype(type_name)
        if dtype.kind not in _DTYPE_KINDS or min(shape) < 0:
            raise ValueError(f"{path.name} holds an array of {type_name} {shape}")
        at += -at % _ALIGNMENT
        end = at + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        # A view of no bytes cannot take another type.
        piece = mapped[at:end].view(dtype) if end > at else np.zeros(0, dtype=dtype)
        arrays[name] = piece.reshape(shape)
        at = end
    return arrays


MANIFEST = "manifest.json"
FORMAT = 4
DATA = re.compile(r"data-[0-9a-f]{16}")


class SegmentEntry(TypedDict):
    """A segment: the name of its data folder, and the numbers of its removed articles."""

    data: str
    removed: list[int]


class Manifest(TypedDict):
    """The content of the manifest file, without its own sha256; older ones name no model."""

    format: int
    embedder: str
    model: NotRequired[str | None]
    dim: int
    chunking: dict[str, int]
    vectors: str
    counts: dict[str, int]
    segments: list[SegmentEntry]
    files: dict[str, str]


MANIFEST_TYPES = {
    "format": int, "embedder": str, "dim": int, "chunking": dict, "vectors": str, "counts": dict,
    "segments": list, "files": dict,
}  # fmt: skip


def rebuild_hint(folder: Path) -> str:
    """Return the command that rebuilds a store."""
    return f"rebuild it with: article-qa index ARTICLE… --store {folder} --replace"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest after checking the checksum of every file that it names.

    A manifest of another format is returned unchecked. Raises StoreNotFoundError or
    StoreDamagedError.
    """
    while True:
        manifest = load_manifest(folder)
        if manifest["format"] != FORMAT:
            return manifest
        reason = _find_damage(manifest, folder)
        if reason is None:
            return manifest
        # A writer may have replaced the version between the two steps.
        if is_current(folder, manifest):
            raise StoreDamagedError(f"{folder} is damaged: {reason}; {rebuild_hint(folder)}")


def is_current(folder: Path, manifest: Manifest) -> bool:
    """Return whether the folder's manifest is still this one."""
    return load_manifest(folder) == manifest


def with_checksum(manifest: dict[str, Any]) -> str:
    """Return the manifest as JSON, with its own sha256."""
    digest = hashlib.sha256(json.dumps(manifest).encode()).hexdigest()
    return json.dumps(manifest | {"sha256": digest}, indent=1)


def load_manifest(folder: Path) -> Manifest:
    """Return the manifest, its own checksum checked.

    Raises StoreNotFoundError or StoreDamagedError.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise StoreNotFoundError(f"{folder} holds no store; {rebuild_hint(folder)}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreDamagedError(
            f"{path} cannot be read ({error}); {rebuild_hint(folder)}"
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise StoreDamagedError(f"{path} is not a store's manifest; {rebuild_hint(folder)}")
    if found["format"] == FORMAT:
        digest = found.pop("sha256", None)
        if digest != json.loads(with_checksum(found))["sha256"] or not _is_well_formed(found):
            raise StoreDamagedError(f"{path} was changed; {rebuild_hint(folder)}")
    manifest: Manifest = found  # type: ignore[assignment]  # its shape was checked just now
    return manifest


def _is_well_formed(found: dict[str, Any]) -> bool:
    typed = all(isinstance(found.get(key), kind) for key, kind in MANIFEST_TYPES.items())
    return typed and all(
        isinstance(entry, dict)
        and DATA.fullmatch(str(entry.get("data")))
        and isinstance(removed := entry.get("removed"), list)
        and all(isinstance(number, int) and number >= 0 for number in removed)
        for entry in found["segments"]
    )


def _find_damage(manifest: Manifest, folder: Path) -> str | None:
    """Return what is wrong with the data files, or None."""
    expected = manifest["files"]
    try:
        folders = [entry["data"] for entry in manifest["segments"]]
        found = [f"{data}/{name}" for data in folders for name in file_names(folder / data)]
        if missing := sorted(set(expected) - set(found)):
            return f"{missing[0]} is missing"
        if len(found) > len(expected):
            return "there are files it does not know"
        # Hashing releases the GIL: two files at once take half as long.
        with ThreadPoolExecutor(2) as pool:
            digests = pool.map(sha256_of, (folder / name for name in found))
            changed = [n for n, d in zip(found, digests, strict=True) if d != expected[n]]
        return f"{changed[0]} was changed" if changed else None
    except OSError as error:
        return f"{error.filename} cannot be read ({error.strerror})"


def file_names(data: Path) -> list[str]:
    """Return the names of the files in a data folder, sorted, relative to it."""
    found = [path for path in data.rglob("*") if not path.is_dir()]
    if odd := [path for path in found if not path.is_file()]:
        raise OSError(0, "not a regular file", str(odd[0]))
    return sorted(path.relative_to(data).as_posix() for path in found)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


logger = logging.getLogger(__name__)

_SILENT_WAIT = 1.0  # seconds to wait for another writer before logging it
LOCK, WRITER_LOCK = ".lock", ".writer.lock"
_DATA, _NEW = "data-", "new-"
# The only names that saving creates, and so the only ones that it may remove.
_OWN = re.compile(r"data-[0-9a-f]{16}|new-[0-9a-f]{16}|manifest\.json\.[0-9a-f]{8}")


@dataclass(slots=True)
class Draft:
    """A new version while it is written: the segments that it will have."""

    folder: Path
    known: dict[str, str]  # the files of the previous version, and their checksums
    segments: list[SegmentEntry] = field(default_factory=list)
    created: list[Path] = field(default_factory=list)

    def holds(self, data: Path) -> bool:
        """Return whether a data folder belongs to the previous version."""
        beside = data.parent == self.folder.resolve()
        return beside and any(name.startswith(f"{data.name}/") for name in self.known)

    def create(self) -> Path:
        """Create a data folder for a segment that is not in this folder yet."""
        data = self._unused_name()
        data.mkdir()
        self.created.append(data)
        return data

    def adopt(self, built: Path) -> Path | None:
        """Make a data folder of one in the `scratch_folder`; return None for any other folder."""
        if built.parent.parent != self.folder.resolve() or not built.parent.name.startswith(_NEW):
            return None
        data = built.rename(self._unused_name())
        self.created.append(data)
        return data

    def _unused_name(self) -> Path:
        return self.folder.resolve() / f"{_DATA}{secrets.token_hex(8)}"

    def append(self, data: Path, removed: list[int]) -> None:
        """Append a segment to the new version."""
        self.segments.append({"data": data.name, "removed": removed})


@contextmanager
def replace_version(folder: Path, facts: dict[str, Any]) -> Iterator[Draft]:
    """Yield a draft to fill; commit it on leaving, or leave no trace after an exception."""
    try:
        _create(folder)
        _refuse_foreign_files(folder)
        with FileLock(folder / LOCK):
            draft, committed = Draft(folder, _current_files(folder)), ""
            try:
                yield draft
                manifest = facts | {"segments": draft.segments, "files": _checksums(draft)}
                committed = with_checksum(manifest)
                _commit(folder, committed)
            except BaseException:  # Ctrl-C too must leave no half-written folder behind
                # After the rename the new version is the store and must stay.
                if not committed or not _is_committed(folder, committed):
                    for data in draft.created:
                        shutil.rmtree(data, ignore_errors=True)
                raise
            _remove_old_versions(folder, keep={entry["data"] for entry in draft.segments})
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error


def _current_files(folder: Path) -> dict[str, str]:
    """Return the files of the current version, none if there is no valid one."""
    try:
        manifest = load_manifest(folder)
    except StoreError:
        return {}
    return manifest["files"] if manifest["format"] == FORMAT else {}


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder inside the store's to build segments in, and remove it at the end.

    Hold the `writer_lock`: the scratch folders of writers that were killed are removed, too.
    """
    try:
        for left in folder.glob(f"{_NEW}*"):
            shutil.rmtree(left, ignore_errors=True)
        scratch = folder.resolve() / f"{_NEW}{secrets.token_hex(8)}"
        scratch.mkdir()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror or error})") from error
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _checksums(draft: Draft) -> dict[str, str]:
    """Flush the new files to disk, and return the sha256 of all files of the draft."""
    kept = {entry["data"] for entry in draft.segments} - {data.name for data in draft.created}
    found = {name: digest for name, digest in draft.known.items() if name.split("/")[0] in kept}
    for data in draft.created:
        for name in file_names(data):
            _fsync(data / name)
            found[f"{data.name}/{name}"] = sha256_of(data / name)
        _fsync(data)
    _fsync(draft.folder)
    return found


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Keep other writers out while a store is opened, changed and saved.

    Two writers that opened the same version would each save without the other's articles. Waits
    for the other writer, and logs that it waits. Raises StoreError if the folder cannot be written.
    """
    try:
        _create(folder)
        _refuse_foreign_files(folder)
        lock = FileLock(folder / WRITER_LOCK)
        try:
            lock.acquire(timeout=_SILENT_WAIT)
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


def _commit(folder: Path, manifest: str) -> None:
    """Replace the manifest in one atomic step."""
    aside = folder / f"{MANIFEST}.{secrets.token_hex(4)}"
    aside.write_text(manifest, encoding="ascii")
    _fsync(aside)
    aside.replace(folder / MANIFEST)
    _fsync(folder)


def _create(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)


def _is_committed(folder: Path, manifest: str) -> bool:
    try:
        return (folder / MANIFEST).read_text("ascii") == manifest
    except (OSError, UnicodeDecodeError):
        return False


def _refuse_foreign_files(folder: Path) -> None:
    """Raise StoreError if the folder holds anything that saving a store does not make."""
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file; --store names a folder")
    names = [path.name for path in folder.iterdir()]
    foreign = [n for n in names if n not in (MANIFEST, LOCK, WRITER_LOCK) and not _OWN.fullmatch(n)]
    if MANIFEST in names and not any(n.startswith(_DATA) for n in names) and not _is_ours(folder):
        foreign.append(MANIFEST)
    if foreign:
        raise StoreError(f"{folder} holds other files ({foreign[0]}); choose an empty folder")


def _is_ours(folder: Path) -> bool:
    """Return whether the manifest is a store's; one without articles has no data folder."""
    try:
        return set(MANIFEST_TYPES) <= set(load_manifest(folder))
    except StoreError:
        return False


def _remove_old_versions(folder: Path, keep: set[str]) -> None:
    """Remove the data folders and manifests of previous and unfinished versions."""
    for path in folder.iterdir():
        if path.name in keep or not _OWN.fullmatch(path.name) or path.name.startswith(_NEW):
            continue
        if path.name.startswith(_DATA):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
