"""The chat as a reader sees it."""

from __future__ import annotations

from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa.writer import Writer
from tests.browser.conftest import Chat, open_chat, serve
from tests.llm_server import llm_server
from ui import strings

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
              const box = document.querySelector('#article article').getBoundingClientRect();
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
    assert "العربية" in chat.page.inner_text("#head")
    assert article.text.split("\n")[6] in chat.page.inner_text("#article")
    for example in strings.EXAMPLES:
        assert chat.page.get_by_text(example).is_visible()


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
    chat.page.get_by_text(strings.EXAMPLES[3]).click()
    assert "3 مليارات دولار" in _marked(chat.page)


def test_every_text_takes_its_own_direction(chat: Chat) -> None:
    chat.ask(ENGLISH)
    assert _side(chat.page, "[data-testid=user] .message-content .md") == "left"
    assert _side(chat.page, "[data-testid=bot] .message-content .md") == "right"
    assert _side(chat.page, "#article p") == "right"
    direction = "e => getComputedStyle(e).direction"
    assert chat.page.eval_on_selector(".citations li", direction) == "rtl"
    assert chat.page.eval_on_selector("html", direction) == "ltr"


def test_what_the_article_does_not_tell(chat: Chat) -> None:
    assert chat.ask("Who invented the telephone?") == strings.not_in_article("en")
    assert chat.page.locator("#article mark").count() == 0
    assert chat.page.locator(".nearest").is_visible()
    assert chat.ask("كيف سيكون الطقس غدا؟") == strings.not_in_article("ar")


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
    chat.page.click(".citations a")
    anchor = chat.page.url.split("#")[1]
    assert chat.page.locator("#article mark").get_attribute("id") == anchor
    assert chat.page.locator(f"#{anchor}").is_visible()
    chat.ask("ما منصب ديمتري شوڨاييف؟")
    links = chat.page.locator(".citations a")
    assert links.nth(0).get_attribute("href") != links.nth(1).get_attribute("href")


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_harmless(chat: Chat, question: str) -> None:
    chat.page.fill("#question textarea", question)
    chat.page.press("#question textarea", "Enter")
    chat.page.wait_for_timeout(1000)
    said = chat.page.locator("[data-testid=bot] .message-content")
    assert said.all_inner_texts() in ([], [strings.EMPTY_QUESTION])
    assert "3 مليارات دولار" in chat.ask(ENGLISH)


def test_nothing_outside_is_asked_for(chat: Chat) -> None:
    chat.ask(ENGLISH)
    chat.page.wait_for_timeout(1500)
    assert len(chat.requests) > 10
    addresses = [urlparse(request) for request in chat.requests]
    outside = {a.netloc for a in addresses if a.scheme not in ("data", "blob")}
    assert {host.split(":")[0] for host in outside} == {"127.0.0.1"}


def test_a_question_is_text_not_markup(chat: Chat) -> None:
    question = "<img src=x onerror=alert(1)> **bold** $x$ <b>what</b> is the trade volume?"
    chat.ask(question)
    shown = chat.page.locator("[data-testid=user] .message-content")
    assert shown.inner_text() == question
    assert chat.dialogs == []


def test_markup_in_an_article_is_shown_as_text(browser: Browser, embedder: Embedder) -> None:
    hostile = Article.of(
        "Title <script>alert('t')</script>\n\n"
        "The river rose <script>alert('x')</script><img src=x onerror=\"alert('y')\"> by 3 metres.",
        source="<b>file</b>",
        language="en",
    )
    app, address = serve(Store.build([hostile], embedder), embedder)
    try:
        chat = open_chat(browser, address)
        answer = chat.ask("How many metres did the river rise?")
        chat.page.wait_for_timeout(500)
        assert "<script>alert('x')</script>" in answer
        assert "<script>alert('x')</script>" in _marked(chat.page)
        assert "<script>alert('t')</script>" in chat.page.inner_text("#head")
        assert chat.dialogs == []
        chat.page.close()
    finally:
        app.close()


def test_a_phone_shows_all_of_it(browser: Browser, address: str) -> None:
    chat = open_chat(browser, address, width=390, height=844)
    answer = chat.ask(ARABIC)
    assert _marked(chat.page) == answer
    assert _mark_is_in_view(chat.page)
    width = "() => document.documentElement.scrollWidth"
    assert chat.page.evaluate(width) <= 390
    for selector in ("#question textarea", "#article article", "[data-testid=bot]"):
        box = chat.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    chat.page.close()


def test_the_words_that_answer_stand_out(chat: Chat) -> None:
    chat.ask(ARABIC)
    assert chat.page.locator("#article mark strong").inner_text().startswith("3 مليارات")
    assert chat.page.locator(".sure strong").inner_text().startswith("3 مليارات")


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
    with llm_server() as (url, _):
        app, where = serve(store, embedder, Writer(url, "two"))
        try:
            chat = open_chat(browser, where)
            chat.ask(ENGLISH)
            chat.page.get_by_text(
                "Oil costs 90 dollars. (not supported by the passages)"
            ).wait_for()
            assert "Trade is 3 billion dollars. [1]" in chat.page.inner_text("#chat")
            assert _marked(chat.page) == "3 مليارات دولار"
        finally:
            app.close()


def test_an_llm_that_fails_leaves_the_articles_answer(
    browser: Browser, store: Store, embedder: Embedder
) -> None:
    with llm_server() as (url, _):
        app, where = serve(store, embedder, Writer(url, "missing"))
        try:
            chat = open_chat(browser, where)
            assert "3 مليارات دولار" in chat.ask(ENGLISH)
            assert "has no model 'missing'" in chat.page.inner_text("#chat")
        finally:
            app.close()
