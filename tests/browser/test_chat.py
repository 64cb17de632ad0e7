"""The chat as a reader sees it."""

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
from ui import i18n

ENGLISH, ARABIC = "what is the trade volume?", "ما هو حجم التبادل التجاري؟"


def _marked(page: Page) -> str:
    mark = page.locator("#article mark")
    mark.wait_for()
    return mark.inner_text()


def _mark_is_in_view(page: Page) -> bool:
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


def _side(page: Page, selector: str) -> str:
    """Tell on which side of its box the text of an element stands."""
    return str(
        page.evaluate(
            """(selector) => {
              const element = [...document.querySelectorAll(selector)].at(-1);
              const range = document.createRange();
              range.selectNodeContents(element);
              const lines = [...range.getClientRects()];
              const last = lines.at(-1), box = element.getBoundingClientRect();
              const left = last.left - box.left, right = box.right - last.right;
              return left > right ? 'right' : 'left';
            }""",
            selector,
        )
    )


def test_the_page_shows_the_article_and_examples(chat: Chat, article: Article) -> None:
    assert article.title in chat.page.inner_text("#head")
    assert "Arabic" in chat.page.inner_text("#head p")
    # One request: each counts against the visitor's rate.
    assert len([url for url in chat.requests if "/queue/join" in url]) == 1
    assert article.text.split("\n")[6] in chat.page.inner_text("#article")
    for example in i18n.EXAMPLES:
        chat.page.get_by_text(example).wait_for()


@pytest.mark.parametrize("question", [ENGLISH, ARABIC])
def test_a_question_is_answered_with_its_place(chat: Chat, article: Article, question: str) -> None:
    answer = chat.ask(question)
    assert "3 مليارات دولار" in answer
    assert answer in article.text
    assert _marked(chat.page) == answer
    assert _mark_is_in_view(chat.page)
    assert "[1]" in chat.page.inner_text(".citations")
    assert "508–763" in chat.page.inner_text(".citations")


def test_an_example_can_be_clicked(chat: Chat) -> None:
    chat.page.get_by_text(i18n.EXAMPLES[3]).click()
    assert "3 مليارات دولار" in _marked(chat.page)


def test_every_text_takes_its_own_direction(chat: Chat) -> None:
    chat.ask(ENGLISH)
    assert _side(chat.page, "[data-testid=user] .message-content .md") == "left"
    assert _side(chat.page, "#article p[data-n]") == "right"
    direction = "e => getComputedStyle(e).direction"
    assert chat.page.eval_on_selector(".answer .said", direction) == "rtl"
    assert chat.page.eval_on_selector(".citations li", direction) == "rtl"
    assert chat.page.eval_on_selector("html", direction) == "ltr"


def test_what_the_article_does_not_tell(chat: Chat) -> None:
    assert chat.ask("What is the capital of Mongolia?") == i18n.refusal_text("en")
    nearest = chat.page.locator(".nearest")
    assert nearest.is_visible()
    assert chat.page.locator("#article .unanswered").count() == 1
    nearest.locator("a.cite").click()
    assert nearest.inner_text().startswith(_focused(chat.page))
    assert chat.ask("كيف سيكون الطقس غدا؟") == i18n.refusal_text("ar")


def test_a_later_question_moves_the_mark(chat: Chat) -> None:
    chat.ask(ENGLISH)
    first = _marked(chat.page)
    second = chat.ask("ما منصب ديمتري شوڨاييف؟")
    chat.page.wait_for_function(
        "text => document.querySelector('#article mark')?.innerText === text", arg=second
    )
    assert second != first
    assert _mark_is_in_view(chat.page)


def test_the_number_leads_to_the_mark(chat: Chat) -> None:
    chat.ask(ENGLISH)
    chat.page.evaluate("document.querySelector('#article .scroller').scrollTop = 0")
    chat.page.locator(".said a.cite").click()
    assert _focused(chat.page) == _marked(chat.page)
    assert _mark_is_in_view(chat.page)
    assert chat.page.url.count("#") == 0


def test_the_number_of_an_earlier_answer_brings_its_mark_back(chat: Chat) -> None:
    first = chat.ask(ENGLISH)
    chat.ask("ما منصب ديمتري شوڨاييف؟")
    chat.page.locator(".said a.cite").first.click()
    chat.page.wait_for_function("document.activeElement.matches('#article mark')")
    assert _focused(chat.page) == first == _marked(chat.page)
    assert _mark_is_in_view(chat.page)


