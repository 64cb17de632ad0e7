"""The manifest of a store's folder: what is in it, and the sha256 of every file and of itself."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypedDict

from index.errors import StoreDamaged, StoreMissing

MANIFEST = "manifest.json"
FORMAT = 4
DATA = re.compile(r"data-[0-9a-f]{16}")


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


SHAPE = {
    "format": int, "embedder": str, "dim": int, "chunking": dict, "vectors": str, "counts": dict,
    "segments": list, "files": dict,
}  # fmt: skip


def rebuild(folder: Path) -> str:
    """Say the command that makes a store anew."""
    return f"make it anew with: article-qa index ARTICLE… --store {folder} --replace"


def read(folder: Path) -> Manifest:
    """Return the manifest, every file that it names checked.

    A manifest of another format is returned as it is. Raises StoreMissing or StoreDamaged.
    """
    while True:
        manifest = manifest_of(folder)
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
    return manifest_of(folder) == manifest


def sealed(manifest: dict[str, Any]) -> str:
    """Return the manifest's JSON with its own sha256."""
    digest = hashlib.sha256(json.dumps(manifest).encode()).hexdigest()
    return json.dumps(manifest | {"sha256": digest}, indent=1)


def manifest_of(folder: Path) -> Manifest:
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
        if digest != json.loads(sealed(found))["sha256"] or not _is_whole(found):
            raise StoreDamaged(f"{path} was changed; {rebuild(folder)}")
    manifest: Manifest = found  # type: ignore[assignment]  # its shape was checked just now
    return manifest


def _is_whole(found: dict[str, Any]) -> bool:
    whole = all(isinstance(found.get(key), kind) for key, kind in SHAPE.items())
    return whole and all(
        isinstance(entry, dict)
        and DATA.fullmatch(str(entry.get("data")))
        and isinstance(removed := entry.get("removed"), list)
        and all(isinstance(number, int) and number >= 0 for number in removed)
        for entry in found["segments"]
    )


def _damage(manifest: Manifest, folder: Path) -> str | None:
    """Return what is wrong with the data files, or None."""
    expected = manifest["files"]
    try:
        folders = [entry["data"] for entry in manifest["segments"]]
        found = [f"{data}/{name}" for data in folders for name in names_of(folder / data)]
        if missing := sorted(set(expected) - set(found)):
            return f"{missing[0]} is missing"
        if len(found) > len(expected):
            return "there are files it does not know"
        # Hashing lets go of the interpreter: two files at once take half as long.
        with ThreadPoolExecutor(2) as pool:
            digests = pool.map(sha256_of, (folder / name for name in found))
            changed = [n for n, d in zip(found, digests, strict=True) if d != expected[n]]
        return f"{changed[0]} was changed" if changed else None
    except OSError as error:
        return f"{error.filename} cannot be read ({error.strerror})"


def names_of(data: Path) -> list[str]:
    found = [path for path in data.rglob("*") if not path.is_dir()]
    if odd := [path for path in found if not path.is_file()]:
        raise OSError(0, "not a regular file", str(odd[0]))
    return sorted(path.relative_to(data).as_posix() for path in found)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
