"""Read a source: its articles, the links that it holds instead, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from index.articles import MAX_BYTES, Article, read_article
from index.errors import ArticleError, NotPublicError
from index.fetch import LISTS, fetch
from index.ingest.feeds import Entry, Link, read_links
from index.ingest.jsonl import read_jsonl
from index.ingest.sources import Failure, Note, Source, display_name
from index.readers.base import PARSER_ERRORS
from index.readers.scans import OCR
from index.sandbox import time_limit

TIMEOUT = 60.0  # for one source
OCR_TIMEOUT = 3_600.0  # for one whose pages are pictures
_DEPTH = 3  # an index of sitemaps, a sitemap, a page


@dataclass(frozen=True, slots=True)
class SourceContent:
    """What a source contains."""

    source: Source
    articles: tuple[Article, ...] = ()
    links: tuple[Source, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was left out of the articles."""
        return tuple(
            Note(display_name(article.source or self.source.name), text)
            for article in self.articles
            for text in article.notes
        )


def read_source(source: Source, ocr: OCR | None = None) -> SourceContent:
    """Read a source; whatever goes wrong becomes a failure in its content."""
    try:
        with time_limit(TIMEOUT if ocr is None else OCR_TIMEOUT):
            return _read(source, ocr)
    except ArticleError as error:
        reason = str(error).removeprefix(f"{source.name}: ")
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
    except MemoryError:
        reason = "reading it takes more memory than there is"
    except PARSER_ERRORS as error:  # one odd file must not stop the others
        reason = f"reading it failed ({type(error).__name__}: {error})"
    return SourceContent(source, failures=(Failure(display_name(source.name), reason),))


def _read(source: Source, ocr: OCR | None) -> SourceContent:
    name = display_name(source.name)
    if source.kind == "page":
        return _read_page(source)
    if source.kind == "links":
        if source.size > MAX_BYTES:
            raise ArticleError(f"{source.size:,} bytes; the limit is {MAX_BYTES:,}")
        return _linked(source, read_links(Path(source.name).read_bytes()))
    if source.kind == "file":
        return SourceContent(source, (replace(read_article(source.name, ocr), source=name),))
    read = list(read_jsonl(source, name))
    articles = tuple(item for item in read if isinstance(item, Article))
    failures = tuple(item for item in read if isinstance(item, Failure))
    return SourceContent(source, articles, failures=failures)


def _read_page(source: Source) -> SourceContent:
    trusted = frozenset({_host(source.name)}) if source.trusted else frozenset[str]()
    try:
        page = fetch(source.name, trusted=trusted, lists=True)
    except NotPublicError:
        # An address on the command line may be one of a private network.
        if source.depth or source.trusted:
            raise
        return _read_page(replace(source, trusted=True))
    if page.kind in LISTS:
        return _linked(source, read_links(page.data, page.url))
    article = page.article()
    return SourceContent(source, (replace(article, date=article.date or source.date),))


def _linked(source: Source, links: tuple[Link, ...]) -> SourceContent:
    if source.depth >= _DEPTH:
        raise ArticleError(f"a list of addresses {_DEPTH} lists deep is not followed")
    held = tuple(_held(link, link.entry) for link in links if link.entry is not None)
    pages = tuple(
        Source(
            "page", link.url, version=link.version, depth=source.depth + 1, date=link.date,
            # A list on a private host may name other pages of this host only.
            trusted=source.trusted and _host(link.url) == _host(source.name),
        )
        for link in links
        if link.entry is None
    )  # fmt: skip
    if not pages and not held:
        raise ArticleError("it lists no addresses")
    return SourceContent(source, held, pages)


def _held(link: Link, entry: Entry) -> Article:
    """Return the article that a feed holds whole; its page is not fetched."""
    return Article.of(
        entry.text, title=entry.title, source=link.url, byline=entry.byline, date=link.date
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
