"""The page in four languages and two directions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Chat, open_chat
from ui.i18n import LANGUAGES, OWN_NAMES, PageLanguage, page_text

TEXTS = ("new", "save markdown", "save html", "history", "articles", "try")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browsers_language_is_the_pages(
    browser: Browser, address: str, language: PageLanguage
) -> None:
    chat = open_chat(browser, address, locale=f"{language}-XX" if language != "en" else "en-GB")
    direction = "rtl" if language == "ar" else "ltr"
    assert chat.page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language, direction,
    ]  # fmt: skip
    for key in TEXTS:
        chat.page.get_by_text(page_text(key, language), exact=True).first.wait_for()
    box = chat.page.locator("#question textarea")
    assert box.get_attribute("placeholder") == page_text("placeholder", language)
    chat.ask("ما هو حجم التبادل التجاري؟")
    chat.page.get_by_text(page_text("copy", language), exact=True).wait_for()
    assert chat.errors == []
    chat.close()


def test_a_language_that_the_page_does_not_speak_is_english(browser: Browser, address: str) -> None:
    chat = open_chat(browser, address, locale="ja-JP")
    chat.page.get_by_text("New conversation").wait_for()
    chat.close()


def test_the_language_is_chosen_and_stays(chat: Chat) -> None:
    answer = chat.ask("what is the trade volume?")
    for language in ("ar", "ru", "fr", "en"):
        chat.page.select_option("#page-language", label=OWN_NAMES[language])
        chat.page.get_by_text(page_text("new", language), exact=True).wait_for()  # type: ignore[arg-type]
        chat.page.locator(".answer").wait_for()
        assert answer in chat.page.inner_text(".answer .said")
    chat.page.select_option("#page-language", "ar")
    chat.page.get_by_text(page_text("new", "ar"), exact=True).wait_for()
    chat.page.reload()
    chat.page.get_by_text(page_text("new", "ar"), exact=True).wait_for()


def test_in_arabic_the_chrome_runs_right_to_left(browser: Browser, address: str) -> None:
    arabic = open_chat(browser, address, locale="ar-DZ")
    english = open_chat(browser, address)

    def left(chat: Chat, selector: str) -> float:
        chat.page.locator(selector).first.wait_for()
        box = chat.page.locator(selector).first.bounding_box()
        assert box is not None
        return float(box["x"])

    for first, second in (
        ("#chat-side", "#article-side"),
        ("#head h1", "#page-language"),
        ("#desk .label-wrap > span:first-child", "#desk .label-wrap > .icon"),
    ):
        assert left(english, first) < left(english, second), first
        assert left(arabic, first) > left(arabic, second), first
    assert arabic.page.evaluate("document.documentElement.scrollWidth") <= 1280
    arabic.close()
    english.close()


def test_mixed_text_stays_readable(browser: Browser, address: str) -> None:
    """Each text has its own direction, whatever the page's."""
    chat = open_chat(browser, address, locale="ar-DZ")
    chat.ask("What is BRICS, and 3.5 (or 4)?")
    question = chat.page.locator("[data-testid=user] .message-content .md")
    assert question.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"
    # The question mark stands at the right end of an English text, on an Arabic page too.
    ends = question.evaluate(
        """e => {
          const text = e.querySelector('span') || e, node = document.createTreeWalker(
            text, NodeFilter.SHOW_TEXT).nextNode(), range = document.createRange();
          const at = (i) => (range.setStart(node, i), range.setEnd(node, i + 1),
                             range.getBoundingClientRect().left);
          return [at(0), at(node.length - 1)];
        }"""
    )
    assert ends[0] < ends[1]
    example = chat.page.get_by_text("what is the trade volume?", exact=True)
    assert example.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"
    chat.close()
