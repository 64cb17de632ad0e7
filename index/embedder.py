"""Embedders: texts to unit vectors. The bundled model needs tokenizers and numpy alone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.text import WordCache, fold

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_NO_IDS: Ids = np.zeros(0, dtype=np.int64)
_CACHED_WORDS = 524_288  # of about 250 bytes each
# No token contains these, however the text is normalised: they separate words.
_SEPARATORS = re.compile(r"[\s!-#&-/:-@\[-`{-~«»،؛؟“”]+")
# Latin, Cyrillic, Arabic and Chinese, where the tokenizer's normalizer and `fold` agree whatever
# version of Unicode each knows.
_FOLD_AGREES = re.compile(r"[\x00-\u024f\u0400-\u052f\u0600-\u06ff\u4e00-\u9fa5]*")
_ONE_SCRIPT = re.compile(r"[a-z]+|[\u0430-\u044f]+|[\u0621-\u063a\u0641-\u064a]+")
_BATCH = 1024  # texts between two steps of the progress bar


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
        """The (dim,) unit vector of the text: its tokens' weighted mean, zeros if it has none."""
        return _unit(self.weights @ self.vectors)


@dataclass(frozen=True, slots=True, eq=False)
class TokenTable:
    """The tokens of many texts, each vector once.

    Text i has the rows ``ids[starts[i] : starts[i + 1]]`` of ``vectors`` (rows, dim), which are
    of unit length, and of ``weights`` (rows,).
    """

    vectors: Matrix
    weights: Vector
    ids: Ids
    starts: Ids

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, text: int) -> TokenVectors:
        if not 0 <= text < len(self):
            raise IndexError(f"text {text} of {len(self)}")
        rows = self.ids[self.starts[text] : self.starts[text + 1]]
        return TokenVectors(self.vectors[rows], self.weights[rows])

    def __iter__(self) -> Iterator[TokenVectors]:
        return map(self.__getitem__, range(len(self)))

    @property
    def lengths(self) -> Ids:
        """The (texts,) numbers of tokens."""
        return np.diff(self.starts)

    @property
    def means(self) -> Matrix:
        """The (texts, dim) unit vectors: each text's weighted mean, zeros if it has no tokens."""
        found = np.zeros((len(self), self.vectors.shape[1]), dtype=np.float32)
        vectors, weights = self.vectors[self.ids], self.weights[self.ids]
        bounds = self.starts.tolist()
        for text, (first, last) in enumerate(
            pairwise(bounds)
        ):  # np.add.reduceat takes five times as long
            np.dot(weights[first:last], vectors[first:last], out=found[text])
        return np.asarray(
            found / np.linalg.norm(found, axis=1, keepdims=True).clip(1e-9), dtype=np.float32
        )

    @classmethod
    def of(cls, texts: Sequence[TokenVectors], dim: int) -> TokenTable:
        """Concatenate texts that share no tokens."""
        vectors = [np.zeros((0, dim), dtype=np.float32), *(text.vectors for text in texts)]
        weights = [np.zeros(0, dtype=np.float32), *(text.weights for text in texts)]
        starts = np.cumsum([0, *(len(text.weights) for text in texts)])
        return cls(np.concatenate(vectors), np.concatenate(weights), np.arange(starts[-1]), starts)


