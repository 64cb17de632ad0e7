"""Misspellings in questions about the article itself.

Words are corrected at edit distance 1, by pyspellchecker, and only to words that such questions
consist of, so that names stay as they are written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spellchecker import SpellChecker

# Languages that pyspellchecker has words of.
_LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "ru"})
_SHORTEST, _SHORTEST_ARABIC = 4, 3  # letters; shorter words are too like each other


def find_corrections(word: str, written: str, wanted: frozenset[str], language: str) -> list[str]:
    """Return the ``wanted`` words at edit distance 1 of a word, none for a word that exists.

    ``word`` and ``wanted`` are folded, ``written`` is the word as it stands in the question.
    """
    shortest = _SHORTEST_ARABIC if language == "ar" else _SHORTEST
    if len(word) < shortest or language not in _LANGUAGES or not word.isalpha():
        return []
    checker = _checker(language)
    near = sorted(wanted & set(checker.edit_distance_1(word)))
    near = [each for each in near if len(each) >= shortest]
    return [] if not near or checker.known([written.lower(), word]) else near


@lru_cache(maxsize=len(_LANGUAGES))
def _checker(language: str) -> SpellChecker:
    from spellchecker import SpellChecker

    return SpellChecker(language=language)
