"""Any sentence-transformers model, by hub id or folder.

torch and sentence-transformers are imported here and nowhere else in this package.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

import numpy as np

from index.embedder import Matrix, TokenTable, TokenVectors, Vector
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor


Model = TypeVar("Model", covariant=True)


class Load(Protocol[Model]):
    """A function that loads a model by its name; ``local`` forbids the network."""

    def __call__(self, name: str, *, local: bool) -> Model:
        """Return the model."""


def load_local_first(model: str, load: Load[Model], *, option: str, folder: str) -> Model:
    """Load a model by hub id or folder: from disk if it is there whole, else from the hub.

    ``option`` is the command's option that named it, ``folder`` the kind of folder it needs.
    Raises ModelError, in one line that names what to do.
    """
    path = Path(os.path.expanduser(model))  # noqa: PTH111  # Path's raises for an unknown user
    if model.startswith((".", "/", "~")) and not path.is_dir():
        raise ModelError(f"the model folder {model} does not exist; check {option}")
    expected = _load_errors()
    try:
        return load(str(path) if path.is_dir() else model, local=True)
    except expected as error:
        reason = _first_line(error)
    if path.is_dir():
        hint = f"give {option} a whole {folder} folder"
        raise ModelError(f"the model folder {model} cannot be loaded ({reason}); {hint}")
    hint = f"check {option}, or give it the folder of a downloaded model, or leave it out"
    if os.environ.get("HF_HUB_OFFLINE") == "1" or not _hub_answers():
        raise ModelError(f"the model {model!r} is not on this machine and there is no hub; {hint}")
    try:
        return load(model, local=False)
    except expected as error:
        reason = _first_line(error)
        raise ModelError(f"the model {model!r} cannot be loaded ({reason}); {hint}") from error


def _load_errors() -> tuple[type[Exception], ...]:
    """Return what the libraries raise for a folder that is damaged or holds something else."""
    import struct

    from huggingface_hub.errors import HfHubHTTPError, StrictDataclassError
    from safetensors import SafetensorError

    damaged = (TypeError, AttributeError, LookupError, RecursionError, struct.error)
    return (
        OSError, ValueError, RuntimeError, SafetensorError, HfHubHTTPError,
        StrictDataclassError, *damaged,
    )  # fmt: skip


def _hub_answers() -> bool:
    """Return whether the hub can be reached; its client would retry for over a minute."""
    from urllib.request import getproxies

    from huggingface_hub.constants import ENDPOINT

    address = urlsplit(ENDPOINT)
    if address.scheme in getproxies():
        return True  # only the proxy can tell
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), timeout=5).close()
    except OSError:
        return False
    return True


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")


logger = logging.getLogger(__name__)

# E5 was trained with these (Wang et al. 2022), but they are missing in its configuration.
_E5 = re.compile(r"(?:^|[-_/])e5(?:[-_]|$)", re.IGNORECASE)
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class TransformerEmbedder:
    """A sentence-transformers model with its own prompts, or E5's, and its own length limit.

    Logs a warning with the number of chunks that are longer than the model reads.
    Raises ModelError, in one line that names what to do, if the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self._model = _load(model)
        self._query_prompt, self._passage_prompt = _prompts(model, self._model.prompts)
        is_folder = Path(model).is_dir()
        name = Path(model).name if is_folder else model
        self._name = str(Path(model).resolve()) if is_folder else model
        self._id = f"{name}@{self._fingerprint()}"

    @property
    def id(self) -> str:
        """The model's name and a digest of its weights and prompts."""
        return self._id

    @property
    def model(self) -> str:
        """The hub id, or the folder's absolute path."""
        return self._name

    @property
    def dim(self) -> int:
        """The length of the vectors."""
        return int(self._model.get_embedding_dimension() or 0)

    def embed_query(self, text: str) -> Vector:
        """Return the (dim,) unit vector of a question."""
        return np.asarray(self._encode([text], self._query_prompt, progress=False)[0])

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        """Return the (texts, dim) unit vectors; ``progress`` shows a bar on stderr."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        self._warn_of_long(texts)
        return self._encode(list(texts), self._passage_prompt, progress=progress)

    def token_vectors(self, texts: Sequence[str]) -> TokenTable:
        """Return the tokens of each text, for late interaction.

        Tokens of a transformer's last layer weigh 1, those of a static model as much as they are
        long. Raises ModelError if the model has no token vectors.
        """
        if hasattr(self._model[0], "embedding"):
            return TokenTable.of([self._static_tokens(text) for text in texts], self.dim)
        try:
            encoded = self._model.encode(
                list(texts), output_value="token_embeddings", convert_to_numpy=False, prompt=""
            )
        except KeyError as error:
            raise ModelError(f"{self._id} has no token vectors; choose another --model") from error
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

    def _warn_of_long(self, texts: Sequence[str]) -> None:
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
    def load(name: str, *, local: bool) -> SentenceTransformer:
        from sentence_transformers import (
            SentenceTransformer,
        )  # takes seconds; a wrong folder is reported first

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