class Embedder(Protocol):
    """Turns texts into unit vectors, so that an inner product is a cosine."""

    def __hash__(self) -> int:
        """Return a hash, so that an embedder can be a key of a cache."""

    @property
    def id(self) -> str:
        """The model's name and a digest of its weights: equal ids give equal vectors."""

    @property
    def model(self) -> str | None:
        """What `index.models.load_embedder` loads it by: None for the bundled model."""

    @property
    def dim(self) -> int:
        """The length of the vectors."""

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question; zeros for a text without tokens."""

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""

    def token_vectors(self, texts: Sequence[str]) -> TokenTable:
        """Return the tokens of each text, for late interaction."""


class StaticEmbedder:
    """A table of token vectors; a text is the mean of its tokens, each weighted by its length.

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
                f"the bundled model in {folder} cannot be read ({error}); reinstall article-qa"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._normalizer, self._tokenizer.normalizer = self._tokenizer.normalizer, None
        self._model = self._tokenizer.model
        # Most pieces are of languages that a process never sees: each is unpacked at its first use.
        self._unpacked = np.zeros(len(self._table), dtype=np.bool_)
        self._lengths = np.empty(len(self._table), dtype=np.float32)
        self._units = np.empty(self._table.shape, dtype=np.float32)
        self._words = WordCache(self._tokenise, _CACHED_WORDS)
        # A checksum tells versions apart; sha256 would take a third of the loading time.
        self._id = f"article-qa-static@{zlib.crc32(weights):08x}{zlib.crc32(vocabulary):08x}"

    @property
    def id(self) -> str:
        """The model's name and a checksum of its two files."""
        return self._id

    @property
    def model(self) -> None:
        """None: it is the bundled model."""

    @property
    def dim(self) -> int:
        """The length of the vectors."""
        return int(self._table.shape[1])

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question; zeros for a text without tokens."""
        return self._mean(self._ids(text))

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""
        from tqdm import tqdm

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        shown = progress and len(texts) > _BATCH
        for row, text in enumerate(tqdm(texts, desc="embedding", disable=not shown)):
            vectors[row] = self._mean(self._ids(text))
        return vectors

    def token_vectors(self, texts: Sequence[str]) -> TokenTable:
        """Return the distinct tokens of each text, for late interaction."""
        split = map(_SEPARATORS.split, texts)
        every = [list(chain.from_iterable(map(self._words.__getitem__, own))) for own in split]
        size = len(self._table)
        owners = np.repeat(np.arange(len(every)), [len(own) for own in every])
        # Text and token as one number, so that one sort removes all duplicates.
        both = owners * size + np.array(list(chain.from_iterable(every)), dtype=np.int64)
        both.sort()
        owners, tokens = np.divmod(both[np.flatnonzero(np.diff(both, prepend=-1))], size)
        # np.unique would sort again.
        is_used = np.zeros(size, dtype=np.bool_)
        is_used[tokens] = True
        rows, place = np.flatnonzero(is_used), np.empty(size, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        self._unpack(rows)
        starts = np.searchsorted(owners, np.arange(len(every) + 1))
        return TokenTable(self._units[rows], self._lengths[rows], place[tokens], starts)

    def _ids(self, text: str) -> Ids:
        # The tokenizer takes 16 µs a word, and most words of an archive are in the cache.
        words = map(self._words.__getitem__, _SEPARATORS.split(text))
        ids = np.array(list(chain.from_iterable(words)), dtype=np.int64)
        self._unpack(ids)
        return ids

    def _tokenise(self, word: str) -> tuple[int, ...]:
        # The tokenizer's own normalizer takes two thirds of its time.
        agrees = _FOLD_AGREES.fullmatch(word) or self._normalizer is None
        folded = fold(word) if agrees else self._normalizer.normalize_str(word)
        if _ONE_SCRIPT.fullmatch(folded):  # its pre-tokenizer takes half of the rest
            return tuple([piece.id for piece in self._model.tokenize(f"▁{folded}")])
        return tuple(self._tokenizer.encode(folded, add_special_tokens=False).ids)

    def _unpack(self, ids: Ids) -> None:
        """Compute the float32 unit vectors of tokens at their first use.

        Two threads may unpack the same rows; they write the same values.
        """
        new = ids[~self._unpacked[ids]]
        if len(new):
            rows = self._table[new].astype(np.float32)
            lengths = np.linalg.norm(rows, axis=1)
            self._lengths[new] = lengths
            self._units[new] = rows / lengths.clip(1e-9)[:, None]
            self._unpacked[new] = True

    def _mean(self, ids: Ids) -> Vector:
        return _unit(self._lengths[ids] @ self._units[ids])


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
