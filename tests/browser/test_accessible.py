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


@pytest.mark.parametrize(
    ("width", "height", "locale", "scheme"),
    [
        (1280, 800, "en-GB", "light"),
        (1280, 800, "ar-DZ", "dark"),
        (390, 844, "ar-DZ", "light"),
        (390, 844, "en-GB", "dark"),
    ],
)
def test_the_page_breaks_no_rule(
    browser: Browser, address: str, scheme: str, locale: str, width: int, height: int
) -> None:
    # Axe is put into the page, which the page's own policy rightly forbids.
    chat = open_chat(browser, address, width, height, locale, color_scheme=scheme, bypass_csp=True)
    assert violations(chat) == []
    chat.ask("ما هو حجم التبادل التجاري؟")
    chat.ask("What is the capital of Mongolia?")
    for folded in chat.page.locator("#chat summary").all():
        folded.click()
    assert violations(chat) == []
    for dialog in ("picker", "adder", "menu"):
        chat.open(dialog)
        if dialog == "picker":
            chat.page.locator("#narrow button").first.click()
        assert violations(chat) == [], dialog
        chat.page.keyboard.press("Escape")
    chat.page.locator("a.cite:visible").first.click()
    assert violations(chat) == []
    chat.close()


def test_everything_can_be_reached_by_the_keyboard(chat: Chat) -> None:
    chat.ask("what is the trade volume?")
    chat.page.fill("#question textarea", "x")
    chat.page.focus("#bar .chip")
    reached = _reached(chat, 40, {
        "adding": "[data-opens=adder]", "the language": "#page-language",
        "more": "[data-opens=menu]",
        "a citation": "#chat a.cite", "copying": "#chat .copy", "why": "#chat summary",
        "a next question": "#chat .option", "the question": "#question textarea",
        "sending": "#question .submit-button", "the article": "#article article",
    })  # fmt: skip
    assert reached == set()
    for dialog, wanted in (
        ("picker", {"an article": "#chosen input", "filters": "#narrow button"}),
        ("adder", {"a file": "#file button", "a text": "#pasted textarea", "adding": "#add-page"}),
        ("menu", {"anew": "#new", "saving": "#save-page", "forgetting": "#forget"}),
    ):
        chat.page.locator(f"#bar [data-opens={dialog}]").press("Enter")
        chat.page.locator(f"#{dialog}").wait_for()
        chat.page.keyboard.press("Shift+Tab")
        assert _reached(chat, 12, wanted) == set(), dialog
        chat.page.keyboard.press("Escape")
        assert not chat.page.locator(f"#{dialog}").is_visible()


def _reached(chat: Chat, presses: int, wanted: dict[str, str]) -> set[str]:
    """Press the tab key; return what of the wanted elements was not reached."""
    left = set(wanted)
    for _ in range(presses):
        left -= {
            name for name in left
            if chat.page.evaluate("s => document.activeElement.matches(s)", wanted[name])
        }  # fmt: skip
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.matches(':focus-visible, body')")
    return left
