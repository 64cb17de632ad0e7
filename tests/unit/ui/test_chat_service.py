"""The chat's handlers without a browser: what a conversation before the question does."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.errors import ArticleQAError, StoreError
from index.store import Store
from qa import ask
from qa.writer import Writer
from tests.llm_server import llm_server
from ui.chat import ChatService
from ui.endpoints import Endpoints
from ui.i18n import page_text
from ui.library import Library
from ui.request import Visitor
from ui.talk import TURNS, Talk, Turn, dump_talk, load_talk

QUESTION = "what is the trade volume?"
READER = Visitor("s", "en")


def said(*questions: str) -> Talk:
    return tuple(Turn(question, "en", "failed") for question in questions)


@pytest.fixture
def conversation(store: Store, embedder: Embedder) -> ChatService:
    return ChatService(Library(store, embedder))


def last(conversation: ChatService, question: str, talk: Talk = ()) -> Turn:
    *_, shown = conversation.answer(READER, question, talk, ())
    assert shown.talk[:-1] == talk
    assert shown.waiting == ""
    return shown.talk[-1]


def test_the_question_stands_there_while_it_is_answered(conversation: ChatService) -> None:
    first, *_, end = conversation.answer(READER, QUESTION, (), ())
    assert (first.talk, first.waiting) == ((), QUESTION)
    assert "<mark" not in first.panel
    assert "<mark" in end.panel


@pytest.mark.parametrize("before", ["x" * 10_001, "a\ud800", "❶❷❸❹", "፩፪፫፬"])
def test_one_bad_question_does_not_spoil_the_next(conversation: ChatService, before: str) -> None:
    assert last(conversation, QUESTION, said(before)).text == ask(QUESTION).text


def test_what_cannot_be_asked_is_reported(conversation: ChatService) -> None:
    turn = last(conversation, "x" * 10_001)
    assert (turn.status, turn.text) == ("failed", "10,001 characters; the limit is 10,000")


def test_nothing_is_asked_with_nothing(conversation: ChatService) -> None:
    (shown,) = conversation.answer(READER, "  ", said("before"), ())
    assert shown.talk == said("before")


def test_what_is_shown_and_what_is_kept_are_the_same_turns(conversation: ChatService) -> None:
    *_, shown = conversation.answer(READER, QUESTION, said(*map(str, range(TURNS))), ())
    assert [turn.question for turn in shown.talk] == [*map(str, range(1, TURNS)), QUESTION]
    assert load_talk(dump_talk(shown.talk, "0" * 16)) == shown.talk


def test_a_failure_of_ours_is_reported_and_logged(
    conversation: ChatService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qa.ask", lambda *_, **__: 1 / 0)
    assert last(conversation, QUESTION).text == page_text("failed", "en")
    assert "ZeroDivisionError" in caplog.text


class Away(Store):
    """A store that nobody reaches."""

    def held_ids(self, article_ids: Collection[str]) -> set[str]:
        raise StoreError("milvus://10.0.0.7:19530/news: the server cannot be reached")

    def page(self, start: int, count: int) -> tuple[Article, ...]:
        raise StoreError(f"milvus://10.0.0.7:19530/news: {start} {count}")


def test_where_a_store_lies_is_not_reported(
    store: Store, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(store.views, store.embedder_id, store.dim, store.chunking)
    turn = last(ChatService(Library(away, embedder)), QUESTION)
    assert (turn.status, turn.text) == ("failed", page_text("failed", "en"))
    assert "10.0.0.7" in caplog.text
    programs = Endpoints(Library(away, embedder))
    for asked in (
        lambda: programs.ask(QUESTION, articles=["a"]),
        lambda: programs.retrieve(QUESTION, languages=["ar"]),
        programs.articles,
    ):
        with pytest.raises(ArticleQAError, match="^the articles cannot be asked now; try again"):
            asked()


def test_answers_of_few_stores_are_remembered(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view of a large archive has a megabyte for each 70,000 chunks."""
    asked: list[Store] = []
    monkeypatch.setattr("qa.ask", lambda *_, **more: asked.append(more["store"]))
    conversation = ChatService(Library(store, embedder))
    views = [replace(store) for _ in range(20)]
    for view in (*views, views[-1], views[0]):
        conversation._cached_ask_of(view)(QUESTION, None)
    assert len(asked) == 21  # the last is remembered, the first is not
    assert conversation._cached_ask_of.cache_info().currsize == 16


def test_an_earlier_question_is_answered_once(
    conversation: ChatService, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], ask
    monkeypatch.setattr("qa.ask", lambda q, **more: asked.append(q) or real(q, **more))
    last(conversation, QUESTION)
    last(conversation, "and when?", said(QUESTION))
    last(conversation, "and where?", said(QUESTION, "and when?"))
    assert asked == [QUESTION, "and when?", "and where?"]


def test_what_was_removed_is_not_remembered(
    conversation: ChatService, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], ask
    last(conversation, QUESTION)
    conversation.forget()
    monkeypatch.setattr("qa.ask", lambda q, **more: asked.append(q) or real(q, **more))
    last(conversation, QUESTION)
    assert asked == [QUESTION]


def test_with_an_llm_it_completes_the_follow_up(store: Store, embedder: Embedder) -> None:
    pytest.importorskip("openai", reason="needs the extra llm")
    with llm_server() as (url, asked):
        conversation = ChatService(Library(store, embedder), writer=Writer(url, "cites"))
        last(conversation, "and when?", said(QUESTION))
    rewriting, writing = (json.loads(request["messages"][1]["content"]) for request in asked)
    assert rewriting["last question"] == "and when?"
    assert rewriting["previous question"] == QUESTION
    assert set(writing) == {"question", "passages"}


def test_only_what_was_chosen_is_asked_and_shown(library: Store, embedder: Embedder) -> None:
    conversation = ChatService(Library(library, embedder))
    _, river, _ = library.articles
    *_, shown = conversation.answer(READER, QUESTION, (), (river.id,))
    assert shown.talk[-1].status == "not_in_article"
    assert shown.talk[-1].nearest is not None
    assert shown.talk[-1].nearest.article == river.id
    assert river.title in shown.panel
    *_, shown = conversation.answer(READER, "How many metres did the river rise?", (), ())
    assert shown.talk[-1].places[0].title == river.title
    assert library.articles[0].title not in shown.panel


def test_a_place_in_an_article_that_is_gone_is_reported(
    conversation: ChatService, library: Store, embedder: Embedder
) -> None:
    *_, shown = ChatService(Library(library, embedder)).answer(
        READER, "How many metres did the river rise?", (), ()
    )
    assert page_text("gone", "en") in conversation.panel_html(READER, shown.talk[-1], ())


def test_an_empty_library_says_what_to_do(store: Store, embedder: Embedder) -> None:
    conversation = ChatService(Library(store.select(()), embedder))
    assert last(conversation, QUESTION).text == page_text("no articles", "en")


def test_several_questions_in_one_are_a_turn_each(store: Store, embedder: Embedder) -> None:
    service = ChatService(Library(store, embedder))
    asked = "what is the trade volume and who is the Russian ambassador to Algeria?"
    *_, last = service.answer(Visitor("amel"), asked, (), ())
    assert [turn.question for turn in last.talk] == [
        "what is the trade volume", "and who is the Russian ambassador to Algeria?",
    ]  # fmt: skip
    assert [turn.status for turn in last.talk] == ["answered", "answered"]
    assert "بيلييف" in last.talk[1].text
