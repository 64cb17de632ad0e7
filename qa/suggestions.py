"""Questions that an article answers, made of its own numbers, dates and quotes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Literal

import regex

from index.text import Span, fold, sentence_spans
from qa.dates import is_amount, is_date, is_month
from qa.words import LANGUAGES, function_words

if TYPE_CHECKING:
    from index.articles import Article
    from index.base import AnyStore
    from index.embedder import Embedder

Named = Literal["number", "date", "quote"]

_ASKED: dict[str, dict[Named, str]] = {
    "ar": {"number": "إلامَ يشير «{}»؟", "date": "ماذا حدث في «{}»؟", "quote": "من قال «{}»؟"},
    "de": {"number": "Wofür steht „{}“?", "date": "Was geschah „{}“?", "quote": "Wer sagte „{}“?"},
    "en": {
        "number": "What does “{}” refer to?",
        "date": "What happened in “{}”?",
        "quote": "Who said “{}”?",
    },
    "es": {
        "number": "¿A qué se refiere «{}»?",
        "date": "¿Qué ocurrió en «{}»?",
        "quote": "¿Quién dijo «{}»?",
    },
    "fr": {
        "number": "À quoi correspond « {} » ?",
        "date": "Que s'est-il passé en « {} » ?",
        "quote": "Qui a dit « {} » ?",
    },
    "ru": {
        "number": "К чему относится «{}»?",
        "date": "Что произошло: «{}»?",
        "quote": "Кто сказал «{}»?",
    },
    "tr": {"number": "“{}” neyi anlatıyor?", "date": "“{}” ne oldu?", "quote": "“{}” kimin sözü?"},
    "zh": {"number": "“{}”指的是什么？", "date": "“{}”发生了什么？", "quote": "“{}”是谁说的？"},
}
_QUOTE = regex.compile(r"[«“”„\"「『]([^«»“”„\"「」『』]{20,300})[»”“\"」』]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u0640]+(?:[.,٫٬:/’'-][\p{L}\p{M}\p{N}]+)*[%٪]?")
_SAID = 5  # words from which a text in quotes is something said, not a name
_QUOTED = 7  # words of a quote that are enough to know it by
_HEAD = 20_000  # characters looked at: an article's head names what it is about
_TRIED = 12
_LONGEST = 800  # characters of a sentence; what follows takes the square of it


def suggest(article: Article, store: AnyStore, embedder: Embedder, n: int = 4) -> tuple[str, ...]:
    """Return at most n questions in the article's language that it answers.

    Each asks about something that the article names, and is kept if its best passage alone
    answers it with the sentence that names it.
    """
    from qa.reader.reader import Reader
    from qa.retriever import Retriever

    alone = store.select({article.id})
    retriever, reader = Retriever(alone, embedder), Reader(alone)

    def answered(question: str, start: int, end: int) -> bool:
        # The best passage alone: a page waits for this.
        answer = reader.read(question, retriever.retrieve(question, 1))
        return any(c.start < end and start < c.end for c in answer.citations)

    tried = islice(_candidates(article), _TRIED)
    return tuple(islice((question for question, span in tried if answered(question, *span)), n))


def _candidates(article: Article) -> Iterator[tuple[str, Span]]:
    """Yield questions and the sentences that they come from, of the three kinds in turn."""
    asked = _ASKED.get(article.language, _ASKED["en"])
    named: dict[Named, dict[str, Span]] = {"number": {}, "date": {}, "quote": {}}
    head = article.text[:_HEAD]
    for span in sentence_spans(head, article.language):
        sentence = " ".join(head[slice(*span)].split())
        if len(sentence) <= _LONGEST:
            for kind, phrase in _named(sentence, article.language):
                named[kind].setdefault(asked[kind].format(phrase), span)
    kinds = (named["number"].items(), named["quote"].items(), named["date"].items())
    seen: set[Span] = set()
    for candidate in chain.from_iterable(zip_longest(*kinds)):
        if candidate is not None and candidate[1] not in seen:
            seen.add(candidate[1])
            yield candidate


def _named(sentence: str, language: str) -> Iterator[tuple[Named, str]]:
    for quote in _QUOTE.findall(sentence):
        words = quote.split()
        # Without a letter or digit at its head it is what stands between two quotes.
        if len(words) >= _SAID and words[0][0].isalnum():
            head = " ".join(words[:_QUOTED]).rstrip(".,;:،؛")
            yield "quote", head + ("…" if len(words) > _QUOTED else "")
    words = list(_WORD.finditer(sentence))
    for position, word in enumerate(words):
        if any(char.isdecimal() for char in word.group()):
            yield from _around(sentence, words, position, language)


def _around(
    sentence: str, words: list[regex.Match[str]], position: int, language: str
) -> Iterator[tuple[Named, str]]:
    """Yield what a number says with the words beside it: a date, or an amount of something."""
    texts = [fold(word.group()) for word in words]

    def follows(place: int) -> bool:
        """Tell whether nothing but a space stands before the word of this place."""
        return (
            0 < place < len(words)
            and not sentence[words[place - 1].end() : words[place].start()].strip()
        )

    first = last = position
    while follows(first) and is_date(texts[first - 1]):
        first -= 1
    while follows(last + 1) and (is_date(texts[last + 1]) or texts[last + 1].isdecimal()):
        last += 1
    if any(map(_dates, texts[first : last + 1])):
        yield "date", _between(sentence, words, first, last)
        return
    last = position
    while follows(last + 1) and is_amount(texts[last + 1]):
        last += 1
    little = function_words()[LANGUAGES.index(language)] if language in LANGUAGES else frozenset()
    if last == position and follows(last + 1) and texts[last + 1] not in little:
        last += 1
    if last > position or len(texts[position]) > 2:  # a bare "7" says nothing
        yield "number", _between(sentence, words, position, last)


def _dates(folded: str) -> bool:
    """Tell whether a word dates by itself: a year, or the name of a month or day."""
    year = len(folded) == 4 and folded.isdecimal() and 1000 <= int(folded) <= 2100
    return year or is_month(folded)


def _between(sentence: str, words: list[regex.Match[str]], first: int, last: int) -> str:
    return sentence[words[first].start() : words[last].end()]
