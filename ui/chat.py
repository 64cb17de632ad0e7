"""A question on the page: answered, shown, remembered; nothing of Gradio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import qa
from index.base import AnyStore
from index.errors import ArticleQAError, StoreError
from qa.answer import Answer
from qa.caches import forget_texts
from qa.explain import Explanation, explain
from qa.questions.compound import split_questions
from qa.questions.question import analyse_question
from qa.reader.network import load_in_background
from ui.error_texts import LocalisedError, error_text
from ui.i18n import page_text
from ui.library import Library
from ui.logs import QuestionLog
from ui.panel import gone_html, panel_html
from ui.paragraphs import paragraphs
from ui.request import Visitor, parse_page_filter
from ui.talk import TURNS, CitedPlace, Talk, Turn, turn_of

if TYPE_CHECKING:
    from qa.extractive import ExtractiveModel
    from qa.writer import Writer

_STORES, _ANSWERS = 16, 64  # cached: answers of each store
_REMEMBERED = 3  # earlier questions that a follow-up may depend on


@dataclass(frozen=True, slots=True)
class PageState:
    """What the page shows: the conversation, a question that waits, the articles beside it."""

    talk: Talk
    panel: str
    waiting: str = ""


class LatestRequests:
    """The latest question of each page: an older one stops when it no longer is the latest."""

    def __init__(self) -> None:
        self._latest: dict[str | None, object] = {}

    def begin(self, page: str | None) -> object:
        """Return the token of a page's new question."""
        token = self._latest[page] = object()
        return token

    def is_latest(self, page: str | None, token: object) -> bool:
        """Return whether the page still waits for that question."""
        return self._latest.get(page) is token

    def end(self, page: str | None, token: object = None) -> None:
        """Stop waiting for a page's question: that of the token, or any."""
        if token is None or self.is_latest(page, token):
            self._latest.pop(page, None)


