"""Intents: whether a question is one, and asks of the article's content or the article itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from index.text import FoldedWord, find_words
from qa.languages import lexicon
from qa.languages.record import PLACES, About, Kind, Language, PlaceKind
from qa.questions.misspellings import find_corrections
from qa.questions.small_talk import is_gibberish, is_small_talk
from qa.questions.templates import bare_text, bare_word, match_template, strip_courtesies, write_out

# Where a question names several, the first of these is meant: "who wrote it, in what language".
_PRIORITY: tuple[About, ...] = (
    "title", "language", "date", "source", "length", "summary", "byline",
)  # fmt: skip
# Question words that may ask for it, beside those for "what".
_ASKED: dict[About, tuple[Kind, ...]] = {
    "byline": ("person",), "date": ("date",), "length": ("quantity", "manner"),
}  # fmt: skip
_MOST_SENTENCES = 5
_MISSPELLED, _LONGEST = 2, 10  # words misspelled, and all words, of a question that is corrected
_LONGEST_TEXT = 400  # characters; longer ones hold more than a question about the article
_DASH = regex.compile(r"\s*[-‐‑]\s*")
_EDGES = " \u00a0\u200e\u200f.,;:،؛!?؟。！？¿¡«»“”„\"'‘’「」()[]"


@dataclass(frozen=True, slots=True)
class MentionQuestion:
    """Which mentions are asked for: of a ``word``, of ``places`` of a kind, or of ``people``."""

    word: str = ""
    places: PlaceKind | None = None
    people: bool = False


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


def recognise_intent(text: str, words: Sequence[FoldedWord]) -> Intent:
    """Return the intent of a question; ``words`` are its words."""
    if not words or all(word.text.isdecimal() for word in words):
        return Intent(is_question=False)
    plain = [bare_word(word.text) for word in words]
    languages = lexicon().languages
    for language in languages:
        if is_small_talk(plain, language):
            return Intent(is_question=False, language=language.code)
    if all(map(is_gibberish, (word.text for word in words))):
        return Intent(is_question=False)
    if len(text) > _LONGEST_TEXT:
        return Intent()
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
    if is_small_talk(plain, language):
        return Intent(is_question=False, language=language.code)
    asked = _DASH.sub(" ", bare_text(" ".join(text.split())).replace("’", "'")).strip(_EDGES)
    about = _about_by_signs(text, language) or _about(plain, language)
    short = strip_courtesies(asked, language).strip(_EDGES)
    forms = [asked, short]
    written = write_out(asked, language)
    if written != asked:
        forms += [written, strip_courtesies(written, language).strip(_EDGES)]
    if asked[:1] in language.conjunction_prefixes:  # Arabic "and"
        forms.append(asked[1:])
    for form in dict.fromkeys(forms):
        if (mentions := _mentions(form, language)) is not None:
            return Intent(about="mentions", language=language.code, mentions=mentions)
        about = _about_by_phrase(form, language) or about
    for form in forms[1:]:
        about = about or _about([bare_word(word.text) for word in find_words(form)], language)
    if about is None:
        return None
    sentences = _sentences(plain, language) if about == "summary" else None
    return Intent(about=about, sentences=sentences, language=language.code)


def _corrected(
    text: str, words: Sequence[FoldedWord], plain: Sequence[str], language: Language
) -> tuple[str, list[str]] | None:
    """Return a question with misspelled words corrected; None if it has others than intents do."""
    known = _Words.of(language)
    misspelled = [at for at, word in enumerate(plain) if word not in known.all]
    if not 1 <= len(misspelled) <= _MISSPELLED or len(words) > _LONGEST:
        return None
    corrected, pieces, end = list(plain), [], 0
    for at in misspelled:
        written = text[words[at].start : words[at].end]
        found = find_corrections(plain[at], written, known.all, language.code)
        if not found:
            return None
        corrected[at] = found[0]
        pieces += [text[end : words[at].start], found[0]]
        end = words[at].end
    return "".join([*pieces, text[end:]]), corrected


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
        if any(match_template(asked, template, language) for template in templates):
            return about
    return None


def _mentions(asked: str, language: Language) -> MentionQuestion | None:
    """Return which mentions a question asks for; None where it asks for something else."""
    for template in language.mention_counts:
        found = match_template(asked, template, language)
        if found and (word := found["word"].strip(_EDGES)):
            return MentionQuestion(word=word)
    if any(match_template(asked, template, language) for template in language.mention_people):
        return MentionQuestion(people=True)
    for place in PLACES:
        words = language.place_words.get(place, "")
        if words and any(
            match_template(asked, t, language, words) for t in language.mention_places
        ):
            return MentionQuestion(places=place)
    return None


def _sentences(words: Sequence[str], language: Language) -> int | None:
    numbers = {bare_word(word): n for n, word in enumerate(language.small_numbers.split(), 1)}
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
        asking = {bare_word(w): k for k, ws in language.question_words.items() for w in ws.split()}
        about = {bare_word(w): k for k, ws in language.about_words.items() for w in ws.split()}
        of_article = {
            bare_word(w): k for k, ws in language.about_words_of_article.items() for w in ws.split()
        }
        little = _set(language.function_words) | asking.keys()
        article = _set(language.article_words)
        fillers = _set(f"{language.fillers} {language.small_numbers} {language.amount_words}")
        spoken = _set(f"{' '.join(language.small_talk)} {language.greetings} {language.chat_words}")
        every = little | article | fillers | spoken | about.keys() | of_article.keys()
        return _Words(little, asking, article, fillers, about, of_article, frozenset(every))


def _set(words: str) -> frozenset[str]:
    return frozenset(map(bare_word, words.split()))
