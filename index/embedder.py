"""Embedder: texts to unit vectors; the embedded model read by tokenizers and numpy alone."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_REMEMBERED = 65_536
_BATCH = 1024  # texts tokenised at once; bounds the memory of a large article list


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text token by token: ``vectors`` (tokens, dim) of unit length, ``weights`` (tokens,)."""

    vectors: Matrix
    weights: Vector

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.weights):
            raise ValueError(f"{len(self.vectors)} vectors but {len(self.weights)} weights")

    @property
    def mean(self) -> Vector:
        """Give the (dim,) unit vector of the text, its tokens' mean by weight; zeros for none."""
        return _unit(self.weights @ self.vectors)


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
            self._table: npt.NDArray[np.float16] = load(weights)["embedding.weight"]
            self._tokenizer = Tokenizer.from_buffer(vocabulary)
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelError(
                f"the embedded model in {folder} cannot be read ({error}); reinstall article-qa"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # Most pieces are of other languages than a process ever meets: unpacked when first met.
        self._known = np.zeros(len(self._table), dtype=np.bool_)
        self._lengths = np.empty(len(self._table), dtype=np.float32)
        self._units = np.empty(self._table.shape, dtype=np.float32)
        # A sentence is read for many questions; its ids are a hundredth of its vectors.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._distinct)
        # Tells versions apart, not forgeries: a digest of 22 MB would take a third of the load.
        self._id = f"article-qa-static@{zlib.crc32(weights):08x}{zlib.crc32(vocabulary):08x}"

    @property
    def id(self) -> str:
        """Name the model and a checksum of its two files."""
        return self._id

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""
        return int(self._table.shape[1])

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

    def _distinct(self, text: str) -> Ids:
        return np.unique(self._ids([text])[0])

    def _ids(self, texts: Sequence[str]) -> list[Ids]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ids = [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]
        for text in ids:
            self._unpack(text)
        return ids

    def _unpack(self, ids: Ids) -> None:
        """Make float32 unit vectors of the tokens met for the first time.

        Two threads may do the same rows; they write the same values.
        """
        new = ids[~self._known[ids]]
        if len(new):
            rows = self._table[new].astype(np.float32)
            lengths = np.linalg.norm(rows, axis=1)
            self._lengths[new] = lengths
            self._units[new] = rows / lengths.clip(1e-9)[:, None]
            self._known[new] = True

    def _mean(self, ids: Ids) -> Vector:
        return _unit(self._lengths[ids] @ self._units[ids])


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def load_embedder(model: str | None = None) -> Embedder:
    """Return the embedded model, or the sentence-transformers model of a hub id or folder.

    Raises ModelError, in one line, if it cannot be loaded.
    """
    if model is None:
        return StaticEmbedder(Path(str(files("index") / "model")))
    from index.transformer import TransformerEmbedder

    return TransformerEmbedder(model)
