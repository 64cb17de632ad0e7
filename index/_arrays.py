"""Named arrays in one file that is mapped into memory: a line of JSON, then the bytes of each.

Not .npy: numpy 2.4 reads its header as Python, in which CPython 3.11 fails now and then while
other threads do the same ("AST constructor recursion depth mismatch").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGNED = 64  # bytes; every array starts at a multiple
_KINDS = "uiU"  # plain numbers and text: no Python objects


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays of whole numbers or text."""
    layout = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
    with path.open("wb") as stream:
        stream.write(json.dumps(layout).encode("ascii") + b"\n")
        for array in arrays.values():
            stream.write(b"\0" * (-stream.tell() % _ALIGNED))
            stream.write(np.ascontiguousarray(array).data)


def map_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Map what `write_arrays` wrote, read-only; nothing is read before it is needed.

    Raises ValueError or TypeError if the file is not of this form.
    """
    mapped = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
    with path.open("rb") as stream:
        layout = json.loads(stream.readline())
        at = stream.tell()
    arrays = {}
    for name, (kind, shape) in layout.items():
        dtype = np.dtype(kind)
        if dtype.kind not in _KINDS or min(shape) < 0:
            raise ValueError(f"{path.name} holds an array of {kind} {shape}")
        at += -at % _ALIGNED
        end = at + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        # A view of no bytes cannot take another type.
        piece = mapped[at:end].view(dtype) if end > at else np.zeros(0, dtype=dtype)
        arrays[name] = piece.reshape(shape)
        at = end
    return arrays
