"""Small talk and gibberish: greetings, thanks, laughter, runs of keys, which ask for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from index.text import find_words
from qa.languages.record import Language
from qa.questions.templates import bare_word

_LAUGHTER = regex.compile(
    r"[aаا]?(?:h[aei]|j[aei]|х[ае]|ها|هه|l?o?l){2,}[hхه]?|[哈呵嘻]+|(?:ههه+)", regex.IGNORECASE
)
_STRETCHED = regex.compile(r"(.)\1{2,}")  # "heyyy"
_REPEATED = regex.compile(r"(.)\1{3,}")
_VOWELLESS = regex.compile(r"[b-df-hj-np-tv-xz]{5,}")
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop",
    "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ضصثقفغعهخحجد", "شسيبلاتنمكط",
)  # fmt: skip
_RUN = 4  # letters
_LONGEST = 12  # words of small talk with a greeting


def is_small_talk(words: Sequence[str], language: Language) -> bool:
    """Return whether words are phrases of small talk, or a greeting among words of small talk."""
    words = [word if word.isdecimal() else _STRETCHED.sub(r"\1", word) for word in words]
    greetings, chat = _chat_words(language)
    if len(words) <= _LONGEST and greetings & set(words) and chat.issuperset(words):
        return True
    phrases = _phrases(language.small_talk)
    longest = max(map(len, phrases), default=0)
    reached = {0}
    for end in range(1, len(words) + 1):
        starts = reached.intersection(range(max(0, end - longest), end))
        if any(tuple(words[start:end]) in phrases for start in starts):
            reached.add(end)
    return len(words) in reached


@lru_cache(maxsize=64)
def _chat_words(language: Language) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that only small talk has, and all that it may have."""
    greetings = frozenset(map(bare_word, language.greetings.split()))
    phrases = (word for phrase in _phrases(language.small_talk) for word in phrase)
    others = map(bare_word, f"{language.chat_words} {language.function_words}".split())
    return greetings, greetings.union(phrases, others)


def is_gibberish(word: str) -> bool:
    """Return whether a word is laughter, one letter, a run of keys, or five consonants alone."""
    if _LAUGHTER.fullmatch(word) or _REPEATED.fullmatch(word):
        return True
    if len(word) >= _RUN and any(word in row or word[::-1] in row for row in _ROWS):
        return True
    return bool(_VOWELLESS.fullmatch(word))


@lru_cache(maxsize=64)
def _phrases(phrases: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(bare_word(word.text) for word in find_words(phrase)) for phrase in phrases
    )
