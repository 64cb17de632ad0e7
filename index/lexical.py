"""The terms a word is searched by: Snowball stems, skeletons, character n-grams for CJK."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from index.text import folded_parts, folded_words

if TYPE_CHECKING:
    import Stemmer

SNOWBALL = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish",
    "fr": "french", "ru": "russian", "tr": "turkish",
}  # fmt: skip
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]+")
_RUNS = regex.compile(rf"{_CJK.pattern}|[^{_CJK.pattern[1:-2]}]+")  # 第3章: no space between
_CLITICS = regex.compile(r"^(?:[وف]?(?:[بك]?ال|لل|[بكل])|[وف])(?=\p{Arabic}{3})")
_WEAK = regex.compile("[اويءئؤ]")
_SKELETON = "#"  # sets a skeleton apart from the words
_HEAD = 5


def stem_groups(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each word of the text in order, the terms it is searched by.

    A word has itself, its stem, and what outlives inflection: its consonants in Arabic, else its
    first five letters. A run of Chinese or Japanese characters has its characters and its pairs.
    ``language`` is an ISO 639-1 code; one without a stemmer has no stems.

    nDCG@10 on the XQuAD tuning questions, whole paragraphs, stems alone and all three:
    ar .925 .958, en .968 .977, ru .955 .966, es .966 .971, de .946 .961, tr .948 .963
    (ARCD train: ar .843 .874).
    """
    return tuple(_word_terms(word, language) for word in _apart(folded_words(text)))


def merged_groups(question: str, languages: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the terms that each word of a question has in any of the languages."""
    by_language = [stem_groups(question, language) for language in languages]
    return [
        tuple(dict.fromkeys(stem for group in word for stem in group))
        for word in zip(*by_language, strict=True)
    ]


def terms_of(word: str, language: str) -> tuple[str, ...]:
    """Return all terms of one word as `written_words` gives it."""
    parts = _apart(folded_parts(word))
    return tuple(term for part in parts for term in _word_terms(part, language))


def _apart(words: Iterable[str]) -> Iterator[str]:
    """Set runs of CJK apart from what stands beside them in a word."""
    for word in words:
        if word.isascii():
            yield word
        else:
            yield from _RUNS.findall(word)


@lru_cache(maxsize=65536)
def _word_terms(word: str, language: str) -> tuple[str, ...]:
    if _CJK.fullmatch(word):
        return tuple(word) + tuple(word[i : i + 2] for i in range(len(word) - 1))
    bare = _without_accents(word)
    if language == "ar":
        # Snowball leaves the particles that Arabic writes onto a word (and, with, as, to, the).
        stem = str(_stemmer(language).stemWord(without_clitics(word)))
        return word, stem, _SKELETON + (_WEAK.sub("", stem) or stem)
    # The stemmer wants the accents, but a question may be typed without them.
    stem = _stemmer(language).stemWord(word) if language in SNOWBALL else word
    return bare, _without_accents(str(stem)), bare[:_HEAD]


def without_clitics(word: str) -> str:
    """Return the folded word without the Arabic particles and article written onto it."""
    return str(_CLITICS.sub("", word))


class _Bare(dict[int, str]):
    """A table for `str.translate` that fills itself: letters without their accents."""

    def __missing__(self, code: int) -> str:
        letters = unicodedata.normalize("NFD", chr(code))
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
        return self.setdefault(code, bare)


_BARE = _Bare()


def _without_accents(word: str) -> str:
    return word if word.isascii() else word.translate(_BARE)


@lru_cache(maxsize=len(SNOWBALL))
def _stemmer(language: str) -> Stemmer.Stemmer:
    import Stemmer

    return Stemmer.Stemmer(SNOWBALL[language])
