"""A real server and Debian's chromium; skipped, with the reason, where that is not installed."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
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


# Emptied tabs by their kind. A new one takes four times the work: a process is started, and all of
# the page's scripts are fetched and compiled.
_tabs: defaultdict[Hashable, list[Page]] = defaultdict(list)


@dataclass
class Chat:
    """A page on the chat, with the storage of a new browser; what it asked for and reported."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    kind: Hashable = None

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
        """Empty the tab, and leave it to the next test that wants one of its kind."""
        context = self.page.context
        for other in context.pages:
            if other is not self.page:
                other.close()
        self.page.unroute_all()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.goto("about:blank")
        context.clear_cookies()
        for event in ("request", "dialog", "pageerror"):
            self.page.remove_listener(event, self._listeners[event])
        _tabs[self.kind].append(self.page)

    def listen(self) -> None:
        """Note what the page asks for and reports."""
        self._listeners: dict[str, Callable[[Any], object]] = {
            "request": lambda request: self.requests.append(request.url),
            "dialog": lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()),
            "pageerror": lambda error: self.errors.append(str(error)),
        }
        for event, listener in self._listeners.items():
            self.page.on(event, listener)  # type: ignore[call-overload]


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
    kind = (browser, locale, *sorted(map(str, context.items())))
    if _tabs[kind]:
        page = _tabs[kind].pop()
    else:
        page = browser.new_context(locale=locale, **context).new_page()
    page.set_viewport_size({"width": width, "height": height})
    chat = Chat(page, kind=kind)
    chat.listen()
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
