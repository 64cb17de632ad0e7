"""Reading: a source's articles, the links that it holds instead, and what could not be read."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from index._readers import BROKEN
from index.archive.feeds import Link, links_of
from index.archive.lines import read_lines
from index.archive.sources import Failure, Source, shown
from index.articles import MAX_BYTES, Article, read_article
from index.errors import ArticleError, NotPublicError
from index.fetch import LISTS, fetch

SECONDS = 60.0  # for one source
_DEPTH = 3  # an index of sitemaps, a sitemap, a page


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds."""

    source: Source
    articles: tuple[Article, ...] = ()
    links: tuple[Source, ...] = ()
    failures: tuple[Failure, ...] = ()


def read_source(source: Source) -> Found:
    """Read a source; whatever is wrong with it is a failure among what was found."""
    try:
        with _time_limit():
            return _read(source)
    except ArticleError as error:
        reason = str(error).removeprefix(f"{source.name}: ")
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
    except MemoryError:
        reason = "reading it takes more memory than there is"
    except BROKEN as error:  # one odd file must not stop the others
        reason = f"reading it failed ({type(error).__name__}: {error})"
    return Found(source, failures=(Failure(shown(source.name), reason),))


def _read(source: Source) -> Found:
    name = shown(source.name)
    if source.kind == "page":
        return _read_page(source)
    if source.kind == "links":
        if source.size > MAX_BYTES:
            raise ArticleError(f"{source.size:,} bytes; the limit is {MAX_BYTES:,}")
        return _linked(source, links_of(Path(source.name).read_bytes()))
    if source.kind == "file":
        return Found(source, (replace(read_article(source.name), source=name),))
    read = list(read_lines(source, name))
    articles = tuple(item for item in read if isinstance(item, Article))
    failures = tuple(item for item in read if isinstance(item, Failure))
    return Found(source, articles, failures=failures)


def _read_page(source: Source) -> Found:
    trusted = frozenset({_host(source.name)}) if source.trusted else frozenset[str]()
    try:
        page = fetch(source.name, trusted=trusted, lists=True)
    except NotPublicError:
        # Who names an address on the command line may mean one of a private network.
        if source.depth or source.trusted:
            raise
        return _read_page(replace(source, trusted=True))
    if page.kind in LISTS:
        return _linked(source, links_of(page.data, page.url))
    article = page.article()
    return Found(source, (replace(article, date=article.date or source.date),))


def _linked(source: Source, links: tuple[Link, ...]) -> Found:
    if source.depth >= _DEPTH:
        raise ArticleError(f"a list of addresses {_DEPTH} lists deep is not followed")
    pages = tuple(
        Source(
            "page", link.url, version=link.version, depth=source.depth + 1, date=link.date,
            # A list of a private host may name others of its own pages, and nobody else's.
            trusted=source.trusted and _host(link.url) == _host(source.name),
        )
        for link in links
    )  # fmt: skip
    if not pages:
        raise ArticleError("it lists no addresses")
    return Found(source, links=pages)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


@contextmanager
def _time_limit() -> Iterator[None]:
    """Raise ArticleError where reading takes too long: a hostile file must not stop the rest.

    Only in a process's main thread, and where the system has interval timers.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise ArticleError(f"reading it took longer than {SECONDS:g} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    # Again every second: what a library catches must not count as heeded.
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
