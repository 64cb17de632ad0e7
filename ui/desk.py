"""Where articles come in and go out: files, pasted text, pages; nothing of Gradio."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path

from index.articles import Article, seed_articles
from index.errors import ArticleError
from index.isolated import read_isolated
from index.store import Store
from qa.suggestions import suggest
from ui.library import Library
from ui.strings import EXAMPLES, Language, language_name, page_text
from ui.visitors import Visitor

Progress = Callable[[float, str], object]
Read = Callable[[Path | str], Article]


@dataclass(frozen=True, slots=True)
class Added:
    """An article that came in; not ``new`` if it was there already."""

    article: Article
    new: bool


class Desk:
    """Takes articles into a library for a visitor."""

    def __init__(self, library: Library, read: Read = read_isolated) -> None:
        self.library = library
        self._read = read
        self._suggested = lru_cache(maxsize=256)(self._suggest)

    def add_file(self, visitor: Visitor, path: Path, name: str, progress: Progress) -> Added:
        """Read an uploaded file, delete it, and index what it holds; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        # Under a name of its own: two people may have uploaded the same file.
        own = path.with_name(f"{secrets.token_hex(8)}{path.suffix}")
        try:
            path.rename(own)
            article = self._read(own)
        except FileNotFoundError:
            raise ArticleError(f"{_base_name(name)}: it did not arrive; send it again") from None
        except ArticleError as error:
            raise ArticleError(str(error).replace(str(own), _base_name(name))) from error
        finally:
            # What was uploaded is its session's alone: no copy may outlive it.
            own.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
        return self._index(visitor, replace(article, source=_base_name(name)), progress)

    def add_text(self, visitor: Visitor, text: str, title: str, progress: Progress) -> Added:
        """Index a pasted text; raises ArticleError."""
        return self._index(visitor, Article.of(text, title=title), progress)

    def add_page(self, visitor: Visitor, url: str, progress: Progress) -> Added:
        """Fetch a page and index its article; raises ArticleError."""
        progress(0.1, page_text("reading", visitor.language))
        return self._index(visitor, self._read(url.strip()), progress)

    def _index(self, visitor: Visitor, article: Article, progress: Progress) -> Added:
        progress(0.5, page_text("indexing", visitor.language))
        return Added(article, self.library.add(visitor.session, article))

    def examples(self, visitor: Visitor, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Return questions to begin with, about the first of the articles chosen."""
        articles = self.library.articles(visitor.session)
        first = next((a for a in articles if a.id in chosen), articles[0] if articles else None)
        if first is None:
            return ()
        if first.id in {article.id for article in seed_articles()}:
            return EXAMPLES
        return self._suggested(first, self.library.chosen(visitor.session, (first.id,)))

    def forget(self) -> None:
        """Forget what was suggested for articles that were removed."""
        self._suggested.cache_clear()

    def _suggest(self, article: Article, store: Store) -> tuple[str, ...]:
        return suggest(article, store, self.library.embedder)


def told(added: Added, shared: bool, language: Language) -> str:
    """Return as HTML what came in: title, language, length, and who sees it."""
    article = added.article
    head = page_text("added" if added.new else "known", language)
    facts = f"{language_name(article.language, language)} · {len(article.text):,} "
    facts += page_text("characters", language)
    seen = page_text("shared" if shared else "private", language)
    return (
        f'<p class="told" lang="{language}" dir="auto">{escape(head)}: '
        f"<bdi><strong>{escape(article.title)}</strong></bdi><br>"
        f"<bdi>{escape(facts)}</bdi><br>{escape(seen)}</p>"
    )


def _base_name(name: str) -> str:
    """Return the last part of a file's name, whichever system it comes from."""
    return "".join(c for c in name.replace("\\", "/").split("/")[-1] if c.isprintable())[:200]
