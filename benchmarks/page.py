"""How long a visitor of the page waits, in a real browser on the server's own cores.

python -m benchmarks.page (needs the extra `test`, and Debian's chromium). Several servers are
started; each is opened by a new browser as soon as it listens, and asked the page's own examples
in four languages, then the same once more, then with numbers in them, so that they have to be
read. A wait runs from the Enter key to the answer's card; the next question comes a second later.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._report import write
from benchmarks.serving import chat_process
from ui.i18n import EXAMPLES

STARTS = 5
Waits = dict[str, list[float]]


def main() -> None:
    """Measure and write results/page.json."""
    waits: Waits = {}
    for _ in range(STARTS):
        with chat_process() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            first, *others = (asked for language in EXAMPLES.values() for asked in language)
            new = [f"{asked} ({number})" for number, asked in enumerate(others)]
            page = _open(browser, address, waits)
            _ask(page, [first], waits, "first question after the start")
            _ask(page, others, waits, "the other examples")
            page = _open(browser, address, waits)
            _ask(page, others, waits, "the same again")
            page = _open(browser, address, waits)
            _ask(page, new, waits, "new questions")
            browser.close()
    figures = {
        name: {
            "n": len(taken),
            "p50, milliseconds": round(1000 * float(np.median(taken))),
            "p95, milliseconds": round(1000 * float(np.quantile(taken, 0.95))),
        }
        for name, taken in waits.items()
    }
    write("page", f"the shipped article, {STARTS} starts of the server", figures)


def _open(browser: Browser, address: str, waits: Waits) -> Page:
    """Open the page as a new visitor, and note the seconds until it stands."""
    page = browser.new_page(locale="en-GB")
    started = time.perf_counter()
    page.goto(address)
    page.locator("#question textarea").wait_for()
    page.locator("#bar header").wait_for()
    waits.setdefault("page opened", []).append(time.perf_counter() - started)
    return page


def _ask(page: Page, questions: Sequence[str], waits: Waits, name: str) -> None:
    """Ask questions one after the other, and note the seconds until each answer stands."""
    answers = page.locator(".answer")
    for before, question in enumerate(questions, answers.count()):
        page.wait_for_timeout(1000)
        page.fill("#question textarea", question)
        started = time.perf_counter()
        page.press("#question textarea", "Enter")
        answers.nth(before).wait_for(timeout=60_000)
        waits.setdefault(name, []).append(time.perf_counter() - started)


if __name__ == "__main__":
    main()
