"""Answers about the article itself: title, author, date, source, language, length, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from babel.numbers import format_decimal

from index.articles import Article, file_name
from index.base import AnyStore
from index.chunker import Chunking, chunk_article
from index.embedder import Embedder
from index.language import main_script
from qa.answer import Answer, Citation, Passage
from qa.languages import ENGLISH, language_of, name_of_language
from qa.languages.record import About
from qa.mentions import find_mentions
from qa.questions.intents import Intent
from qa.questions.question import Question
from qa.summary import summarise

MAX_DESCRIBED = 5  # articles that are described together
_SUMMED_UP = 16_000  # characters that an LLM is given to sum up, of all articles


def answer_about(question: Question, store: AnyStore, embedder: Embedder) -> Answer | None:
    """Answer a question about the articles of a store themselves; None where they are too many."""
    about = question.intent.about
    assert about is not None, "only for questions about the article"
    if not 0 < store.counts.articles <= MAX_DESCRIBED:
        return None
    articles = store.page(0, MAX_DESCRIBED)
    if about == "summary":
        cited = [c for article in articles for c in _summary(article, embedder, question.intent)]
        text = "\n".join(citation.quote for citation in cited)
        return Answer(question.text, "answered", text, 1.0, tuple(cited), (), about=about)
    if about == "mentions":
        return _mentions(question, articles)
    known = [
        (article, value) for article in articles if (value := _value(article, about, question))
    ]
    if not known:
        return Answer(question.text, "not_in_article", "", 1.0, (), (), about=about)
    cited = [c for article, value in known for c in _places(article, value)]
    text = "\n".join(_lines(known))
    return Answer(question.text, "answered", text, 1.0, tuple(cited), (), about=about)


def opening_passages(store: AnyStore) -> tuple[Passage, ...]:
    """Return the first passages of each article, in order: what an LLM sums up."""
    articles = store.page(0, MAX_DESCRIBED)
    passages: list[Passage] = []
    for article in articles:
        left = _SUMMED_UP // len(articles)
        for chunk in chunk_article(article, Chunking()):
            left -= len(chunk.text)
            if left < 0:
                break
            passages.append(Passage(chunk, 0.0, len(passages) + 1))
    return tuple(passages)


def _mentions(question: Question, articles: Sequence[Article]) -> Answer | None:
    """Answer how often a word is mentioned, or which places; None where that is unknown."""
    asked = question.intent.mentions
    assert asked is not None, "only for questions about mentions"
    language = language_of(question.intent.language)
    found = [(each, find_mentions(asked, each, language)) for each in articles]
    known = [(article, mentions) for article, mentions in found if mentions is not None]
    if known:
        text = "\n".join(_lines([(article, mentions.text) for article, mentions in known]))
        cited = tuple(citation for _, mentions in known for citation in mentions.citations)
        return Answer(question.text, "answered", text, 1.0, cited, (), about="mentions")
    if any(main_script(article.text) != main_script(asked.word) for article in articles):
        return None  # a name may be spelled there as nobody knows it
    return Answer(question.text, "not_in_article", "", 1.0, (), (), about="mentions")


def reply_to_small_talk(question: Question) -> Answer:
    """Answer what is not a question with a line on what can be asked, in its language."""
    language = question.intent.language or question.language
    text = language_of(language).help or ENGLISH.help
    return Answer(question.text, "not_a_question", text, 1.0, (), ())


def _summary(article: Article, embedder: Embedder, intent: Intent) -> Iterator[Citation]:
    for span in summarise(article, embedder, intent.sentences):
        yield Citation.of(article, *span)


def _value(article: Article, about: About, question: Question) -> str:
    """Return what is known, in the question's language where it is in words; "" for nothing."""
    language = language_of(question.intent.language or question.language)
    if about == "language":
        return name_of_language(article.language, language.code)
    if about == "length":
        text = language.length_text or ENGLISH.length_text
        words = len(article.text.split())
        return text.format(
            words=format_decimal(words, locale=language.code),
            characters=format_decimal(len(article.text), locale=language.code),
        )
    values = {
        "title": article.title,
        "byline": article.byline,
        "date": article.date,
        "source": file_name(article.source),
    }
    return values[about]


def _places(article: Article, value: str) -> Iterator[Citation]:
    """Yield where a value stands in the article's text, if it does."""
    start = article.text.find(value)
    if start >= 0:
        yield Citation.of(article, start, start + len(value))


def _lines(known: Sequence[tuple[Article, str]]) -> Iterator[str]:
    """Yield a line for each article, with its title where there are several."""
    for article, value in known:
        yield value if len(known) == 1 or value == article.title else f"{article.title}: {value}"