def test_the_keyboard_alone_goes_to_the_place_and_back(chat: Chat) -> None:
    chat.ask(ENGLISH)
    for _ in range(60):
        chat.page.keyboard.press("Shift+Tab")
        if chat.page.evaluate("document.activeElement.matches('a.cite')"):
            break
    quote = chat.page.locator("#quote")
    assert quote.inner_text() == chat.page.locator("#article mark").inner_text()
    chat.page.keyboard.press("Enter")
    assert _focused(chat.page) == _marked(chat.page)
    assert quote.count() == 0
    chat.page.keyboard.press("Escape")
    assert chat.page.evaluate("document.activeElement.matches('a.cite')")


def test_the_quote_shows_under_the_pointer(chat: Chat) -> None:
    answer = chat.ask(ENGLISH)
    chat.page.hover(".said a.cite")
    assert chat.page.locator("#quote").inner_text() == answer
    box = chat.page.locator("#quote").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    chat.page.hover("#head h1")
    assert chat.page.locator("#quote").count() == 0


def test_a_phone_has_the_chat_and_the_article_as_two_tabs(browser: Browser, address: str) -> None:
    chat = open_chat(browser, address, width=390, height=844, has_touch=True)
    answer = chat.ask(ARABIC)
    assert not chat.page.locator("#article").is_visible()
    chat.page.locator(".said a.cite").tap()
    assert chat.page.locator("#article mark").is_visible()
    assert not chat.page.locator("#question").is_visible()
    assert _marked(chat.page) == answer
    assert _mark_is_in_view(chat.page)
    tabs = chat.page.locator("#tabs [role=tab]")
    assert tabs.evaluate_all("all => all.map((t) => t.ariaSelected)") == ["false", "true"]
    _fits(chat.page, "#article .scroller", 390)
    tabs.first.tap()
    assert chat.page.locator("#question").is_visible()
    for selector in ("#question textarea", ".answer", "#examples"):
        _fits(chat.page, selector, 390)
    chat.close()


def _fits(page: Page, selector: str, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_harmless(chat: Chat, question: str) -> None:
    chat.page.fill("#question textarea", question)
    chat.page.press("#question textarea", "Enter")
    chat.page.wait_for_timeout(1000)
    assert chat.page.locator("[data-testid=user]").count() == 0
    assert "3 مليارات دولار" in chat.ask(ENGLISH)


def test_nothing_outside_is_asked_for(chat: Chat) -> None:
    chat.ask(ENGLISH)
    chat.page.wait_for_timeout(1500)
    assert len(chat.requests) > 10
    assert chat.outside == set()


def test_a_question_is_text_not_markup(chat: Chat) -> None:
    question = "<img src=x onerror=alert(1)> **bold** $x$ <b>what</b> is the trade volume?"
    chat.ask(question)
    shown = chat.page.locator("[data-testid=user] .message-content")
    assert shown.inner_text() == question
    assert chat.dialogs == []


def test_the_words_that_answer_stand_out(chat: Chat) -> None:
    chat.ask(ENGLISH)
    assert chat.page.locator("#article mark strong").inner_text() == "3 مليارات دولار"
    assert chat.page.locator(".sure strong").inner_text() == "3 billion dollars"
    assert chat.page.locator(".sure bdi").inner_text() == "3 مليارات دولار"


def test_why_is_told_when_asked(chat: Chat) -> None:
    chat.ask(ARABIC)
    chat.page.get_by_text("لماذا هذا المقطع؟").click()
    assert "التبادل ~ التبادل" in chat.page.inner_text(".why ul")
    assert "lexical" in chat.page.inner_text(".why p")


def test_a_follow_up_is_completed_and_shown(chat: Chat) -> None:
    chat.ask("Where is the Algerian president invited?")
    answer = chat.ask("and who invited him?")
    assert "لزيارة موسكو" in answer
    assert "↳ and who invited him? (Algerian president" in chat.page.inner_text("#chat")


def test_an_llm_writes_in_the_chat(browser: Browser, store: Store, embedder: Embedder) -> None:
    with (
        llm_server() as (url, _),
        served(store, embedder, writer=Writer(url, "two")) as where,
    ):
        chat = open_chat(browser, where)
        chat.ask(ENGLISH)
        chat.page.get_by_text("Oil costs 90 dollars. (not supported by the passages)").wait_for()
        assert "Trade is 3 billion dollars. [1]" in chat.page.inner_text("#chat")
        assert _marked(chat.page) == "3 مليارات دولار"
        chat.close()


def test_an_llm_that_fails_leaves_the_articles_answer(
    browser: Browser, store: Store, embedder: Embedder
) -> None:
    with (
        llm_server() as (url, _),
        served(store, embedder, writer=Writer(url, "missing")) as where,
    ):
        chat = open_chat(browser, where)
        assert "3 مليارات دولار" in chat.ask(ENGLISH)
        assert "has no model 'missing'" in chat.page.inner_text("#chat")
        chat.close()
