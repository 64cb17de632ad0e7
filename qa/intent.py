"""Intents: whether a question is one, and asks of the article's content or the article itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from index.analysis import strip_clitics, without_accents
from index.text import Term, fold
from qa.languages import lexicon
from qa.languages.record import PLACES, About, Kind, Language, Place
from qa.typos import find_corrections

# Where a question names several, the first of these is meant: "who wrote it, in what language".
_PRIORITY: tuple[About, ...] = (
    "title", "language", "date", "source", "length", "summary", "byline",
)  # fmt: skip
# Question words that may ask for it, beside those for "what".
_ASKED: dict[About, tuple[Kind, ...]] = {
    "byline": ("person",), "date": ("date",), "length": ("quantity", "manner"),
}  # fmt: skip
_MOST_SENTENCES = 5
_LAUGHTER = regex.compile(r"(?:h[aei]|j[aei]|ха|хе|ها|هه|l?o?l){2,}h?", regex.IGNORECASE)
_REPEATED = regex.compile(r"(.)\1{3,}")
_VOWELLESS = regex.compile(r"[b-df-hj-np-tv-xz]{5,}")
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop",
    "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ضصثقفغعهخحجد", "شسيبلاتنمكط",
)  # fmt: skip
_RUN = 4  # letters
_SLIPS, _LONGEST = 2, 10  # words with a slip, and all words, of a question that is corrected
_GROUP = regex.compile(r"\([^()]*\)\??|[^\s()]\?")
_PLACEHOLDER = regex.compile(r"\{\w+\}|\[[^\]]*\]\??")
_DASH = regex.compile(r"\s*[-‐‑]\s*")
_EDGES = " \u00a0\u200e\u200f.,;:،؛!?؟。！？¿¡«»“”„\"'‘’「」()[]"


@dataclass(frozen=True, slots=True)
class MentionQuestion:
    """Which mentions are asked for: those of a ``word``, or all ``places`` of a kind."""

    word: str = ""
    places: Place | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question is about.

    ``about`` is what is asked of the article itself, None where its text is asked. ``sentences``
    is how many a summary shall have, None where that is not said. ``language`` is that of the words
    which say so, "" where they do not. ``mentions`` are those asked for, if any are.
    """

    is_question: bool = True
    about: About | None = None
    sentences: int | None = None
    language: str = ""
    mentions: MentionQuestion | None = None


def recognise_intent(text: str, words: Sequence[Term]) -> Intent:
    """Return the intent of a question; ``words`` are its terms."""
    if not words or all(word.text.isdecimal() for word in words):
        return Intent(is_question=False)
    plain = [_plain(word.text) for word in words]
    languages = lexicon().languages
    for language in languages:
        if _is_small_talk(plain, language):
            return Intent(is_question=False, language=language.code)
    if all(map(_is_gibberish, (word.text for word in words))):
        return Intent(is_question=False)
    for language in languages:
        if (intent := _intent_in(language, text, plain)) is not None:
            return intent
    for language in languages:
        corrected = _corrected(text, words, plain, language)
        if corrected is not None and (intent := _intent_in(language, *corrected)) is not None:
            return intent
    return Intent()


def _intent_in(language: Language, text: str, plain: Sequence[str]) -> Intent | None:
    """Return the intent if the words of a language say another one than to ask of the text."""
    if _is_small_talk(plain, language):
        return Intent(is_question=False, language=language.code)
    asked = _DASH.sub(" ", _bare(" ".join(text.split())).replace("’", "'")).strip(_EDGES)
    if (mentions := _mentions(asked, language)) is not None:
        return Intent(about="mentions", language=language.code, mentions=mentions)
    about = (
        _about_by_phrase(asked, language)
        or _about_by_signs(text, language)
        or _about(plain, language)
    )
    if about is None:
        return None
    sentences = _sentences(plain, language) if about == "summary" else None
    return Intent(about=about, sentences=sentences, language=language.code)


def _corrected(
    text: str, words: Sequence[Term], plain: Sequence[str], language: Language
) -> tuple[str, list[str]] | None:
    """Return a question with its slips corrected; None if it holds other words than intents do."""
    known = _Words.of(language)
    slips = [at for at, word in enumerate(plain) if word not in known.all]
    if not 1 <= len(slips) <= _SLIPS or len(words) > _LONGEST:
        return None
    corrected, pieces, end = list(plain), [], 0
    for at in slips:
        written = text[words[at].start : words[at].end]
        found = find_corrections(plain[at], written, known.all, language.code)
        if not found:
            return None
        corrected[at] = found[0]
        pieces += [text[end : words[at].start], found[0]]
        end = words[at].end
    return "".join([*pieces, text[end:]]), corrected


def _is_small_talk(words: Sequence[str], language: Language) -> bool:
    """Return whether the words are phrases of small talk, one after the other."""
    phrases = _phrases(language.small_talk)
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(tuple(words[start:end]) in phrases for start in reached):
            reached.add(end)
    return len(words) in reached


def _is_gibberish(word: str) -> bool:
    """Return whether a word is laughter, one letter, a run of keys, or five consonants alone."""
    if _LAUGHTER.fullmatch(word) or _REPEATED.fullmatch(word):
        return True
    if len(word) >= _RUN and any(word in row or word[::-1] in row for row in _ROWS):
        return True
    return bool(_VOWELLESS.fullmatch(word))


