"""A real server and Debian's chromium; skipped, with the reason, where that is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from index.embedder import Embedder
from index.store import Store
from tests.serving import served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.path.exists(CHROMIUM):  # noqa: PTH110  # the reason must name the very path
        pytest.skip(f"no chromium at {CHROMIUM} (as root: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # Without these the browser itself asks its maker's hosts for updates.
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()


@dataclass(slots=True)
class Chat:
    """A page on the chat, in a browser context of its own, and what it asked for and reported."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, question: str) -> str:
        """Send a question and return the text of its answer."""
        before = self.page.locator(".answer").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.answered(before)

    def answered(self, before: int) -> str:
        """Wait for one answer more than before; return the quote it shows, or what it says."""
        answer = self.page.locator(".answer").nth(before)
        answer.wait_for(timeout=20_000)
        quote = answer.locator(":scope > blockquote")
        said = quote if quote.count() else answer.locator(".short, .said, .failed")
        return str(said.first.inner_text())

    def open(self, dialog: str) -> None:
        """Open a dialog by its button in the bar."""
        self.page.locator(f"#bar [data-opens={dialog}]").click()
        self.page.locator(f"#{dialog}").wait_for()

    @property
    def outside(self) -> set[str]:
        """The hosts asked for, but for this machine."""
        hosts = {urlparse(r).netloc for r in self.requests if not r.startswith(("data:", "blob:"))}
        return {host for host in hosts if host.split(":")[0] != "127.0.0.1"}

    def close(self) -> None:
        self.page.context.close()


@pytest.fixture(scope="session")
def address(store: Store, embedder: Embedder) -> Iterator[str]:
    with served(store, embedder) as where:
        yield where


def open_chat(
    browser: Browser,
    address: str,
    width: int = 1280,
    height: int = 800,
    locale: str = "en-GB",
    **context: Any,
) -> Chat:
    made = browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, **context
    )
    page = made.new_page()
    chat = Chat(page)
    page.on("request", lambda request: chat.requests.append(request.url))
    page.on("dialog", lambda dialog: (chat.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: chat.errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#question textarea")
    page.wait_for_selector("#bar header")
    return chat


@pytest.fixture
def chat(browser: Browser, address: str) -> Iterator[Chat]:
    opened = open_chat(browser, address)
    yield opened
    assert opened.errors == []
    opened.close()
