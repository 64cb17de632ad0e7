"""Take the screenshots of docs/ anew: python -m tests.screenshots.

The shipped article, asked in English and in Arabic, on a desktop and a phone, light and dark.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from index.articles import seed_articles
from index.store import Store
from qa.defaults import shared_embedder
from tests.browser.conftest import CHROMIUM, Chat, open_chat
from tests.conftest import ROOT
from tests.serving import served

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
ASKED = {"en": "what is the trade volume?", "ar": "ما هو حجم التبادل التجاري؟"}
LARGEST = 200_000  # bytes of a picture


def main() -> None:
    """Write docs/chat-LANGUAGE-SIZE-SCHEME.png."""
    embedder = shared_embedder()
    with (
        served(Store.build(seed_articles(), embedder), embedder) as address,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in ASKED:
            for size in SIZES:
                for scheme in ("light", "dark"):
                    _take(browser, address, language, size, scheme)
        browser.close()


def _take(browser: Browser, address: str, language: str, size: str, scheme: str) -> None:
    chat = open_chat(browser, address, *SIZES[size], locale=language, color_scheme=scheme)
    chat.ask(ASKED[language])
    name = f"chat-{language}-{size}-{scheme}"
    _save(chat, name)
    if size == "phone":
        chat.page.locator("a.cite:visible").click()
        _save(chat, f"{name}-article")
    chat.close()


def _save(chat: Chat, name: str) -> None:
    chat.page.wait_for_timeout(700)
    path = Path(ROOT / "docs" / f"{name}.png")
    chat.page.screenshot(path=path)
    # A palette: a third of the size, and nothing is seen of it on a page of a few colours.
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST, path


if __name__ == "__main__":
    main()
