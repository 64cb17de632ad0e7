"""Title, author and publication day of a page, from its meta elements, JSON-LD and time elements.

A date in the prose, a copyright line, an address or a list of other articles is never taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import regex

from index.readers.dates import day_of
from index.readers.page_heading import (
    is_generic_name,
    is_of_another_story,
    read_heading_lines,
    text_of,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATES = (
    "article:published_time", "article:published", "og:published_time", "og:pubdate",
    "datepublished", "date.published", "publishdate", "publish-date", "publish_date",
    "published_time_telegram", "published", "pubdate", "pub_date", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.issued",
    "dcterms.date", "dc.date", "citation_date", "citation_publication_date",
    "citation_online_date", "article.published", "article_date_original",
    "originalpublicationdate", "cxenseparse:recs:publishtime", "date", "datecreated",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title", "headline")
_AUTHORS = (
    "author", "article:author", "article.author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "citation_author", "byl", "twitter:creator",
)  # fmt: skip
_PUBLISHED = regex.compile(r"publi|posted|issued|date|byline|dateline|created", regex.I)
_CHANGED = regex.compile(r"updat|modif|edited|event|expire|deadline", regex.I)
_OTHERS = regex.compile(
    r"related|more|recommend|comment|sidebar|repl(?:y|ies)|response|event|latest|popular|teaser",
    regex.I,
)
_SITE = regex.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,40}$")
_PARTS = regex.compile(r"\s*:\s+|\s+[|–—·»-]\s+")  # of a page's title: site and page
_HEADS = ("h1", "h2", "h3", "h4", "b", "strong", "font")
_BY = regex.compile(r"^(?:by|par|von|por|автор:?|текст:?|بقلم:?)\s+", regex.I)
_LONGEST = 120  # characters of a name
_KINDS = ("article", "posting", "report", "webpage")  # of JSON-LD's types


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Title, author and day (YYYY-MM-DD); empty where the publisher names none."""

    title: str
    byline: str
    date: str


def read_facts(tree: HtmlElement) -> PageFacts:
    """Return what the page's publisher says of it."""
    metas = dict(_metas(tree))
    records = list(_json_ld(tree))
    title = _title(tree, metas, records)
    beside = read_heading_lines(tree, title)
    byline = _byline(tree, metas, records) or beside.byline
    return PageFacts(title, byline, _date(tree, metas, records) or beside.date)


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield names in lower case and contents; the first of a name is the one to keep."""
    for meta in reversed(list(tree.iter("meta"))):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name and meta.get("content", "").strip():
            yield name.lower().strip(), " ".join(meta.get("content").split())


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the records of the page itself, those of articles first."""
    found = []
    for script in tree.iter("script"):
        if script.get("type", "").lower().startswith("application/ld+json"):
            try:
                found += list(_records(json.loads(script.text or ""), 0))
            except (ValueError, RecursionError):
                continue
    yield from sorted(found, key=lambda record: _kind(record) != "article")


