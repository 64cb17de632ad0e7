"""Questions and answers as a reader sees them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa.writer import Writer
from tests.browser.conftest import Chat, open_chat
from tests.llm_server import llm_server
from tests.serving import served
from ui.i18n import EXAMPLES, refusal_text

ENGLISH, ARABIC = "what is the trade volume?", "ما هو حجم التبادل التجاري؟"


def marked(page: Page) -> str:
    mark = page.locator("#article mark")
    mark.wait_for()
    return mark.inner_text()


def mark_is_in_view(page: Page) -> bool:
    """Tell whether the mark lies inside the visible part of the article's own box."""
    page.wait_for_timeout(300)  # the scroll follows the next frame
    return bool(
        page.evaluate(
            """() => {
              const mark = document.querySelector('#article mark').getBoundingClientRect();
              const box = document.querySelector('#article .scroller').getBoundingClientRect();
              return mark.top >= box.top && mark.bottom <= box.bottom;
            }"""
        )
    )


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def test_the_page_shows_the_article_and_examples(chat: Chat, article: Article) -> None:
    assert article.title in chat.page.inner_text("#bar")
    assert "Arabic" in chat.page.inner_text(".welcome")
    # One request: each counts against the visitor's rate.
    assert len([url for url in chat.requests if "/queue/join" in url]) == 1
    assert article.text.split("\n")[6] in chat.page.inner_text("#article")
    chat.page.get_by_text(EXAMPLES["en"][3]).click()
    assert "2019" in chat.answered(0)
    assert "2019" in marked(chat.page)


@pytest.mark.parametrize("question", [ENGLISH, ARABIC])
def test_a_question_is_answered_with_its_place(chat: Chat, article: Article, question: str) -> None:
    quote = chat.ask(question)
    assert "3 مليارات دولار" in quote
    assert quote in article.text
    assert marked(chat.page) == quote
    assert mark_is_in_view(chat.page)
    assert chat.page.locator(".answer mark").inner_text() == "3 مليارات دولار"
    assert chat.page.locator("#article mark strong").inner_text() == "3 مليارات دولار"
    chat.page.locator("summary").click()
    assert "↔ التجاري" in chat.page.inner_text(".why ul") or question == ARABIC


def test_a_refusal_folds_the_closest_passage(chat: Chat) -> None:
    assert chat.ask("What is the capital of Mongolia?") == refusal_text("en")
    closest = chat.page.locator(".closest")
    assert not closest.locator("blockquote").is_visible()
    assert chat.page.locator("#article .unanswered").count() == 1
    closest.locator("summary").click()
    closest.locator("a.cite").click()
    assert closest.locator("blockquote").inner_text().startswith(focused(chat.page))
    assert chat.ask("كيف سيكون الطقس غدا؟") == refusal_text("ar")


def test_a_citation_leads_to_its_mark_and_escape_back(chat: Chat) -> None:
    first = chat.ask(ENGLISH)
    chat.page.evaluate("document.querySelector('#article .scroller').scrollTop = 0")
    chat.page.locator("a.cite").click()
    assert focused(chat.page) == marked(chat.page) == first
    assert mark_is_in_view(chat.page)
    assert chat.page.url.count("#") == 0
    chat.page.keyboard.press("Escape")
    assert chat.page.evaluate("document.activeElement.matches('a.cite')")
    # A later answer moves the mark; an earlier one's citation brings its mark back.
    second = chat.ask("ما منصب ديمتري شوڨاييف؟")
    chat.page.wait_for_function(
        "text => document.querySelector('#article mark')?.innerText.includes(text)", arg="شوڨاييف"
    )
    assert "شوڨاييف" in second
    assert mark_is_in_view(chat.page)
    chat.page.locator("a.cite").first.focus()
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_function(
        "text => document.activeElement.matches('#article mark') && "
        "document.activeElement.innerText === text",
        arg=first,
    )
    assert mark_is_in_view(chat.page)


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_harmless(chat: Chat, question: str) -> None:
    chat.page.fill("#question textarea", question)
    chat.page.press("#question textarea", "Enter")
    chat.page.wait_for_timeout(700)
    assert chat.page.locator("[data-testid=user]").count() == 0
    assert "3 مليارات دولار" in chat.ask(ENGLISH)


def test_a_question_is_text_not_markup_and_nothing_outside_is_asked_for(chat: Chat) -> None:
    question = "<img src=x onerror=alert(1)> **bold** $x$ <b>what</b> is the trade volume?"
    chat.ask(question)
    shown = chat.page.locator("[data-testid=user] .message-content")
    assert shown.inner_text() == question
    chat.page.wait_for_timeout(500)
    assert chat.dialogs == []
    assert len(chat.requests) > 10
    assert chat.outside == set()


def test_a_follow_up_is_completed_and_shown(chat: Chat) -> None:
    chat.ask("Where is the Algerian president invited?")
    answer = chat.ask("and who invited him?")
    assert "لزيارة موسكو" in answer
    read = chat.page.locator(".answer .quiet", has_text="Read together with")
    assert read.inner_text() == "Read together with “Where is the Algerian president invited?”"


def test_questions_that_follow_are_offered_and_answered(chat: Chat) -> None:
    chat.ask(ENGLISH)
    offered = chat.page.locator("#chat .option")
    assert offered.all_inner_texts() == list(EXAMPLES["en"][1:4])
    offered.first.click()
    assert "موسكو" in chat.answered(1)
    offered.get_by_text(EXAMPLES["en"][4]).wait_for()
    assert offered.all_inner_texts() == list(EXAMPLES["en"][2:5])


def test_an_llm_writes_in_the_chat(browser: Browser, store: Store, embedder: Embedder) -> None:
    with (
        llm_server() as (url, _),
        served(store, embedder, writer=Writer(url, "two")) as where,
    ):
        chat = open_chat(browser, where)
        chat.ask(ENGLISH)
        chat.page.get_by_text("Oil costs 90 dollars. (not supported by the passages)").wait_for()
        assert "Trade is 3 billion dollars. [1]" in chat.page.inner_text("#chat")
        assert marked(chat.page) == "3 مليارات دولار"
        chat.close()
    with (
        llm_server() as (url, _),
        served(store, embedder, writer=Writer(url, "missing")) as where,
    ):
        chat = open_chat(browser, where)
        assert "3 مليارات دولار" in chat.ask(ENGLISH)
        assert "has no model 'missing'" in chat.page.inner_text("#chat")
        chat.close()


def test_enter_pressed_twice_loses_no_answer(chat: Chat) -> None:
    chat.page.fill("#question textarea", "which sector interests Russian companies?")
    chat.page.press("#question textarea", "Enter")
    chat.page.press("#question textarea", "Enter")
    assert "الطاقة" in chat.answered(0)
    chat.page.wait_for_timeout(500)
    assert chat.page.locator("[data-testid=user]").count() == 1
