"""The vectors of a segment, in FAISS: exact in float32 or float16, or shortlisted by codes.

Measured by `benchmarks/scale.py`; see docs/scale.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Matrix, Vector

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

VectorFormat = Literal["flat", "half", "codes"]
VECTOR_FORMATS: tuple[VectorFormat, ...] = get_args(VectorFormat)
# The formats from these numbers of vectors on, where none is chosen.
HALF, CODES = 4096, 32_768
_TRAINING_SAMPLE = 16_384  # vectors; enough for the sixteen centroids of each code
_SHORTLIST, _SHORTEST = 10, 2000  # vectors shortlisted by codes for each result, and at least
_FILES = ("vectors.faiss", "codes.faiss")


def default_format(count: int) -> VectorFormat:
    """Return the format of so many vectors where none is chosen."""
    return "codes" if count >= CODES else "half" if count >= HALF else "flat"


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Unit vectors by row; ``exact`` holds all of them, ``codes`` (or None) shortlists."""

    exact: faiss.IndexFlat | faiss.IndexScalarQuantizer
    codes: faiss.IndexPQFastScan | None

    @classmethod
    def build(cls, matrix: Matrix, vector_format: VectorFormat | None = None) -> Vectors:
        """Index (rows, dim) unit vectors; by default the format depends on their number."""
        count, dim = matrix.shape
        vector_format = vector_format or default_format(count)
        matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        exact = faiss.IndexFlatIP(dim) if vector_format == "flat" else _half(dim)
        exact.add(matrix)
        return cls(exact, _codes(matrix) if vector_format == "codes" else None)

    @property
    def format(self) -> VectorFormat:
        """How the vectors are kept."""
        if self.codes is not None:
            return "codes"
        return "flat" if isinstance(self.exact, faiss.IndexFlat) else "half"

    def __len__(self) -> int:
        return int(self.exact.ntotal)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self.exact.d)

    def rows(self, rows: Rows) -> Matrix:
        """Return the vectors of these rows."""
        if not len(rows):
            return np.zeros((0, self.dim), dtype=np.float32)
        found = self.exact.reconstruct_batch(np.ascontiguousarray(rows, dtype=np.int64))
        return np.asarray(found, dtype=np.float32)

    def search(
        self, vector: Vector, k: int, live: Mask | None, share: float = 1.0
    ) -> tuple[Rows, Scores]:
        """Return rows and cosines, unordered, of the k nearest live vectors and ties with the last.

        Exact except for codes, whose shortlist is scaled by ``share``: of all the vectors that are
        searched, the part that is in this segment.
        """
        count = len(self) if live is None else int(live.sum())
        k = min(k, count)
        if k < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32)[None, :]
        if self.codes is not None and 2 * count >= len(self):
            wanted = max(k * _SHORTLIST, _SHORTEST) * share
            shortlist = min(len(self), max(k, round(wanted)))
            _, found = self.codes.search(query, shortlist)
            return self._nearest_of(np.sort(found[0][found[0] >= 0]), query, k, live)
        return self._exactly(query, k, count, live)

    def _nearest_of(
        self, rows: Rows, query: Matrix, k: int, live: Mask | None
    ) -> tuple[Rows, Scores]:
        if live is not None:
            rows = rows[live[rows]]
        scores = np.asarray(self.rows(rows) @ query[0], dtype=np.float32)
        if len(rows) > k:
            best = np.argpartition(-scores, k - 1)[:k]
            rows, scores = rows[best], scores[best]
        return rows, scores

    def _exactly(self, query: Matrix, k: int, count: int, live: Mask | None) -> tuple[Rows, Scores]:
        # FAISS's type stubs lack the constructors that take arrays.
        python: Any = faiss
        chosen = None
        if live is not None:
            bits = np.packbits(live, bitorder="little")
            chosen = python.SearchParameters(sel=python.IDSelectorBitmap(bits))
        wanted = k
        while True:
            scores, rows = self.exact.search(query, wanted, params=chosen)
            # Rows that tie with the last may lie beyond it: fetch until the tie is broken.
            if wanted == count or scores[0, k - 1] > scores[0, -1]:
                return rows[0].astype(np.int64), scores[0]
            wanted = min(count, wanted * 2)

    def save(self, folder: Path) -> None:
        """Write the vectors into the folder."""
        for name, index in zip(_FILES, (self.exact, self.codes), strict=True):
            if index is not None:
                (folder / name).write_bytes(faiss.serialize_index(index).tobytes())

    @classmethod
    def open(cls, folder: Path) -> Vectors:
        """Map the files of `save` into memory; codes are read."""
        exact = faiss.read_index(str(folder / _FILES[0]), faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(exact, (faiss.IndexFlat, faiss.IndexScalarQuantizer)):
            raise ValueError(f"{_FILES[0]} holds a {type(exact).__name__}")
        path = folder / _FILES[1]
        if not path.exists():
            return cls(exact, None)
        codes = faiss.read_index(str(path))
        if not isinstance(codes, faiss.IndexPQFastScan) or codes.ntotal != exact.ntotal:
            raise ValueError(f"{_FILES[1]} holds a {type(codes).__name__} of {codes.ntotal}")
        return cls(exact, codes)


def _half(dim: int) -> faiss.IndexScalarQuantizer:
    quantizer = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dim, quantizer, faiss.METRIC_INNER_PRODUCT)


def _codes(matrix: Matrix) -> faiss.IndexPQFastScan | None:
    """Return product codes of four bits for each two dimensions (André et al. 2017)."""
    count, dim = matrix.shape
    if dim % 2 or count < 624:  # FAISS wants 39 vectors a centroid
        return None
    codes = faiss.IndexPQFastScan(dim, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
    step = -(-count // _TRAINING_SAMPLE)
    codes.train(np.ascontiguousarray(matrix[::step]))
    codes.add(matrix)
    return codes
