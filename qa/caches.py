"""Caches of texts, to be emptied when articles are removed; `ui.chat` caches answers."""

from __future__ import annotations

from qa.matching import forget_words
from qa.reader.network import forget_passages


def forget_texts() -> None:
    """Empty the caches of readers that hold texts of articles."""
    forget_words()
    forget_passages()
