"""The pieces of words of the bundled tokenizer, by which a text is more or less likely."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@lru_cache(maxsize=1)
def word_pieces() -> tuple[Tokenizer, list[float]]:
    """Return the tokenizer, and the log likelihood of each of its pieces (0 for the unknown)."""
    from tokenizers import Tokenizer

    source = (files("index") / "model" / "tokenizer.json").read_bytes()
    return Tokenizer.from_buffer(source), [s for _, s in json.loads(source)["model"]["vocab"]]
