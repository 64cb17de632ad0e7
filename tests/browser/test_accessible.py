"""The rules of axe, on the page as it is used."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Chat, open_chat

# Those of WCAG 2.2, A and AA, contrast among them.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(chat: Chat) -> list[str]:
    found = Axe().run(chat.page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "ar-DZ"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_page_breaks_no_rule(
    browser: Browser, address: str, scheme: str, locale: str, width: int, height: int
) -> None:
    # Axe is put into the page, which the page's own policy rightly forbids.
    chat = open_chat(browser, address, width, height, locale, color_scheme=scheme, bypass_csp=True)
    assert violations(chat) == []
    chat.ask("ما هو حجم التبادل التجاري؟")
    chat.ask("What is the capital of Mongolia?")
    chat.page.locator(".why summary").click()
    chat.open("#history")
    assert violations(chat) == []
    chat.page.locator(".said a.cite").first.click()
    chat.open("#desk")
    chat.open("#narrow")
    chat.page.wait_for_selector("#file")
    for tab in range(3):
        chat.page.locator("#desk [role=tab]").nth(tab).click()
        assert violations(chat) == []
    chat.close()


def test_everything_can_be_reached_by_the_keyboard(chat: Chat) -> None:
    chat.ask("what is the trade volume?")
    chat.open("#history")
    chat.open("#desk")
    chat.page.wait_for_selector("#file")
    chat.page.fill("#question textarea", "x")
    chat.page.focus("#page-language")
    wanted = {
        "the language": "#page-language", "a citation": "#chat a.cite", "copying": "#chat .copy",
        "why": "#chat summary", "the question": "#question textarea",
        "sending": "#question .submit-button", "an example": "#examples button",
        "saving": "#save-page", "forgetting": "#history button", "choosing": "#chosen input",
        "a tab": "#desk [role=tab]", "a file": "#file button", "the article": "#article article",
    }  # fmt: skip
    reached = set()
    for _ in range(90):
        chat.page.keyboard.press("Tab")
        for name, selector in wanted.items():
            if chat.page.evaluate("s => document.activeElement.matches(s)", selector):
                reached.add(name)
        assert chat.page.evaluate("document.activeElement.matches(':focus-visible, body')")
    assert set(wanted) - reached - {"the language"} == set()
