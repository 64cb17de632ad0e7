"""Feeds and sitemaps: the addresses that an XML file lists, and articles that a feed holds."""

from __future__ import annotations

import calendar
import datetime
import io
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from index.articles import MAX_URL
from index.errors import ArticleError
from index.readers.base import parse_xml
from index.readers.dates import day_of
from index.readers.markup import parse_fragment, read_blocks

MAX_LINKS = 50_000  # this and MAX_UNPACKED are the limits of sitemaps.org for one file
MAX_UNPACKED = 50_000_000
_GZIP = b"\x1f\x8b"


_WHOLE = 300  # characters of an entry that is the article, not its beginning


class Entry(NamedTuple):
    """What a feed holds of an article: its text in full, title and author."""

    text: str
    title: str
    byline: str


class Link(NamedTuple):
    """An address; ``version`` changes with its content, ``date`` (YYYY-MM-DD) is its day.

    With an ``entry`` the page need not be fetched.
    """

    url: str
    version: str
    date: str
    entry: Entry | None = None


def read_links(data: bytes, base: str = "") -> tuple[Link, ...]:
    """Return the web addresses of an RSS or Atom feed, a sitemap or an index of sitemaps.

    Relative ones are taken from ``base``. Raises ArticleError if the data is none of these.
    """
    if data.startswith(_GZIP):
        data = _unpack(data)
    found = _sitemap(data)
    links = _feed(data) if found is None else found
    if links is None:
        raise ArticleError("this is neither an article nor a feed nor a sitemap")
    if len(links) > MAX_LINKS:
        raise ArticleError(f"{len(links):,} addresses; the limit is {MAX_LINKS:,}")
    whole = (link._replace(url=_join(base, link.url)) for link in links)
    return tuple(
        dict.fromkeys(
            link
            for link in whole
            if link.url.lower().startswith(("http:", "https:")) and len(link.url) <= MAX_URL
        )
    )


def _unpack(data: bytes) -> bytes:
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(data, MAX_UNPACKED + 1)
    except zlib.error as error:
        raise ArticleError(f"this gzip file is damaged ({error})") from None
    if len(unpacked) > MAX_UNPACKED:
        raise ArticleError(f"it unpacks to more than {MAX_UNPACKED:,} bytes")
    return unpacked


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return ""


def _sitemap(data: bytes) -> list[Link] | None:
    """Return the addresses of a sitemap (sitemaps.org), or None if it is not one."""
    from lxml import etree

    try:
        root = parse_xml(data)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if etree.QName(root).localname not in ("urlset", "sitemapindex"):
        return None
    # Elements of other namespaces (pictures, videos) have addresses of their own.
    space = etree.QName(root).namespace
    entries = (
        {
            etree.QName(x).localname: x.text or ""
            for x in e.iterchildren("{*}*")
            if etree.QName(x).namespace == space
        }
        for e in root.iterchildren("{*}*")
    )
    return [
        Link(entry["loc"], entry.get("lastmod", "").strip(), "")
        for entry in entries
        if entry.get("loc")
    ]


def _feed(data: bytes) -> list[Link] | None:
    """Return the addresses of a feed's entries, or None if it is not a feed, by feedparser."""
    import feedparser

    # A stream: feedparser may take text or bytes for the name of a file or a page.
    found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not found.get("version"):
        return None
    # A file has no address of its own to take relative ones from, but its channel may name one.
    home = found["feed"].get("link")
    return list(_links(found["entries"], home if isinstance(home, str) else ""))


def _links(entries: list[dict[str, Any]], home: str) -> Iterator[Link]:
    for entry in entries:
        url = entry.get("link")
        if isinstance(url, str):
            # Not feedparser's own get, which substitutes one date for another and warns.
            version = str(dict.get(entry, "updated") or dict.get(entry, "published") or "")
            yield Link(_join(home, url) if home else url, version, _date(entry), _entry(entry))


def _entry(entry: dict[str, Any]) -> Entry | None:
    """Return what an entry holds if that is the article whole (content:encoded, content)."""
    contents = dict.get(entry, "content") or []
    source = max((str(part.get("value") or "") for part in contents), key=len, default="")
    if len(source) < _WHOLE:
        return None
    try:
        text = "\n\n".join(read_blocks(parse_fragment(source)).texts)
    except ArticleError:
        return None
    if len(text) < _WHOLE:
        return None
    title, author = (" ".join(str(dict.get(entry, k) or "").split()) for k in ("title", "author"))
    return Entry(text, title, author)


def _date(entry: dict[str, Any]) -> str:
    """Return the day of an entry's publication, or of its last change where it names no other."""
    for name in ("published", "updated"):
        moment = dict.get(entry, f"{name}_parsed")
        if moment is None:  # a form that feedparser does not know: days in other languages
            if day := day_of(str(dict.get(entry, name) or "")):
                return day
            continue
        try:
            seconds = calendar.timegm(moment)
            moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        except (TypeError, ValueError, OverflowError, OSError):
            continue
        return moment.date().isoformat()
    return ""