def _about_by_signs(text: str, language: Language) -> About | None:
    """Return what a sign asks for, in a language without spaces; None where more is in the text."""
    found = next(((sign, about) for sign, about in language.about_signs if sign in text), None)
    if found is None:
        return None
    rest = text
    for word in (found[0], *language.article_words.split(), *language.fillers.split()):
        rest = rest.replace(word, "")
    return None if any(char.isalpha() for char in rest) else found[1]


def _about(words: Sequence[str], language: Language) -> About | None:
    """Return what is asked of the article itself; None where other words are in the question."""
    known = _Words.of(language)
    rest = [word for word in words if word not in known.little]
    article = any(word in known.article for word in rest)
    found: set[About] = set()
    for word in rest:
        meant = known.about.get(word, known.about_of_article.get(word) if article else None)
        if meant is not None:
            found.add(meant)
        elif word not in known.article and word not in known.fillers and not word.isdecimal():
            return None
    asked = {kind for word in words if (kind := known.asking.get(word)) is not None}
    if not found:
        found = {"summary"} if article and asked == {"thing"} else set()
    about = next((about for about in _PRIORITY if about in found), None)
    if about != "summary" and any(word.isdecimal() for word in rest):
        return None  # "which article was published in 1937?"
    return about if about and asked <= {*_ASKED.get(about, ()), "thing"} else None


def _about_by_phrase(asked: str, language: Language) -> About | None:
    """Return what a whole question asks of the article itself."""
    for about, templates in language.about_phrases.items():
        if any(_fits(asked, template, language) for template in templates):
            return about
    return None


def _mentions(asked: str, language: Language) -> MentionQuestion | None:
    """Return which mentions a question asks for; None where it asks for something else."""
    for template in language.mention_counts:
        found = _fits(asked, template, language)
        if found and (word := found["word"].strip(_EDGES)):
            return MentionQuestion(word=word)
    for place in PLACES:
        words = language.place_words.get(place, "")
        if words and any(_fits(asked, t, language, words) for t in language.mention_places):
            return MentionQuestion(places=place)
    return None


def _fits(
    asked: str, template: str, language: Language, places: str = ""
) -> regex.Match[str] | None:
    """Match a whole question with a template of `Language`."""
    # Patterns take a millisecond to compile, and there are hundreds.
    if any(word not in asked for word in _fixed_words(template)):
        return None
    return _pattern(template, language, places).fullmatch(asked)


@lru_cache(maxsize=4096)
def _fixed_words(template: str) -> tuple[str, ...]:
    """Return the words of a template that are in all that it fits."""
    fixed = _bare(template)
    while (less := _GROUP.sub(" ", fixed)) != fixed:
        fixed = less
    words = _PLACEHOLDER.sub(" ", fixed).replace("?", " ").split()
    return tuple(word for word in words if ".*" not in word)


@lru_cache(maxsize=4096)
def _pattern(template: str, language: Language, places: str = "") -> regex.Pattern[str]:
    """Return the pattern of a template of `Language`."""
    article = rf"(?:\p{{L}}+ )?(?:\p{{L}}')?(?:ال)?(?:{_alternatives(language.article_words)})"
    if language.article_pronouns:
        article += f"|{_alternatives(language.article_pronouns)}"
    pattern = _bare(template).replace("{word}", "(?P<word>.{1,80}?)")
    pattern = pattern.replace("{places}", f"(?:{_alternatives(places)})")
    return regex.compile(pattern.replace("{article}", f"(?:{article})"))


def _alternatives(words: str) -> str:
    return "|".join(regex.escape(_bare(word)) for word in words.split())


def _bare(text: str) -> str:
    """Return a text folded and without accents."""
    return without_accents(fold(text))


def _sentences(words: Sequence[str], language: Language) -> int | None:
    numbers = {_plain(word): n for n, word in enumerate(language.small_numbers.split(), 1)}
    for word in words:
        count = int(word) if word.isdecimal() and len(word) < 3 else numbers.get(word, 0)
        if count:
            return min(count, _MOST_SENTENCES)
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language that questions about an article itself consist of."""

    little: frozenset[str]
    asking: dict[str, Kind]
    article: frozenset[str]
    fillers: frozenset[str]
    about: dict[str, About]
    about_of_article: dict[str, About]
    all: frozenset[str]  # and those of small talk

    @staticmethod
    @lru_cache(maxsize=64)
    def of(language: Language) -> _Words:
        asking = {_plain(w): k for k, ws in language.question_words.items() for w in ws.split()}
        about = {_plain(w): k for k, ws in language.about_words.items() for w in ws.split()}
        of_article = {
            _plain(w): k for k, ws in language.about_words_of_article.items() for w in ws.split()
        }
        little = _set(language.function_words) | asking.keys()
        article = _set(language.article_words)
        fillers = _set(f"{language.fillers} {language.small_numbers} {language.amount_words}")
        spoken = _set(" ".join(language.small_talk))
        every = little | article | fillers | spoken | about.keys() | of_article.keys()
        return _Words(little, asking, article, fillers, about, of_article, every)


def _set(words: str) -> frozenset[str]:
    return frozenset(map(_plain, words.split()))


@lru_cache(maxsize=64)
def _phrases(phrases: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    from index.text import terms

    return frozenset(tuple(_plain(word.text) for word in terms(phrase)) for phrase in phrases)


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Return a word folded, without accents and without Arabic particles before it."""
    return _bare(strip_clitics(fold(word)))