def _records(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value[:50]:
            yield from _records(each, depth)
    elif isinstance(value, dict):
        if _kind(value):
            yield value
        if depth < 3:
            for key in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _records(value.get(key), depth + 1)


def _kind(record: dict[str, Any]) -> str:
    """Return "article", "page", or "" for what is neither."""
    types = record.get("@type")
    names = " ".join(map(str, types if isinstance(types, list) else [types])).lower()
    if any(kind in names for kind in _KINDS[:3]):
        return "article"
    return "page" if _KINDS[3] in names else ""


def _title(tree: HtmlElement, metas: dict[str, str], records: list[dict[str, Any]]) -> str:
    heads = [head for head in map(text_of, tree.iter("h1")) if head]
    named = [metas[name] for name in _TITLES if name in metas]
    named += [r["headline"] for r in records if isinstance(r.get("headline"), str)]
    title = next(map(text_of, tree.iter("title")), "")
    shown = {text_of(e).casefold(): text_of(e) for e in tree.iter("h1", "h2", "h3", "h4")}
    if named and named[0].casefold() in shown:
        return shown[named[0].casefold()]
    if not named and (head := _head_of_two_part_title(tree, title)):
        return head
    for head in heads:  # the one that the page's title repeats, without the site's name
        if any(head.casefold() in other.casefold() for other in (*named, title)):
            return head
    if named:
        return _SITE.sub("", named[0])
    parts = [part for part in _PARTS.split(title) if part.casefold() in shown]
    return heads[0] if len(heads) == 1 else max(parts, key=len, default=_SITE.sub("", title))


def _head_of_two_part_title(tree: HtmlElement, title: str) -> str:
    """Return the second of two heads that are together the page's title, after the site's name."""
    parts = {part.casefold() for part in _PARTS.split(title) if len(part) > 2}
    if len(parts) != 2:
        return ""
    shown = (text_of(e) for e in tree.iter(*_HEADS) if len(e.text_content()) <= 2 * len(title))
    heads = [text for text in shown if text.casefold() in parts]
    return heads[-1] if {head.casefold() for head in heads} == parts else ""


def _byline(tree: HtmlElement, metas: dict[str, str], records: list[dict[str, Any]]) -> str:
    site = _site_names(tree, metas, records)
    named = [_names(record.get("author")) for record in records]
    candidates = [name for name in named if name and name not in site]
    candidates += [metas[n] for n in _AUTHORS if n in metas and metas[n] not in site]
    marked = dict.fromkeys(
        _first_line(next(element.iterfind(".//*[@itemprop='name']"), element))
        for element in tree.iter()
        if isinstance(element.tag, str)
        and ("author" in (element.get("rel", ""), element.get("itemprop", "")))
    )
    candidates.append(", ".join(filter(_is_name, marked)))
    return next((_BY.sub("", name) for name in candidates if _is_name(name)), "")


def _site_names(
    tree: HtmlElement, metas: dict[str, str], records: list[dict[str, Any]]
) -> set[str]:
    """Return the names of the site and its publisher, who are not authors."""
    parts = _PARTS.split(next(map(text_of, tree.iter("title")), ""))
    publishers = (_names(record.get("publisher")) for record in records)
    return {metas.get("og:site_name", ""), *publishers, *parts[1:]}


def _first_line(element: HtmlElement) -> str:
    """Return an element's text up to where the next piece is set apart without a space."""
    line = ""
    for piece in element.itertext():
        if line.strip() and piece.strip() and not (line[-1].isspace() or piece[0].isspace()):
            break
        line += piece
    return " ".join(line.split())


def _names(author: Any) -> str:
    people = author if isinstance(author, list) else [author]
    names = [p.get("name") if isinstance(p, dict) else p for p in people]
    return ", ".join(" ".join(name.split()) for name in names if isinstance(name, str) and name)


def _is_name(name: str) -> bool:
    is_address = "//" in name or name.startswith(("@", "www."))
    is_long_enough = 1 < len(name) <= _LONGEST and any(map(str.isalpha, name))
    return is_long_enough and not is_address and not is_generic_name(name)


def _date(tree: HtmlElement, metas: dict[str, str], records: list[dict[str, Any]]) -> str:
    moments = [record.get("datePublished") for record in records]
    moments += [metas.get(name) for name in _DATES]
    moments += [_time_of(element) for element in tree.iter("time", "abbr", "span", "p", "div")]
    days = (day_of(moment) for moment in moments if isinstance(moment, str))
    return next(filter(None, days), "")


def _time_of(element: HtmlElement) -> str | None:
    """Return the moment of a <time> that says when the page was published, in its byline."""
    name = element.get("itemprop", "")
    if name.lower() == "datepublished":
        return element.get("datetime") or element.get("content") or "".join(element.itertext())
    if element.tag != "time":
        return None
    if element.get("pubdate") is not None and not _is_of_other_page(element):
        return element.get("datetime") or "".join(element.itertext())
    parent = element.getparent()
    around = [element, parent] if parent is not None else [element]
    names = " ".join(e.get("class", "") + " " + e.get("id", "") for e in around)
    text = text_of(parent) if parent is not None else ""
    if _CHANGED.search(names) or _is_of_other_page(element) or is_of_another_story(element):
        return None
    # In a line of its own, not in a sentence of the text.
    if len(text) > _LONGEST or _CHANGED.search(text):
        return None
    rest = text.replace(text_of(element), " ").strip(" ,;:|·•–—-")
    is_byline = not rest or _PUBLISHED.search(f"{names} {rest}") or _BY.search(rest)
    return element.get("datetime") if is_byline else None


def _is_of_other_page(element: HtmlElement) -> bool:
    """Return whether a time stands in a link or beside one, in a list or a box of other pages."""
    return any(
        ancestor.tag in ("a", "li", "aside", "nav", "footer", "table", "figure")
        or _OTHERS.search(ancestor.get("class", ""))
        for ancestor in element.iterancestors()
        if isinstance(ancestor.tag, str)
    )
