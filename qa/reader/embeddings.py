"""The reader's word embeddings: 4-bit rows, mapped into memory and unpacked as they are needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

# A block is 32 weights: a float16 scale, then 16 bytes. Byte j holds weight j in its low half and
# weight j + 16 in its high half; a weight is (half - 8) * scale.
BLOCK_BYTES = 18


def unpack(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the (blocks, 32) weights of (blocks, BLOCK_BYTES)."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return (halves.astype(np.float32) - 8) * scales


class EmbeddingTable:
    """One row a token: (tokens, bytes) on disk, (tokens, dim) unpacked."""

    def __init__(self, path: Path) -> None:
        try:
            self._rows = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, EOFError, ValueError) as error:
            raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error
        if (
            self._rows.ndim != 2
            or self._rows.dtype != np.uint8
            or self._rows.shape[1] % BLOCK_BYTES
        ):
            raise ModelError(f"{path} is not a table of 4-bit rows; reinstall article-qa")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dim(self) -> int:
        """The length of a row's vector."""
        return int(self._rows.shape[1]) // BLOCK_BYTES * 32

    def look_up(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the float32 rows of the ids, in a new last axis."""
        distinct, places = np.unique(ids, return_inverse=True)
        rows = np.asarray(self._rows[distinct])
        vectors = unpack(rows.reshape(-1, BLOCK_BYTES)).reshape(len(distinct), -1)
        return np.asarray(vectors[places].reshape(*ids.shape, -1))
