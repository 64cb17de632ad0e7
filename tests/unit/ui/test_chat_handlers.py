"""The chat's handlers without a browser: what a conversation before the question does."""

import json

import pytest

from qa import ask
from qa.writer import Writer
from tests.llm_server import llm_server
from ui.app import Chat
from ui.strings import FAILED

QUESTION = "what is the trade volume?"


def said(*questions):
    return [{"role": "user", "content": question} for question in questions]


@pytest.fixture
def chat(store, embedder):
    return Chat(store, embedder)


@pytest.mark.parametrize("before", ["x" * 10_001, "a\ud800", "❶❷❸❹", "፩፪፫፬"])
def test_one_bad_question_does_not_spoil_the_next(chat, before):
    *_, ((text, *_), _) = chat.reply(QUESTION, said(before))
    assert text == ask(QUESTION).text


def test_what_cannot_be_asked_is_told(chat):
    (((told,), _),) = chat.reply("x" * 10_001, [])
    assert told == "10,001 characters; the limit is 10,000"


def test_a_failure_of_ours_is_told_and_logged(chat, monkeypatch, caplog):
    monkeypatch.setattr("qa.ask", lambda *_, **__: 1 / 0)
    (((told,), _),) = chat.reply(QUESTION, [])
    assert told == FAILED
    assert "ZeroDivisionError" in caplog.text


def test_an_earlier_question_is_answered_once(chat, monkeypatch):
    asked = []
    real = ask
    monkeypatch.setattr("qa.ask", lambda q, **more: asked.append(q) or real(q, **more))
    list(chat.reply(QUESTION, []))
    list(chat.reply("and when?", said(QUESTION)))
    list(chat.reply("and where?", said(QUESTION, "and when?")))
    assert asked == [QUESTION, "and when?", "and where?"]


def test_with_an_llm_it_completes_the_follow_up(store, embedder):
    pytest.importorskip("openai", reason="needs the extra llm")
    with llm_server() as (url, asked):
        chat = Chat(store, embedder, writer=Writer(url, "cites"))
        list(chat.reply("and when?", said(QUESTION)))
    rewriting, writing = (json.loads(request["messages"][1]["content"]) for request in asked)
    assert rewriting["last question"] == "and when?"
    assert rewriting["previous question"] == QUESTION
    assert set(writing) == {"question", "passages"}
