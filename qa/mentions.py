"""Mentions: how often a word stands in an article, and which countries and cities it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from index.analysis import index_terms, strip_clitics, without_accents
from index.articles import Article
from index.sentences import sentence_spans
from index.text import Span, fold
from qa.answer import Citation
from qa.languages import language_of, lexicon
from qa.languages.record import Language, PlaceKind
from qa.localise import name_of_place, places_by_name, words_for_country
from qa.matching import similar_words
from qa.questions.intents import MentionQuestion
from qa.questions.question import Question

_WORD = regex.compile(r"\p{Han}|[[\p{L}\p{M}\u0640\p{N}]--\p{Han}]+(?:['’][\p{L}]+)?", regex.V1)
_CASED = regex.compile(r"\p{Lu}|\p{Ll}")
_SUFFIX = regex.compile(r"['’]\p{L}+$")  # "Cezayir'de", "Algeria's"
_LONGEST_NAME = 4  # words
_SHORTEST_STEM = 3  # letters
_CITED = 3  # sentences of a word
_BEGINNING = 4  # letters, which a country's name and what is called after it have in common
_OTHERWISE_NAMED = frozenset({"country:US", "country:GB"})  # "America", "Britain", "England"
_SIMILAR = 0.4  # of a word in another language: likelier the same than not


@dataclass(frozen=True, slots=True)
class Mentions:
    """What an article mentions, in words, and sentences that do."""

    text: str
    citations: tuple[Citation, ...]


def find_mentions(asked: MentionQuestion, article: Article, language: Language) -> Mentions | None:
    """Return the mentions in an article, worded in a language; None where there are none."""
    if asked.people:
        return _people(article, language)
    if asked.places is not None:
        return _places(asked.places, article, language)
    spans = _occurrences(asked.word, article, language)
    if not spans:
        return None
    # The shortest form has no ending, and in Arabic no "with" or "and" before it.
    word = min((article.text[slice(*span)] for span in spans), key=len)
    text = (language.mentions_text or "{word}: {count}").format(word=word, count=len(spans))
    return Mentions(text, tuple(_citing(article, spans, _CITED)))


def names_absent_country(question: Question, article: Article) -> bool:
    """Return whether a question names a country that an article has no word for.

    Then it answers another question at most: on the trade with Russia, not on that with China. Of
    632 XQuAD tuning questions in each of seven languages, at most one names a country that its own
    article lacks; thirteen to thirty-eight do on another article.
    """
    if article.language not in lexicon().by_code:
        return False
    named = _named_places("country", question.text, question.language)
    asked = [
        place
        for place, span in named
        if place not in _OTHERWISE_NAMED
        and _begins_as(question.text[slice(*span)], place, question.language)
    ]
    text = without_accents(fold(article.text)) if asked else ""
    return any(not _has_word_for(place, text, article.language) for place in asked)


def _begins_as(name: str, place: str, language: str) -> bool:
    """Return whether a name found by its stem is the place's: "Gran" has that of "Granada"."""
    folded = without_accents(strip_clitics(fold(name)))
    words = (without_accents(strip_clitics(word)) for word in words_for_country(place, language))
    return any(folded.startswith(word[: min(5, max(2, len(word) - 1))]) for word in words)


def _has_word_for(place: str, text: str, language: str) -> bool:
    """Return whether a word of a folded text begins as a name of a country or its language does."""
    starts = (
        without_accents(word).removeprefix("ال")[:_BEGINNING]
        for word in words_for_country(place, language)
    )
    patterns = "|".join(regex.escape(start) for start in starts if len(start) > 1)
    before = "" if language_of(language).has_no_spaces else r"(?<!\p{L})[وفبلك]?(?:ال|ل)?"
    return regex.search(f"{before}(?:{patterns})", text) is not None


