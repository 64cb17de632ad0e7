"""The page in four languages and two directions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Chat, open_chat
from ui.i18n import LANGUAGES, OWN_NAMES, PageLanguage, card_text, page_text

TEXTS = ("new", "save markdown", "save html", "history", "add", "tagline", "own", "narrow")


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
        text = chat.page.get_by_text(page_text(key, language), exact=True)
        text.first.wait_for(state="attached")
    box = chat.page.locator("#question textarea")
    assert box.get_attribute("placeholder") == page_text("placeholder", language)
    chat.ask("ما هو حجم التبادل التجاري؟")
    chat.page.get_by_text(card_text("copy", "ar"), exact=True).wait_for()  # the question's
    assert chat.errors == []
    chat.close()


def test_a_language_that_the_page_does_not_speak_is_english(browser: Browser, address: str) -> None:
    chat = open_chat(browser, address, locale="ja-JP")
    chat.page.get_by_text(page_text("tagline", "en")).wait_for()
    chat.close()


def test_the_language_is_chosen_and_stays_and_the_draft_with_it(chat: Chat) -> None:
    answer = chat.ask("what is the trade volume?")
    for language, width in (("ar", 1280), ("ru", 390), ("fr", 1280), ("ar", 390)):
        chat.page.set_viewport_size({"width": width, "height": 800})
        chat.page.locator("#question textarea").press_sequentially("x")
        chat.page.select_option("#page-language", label=OWN_NAMES[language])
        placeholder = page_text("placeholder", language)  # type: ignore[arg-type]
        # A file that the last page was still fetching is locked in the browser's cache for 20 s.
        chat.page.get_by_placeholder(placeholder).wait_for(timeout=90_000)
        chat.page.locator(".answer").wait_for()
        assert answer in chat.page.inner_text(".answer blockquote")
    chat.page.reload()
    chat.page.get_by_placeholder(page_text("placeholder", "ar")).wait_for()
    chat.page.wait_for_function("document.querySelector('#question textarea').value === 'xxxx'")


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
        ("#bar h1", "#page-language"),
        ("#question textarea", "#question button"),
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
    direction = "e => getComputedStyle(e).direction"
    assert chat.page.locator(".answer").evaluate(direction) == "ltr"
    assert chat.page.locator("#article article").evaluate(direction) == "rtl"
    chat.close()
