"""Load an embedder by name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from index.embedder import Embedder, StaticEmbedder


def load_embedder(model: str | None = None) -> Embedder:
    """Return the bundled model, or the sentence-transformers model of a hub id or folder.

    Raises ModelError, in one line, if it cannot be loaded.
    """
    if model is None:
        return StaticEmbedder(Path(str(files("index") / "model")))
    from index.huggingface import TransformerEmbedder

    return TransformerEmbedder(model)