class ChatService:
    """The questions of all visitors over one library."""

    def __init__(
        self,
        library: Library,
        reader: ExtractiveModel | None = None,
        writer: Writer | None = None,
        log: QuestionLog | None = None,
    ) -> None:
        self.library = library
        self._log = log or QuestionLog()
        self._reader = reader
        self._writer = writer
        # Each question of a conversation is asked again for the follow-up that depends on it.
        # By store, of which few are cached: one may be as large as the archive's list of articles.
        self._cached_ask_of = lru_cache(maxsize=_STORES)(self._make_cached_ask)
        self.latest = LatestRequests()
        library.when_removed.append(self.forget)

    @property
    def can_stop(self) -> bool:
        """Whether answers are streamed, so that there is something to stop."""
        return self._writer is not None or self._reader is not None

    def prepare(self) -> None:
        """Begin to load the bundled reader, so that the first question does not wait for it."""
        if self._reader is None:
            load_in_background()

    def answer(
        self,
        visitor: Visitor,
        question: str,
        talk: Talk,
        chosen: tuple[str, ...],
        fields: object = None,
    ) -> Iterator[PageState]:
        """Yield the conversation with the question waiting, then with its answer as it comes.

        ``fields`` is what the page's filters hold.
        """
        if not question.strip():
            yield self.page_state(visitor, talk, chosen)
            return
        talk = talk[-(TURNS - 1) :]  # what is shown and what is kept must be the same turns
        try:
            yield PageState(talk, self.page_state(visitor, talk, chosen).panel, question)
            language = analyse_question(question).language
            # Of several questions in one, each is a turn; an LLM reads them together.
            for part in split_questions(question) if self._writer is None else (question,):
                before = talk[-(TURNS - 1) :]
                for turn in self._stream_turns(visitor, part, language, before, chosen, fields):
                    talk = (*before, turn)
                    yield self.page_state(visitor, talk, chosen)
        except Exception as error:  # one bad question must not end the chat
            reason = error_text(error, visitor.language) or page_text("failed", visitor.language)
            yield self._failed(visitor, question, talk, chosen, reason)

    def page_state(self, visitor: Visitor, talk: Talk, chosen: tuple[str, ...]) -> PageState:
        """Return the conversation as it stands, its last answer marked in the article."""
        return PageState(talk, self.panel_html(visitor, talk[-1] if talk else None, chosen))

    def panel_html(self, visitor: Visitor, turn: Turn | None, chosen: tuple[str, ...]) -> str:
        """Return the articles that a turn cites, marked; else the first of those chosen."""
        places: tuple[CitedPlace, ...] = ()
        if turn is not None:
            places = turn.places or tuple(filter(None, (turn.nearest,)))
        named = tuple(dict.fromkeys(place.article for place in places)) or chosen[:1]
        found = (self.library.article(visitor.session, article_id) for article_id in named)
        articles = [article for article in found if article is not None]
        if not articles and places:
            return gone_html(visitor.language)
        if not articles:
            articles = list(self.library.listed(visitor.session)[:1])
        answered = turn is not None and turn.status == "answered"
        short = turn.short_answer if turn is not None else ""
        return panel_html(articles, places, short, visitor.language, answered=answered)

    def forget(self) -> None:
        """Forget what is remembered of articles that were removed: their texts are in it."""
        self._cached_ask_of.cache_clear()
        paragraphs.cache_clear()
        forget_texts()

    def _failed(
        self, visitor: Visitor, question: str, talk: Talk, chosen: tuple[str, ...], reason: str
    ) -> PageState:
        # A question that is too long to answer is too long to keep.
        turn = Turn(question[:2_000], visitor.language, "failed", reason[:2_000])
        try:
            return self.page_state(visitor, (*talk, turn), chosen)
        except StoreError:  # nor can the articles be shown
            return PageState((*talk, turn), "")

    def _stream_turns(
        self,
        visitor: Visitor,
        question: str,
        language: str,
        talk: Talk,
        chosen: tuple[str, ...],
        fields: object,
    ) -> Iterator[Turn]:
        where = parse_page_filter(fields)
        store = self.library.chosen(visitor.session, chosen, where)
        if store.is_empty:
            lacking = "no articles" if where is None else "none passes"
            raise LocalisedError(page_text(lacking, visitor.language))
        with self._log.record(question) as record:
            for answer in self._stream_answers(question, talk, store):
                record.status = answer.status
                yield turn_of(answer, store, language, self._explain(answer, store))

    def _stream_answers(self, question: str, talk: Talk, store: AnyStore) -> Iterator[Answer]:
        previous = None
        for before in talk[-_REMEMBERED:]:
            previous = self._earlier_answer(before.question, previous, store)
        if self._writer is None:
            yield self._cached_ask_of(store)(question, previous)
        else:
            yield from qa.stream(
                question, store=store, embedder=self.library.embedder, reader=self._reader,
                writer=self._writer, previous=previous,
            )  # fmt: skip

    def _earlier_answer(
        self, question: str, previous: Answer | None, store: AnyStore
    ) -> Answer | None:
        try:
            return self._cached_ask_of(store)(question, previous)
        except ArticleQAError:
            return None  # shown when it was asked; the next question does not depend on it

    def _make_cached_ask(self, store: AnyStore) -> Callable[[str, Answer | None], Answer]:
        return lru_cache(maxsize=_ANSWERS)(partial(self._ask, store))

    def _ask(self, store: AnyStore, question: str, previous: Answer | None) -> Answer:
        return qa.ask(
            question,
            store=store,
            embedder=self.library.embedder,
            reader=self._reader,
            previous=previous,
        )

    def _explain(self, answer: Answer, store: AnyStore) -> Explanation | None:
        """Return why the passage of the first citation was chosen."""
        if not answer.citations:
            return None
        explanations = explain(
            answer.retrieval_question or answer.question, answer.passages, store,
            self.library.embedder, reader=self._reader, read_as=answer.completed,
        )  # fmt: skip
        return next((e for e in explanations if e.passage.contains(answer.citations[0])), None)
