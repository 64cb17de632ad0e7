"""A store's way into a folder and out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index._folder import replacing
from index._manifest import FORMAT, Manifest, in_force, rebuild
from index._manifest import read as read_manifest
from index._readers import BROKEN
from index.chunker import Chunking
from index.errors import StoreDamaged, StoreMismatch
from index.parts import Part
from index.segment import Segment
from index.vectors import KINDS, Kind

if TYPE_CHECKING:
    from index.store import Store

Parts = tuple[Part, ...]


def write(store: Store, folder: Path) -> Parts:
    """Write what the folder does not have of a store; return its parts as they lie there."""
    facts = {
        "format": FORMAT,
        "embedder": store.embedder_id,
        "dim": store.dim,
        "chunking": {"size": store.chunking.size, "joined": store.chunking.joined},
        "vectors": store.kind or "auto",
        "counts": _counts(store.parts),
    }
    saved = []
    with replacing(folder, facts) as draft:
        for part in store.parts:
            data, segment = part.segment.put(draft)
            draft.put(data, part.removed)
            saved.append(Part(segment, part.live))
    return tuple(saved)


class Saved(NamedTuple):
    """What a folder holds: the fields of a store."""

    parts: Parts
    embedder_id: str
    dim: int
    chunking: Chunking
    kind: Kind | None


def read(folder: Path, embedder_id: str | None) -> Saved:
    """Return what the folder holds, its parts mapped into memory.

    Raises StoreMissing, StoreDamaged or StoreMismatch.
    """
    while True:
        manifest = read_manifest(folder)
        try:
            return _opened(folder, manifest, embedder_id)
        except StoreDamaged:
            # A writer may have swept this version away while it was read.
            if in_force(folder, manifest):
                raise


def _opened(folder: Path, manifest: Manifest, embedder_id: str | None) -> Saved:
    if manifest["format"] != FORMAT:
        raise StoreMismatch(
            f"{folder} is a store of format {manifest['format']}, this version reads {FORMAT}; "
            f"{rebuild(folder)}"
        )
    if embedder_id is not None:
        check_embedder(manifest["embedder"], embedder_id, str(folder))
    try:
        parts = tuple(
            Part.of(Segment.open(folder / entry["data"]), entry["removed"])
            for entry in manifest["segments"]
        )
        _check(parts, manifest)
        chunking = Chunking(**manifest["chunking"])
    except BROKEN as error:
        raise StoreDamaged(
            f"{folder} does not hold what its manifest says ({error}); {rebuild(folder)}"
        ) from error
    kind = next((kind for kind in KINDS if kind == manifest["vectors"]), None)
    return Saved(parts, manifest["embedder"], manifest["dim"], chunking, kind)


def _check(parts: Parts, manifest: Manifest) -> None:
    counts, dims = _counts(parts), {part.segment.vectors.dim for part in parts}
    if counts != manifest["counts"] or dims - {manifest["dim"]}:
        raise ValueError(f"{counts} of {sorted(dims)}, not {manifest['counts']}")


def _counts(parts: Parts) -> dict[str, int]:
    return {
        "articles": sum(len(part.articles) for part in parts),
        "chunks": sum(len(part.rows) for part in parts),
    }


ANEW = "make it anew with: article-qa index ARTICLE… --store DIR --replace"


def check_embedder(made_with: str, given: str, name: str, remedy: str = ANEW) -> None:
    """Raise StoreMismatch if what was made with one embedder is to be used with another."""
    if made_with != given:
        raise StoreMismatch(
            f"{name} was made with {made_with}, not {given}: give the same --model, or {remedy}"
        )
