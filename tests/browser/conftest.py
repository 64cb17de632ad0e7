"""A real server and Debian's chromium; skipped, with the reason, where that is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from index.embedder import Embedder
from index.store import Store
from qa.writer import Writer
from ui.app import build, launch

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
    """A page on the chat, with every address it asked for."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def ask(self, question: str) -> str:
        """Send a question and return the text of its answer."""
        answers = self.page.locator("[data-testid=bot] .message-content")
        before = answers.count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        answers.nth(before).wait_for(timeout=20_000)
        return answers.nth(before).inner_text()


def serve(store: Store, embedder: Embedder, writer: Writer | None = None) -> tuple[gr.Blocks, str]:
    app = build(store, embedder, writer=writer)
    _, address, _ = launch(app, host="127.0.0.1", port=0)
    return app, address


@pytest.fixture(scope="session")
def address(store: Store, embedder: Embedder) -> Iterator[str]:
    app, where = serve(store, embedder)
    yield where
    app.close()


def open_chat(browser: Browser, address: str, width: int = 1280, height: int = 800) -> Chat:
    page = browser.new_page(viewport={"width": width, "height": height})
    chat = Chat(page)
    page.on("request", lambda request: chat.requests.append(_address(request)))
    page.on("dialog", lambda dialog: (chat.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    page.wait_for_selector("#question textarea")
    return chat


def _address(request: Request) -> str:
    return request.url


@pytest.fixture
def chat(browser: Browser, address: str) -> Iterator[Chat]:
    opened = open_chat(browser, address)
    yield opened
    opened.page.close()
