"""What programs call: ask, retrieve and articles, over the articles that everybody sees."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import qa
from index.errors import ArticleQAError
from qa.errors import QuestionError
from qa.plain import (
    AnswerJson,
    ArticleJson,
    PassageJson,
    answer_as_json,
    article_as_json,
    passage_as_json,
)
from ui.library import Library
from ui.logs import QuestionLog

if TYPE_CHECKING:
    from qa.extractive import ExtractiveModel

AT_ONCE = 8  # questions of programs; more wait in the queue


class Endpoints:
    """The three verbs; their docstrings are what programs and assistants read."""

    def __init__(
        self,
        library: Library,
        reader: ExtractiveModel | None = None,
        log: QuestionLog | None = None,
    ) -> None:
        self._library = library
        self._log = log or QuestionLog()
        self._reader = reader

    def ask(self, question: str, k: int = 3, articles: list[str] | None = None) -> AnswerJson:
        """Answer a question with the sentence of an article that answers it, word for word.

        Says so when no article answers it: the status is then not_in_article and the text empty.
        The question may be in another language than the article.

        Args:
            question: the question; Arabic, Chinese, English, French, German, Russian, Spanish, ...
            k: how many passages to return beside the answer.
            articles: ids of the articles to ask about, as they are listed; all if absent.

        Returns:
            question, status (answered or not_in_article), text, confidence (0 to 1), span and its
            confidence, citations (article, start, end, quote) and passages (article, start, end,
            text, score, rank); offsets count code points of the article's text.
        """
        with self._log.asked(str(question)) as asked:
            verb = partial(qa.ask, reader=self._reader)
            answer = self._checked(verb, question, k, articles)
            asked.status = answer.status
        return answer_as_json(answer)

    def retrieve(
        self, question: str, k: int = 3, articles: list[str] | None = None
    ) -> list[PassageJson]:
        """Find the passages of the articles that bear on a question, best first.

        Use ask for an answer; use this to read on around it or to answer yourself.

        Args:
            question: the question, in any of the languages that ask takes.
            k: how many passages to return.
            articles: ids of the articles to search, as they are listed; all if absent.

        Returns:
            the passages, best first: article, start, end, text, score, rank.
        """
        with self._log.asked(str(question)) as asked:
            passages = self._checked(qa.retrieve, question, k, articles)
            asked.status = "retrieved"
        return [passage_as_json(passage) for passage in passages]

    def articles(self) -> list[ArticleJson]:
        """List the articles that can be asked about.

        Returns:
            for each: id, title, byline, source, language (ISO 639-1), and characters, its length.
        """
        return [article_as_json(article) for article in self._library.shared.articles]

    def _checked(self, verb: Any, question: object, k: object, articles: object) -> Any:
        # The numbers come as JSON's, 2.0 for 2; raw callers may send anything.
        if not isinstance(question, str) or not isinstance(k, int | float) or k != k // 1:
            raise QuestionError("question must be text and k a whole number")
        store = self._library.shared
        if articles:
            store = self._library.chosen("", self._known(articles))
        return verb(question, int(min(k, 10_000)), store=store, embedder=self._library.embedder)

    def _known(self, articles: object) -> tuple[str, ...]:
        known = {article.id for article in self._library.shared.articles}
        if not isinstance(articles, list):
            raise QuestionError("articles must be a list of ids")
        for article_id in articles:
            if not isinstance(article_id, str) or article_id not in known:
                name = str(article_id)[:40]
                raise QuestionError(f"there is no article {name!r}; list them first")
        return tuple(articles)


def publish(endpoints: Endpoints) -> None:
    """Offer the verbs as Gradio's endpoints, within the Blocks that is open."""
    import gradio as gr

    def told(verb: Any) -> Any:
        """Make our errors Gradio's: the caller hears of them, the log need not."""

        def call(*given: Any) -> Any:
            try:
                return verb(*given)
            except ArticleQAError as error:
                raise gr.Error(str(error), print_exception=False) from error

        return call

    # Their types are read off these: Gradio takes plain ones, and no bound method's.
    call_ask, call_retrieve = told(endpoints.ask), told(endpoints.retrieve)

    def ask(question: str, k: int = 3, articles: list[str] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = call_ask(question, k, articles)
        return answer

    def retrieve(
        question: str, k: int = 3, articles: list[str] | None = None
    ) -> list[dict[str, Any]]:
        passages: list[dict[str, Any]] = call_retrieve(question, k, articles)
        return passages

    def articles() -> list[dict[str, Any]]:
        return [{**article} for article in endpoints.articles()]

    for function, verb in (
        (ask, Endpoints.ask), (retrieve, Endpoints.retrieve), (articles, Endpoints.articles)
    ):  # fmt: skip
        function.__doc__ = verb.__doc__
        gr.api(
            function, api_name=function.__name__, concurrency_limit=AT_ONCE,
            concurrency_id="programs",
        )  # fmt: skip
