"""Hostile articles, names and questions: nothing of them runs, and nothing is asked for."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Chat, open_chat
from tests.browser.test_own_articles import status, upload

# Each would raise a dialog or ask for something, were it taken for markup.
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'\"><img src=http://evil.example/x.png>",
    "</article></div></textarea></title><script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>click</a>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<details open ontoggle=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} $$\\href{javascript:alert(1)}{x}$$",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e<script>alert(1)</script>\u202c",
    "<x onclick=alert(1) data-turn=0 class=cite>x</x>",
)
QUESTION = "How many metres did the river rise?"


@pytest.fixture
def intake(browser: Browser, address: str) -> Chat:
    chat = open_chat(browser, address)
    chat.open("adder")
    return chat


def assert_harmless(chat: Chat) -> None:
    chat.page.wait_for_timeout(300)
    assert chat.dialogs == []
    assert chat.errors == []
    assert chat.outside == set()
    made = "#article script, #article img, #article svg, #article iframe, #chat img, #chat script"
    assert chat.page.locator(made).count() == 0
    chat.close()


@pytest.mark.parametrize("texts", [HOSTILE[at::3] for at in range(3)], ids=str)
def test_a_pasted_article(intake: Chat, texts: tuple[str, ...]) -> None:
    paragraphs = (
        f"{text}\n\nThe river Ouse rose by 3.2 metres {text} in York.\n\n“{text} so high” said he."
        for text in texts
    )
    intake.page.fill("#title input, #title textarea", "River " + " ".join(texts))
    intake.page.fill("#pasted textarea", "\n\n".join(paragraphs))
    intake.page.click("#add-text")
    said = _without_controls(status(intake))
    intake.ask(QUESTION)
    for text in texts:
        assert " ".join(_without_controls(text).split()) in said
        intake.ask(text)
        assert text.split()[0] in intake.page.inner_text("#article")
    assert_harmless(intake)


def _without_controls(text: str) -> str:
    return text.replace("\u202e", "").replace("\u202c", "")


@pytest.mark.parametrize("suffix", [".html", ".txt"])
def test_an_uploaded_file_with_a_hostile_name(intake: Chat, tmp_path: Path, suffix: str) -> None:
    rose = "The river Ouse rose by 3.2 metres in York on Monday, officials said."
    text = "\n\n".join((*HOSTILE, rose))
    if suffix == ".html":
        lines = (f"<p>{html.escape(bad)} and {bad} in a paragraph</p>" for bad in HOSTILE)
        body = "".join((*lines, f"<p>{rose}</p>"))
        text = f"<html><title>{HOSTILE[0]}</title><article>{body}</article></html>"
    path = tmp_path / f"<img src=x onerror=alert(1)>{suffix}"
    path.write_text(text, encoding="utf-8")
    upload(intake, path)
    assert "3.2 metres" in intake.ask(QUESTION)
    assert_harmless(intake)


def test_what_the_browser_keeps_can_hold_no_markup(browser: Browser, address: str) -> None:
    """Somebody else's script of this origin may have written there."""
    chat = open_chat(browser, address)
    chat.ask("what is the trade volume?")
    keys = chat.page.evaluate("Object.keys(localStorage)")
    assert any("article-qa" in key for key in keys)
    for key in keys:
        chat.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [key, '{"a": "<script>"}'])
    chat.page.reload()
    chat.page.wait_for_selector("#bar header")
    assert "3 مليارات دولار" in chat.ask("what is the trade volume?")
    assert_harmless(chat)
