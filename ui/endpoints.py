"""What programs call: ask, retrieve and articles, over the articles that everybody sees."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import qa
from index.base import Filter
from index.errors import ArticleQAError, StoreError
from qa.answer import (
    AnswerJson,
    ArticleJson,
    PassageJson,
    answer_as_json,
    article_as_json,
    passage_as_json,
)
from qa.errors import QuestionError
from ui.library import Library
from ui.logs import UNAVAILABLE, QuestionLog, public_message
from ui.request import parse_filter

if TYPE_CHECKING:
    from qa.extractive import ExtractiveModel

LISTED_AT_ONCE, MAX_START = 1000, 1_000_000_000
AT_ONCE = 8  # questions of programs; more wait in the queue


class Endpoints:
    """The three endpoints; their docstrings are what programs and LLMs read."""

    def __init__(
        self,
        library: Library,
        reader: ExtractiveModel | None = None,
        log: QuestionLog | None = None,
    ) -> None:
        self._library = library
        self._log = log or QuestionLog()
        self._reader = reader

    def ask(
        self,
        question: str,
        k: int = 3,
        articles: list[str] | None = None,
        languages: list[str] | None = None,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
    ) -> AnswerJson:
        """Answer a question with the sentence of an article that answers it, word for word.

        Says so when no article answers it: the status is then not_in_article and the text empty.
        The question may be in another language than the article.

        Args:
            question: the question; Arabic, Chinese, English, French, German, Russian, Spanish, ...
            k: how many passages to return beside the answer.
            articles: ids of the articles to ask about, as they are listed; all if absent.
            languages: ISO 639-1 codes; only articles in these languages are searched.
            since: a day (YYYY-MM-DD); only articles of that day or later are searched.
            until: a day (YYYY-MM-DD); only articles of that day or earlier are searched.
            sources: as they are listed, or sites (example.org); only their articles are searched.

        Returns:
            question, status (answered, not_in_article or not_a_question), about (title, byline,
            date, source, language, length or summary, where the article itself was asked about),
            text, confidence (0 to 1), span and its confidence, localised (the span in the
            question's language, where that is sure), citations (article, start, end,
            quote, and locator: "page 3" of a PDF, "time 0:04" of subtitles) and passages
            (article, start, end, text, score, rank); offsets count code points of the article's
            text.
        """
        with self._log.record(str(question)) as record:
            function = partial(qa.ask, reader=self._reader)
            where = parse_filter(languages, since, until, sources)
            answer = self._call(function, question, k, articles, where)
            record.status = answer.status
        return answer_as_json(answer)

    def retrieve(
        self,
        question: str,
        k: int = 3,
        articles: list[str] | None = None,
        languages: list[str] | None = None,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
    ) -> list[PassageJson]:
        """Find the passages of the articles that bear on a question, best first.

        Use ask for an answer; use this to read on around it or to answer yourself.

        Args:
            question: the question, in any of the languages that ask takes.
            k: how many passages to return.
            articles: ids of the articles to search, as they are listed; all if absent.
            languages: ISO 639-1 codes; only articles in these languages are searched.
            since: a day (YYYY-MM-DD); only articles of that day or later are searched.
            until: a day (YYYY-MM-DD); only articles of that day or earlier are searched.
            sources: as they are listed, or sites (example.org); only their articles are searched.

        Returns:
            the passages, best first: article, start, end, text, score, rank.
        """
        with self._log.record(str(question)) as record:
            where = parse_filter(languages, since, until, sources)
            passages = self._call(qa.retrieve, question, k, articles, where)
            record.status = "retrieved"
        return [passage_as_json(passage) for passage in passages]

    def articles(self, start: int = 0, count: int = 1000) -> list[ArticleJson]:
        """List the articles that can be asked about, a thousand at once at most.

        Args:
            start: how many to pass over.
            count: how many to list, 1000 at most.

        Returns:
            for each: id, title, byline, source, language (ISO 639-1), date (YYYY-MM-DD or empty)
            and characters, its length.
        """
        if not all(isinstance(n, int | float) and n == n // 1 >= 0 for n in (start, count)):
            raise QuestionError("start and count must be whole numbers")
        first = int(min(start, MAX_START))
        with _for_programs():
            found = self._library.shared.page(first, int(min(count, LISTED_AT_ONCE)))
        return [article_as_json(article) for article in found]

    def _call(
        self, function: Any, question: object, k: object, articles: object, where: Filter | None
    ) -> Any:
        """Call ``ask`` or ``retrieve`` on the articles chosen, the arguments checked."""
        # The numbers come as JSON's, 2.0 for 2; raw callers may send anything.
        if not isinstance(question, str) or not isinstance(k, int | float) or k != k // 1:
            raise QuestionError("question must be text and k a whole number")
        with _for_programs():
            store = self._library.shared
            if articles or where is not None:
                store = self._library.chosen("", self._known(articles or []), where)
            return function(
                question, int(min(k, 10_000)), store=store, embedder=self._library.embedder
            )

    def _known(self, articles: object) -> tuple[str, ...]:
        if not isinstance(articles, list):
            raise QuestionError("articles must be a list of ids")
        known = self._library.shared.held_ids([name for name in articles if isinstance(name, str)])
        for article_id in articles:
            if not isinstance(article_id, str) or article_id not in known:
                name = str(article_id)[:40]
                raise QuestionError(f"there is no article {name!r}; list them first")
        return tuple(articles)


@contextmanager
def _for_programs() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise ArticleQAError(public_message(error) or UNAVAILABLE) from None


def with_signature_of(function: Any, call: Any, returns: Any = None) -> Any:
    """Return the function ``call`` under the name, docstring and signature of an endpoint.

    Gradio and MCP read a function's types off its signature. ``returns`` is the type of what it
    returns instead of the endpoint's, None for the same.
    """
    signature = inspect.signature(function, eval_str=True)
    if returns is not None:
        signature = signature.replace(return_annotation=returns)
    types = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    call.__name__, call.__doc__ = function.__name__, inspect.getdoc(function)
    call.__signature__ = signature
    call.__annotations__ = {**types, "return": signature.return_annotation}
    return call


def publish(endpoints: Endpoints) -> None:
    """Offer them as Gradio's endpoints, within the Blocks that is open."""
    import gradio as gr

    def with_gradio_errors(function: Any) -> Any:
        """Raise our errors as Gradio's: the caller gets the message, the log no traceback."""

        def call(*given: Any) -> Any:
            try:
                return function(*given)
            except ArticleQAError as error:
                raise gr.Error(str(error), print_exception=False) from error

        return call

    many = list[dict[str, Any]]  # Gradio knows plain dictionaries alone
    functions = (
        (endpoints.ask, dict[str, Any]),
        (endpoints.retrieve, many),
        (endpoints.articles, many),
    )
    for function, returns in functions:
        gr.api(
            with_signature_of(function, with_gradio_errors(function), returns),
            api_name=function.__name__,
            concurrency_limit=AT_ONCE, concurrency_id="programs",
        )  # fmt: skip
