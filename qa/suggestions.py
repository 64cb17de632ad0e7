"""Example questions of an article, made of its own numbers, dates and quotes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

import regex

from index.sentences import sentence_spans
from index.text import Span, fold
from qa.languages import ENGLISH, language_of, lexicon
from qa.languages.record import ExampleKind

if TYPE_CHECKING:
    from index.articles import Article
    from index.base import AnyStore
    from index.embedder import Embedder

_QUOTE = regex.compile(r"[«“”„\"「『]([^«»“”„\"「」『』]{20,300})[»”“\"」』]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+(?:[.,٫٬:/’'-][\p{L}\p{M}\p{N}]+)*[%٪]?")
_QUOTE_WORDS = 5  # text in quotes of fewer words may be a name
_SHOWN_WORDS = 7  # of a quote
_HEAD = 20_000  # characters searched: an article begins with what it is about
_TRIED = 12
_LONGEST = 800  # characters of a sentence; the time taken is quadratic


def suggest(article: Article, store: AnyStore, embedder: Embedder, n: int = 4) -> tuple[str, ...]:
    """Return up to n questions in the article's language that it answers.

    Each asks about something that the article mentions; it is kept if the reader, given the best
    passage, cites the sentence of the mention.
    """
    from qa.reader.reader import Reader
    from qa.retriever import Retriever

    alone = store.select({article.id})
    retriever, reader = Retriever(alone, embedder), Reader(alone)

    def answered(question: str, start: int, end: int) -> bool:
        # The best passage only: a page waits for this.
        answer = reader.read(question, retriever.retrieve(question, 1))
        return any(c.start < end and start < c.end for c in answer.citations)

    tried = islice(_candidates(article), _TRIED)
    return tuple(islice((question for question, span in tried if answered(question, *span)), n))


def _candidates(article: Article) -> Iterator[tuple[str, Span]]:
    """Yield questions and the sentences that they come from, alternating between the kinds."""
    templates = language_of(article.language).example_questions or ENGLISH.example_questions
    named: dict[ExampleKind, dict[str, Span]] = {"number": {}, "date": {}, "quote": {}}
    head = article.text[:_HEAD]
    for span in sentence_spans(head, article.language):
        sentence = " ".join(head[slice(*span)].split())
        if len(sentence) <= _LONGEST:
            for kind, phrase in _named(sentence, article.language):
                named[kind].setdefault(templates[kind].format(phrase), span)
    kinds = (named["number"].items(), named["quote"].items(), named["date"].items())
    seen: set[Span] = set()
    for candidate in chain.from_iterable(zip_longest(*kinds)):
        if candidate is not None and candidate[1] not in seen:
            seen.add(candidate[1])
            yield candidate


def _named(sentence: str, language: str) -> Iterator[tuple[ExampleKind, str]]:
    for quote in _QUOTE.findall(sentence):
        words = quote.split()
        # Text between two quotes begins with no letter or digit.
        if len(words) >= _QUOTE_WORDS and words[0][0].isalnum():
            head = " ".join(words[:_SHOWN_WORDS]).rstrip(".,;:،؛")
            yield "quote", head + ("…" if len(words) > _SHOWN_WORDS else "")
    words = list(_WORD.finditer(sentence))
    for position, word in enumerate(words):
        if any(char.isdecimal() for char in word.group()):
            yield from _around(sentence, words, position, language)


def _around(
    sentence: str, words: list[regex.Match[str]], position: int, language: str
) -> Iterator[tuple[ExampleKind, str]]:
    """Yield a number with the words around it: a date, or an amount of something."""
    texts = [fold(word.group()) for word in words]

    def follows(place: int) -> bool:
        """Return whether only white space is before the word at this place."""
        return (
            0 < place < len(words)
            and not sentence[words[place - 1].end() : words[place].start()].strip()
        )

    dates = lexicon().date_words
    first = last = position
    while follows(first) and texts[first - 1] in dates:
        first -= 1
    while follows(last + 1) and (texts[last + 1] in dates or texts[last + 1].isdecimal()):
        last += 1
    if any(map(_dates, texts[first : last + 1])):
        yield "date", _between(sentence, words, first, last)
        return
    last = position
    while follows(last + 1) and texts[last + 1] in lexicon().amount_words:
        last += 1
    little = lexicon().function_words.get(language, frozenset())
    if last == position and follows(last + 1) and texts[last + 1] not in little:
        last += 1
    if last > position or len(texts[position]) > 2:  # "7" alone says nothing
        yield "number", _between(sentence, words, position, last)


def _dates(folded: str) -> bool:
    """Return whether a word is a date by itself: a year, or the name of a month or weekday."""
    year = len(folded) == 4 and folded.isdecimal() and 1000 <= int(folded) <= 2100
    return year or folded in lexicon().months_and_weekdays


def _between(sentence: str, words: list[regex.Match[str]], first: int, last: int) -> str:
    return sentence[words[first].start() : words[last].end()]
