"""Templates of whole questions, which the languages' records hold: "how old is {article}?"."""

from __future__ import annotations

from functools import lru_cache

import regex

from index.analysis import strip_clitics, without_accents
from index.text import fold
from qa.languages.record import Language

_GROUP = regex.compile(r"\([^()]*\)\??|[^\s()]\?")
_PLACEHOLDER = regex.compile(r"\{\w+\}|\[[^\]]*\]\??")


def match_template(
    asked: str, template: str, language: Language, places: str = ""
) -> regex.Match[str] | None:
    """Match a whole question with a template of `Language`."""
    # Patterns take a millisecond to compile, and there are hundreds.
    if any(word not in asked for word in _fixed_words(template)):
        return None
    return _pattern(template, language, places).fullmatch(asked)


def strip_courtesies(asked: str, language: Language) -> str:
    """Return a question without what is only polite before and after it."""
    if not language.courtesies:
        return asked
    before, after = _courtesies(language)
    while (less := after.sub("", before.sub("", asked))) != asked and less:
        asked = less
    return asked


@lru_cache(maxsize=64)
def _courtesies(language: Language) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    phrases = "|".join(map(bare_text, language.courtesies))
    apart = r"[\s,،،，.!;:]"
    space = "*" if language.has_no_spaces else "+"
    return (
        regex.compile(rf"^(?:{phrases}){apart}{space}(?=.)"),
        regex.compile(rf"(?<=.){apart}{space}(?:{phrases})$"),
    )


@lru_cache(maxsize=4096)
def _fixed_words(template: str) -> tuple[str, ...]:
    """Return the words of a template that are in all that it fits."""
    fixed = bare_text(template)
    while (less := _GROUP.sub(" ", fixed)) != fixed:
        fixed = less
    words = _PLACEHOLDER.sub(" ", fixed).replace("?", " ").split()
    return tuple(word for word in words if "*" not in word)


@lru_cache(maxsize=4096)
def _pattern(template: str, language: Language, places: str = "") -> regex.Pattern[str]:
    """Return the pattern of a template of `Language`."""
    article = (
        rf"(?:\p{{L}}+ )?(?:\p{{L}}{{1,4}}')?(?:ه?ال)?(?:{_alternatives(language.article_words)})"
    )
    if language.article_pronouns:
        article += f"|{_alternatives(language.article_pronouns)}"
    pattern = bare_text(template).replace("{word}", "(?P<word>.{1,80}?)")
    pattern = pattern.replace("{places}", f"(?:{_alternatives(places)})")
    return regex.compile(pattern.replace("{article}", f"(?:{article})"))


def _alternatives(words: str) -> str:
    return "|".join(regex.escape(bare_text(word)) for word in words.split())


def bare_text(text: str) -> str:
    """Return a text folded and without accents."""
    return without_accents(fold(text))


@lru_cache(maxsize=4096)
def bare_word(word: str) -> str:
    """Return a word folded, without accents and without Arabic particles before it."""
    return bare_text(strip_clitics(fold(word)))
