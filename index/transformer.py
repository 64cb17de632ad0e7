"""Embedder from any sentence-transformers model; torch is imported here and nowhere else."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedder import Matrix, TokenTable, TokenVectors, Vector
from index.errors import ModelError
from index.hub import load_local_first

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

logger = logging.getLogger(__name__)

# E5 was trained with these (Wang et al. 2022) but its configuration does not hold them.
_E5 = re.compile(r"(?:^|[-_/])e5(?:[-_]|$)", re.IGNORECASE)
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class TransformerEmbedder:
    """A sentence-transformers model with its own prompts, or E5's, and its own length limit.

    Chunks longer than the model reads are counted in a warning, not cut in silence.
    Raises ModelError, in one line naming the ways out, if the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self._model = _load(model)
        self._query_prompt, self._passage_prompt = _prompts(model, self._model.prompts)
        name = Path(model).name if Path(model).is_dir() else model
        self._id = f"{name}@{self._fingerprint()}"

    @property
    def id(self) -> str:
        """Name the model and a digest of its weights and prompts."""
        return self._id

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""
        return int(self._model.get_embedding_dimension() or 0)

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question."""
        return np.asarray(self._encode([text], self._query_prompt, progress=False)[0])

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        self._report_long(texts)
        return self._encode(list(texts), self._passage_prompt, progress=progress)

    def token_vectors(self, texts: Sequence[str]) -> TokenTable:
        """Return each text's tokens for late interaction.

        Those of a transformer's last layer weigh 1; those of a static model as much as they are
        long. Raises ModelError if the model gives no token vectors.
        """
        if hasattr(self._model[0], "embedding"):
            return TokenTable.of([self._static_tokens(text) for text in texts], self.dim)
        try:
            encoded = self._model.encode(
                list(texts), output_value="token_embeddings", convert_to_numpy=False, prompt=""
            )
        except KeyError as error:
            raise ModelError(
                f"{self._id} gives no token vectors; choose another --model"
            ) from error
        return TokenTable.of([_unit_tokens(tokens) for tokens in encoded], self.dim)

    def _static_tokens(self, text: str) -> TokenVectors:
        import torch

        static: Any = self._model[0]
        ids = static.tokenizer.encode(text, add_special_tokens=False).ids
        vectors = static.embedding.weight[torch.tensor(ids, dtype=torch.long)]
        tokens = _unit_tokens(vectors.detach())
        return TokenVectors(tokens.vectors, vectors.detach().float().norm(dim=1).cpu().numpy())

    def _encode(self, texts: list[str], prompt: str, *, progress: bool) -> Matrix:
        vectors = self._model.encode(
            texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=progress
        )
        return np.asarray(vectors, dtype=np.float32)

    def _report_long(self, texts: Sequence[str]) -> None:
        limit = self._model.max_seq_length
        if limit is None or limit == float("inf"):
            return
        tokenizer = self._model.tokenizer
        prompted = [self._passage_prompt + text for text in texts]
        lengths = [
            len(ids) for ids in tokenizer(prompted, truncation=False, verbose=False)["input_ids"]
        ]
        longer = sum(length > limit for length in lengths)
        if longer:
            logger.warning(
                "%d of %d chunks are longer than the %d tokens this model reads (the longest: %d); "
                "the rest of them is not embedded: use a smaller chunk size",
                longer, len(texts), limit, max(lengths),
            )  # fmt: skip

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(repr((self._query_prompt, self._passage_prompt)).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().float().contiguous().numpy().data)
        return digest.hexdigest()[:16]


def _load(model: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    def load(name: str, *, local: bool) -> SentenceTransformer:
        return SentenceTransformer(name, local_files_only=local)

    return load_local_first(model, load, option="--model", folder="sentence-transformers")


def _unit_tokens(tokens: Tensor) -> TokenVectors:
    vectors = tokens.float().cpu().numpy()
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
    return TokenVectors(vectors, np.ones(len(vectors), dtype=np.float32))


def _prompts(model: str, configured: dict[str, str | None]) -> tuple[str, str]:
    """Return the query and the passage prompt: the model's own, else E5's, else none."""
    if not any(configured.values()) and _E5.search(model):
        configured = dict(_E5_PROMPTS)
    query = configured.get("query") or ""
    passage = configured.get("document") or configured.get("passage") or ""
    return query, passage
