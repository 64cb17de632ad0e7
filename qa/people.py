"""People that an article names: what the network takes for answers to "which person is mentioned?".

Nothing was trained for it: the network reads names of people as answers to "who". What it finds
must look like a name, by its capital letters, or in Arabic by a word that the dictionary lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.analysis import without_accents
from index.articles import Article
from index.chunker import Chunking, chunk_article
from index.language import main_script
from index.text import Span, fold, strip_span
from qa.dictionary import word_frequency
from qa.languages import language_of
from qa.localise import places_by_name
from qa.reader.network import bundled_network
from qa.reader.spans import span_scores
from qa.romanise import romanise

_WORD = regex.compile(r"[\p{L}\p{M}'’.-]+")
_EDGES = " \t\n.,;:،؛!?؟“”„\"«»()[]'"
_PARTICLES = frozenset({
    "of", "de", "da", "di", "du", "del", "der", "van", "von", "den", "la", "le", "el", "al", "bin",
    "ben", "ibn", "abu", "y",
})  # fmt: skip
_LONGEST = 5  # words
_MOST_TOKENS = 12
_RARE = 400  # in the dictionary's 270 million Arabic words: Putin 115, "minister" 6,153
_READ = 32  # passages of an article, a quarter of a second each


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the article names them, the longest form, and where that stands first."""

    name: str
    span: Span


def find_people(article: Article) -> tuple[Person, ...]:
    """Return the people that the beginning of an article names, in the order of the text."""
    question = language_of(article.language).person_question
    if not question or article.language != language_of(article.language).code:
        return ()
    found: list[tuple[Span, frozenset[str]]] = []
    for chunk in chunk_article(article, Chunking())[:_READ]:
        for start, end in _names(question, chunk.text, article.language):
            span = _without_title(
                article.text, (chunk.start + start, chunk.start + end), article.language
            )
            words = _name_words(article.text[slice(*span)], article.language)
            if words:
                found.append((span, words))
    return tuple(_merge(article, found))


def show_name(person: Person, language: str) -> str:
    """Return a name as somebody who asks in a language reads it, with its own letters."""
    written = main_script(person.name)
    if written == "Latin" or main_script(language_of(language).help) != "Latin":
        return person.name
    return f"{romanise(person.name)} ({person.name})"


def _names(question: str, text: str, language: str) -> Iterator[Span]:
    """Yield the spans of a passage that answer, the likeliest first, none within another."""
    passage = bundled_network().read(question, text)
    scores = span_scores(passage.logits)[:, :_MOST_TOKENS]
    first, extra = (scores > language_of(language).person_least).nonzero()
    order = sorted(range(len(first)), key=lambda at: -float(scores[first[at], extra[at]]))
    taken: list[tuple[int, int]] = []
    for at in order:
        start, end = int(first[at]), int(first[at] + extra[at])
        if any(start <= other[1] and other[0] <= end for other in taken):
            continue
        taken.append((start, end))
        place = int(passage.offsets[start, 0]), int(passage.offsets[end, 1])
        yield _strip(text, place)


def _strip(text: str, span: Span) -> Span:
    start, end = strip_span(text, *span)
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _without_title(text: str, span: Span, language: str) -> Span:
    """Return an Arabic name of two words or more without what stands before it."""
    if _is_cased(language):
        return span
    opened = max(text.rfind(mark, *span) for mark in '“«"(')
    start = opened + 1 if opened >= 0 else span[0]
    words = [m.start() for m in _WORD.finditer(text, start, span[1]) if _is_rare(m[0], language)]
    return (words[0], span[1]) if len(words) > 1 else (start, span[1])


def _name_words(name: str, language: str) -> frozenset[str]:
    """Return the folded words that make a name one; none where the text is hardly a name."""
    words = _WORD.findall(name)
    folded = without_accents(fold(name))
    if "&" in name:  # a firm's
        return frozenset()
    if not 1 <= len(words) <= _LONGEST or folded in places_by_name("place", language):
        return frozenset()
    if _is_cased(language):
        names = [word for word in words if word.lower() not in _PARTICLES]
        telling = names if names and all(word[:1].isupper() for word in names) else []
    else:
        telling = [word for word in words if _is_rare(word, language)]
    return frozenset(without_accents(fold(word)) for word in telling)


def _is_rare(word: str, language: str) -> bool:
    """Return whether an Arabic word is rarer than titles and names of peoples are."""
    often = word_frequency(word, language)
    is_adjective = word.startswith("ال") or word.endswith(("ي", "ية", "ا"))
    return often == 0 or (often < _RARE and not is_adjective)


def _is_cased(language: str) -> bool:
    return main_script(language_of(language).help) in ("Latin", "Cyrillic")


def _merge(article: Article, found: Sequence[tuple[Span, frozenset[str]]]) -> Iterator[Person]:
    """Yield one person for names that share a word: "Collins" is "Sarah Collins"."""
    groups: list[list[tuple[Span, frozenset[str]]]] = []
    for each in sorted(found):
        group = next((g for g in groups if any(each[1] & other[1] for other in g)), None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    for group in groups:
        best, _ = max(group, key=lambda each: (len(each[1]), -(each[0][1] - each[0][0])))
        name = article.text[slice(*best)]
        yield Person(name, min(span for span, _ in group if article.text[slice(*span)] == name))
