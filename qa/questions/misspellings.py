"""Misspellings in questions about the article itself.

Words are corrected at edit distance 1, if pyspellchecker does not know them, and only to words that
such questions consist of, so that names stay as they are written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.dictionary import LANGUAGES, word_frequency

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_SHORTEST, _SHORTEST_ARABIC = 4, 3  # letters; shorter words are too like each other


def find_corrections(word: str, written: str, wanted: frozenset[str], language: str) -> list[str]:
    """Return the ``wanted`` words at edit distance 1 of a word, none for a word that exists.

    ``word`` and ``wanted`` are folded, ``written`` is the word as it stands in the question.
    """
    shortest = _SHORTEST_ARABIC if language == "ar" else _SHORTEST
    if len(word) < shortest or language not in LANGUAGES or not word.isalpha():
        return []
    edited = wanted & _speller_of(wanted).edit_distance_1(word)
    near = sorted(each for each in edited if each != word and len(each) >= shortest)
    is_word = bool(near) and any(word_frequency(each, language) for each in (written, word))
    return [] if is_word else near


@lru_cache(maxsize=64)
def _speller_of(wanted: frozenset[str]) -> SpellChecker:
    """Return a checker without a dictionary, which knows the letters of the wanted words alone."""
    from spellchecker import SpellChecker

    speller = SpellChecker(language=None)
    speller.word_frequency.load_words(sorted(wanted))
    return speller
