"""Templates of whole questions, which the languages' records hold: "how old is {article}?"."""

from __future__ import annotations

from functools import lru_cache

import regex

from index.analysis import strip_clitics, without_accents
from index.text import fold
from qa.languages.record import Language

_GROUP = regex.compile(r"\([^()]*\)[?*]?|[^\s()]\?")
# Groups with what is in them, and the words between; each with the mark that makes it optional.
_PARTS = regex.compile(r"(\((?:[^()]|(?1))*\)|[^()\s]+?(?=[(\s]|$))([?*]?)")
_LETTERS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_PLACEHOLDER = regex.compile(r"\{\w+\}|\[[^\]]*\]\??")


def match_template(
    asked: str, template: str, language: Language, places: str = ""
) -> regex.Match[str] | None:
    """Match a whole question with a template of `Language`."""
    # Patterns take a millisecond to compile, and there are hundreds.
    for choices in _required(template):
        if not any(word in asked for word in choices):
            return None
    return _pattern(template, language, places).fullmatch(asked)


def strip_courtesies(asked: str, language: Language) -> str:
    """Return a question without what is only polite before and after it."""
    if _courtesy_words(language).isdisjoint(_LETTERS.findall(asked)):
        return asked  # before the patterns are compiled
    before, after = _courtesies(language)
    while (less := after.sub("", before.sub("", asked))) != asked and less:
        asked = less
    return asked


def write_out(asked: str, language: Language) -> str:
    """Return a question with what was typed in haste or in dialect as it is written."""
    spellings = _spellings(language)
    return _LETTERS.sub(lambda word: spellings.get(word[0], word[0]), asked) if spellings else asked


@lru_cache(maxsize=64)
def _spellings(language: Language) -> dict[str, str]:
    return {bare_text(key): bare_text(word) for key, word in language.chat_spellings.items()}


@lru_cache(maxsize=64)
def _courtesy_words(language: Language) -> frozenset[str]:
    return frozenset(_LETTERS.findall(bare_text(" ".join(language.courtesies))))


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
def _required(template: str) -> tuple[tuple[str, ...], ...]:
    """Return words of a template of which those that it fits have one of each tuple."""
    found = []
    for part, mark in _PARTS.findall(bare_text(template)):
        if mark in ("?", "*"):
            continue
        choices = [_literal(each) for each in _split_alternatives(part)]
        if all(choices):
            found.append(tuple(choices))
    return tuple(found)


def _split_alternatives(part: str) -> list[str]:
    """Return the alternatives of a part of a template: of a group its own, or the part."""
    if not part.startswith("("):
        return [part]
    level, alternatives = 0, [""]
    for char in part[1:-1]:
        level += (char == "(") - (char == ")")
        if char == "|" and level == 0:
            alternatives.append("")
        else:
            alternatives[-1] += char
    return alternatives


def _literal(alternative: str) -> str:
    """Return the longest word that is in all that an alternative fits, "" if it has none."""
    while (less := _GROUP.sub(" ", alternative)) != alternative:
        alternative = less
    words = _PLACEHOLDER.sub(" ", alternative).replace("?", " ").split()
    return max((word for word in words if "*" not in word), key=len, default="")


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
