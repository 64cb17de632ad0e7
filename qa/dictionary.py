"""Words of a language and how common they are, by pyspellchecker's lists."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index.analysis import strip_clitics
from index.text import fold

if TYPE_CHECKING:
    from spellchecker import SpellChecker

LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "ru"})  # that pyspellchecker has words of


def word_frequency(word: str, language: str) -> int:
    """Return how often a word stands in the texts of the list, 0 if the list lacks it.

    An Arabic word counts with what is prefixed to it, and without. The first call for a language
    loads its list, which takes a quarter of a second.
    """
    if language not in LANGUAGES:
        return 0
    checker = _checker(language)
    return max(checker[each] for each in (word.lower(), fold(word), strip_clitics(fold(word))))


@lru_cache(maxsize=len(LANGUAGES))
def _checker(language: str) -> SpellChecker:
    from spellchecker import SpellChecker

    return SpellChecker(language=language)
