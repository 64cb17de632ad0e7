"""Where articles come in and go out: files, pasted text, pages; nothing of Gradio."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path

from index.articles import Article, seed_articles
from index.base import AnyStore
from index.errors import ArticleError
from index.sandbox import make_in_sandbox, read_in_sandbox
from qa.suggestions import suggest
from ui.library import Library
from ui.strings import EXAMPLES, Language, language_name, number, page_text
from ui.visitors import Visitor

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], object]
Read = Callable[[Path | str], Article]


@dataclass(frozen=True, slots=True)
class Added:
    """An article that came in; not ``new`` if it was there already."""

    article: Article
    new: bool


class Desk:
    """Takes articles into a library for a visitor."""

    def __init__(self, library: Library, read: Read = read_in_sandbox) -> None:
        self.library = library
        self._read = read
        self._shipped = {article.id for article in seed_articles()}
        self._suggested = lru_cache(maxsize=256)(self._suggest)
        library.when_gone.append(self.forget)

    def add_file(self, visitor: Visitor, path: Path, name: str, progress: Progress) -> Added:
        """Read an uploaded file and index what it holds; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        # Under a name of its own: Gradio keeps one file for all who upload the same.
        own = path.with_name(f"{secrets.token_hex(8)}{path.suffix}")
        try:
            own.hardlink_to(path)
            article = self._read(own)
        except FileNotFoundError:
            raise ArticleError(f"{_base_name(name)}: it did not arrive; send it again") from None
        except ArticleError as error:
            raise ArticleError(str(error).replace(str(own), _base_name(name))) from error
        finally:
            own.unlink(missing_ok=True)
        return self._index(visitor, replace(article, source=_base_name(name)), progress)

    def add_text(self, visitor: Visitor, text: str, title: str, progress: Progress) -> Added:
        """Index a pasted text; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        return self._index(visitor, make_in_sandbox(text, title), progress)

    def add_page(self, visitor: Visitor, url: str, progress: Progress) -> Added:
        """Fetch a page and index its article; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        return self._index(visitor, self._read(url.strip()), progress)

    def _index(self, visitor: Visitor, article: Article, progress: Progress) -> Added:
        progress(0.5, page_text("indexing", visitor.language))
        return Added(article, self.library.add(visitor.session, article))

    def examples(self, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Return questions to begin with, about the first of the articles chosen."""
        articles = self.library.listed(visitor.session)
        first = next((a for a in articles if a.id in chosen), articles[0] if articles else None)
        if first is None:
            return ()
        if first.id in self._shipped:
            return EXAMPLES
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


def told(added: Added, shared: bool, language: Language) -> str:
    """Return as HTML what came in: title, language, length, and who sees it."""
    article = added.article
    head = page_text("added" if added.new else "known", language)
    facts = f"{language_name(article.language, language)} · "
    facts += f"{number(len(article.text), language)} {page_text('characters', language)}"
    seen = page_text("shared" if shared else "private", language)
    return (
        f'<p class="told" lang="{language}" dir="auto">{escape(head)}: '
        f"<bdi><strong>{escape(article.title)}</strong></bdi><br>"
        f"<bdi>{escape(facts)}</bdi><br>{escape(seen)}</p>"
    )


def removed(article: Article, language: Language) -> str:
    """Return as HTML that an article is gone."""
    text = f"{page_text('removed', language)}: {article.title}"
    return f'<p class="told" dir="auto" role="status">{escape(text)}</p>'


def not_done(why: str, language: Language) -> str:
    """Return as HTML that nothing was done, and why; the reasons are told in English."""
    reason = f'<br><bdi lang="en">{escape(why)}</bdi>' if why else ""
    text = escape(page_text("not done" if why else "failed", language))
    told = f'<p class="told failed" role="alert" lang="{language}" dir="auto">'
    return f"{told}{text}{reason}</p>"


def _base_name(name: str) -> str:
    """Return the last part of a file's name, whichever system it comes from."""
    return "".join(c for c in name.replace("\\", "/").split("/")[-1] if c.isprintable())[:200]
