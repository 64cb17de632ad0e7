"""Embedder: texts to unit vectors; the embedded model read by tokenizers and numpy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

_REMEMBERED = 16_384
_BATCH = 1024  # texts tokenised at once; bounds the memory of a large article list


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text token by token: ``vectors`` (tokens, dim) of unit length, ``weights`` (tokens,)."""

    vectors: Matrix
    weights: Vector

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.weights):
            raise ValueError(f"{len(self.vectors)} vectors but {len(self.weights)} weights")


class Embedder(Protocol):
    """Turn text into unit vectors, so that an inner product is a cosine."""

    def __hash__(self) -> int:
        """Allow an embedder to be a key of a cache."""

    @property
    def id(self) -> str:
        """Name the model and a digest of its weights: equal ids give equal vectors."""

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question; zeros for a text without tokens."""

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""

    def token_vectors(self, texts: Sequence[str]) -> tuple[TokenVectors, ...]:
        """Return each text's tokens for late interaction."""


class StaticEmbedder:
    """A table of token vectors: a text is their mean, a token weighs as much as it is long.

    Reads a sentence-transformers folder of StaticEmbedding and Normalize, without torch.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            weights = (folder / "model.safetensors").read_bytes()
            vocabulary = (folder / "tokenizer.json").read_bytes()
            table = load(weights)["embedding.weight"].astype(np.float32)
            self._tokenizer = Tokenizer.from_buffer(vocabulary)
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelError(
                f"the embedded model in {folder} cannot be read ({error}); reinstall article-qa"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._lengths = np.linalg.norm(table, axis=1)
        self._units = table / self._lengths.clip(1e-9)[:, None]
        # A chunk is a candidate of many questions; its ids are a hundredth of its vectors.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._distinct)
        self._digest = hashlib.sha256(weights + vocabulary)

    @cached_property
    def id(self) -> str:
        """Name the model and a digest of its two files."""
        return f"article-qa-static@{self._digest.hexdigest()[:16]}"

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""
        return int(self._units.shape[1])

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question; zeros for a text without tokens."""
        return self._mean(self._ids([text])[0])

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""
        from tqdm import tqdm

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        batches = range(0, len(texts), _BATCH)
        shown = progress and len(batches) > 1
        for start in tqdm(batches, desc="embedding", unit="batch", disable=not shown):
            for row, ids in enumerate(self._ids(texts[start : start + _BATCH]), start):
                vectors[row] = self._mean(ids)
        return vectors

    def token_vectors(self, texts: Sequence[str]) -> tuple[TokenVectors, ...]:
        """Return each text's distinct tokens for late interaction."""
        remembered = map(self._remembered, texts)
        return tuple(TokenVectors(self._units[ids], self._lengths[ids]) for ids in remembered)

    def _distinct(self, text: str) -> npt.NDArray[np.int64]:
        return np.unique(np.array(self._ids([text])[0], dtype=np.int64))

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def _mean(self, ids: list[int]) -> Vector:
        total = self._lengths[ids] @ self._units[ids]
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)


def load_embedder(model: str | None = None) -> Embedder:
    """Return the embedded model, or the sentence-transformers model of a hub id or folder.

    Raises ModelError, in one line, if it cannot be loaded.
    """
    if model is None:
        return StaticEmbedder(Path(str(files("index") / "model")))
    from index.transformer import TransformerEmbedder

    return TransformerEmbedder(model)
