"""Articles that visitors add: uploaded, pasted or fetched, read in a sandbox; examples of them."""

from __future__ import annotations

import logging
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from index.articles import Article, seed_articles
from index.base import AnyStore
from index.errors import ArticleError
from index.readers.scans import OCR
from index.sandbox import make_in_sandbox, read_in_sandbox
from qa.suggestions import suggest
from ui.i18n import EXAMPLES, LANGUAGES, page_text
from ui.library import Library
from ui.request import Visitor

_SCANS = 2  # that are read at once
_BARE = re.compile(r"[\w.-]+\.\w{2,}(?:[:/?#].*)?")  # without http:// or https://

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], object]
ReadFile = Callable[[Path | str, OCR | None], Article]


@dataclass(frozen=True, slots=True)
class AddResult:
    """An article that was added; not ``new`` if it was there already."""

    article: Article
    new: bool


class Intake:
    """Takes articles into a library for a visitor."""

    def __init__(self, library: Library, read: ReadFile = read_in_sandbox) -> None:
        self.library = library
        self._read = read
        # A scan may take a quarter of an hour, and other articles wait for a free place.
        self._scanning = threading.Semaphore(_SCANS)
        self._shipped = {article.id for article in seed_articles()}
        self._suggested = lru_cache(maxsize=256)(self._suggest)
        library.when_removed.append(self.forget)

    def add_file(
        self, visitor: Visitor, path: Path, name: str, progress: Progress, *, scans: bool = False
    ) -> AddResult:
        """Read an uploaded file, with its ``scans``, and index it; raises ArticleError."""
        reading = page_text("reading", visitor.language)
        progress(0.1, reading)

        def count(page: int, pages: int) -> None:
            progress(0.1 + 0.4 * page / pages, f"{reading} {page} / {pages}")

        # Under a name of its own: Gradio keeps one file for all who upload the same.
        own = path.with_name(f"{secrets.token_hex(8)}{path.suffix}")
        if scans and not self._scanning.acquire(blocking=False):
            raise ArticleError("too many scans are being read now; try again in some minutes")
        try:
            own.hardlink_to(path)
            article = self._read(own, OCR(on_page=count) if scans else None)
        except FileNotFoundError:
            raise ArticleError(f"{_base_name(name)}: it did not arrive; send it again") from None
        except ArticleError as error:
            raise ArticleError(str(error).replace(str(own), _base_name(name))) from error
        finally:
            own.unlink(missing_ok=True)
            if scans:
                self._scanning.release()
        return self._index(visitor, replace(article, source=_base_name(name)), progress)

    def add_text(self, visitor: Visitor, text: str, title: str, progress: Progress) -> AddResult:
        """Index a pasted text; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        return self._index(visitor, make_in_sandbox(text, title), progress)

    def add_page(self, visitor: Visitor, url: str, progress: Progress) -> AddResult:
        """Fetch a page and index its article; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        return self._index(visitor, self._read(_whole_address(url), None), progress)

    def _index(self, visitor: Visitor, article: Article, progress: Progress) -> AddResult:
        progress(0.5, page_text("indexing", visitor.language))
        return AddResult(article, self.library.add(visitor.session, article))

    def examples(self, visitor: Visitor, chosen: tuple[str, ...], language: str) -> tuple[str, ...]:
        """Return questions that the first of the articles chosen answers.

        Those of the shipped article are in a language of the page's, the given one where it can.
        """
        articles = self.library.listed(visitor.session)
        first = next((a for a in articles if a.id in chosen), articles[0] if articles else None)
        if first is None:
            return ()
        if first.id in self._shipped:
            spoken = next((one for one in LANGUAGES if one == language), visitor.language)
            return EXAMPLES[spoken]
        return self._suggested(first, self.library.chosen(visitor.session, (first.id,)))

    def forget(self) -> None:
        """Forget what was suggested for articles that were removed."""
        self._suggested.cache_clear()

    def _suggest(self, article: Article, store: AnyStore) -> tuple[str, ...]:
        try:
            return suggest(article, store, self.library.embedder)
        except Exception:  # an article without examples is better than a page that does not open
            logger.exception("no examples could be made")
            return ()


def _whole_address(url: str) -> str:
    """Return an address as a browser would take it: "example.org" is https://example.org."""
    url = url.strip()
    return f"https://{url}" if _BARE.fullmatch(url) else url


def _base_name(name: str) -> str:
    """Return the last part of a file's name, whichever system it comes from."""
    return "".join(c for c in name.replace("\\", "/").split("/")[-1] if c.isprintable())[:200]
