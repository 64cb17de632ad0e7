"""Misspellings in questions about the article itself.

Words are corrected at edit distance 1, if pyspellchecker does not know them, and only to words that
such questions consist of, so that names stay as they are written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index.analysis import strip_clitics
from index.text import fold

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
    near = sorted(each for each in wanted if len(each) >= shortest and _is_one_edit(word, each))
    # The dictionary takes a quarter of a second to load.
    return [] if not near or _checker(language).known([written.lower(), word]) else near


def word_frequency(word: str, language: str) -> int:
    """Return how often a word stands in the texts that the dictionary is made of, 0 for others.

    An Arabic word counts with what is prefixed to it, and without.
    """
    if language not in _LANGUAGES:
        return 0
    checker = _checker(language)
    return max(checker[each] for each in (word.lower(), fold(word), strip_clitics(fold(word))))


def _is_one_edit(word: str, other: str) -> bool:
    """Return whether one letter left out, put in, exchanged or swapped makes the other word."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    least = min(len(word), len(other))
    at = next((i for i in range(least) if word[i] != other[i]), least)
    if len(word) == len(other):
        swapped = word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
        return word[at + 1 :] == other[at + 1 :] or swapped == other[at:]
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer[at + 1 :] == shorter[at:]


@lru_cache(maxsize=len(_LANGUAGES))
def _checker(language: str) -> SpellChecker:
    from spellchecker import SpellChecker

    return SpellChecker(language=language)
