"""A conversation: again, edited, stopped, kept, saved, judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa.writer import Writer
from tests.browser.conftest import Chat, open_chat
from tests.llm_server import llm_server
from tests.serving import served
from ui.middleware import Rates

ENGLISH, OTHER = "what is the trade volume?", "Where is the Algerian president invited?"


def said(chat: Chat) -> list[str]:
    return [
        str(t) for t in chat.page.locator("[data-testid=user] .message-content").all_inner_texts()
    ]


def wait_for_answers(chat: Chat, count: int) -> None:
    chat.page.wait_for_function("n => document.querySelectorAll('.answer').length === n", arg=count)


def test_again(chat: Chat) -> None:
    answer = chat.ask(ENGLISH)
    chat.page.get_by_role("button", name="Retry").click()
    chat.page.wait_for_timeout(1_000)
    wait_for_answers(chat, 1)
    assert said(chat) == [ENGLISH]
    assert answer in chat.page.inner_text(".answer")


def test_an_edited_question_is_answered_anew(chat: Chat) -> None:
    chat.ask(ENGLISH)
    chat.ask(OTHER)
    chat.page.get_by_role("button", name="Edit").first.click()
    box = chat.page.locator("#chat textarea")
    box.fill("who is <b>Lavrov</b>?")
    chat.page.get_by_role("button", name="Submit").click()
    wait_for_answers(chat, 1)
    chat.page.wait_for_timeout(500)
    assert said(chat) == ["who is <b>Lavrov</b>?"]
    assert "لافروف" in chat.page.inner_text(".answer")


def test_an_llm_can_be_stopped(browser: Browser, store: Store, embedder: Embedder) -> None:
    with (
        llm_server() as (url, _),
        served(store, embedder, writer=Writer(url, "silent", longest=20.0)) as where,
    ):
        chat = open_chat(browser, where)
        chat.page.fill("#question textarea", ENGLISH)
        chat.page.press("#question textarea", "Enter")
        stop = chat.page.locator("#question .stop-button")
        stop.click()
        chat.page.locator("#question .submit-button").wait_for()
        assert not stop.is_visible()
        # Nothing was said yet: the question is given back, and stands nowhere else.
        assert chat.page.locator(".answer").count() == 0
        assert chat.page.input_value("#question textarea") == ENGLISH
        assert chat.page.locator("[data-testid=user]").count() == 0
        chat.close()


def test_it_is_kept_in_the_browser(chat: Chat) -> None:
    answer = chat.ask(ENGLISH)
    chat.page.reload()
    chat.page.wait_for_selector("#bar header")
    chat.page.locator(".answer").wait_for()
    assert said(chat) == [ENGLISH]
    assert answer in chat.page.inner_text(".answer blockquote")
    assert chat.page.locator("#article mark").inner_text() == answer
    # And goes on from there.
    chat.ask("and when?")
    assert len(said(chat)) == 2


def begin_anew(chat: Chat) -> None:
    chat.open("menu")
    chat.page.click("#new")
    wait_for_answers(chat, 0)


def test_earlier_conversations_come_back_and_are_forgotten(chat: Chat) -> None:
    chat.ask(ENGLISH)
    begin_anew(chat)
    chat.ask(OTHER)
    begin_anew(chat)
    chat.open("menu")
    chat.page.get_by_role("radio", name=ENGLISH).click()
    wait_for_answers(chat, 1)
    assert said(chat) == [ENGLISH]
    chat.open("menu")
    chat.page.get_by_role("radio", name=OTHER).wait_for()
    chat.page.click("#forget")
    chat.page.get_by_role("radio", name=OTHER).wait_for(state="detached")
    chat.page.reload()
    chat.page.wait_for_selector("#bar header")
    chat.open("menu")
    assert chat.page.get_by_role("radio", name=OTHER).count() == 0


@pytest.mark.parametrize(("button", "suffix"), [("#save-markdown", "md"), ("#save-page", "html")])
def test_it_is_saved_as_a_file(
    chat: Chat, browser: Browser, tmp_path: Path, button: str, suffix: str
) -> None:
    answer = chat.ask(ENGLISH)
    chat.open("menu")
    with chat.page.expect_download() as downloading:
        chat.page.click(button)
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    assert path.name == f"conversation.{suffix}"
    text = path.read_text("utf-8")
    assert answer.split("،")[0] in text
    if suffix == "html":
        page = browser.new_page()
        page.goto(path.as_uri())
        assert answer in page.inner_text("body")
        page.click("a")
        assert page.evaluate("document.querySelector(location.hash).innerText").startswith("وشدد")
        page.close()


def test_an_answer_is_copied_with_its_place(
    browser: Browser, address: str, article: Article
) -> None:
    chat = open_chat(browser, address, permissions=["clipboard-read", "clipboard-write"])
    answer = chat.ask(ENGLISH)
    chat.page.click(".copy")
    chat.page.wait_for_function("document.querySelector('.copy').innerText === 'Copied'")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    place = f"{article.title}, {article.source}, paragraph 4, 508–763"
    assert copied == f"3 billion dollars\n{answer}\n[1] {place}"
    chat.page.wait_for_function("document.querySelector('.copy').innerText !== 'Copied'")
    chat.close()


@pytest.fixture
def judged(store: Store, embedder: Embedder, tmp_path: Path) -> Iterator[str]:
    with served(store, embedder, feedback=tmp_path / "feedback.jsonl") as where:
        yield where


def test_thumbs_are_kept(browser: Browser, judged: str, tmp_path: Path, store: Store) -> None:
    chat = open_chat(browser, judged)
    answer = chat.ask(ENGLISH)
    chat.page.get_by_role("button", name="Like", exact=True).click()
    chat.page.wait_for_timeout(700)
    (row,) = map(json.loads, (tmp_path / "feedback.jsonl").read_text("utf-8").splitlines())
    assert (row["liked"], row["question"], row["answer"]) == (True, ENGLISH, answer)
    assert row["citations"][0]["quote"] == answer
    assert row["store"] == store.id
    chat.close()


def test_without_a_file_there_are_no_thumbs(chat: Chat) -> None:
    chat.ask(ENGLISH)
    assert chat.page.get_by_role("button", name="Like", exact=True).count() == 0


def test_who_asks_too_often_is_reported_and_loses_nothing(
    browser: Browser, store: Store, embedder: Embedder
) -> None:
    rates = Rates(requests="4 per minute", uploads="")
    with served(store, embedder, rates=rates) as where:
        chat = open_chat(browser, where)
        answer = chat.ask(ENGLISH)
        for _ in range(4):
            chat.page.fill("#question textarea", OTHER)
            chat.page.press("#question textarea", "Enter")
            chat.page.wait_for_timeout(400)
        chat.page.get_by_text("too many requests; wait 60 seconds").first.wait_for()
        assert chat.page.input_value("#question textarea") == OTHER
        assert answer in chat.page.inner_text("#chat")
        assert chat.page.locator("#chat .answer").first.is_visible()
        chat.close()