def _occurrences(word: str, article: Article, language: Language) -> list[Span]:
    """Return where a word or a phrase stands, in any of its forms; or its like in a translation."""
    place = places_by_name("place", language.code).get(without_accents(fold(word)))
    if place is not None and article.language in lexicon().by_code:
        word = name_of_place(place, article.language)
    words = [(found.span(), found[0]) for found in _WORD.finditer(article.text)]
    keys = [_stem(text, article.language) for _, text in words]
    wanted = [_stem(part, article.language) for part in _WORD.findall(word)]
    size = len(wanted)
    found = [
        (words[at][0][0], words[at + size - 1][0][1])
        for at in range(len(words) - size + 1)
        if keys[at : at + size] == wanted
    ]
    if found or size == 0:
        return found
    # Of a name the last word is the most telling one.
    similar = similar_words(word.split()[-1], article.text, article.language, _SIMILAR)
    like = {_stem(article.text[slice(*span)], article.language) for span in similar}
    return [span for (span, _), key in zip(words, keys, strict=True) if key in like]


def _people(article: Article, language: Language) -> Mentions | None:
    """Return the people of an article in the order of the text, and the sentences naming them."""
    from qa.people import find_people, show_name

    found = find_people(article)
    if not found:
        return None
    names = (show_name(person, language.code) for person in found)
    spans = [person.span for person in found]
    return Mentions(_comma(language).join(names), tuple(_citing(article, spans, len(spans))))


def _comma(language: Language) -> str:
    return "، " if language.code == "ar" else "、" if language.code == "zh" else ", "


def _places(kind: PlaceKind, article: Article, language: Language) -> Mentions | None:
    """Return the countries or cities of an article by CLDR's names, in the order of the text."""
    found = dict(_named_places(kind, article.text, article.language))
    if not found:
        return None
    names = dict.fromkeys(name_of_place(place, language.code) for place in found)
    spans = sorted(found.values())
    return Mentions(_comma(language).join(names), tuple(_citing(article, spans, len(spans))))


def _named_places(kind: PlaceKind, text: str, code: str) -> Iterator[tuple[str, Span]]:
    """Yield each place that a text in a language names, with the span where it does so first."""
    known = _places_by_stems(kind, code)
    is_cased = any(char.isupper() for char in text)  # else a question that was typed in haste
    words = [(found.span(), found[0]) for found in _WORD.finditer(text)]
    keys = [_stem(word, code) for _, word in words]
    seen: set[str] = set()
    at = 0
    while at < len(words):
        size, place = next(
            (
                (size, known[key])
                for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1)
                if (key := tuple(keys[at : at + size])) in known
                and (not is_cased or _is_name(words[at][1]))
            ),
            (1, ""),
        )
        if place and place not in seen:
            seen.add(place)
            yield place, (words[at][0][0], words[at + size - 1][0][1])
        at += size


@lru_cache(maxsize=32)
def _places_by_stems(kind: PlaceKind, language: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(_stem(word, language) for word in _WORD.findall(name)): place
        for name, place in places_by_name(kind, language).items()
    }


def _is_name(word: str) -> bool:
    """Return whether a word may be a name: in a script with two cases it has a capital letter."""
    return word[0].isupper() or not _CASED.match(word)


def _citing(article: Article, spans: Sequence[Span], most: int) -> Iterator[Citation]:
    """Yield the first sentences that hold one of the spans."""
    sentences = [
        (first, last)
        for first, last in sentence_spans(article.text, article.language)
        if any(first <= start and end <= last for start, end in spans)
    ]
    for sentence in sentences[:most]:
        yield Citation.of(article, *sentence)


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    """Return what the forms of a word share: not its consonants, which other words share, too."""
    word = fold(_SUFFIX.sub("", word))
    if language == "ar":
        return without_accents(strip_clitics(word))
    terms = index_terms(word, language)
    stem = terms[1] if len(terms) > 1 else word
    return stem if len(stem) >= _SHORTEST_STEM else word  # Turkish cuts "Butan" to "bu"
