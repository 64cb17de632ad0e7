"""Exact match and F1 of answer spans, as SQuAD counts them, normalised by language as MLQA does.

Rajpurkar et al. 2016; Lewis et al. 2020 (lower case, no punctuation, no articles; Chinese counted
by character).
"""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

import regex

_ARTICLES = {
    "ar": regex.compile(r"ال"),
    "de": regex.compile(r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "en": regex.compile(r"\b(?:a|an|the)\b"),
    "es": regex.compile(r"\b(?:un|una|unos|unas|el|la|los|las)\b"),
}
_HAN = regex.compile(r"(\p{Han})")


def exact_match(answer: str, golds: Sequence[str], language: str) -> float:
    """Return 1 if the answer is one of the golds after normalising, else 0."""
    words = normalised(answer, language)
    return float(any(words == normalised(gold, language) for gold in golds))


def f1(answer: str, golds: Sequence[str], language: str) -> float:
    """Return the harmonic mean of precision and recall over words, of the nearest gold."""
    words = normalised(answer, language)
    return max((_overlap(words, normalised(gold, language)) for gold in golds), default=0.0)


def normalised(text: str, language: str) -> list[str]:
    """Return the words that are compared."""
    kept = "".join(char for char in text.lower() if not _is_punctuation(char))
    if language in _ARTICLES:
        kept = _ARTICLES[language].sub(" ", kept)
    if language == "zh":
        kept = _HAN.sub(r" \1 ", kept)
    return kept.split()


def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _overlap(answer: list[str], gold: list[str]) -> float:
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold)) if shared else float(answer == gold)
