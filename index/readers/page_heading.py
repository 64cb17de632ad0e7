"""Author and day that stand beside a page's heading, in lines that say nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import regex

from index.readers.boxes import short_text
from index.readers.dates import day_of_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BEFORE, _AFTER = 200, 700  # characters around a heading in which its lines are looked for
_STORY = 18  # characters of the title of a story
_ARTICLE = 600  # characters that no heading and its lines have
_LEAD = 120  # characters: what is longer is prose, of which one paragraph may come before
_LINE, _NAME = 100, 60  # characters of a line, of a name
_FIRST_YEAR = "1990"  # what a page names before that is not its own day
_HEADS = ("h1", "h2", "h3", "h4")
_SKIPPED = frozenset(
    {"script", "style", "nav", "figure", "figcaption", "table", "form", "aside", "noscript"}
)
_DAY_NAMES = regex.compile(r"date|time|publi|posted|meta|byline|info|created|author", regex.I)
_OTHER_DAYS = regex.compile(
    r"updat|modif|edited|event|expire|deadline|schedule|release|start|when", regex.I
)
_OF_OTHERS = regex.compile(
    r"related|recommend|comment|sidebar|repl(?:y|ies)|latest|popular|teaser|photo|credit|caption",
    regex.I,
)
_CHANGED = regex.compile(
    r"updated|modified|edited|mis à jour|modifié|aktualisiert|geändert|stand:|обновлен|изменен"
    r"|actualizado|güncelle|تحديث|تعديل|更新|修改",
    regex.I,
)
_AUTHOR_NAMES = regex.compile(
    r"(?<![a-z])(?:author|byline|autor|auteur|writer|username|createdby)", regex.I
)
_AUTHOR_LINKS = regex.compile(r"/(?:authors?|auteurs?|autor(?:en|es)?|members|profile|@)", regex.I)
_BY = regex.compile(
    r"^(?:(?:written |posted |écrit |publié |escrito |geschrieben )?(?:by|par|von|por)|author"
    r"|автор(?: темы)?|текст|بقلم|بواسطة|من طرف|كتب(?:ه|ته|ت)?|الكاتب|作者|记者|yazan|yazar)"
    r"\s*[:：]?\s+"
    r"|^(?:作者|记者)[:：]\s*",
    regex.I,
)
_LABEL = regex.compile(  # with a colon, wherever it stands in an article
    r"(?:author|by|autor|auteur|автор|текст|بقلم|كتب|الكاتب|yazan|yazar|作者|记者)\s*[:：]", regex.I
)
_PERSON = regex.compile(r"\p{L}[\p{L}\p{M}'’.\-]*(?: [\p{L}'’.\-][\p{L}\p{M}'’.\-]*){1,5}")
_GENERIC = frozenset({
    "super user", "super utilisateur", "super administrator", "site admin", "guest author",
    "view profile", "all posts", "read more", "sign in", "log in",
})  # fmt: skip
_PUBLISHED = regex.compile(
    r"(?:publi|posted|issued|veröffentlicht|опубликован|дата|yayın|نشر|تاريخ|发布)", regex.I
)


@dataclass(frozen=True, slots=True)
class HeadingLines:
    """The author and the day (YYYY-MM-DD) beside a heading, empty where there are none."""

    byline: str
    date: str


def read_heading_lines(tree: HtmlElement, title: str) -> HeadingLines:
    """Return what stands beside the heading that is the page's title."""
    heading = _find_heading(tree, title)
    if heading is None:
        return HeadingLines("", "")
    lines = list(_lines_near(tree, heading))
    byline = next(filter(None, map(_byline, lines)), "") or _byline_at_the_end(heading)
    date = next(filter(None, map(_day, lines)), "") or _day_at_the_end(heading)
    return HeadingLines(byline, date)


def is_generic_name(name: str) -> bool:
    """Return whether a name is that of an account which nobody renamed."""
    folded = " ".join(name.casefold().split())
    return folded in _GENERIC or folded in ("admin", "administrator", "webmaster", "editor", "user")


def text_of(element: HtmlElement) -> str:
    """Return an element's text in one line."""
    return " ".join("".join(element.itertext()).split())


def _find_heading(tree: HtmlElement, title: str) -> HtmlElement | None:
    folded = title.casefold()
    same = (e for tag in (*_HEADS, "b", "strong") for e in tree.iter(tag))
    return next((e for e in same if text_of(e).casefold() == folded), None)


def _names(element: HtmlElement) -> str:
    kept = ("class", "id", "rel", "itemprop", "data-testid", "title")
    return " ".join(filter(None, (element.get(name) for name in kept)))


def _lines_near(tree: HtmlElement, heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield elements with little text beside the heading: those after it first."""
    body = tree.find("body") if tree.find("body") is not None else tree
    around, inside = set(heading.iterancestors()), set(heading.iter())
    before, after = [], []
    seen, passed, leads = 0, False, 0
    for element in body.iter():
        if not isinstance(element.tag, str) or element in around:
            continue
        if element is heading:
            passed, seen = True, 0
        if element in inside or _is_skipped(element, around):
            continue
        line = short_text(element, _LINE)
        is_line = line is not None and len(line) > 3
        own = len(" ".join((element.text or "").split()))
        if not passed:
            before.append((element, is_line, own))
            continue
        if line is None and own > _LEAD:
            leads += 1
            if leads > 1:
                break
        seen += own + len(" ".join((element.tail or "").split()))
        if seen > _AFTER:
            break
        if is_line:
            after.append(element)
    yield from after
    # Only in the heading's own block: above it is the site's head, often with today's date.
    ancestors = (e for e in heading.iterancestors() if e.tag not in ("body", "html"))
    block = set(islice(ancestors, 4))
    left = _BEFORE
    for element, is_line, own in reversed(before):
        left -= own
        if left < 0:
            return
        if is_line and not block.isdisjoint(element.iterancestors()):
            yield element


def _is_skipped(element: HtmlElement, around: Collection[HtmlElement] = ()) -> bool:
    """Return whether an element stands beside the article, in what does not hold its heading."""
    each = [e for e in (element, *element.iterancestors()) if e not in around]
    return any(isinstance(e.tag, str) and e.tag in _SKIPPED for e in each) or any(
        _OF_OTHERS.search(_names(e)) for e in each[:4]
    )


def _day(element: HtmlElement) -> str:
    """Return the day that a line says, if it says of itself that it is the page's."""
    text = text_of(element)
    day = day_of_line(text)
    if not day or day < _FIRST_YEAR:
        return ""
    if is_of_another_story(element):
        return ""
    near = [element, *islice(element.iterancestors(), 2)]
    names = " ".join(map(_names, near))
    if _OTHER_DAYS.search(names) or (_CHANGED.search(text) and not _is_first_of_two(text)):
        return ""
    is_said = element.tag == "time" or _DAY_NAMES.search(names) or _PUBLISHED.match(text)
    return day if is_said or _is_beside_author(element) else ""


def is_of_another_story(element: HtmlElement) -> bool:
    """Return whether a link beside a day leads to the story that it is of."""
    parent = element.getparent()
    links = [] if parent is None else [e for e in parent.iter("a") if e is not parent]
    return any(
        len(text := text_of(link)) >= _STORY
        and not (day_of_line(text) or _byline(link) or link.get("rel") in ("tag", "category tag"))
        for link in links[:5]
    )


def _is_beside_author(element: HtmlElement) -> bool:
    parent = element.getparent()
    beside = [] if parent is None else [e for e in parent if isinstance(e.tag, str)]
    return any(_BY.match(text_of(each)) for each in beside[:10])


def _is_first_of_two(text: str) -> bool:
    """Return whether the change is said after the day of publication."""
    found = _CHANGED.search(text)
    return found is not None and regex.search(r"\d{4}", text[: found.start()]) is not None


def _byline(element: HtmlElement) -> str:
    text = text_of(element)
    said = _BY.match(text)
    if said is not None:
        return _person(text[said.end() :])
    if _AUTHOR_NAMES.search(_names(element)) or _AUTHOR_LINKS.search(element.get("href", "")):
        return _person(text)
    return ""


def _person(text: str) -> str:
    """Return the name that a text is, without an office after it; empty if it is none."""
    name = text.split(",")[0].strip(" ·|–—-")
    is_name = len(name) <= _NAME and _PERSON.fullmatch(name) and not name[0].islower()
    return name if is_name and not is_generic_name(name) else ""


def _said_in_article(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements with little text of the smallest element that holds the article."""
    around = list(heading.iterancestors())
    whole = next((e for e in around if short_text(e, _ARTICLE) is None), None)
    inside = () if whole is None or whole.tag in ("body", "html") else whole.iter()
    for element in inside:
        if isinstance(element.tag, str) and short_text(element, _LINE):
            yield element


def _byline_at_the_end(heading: HtmlElement) -> str:
    """Return the author that a line of the article names with a label, or as blogs mark it."""
    for element in _said_in_article(heading):
        is_marked = bool({"fn", "author"} & set(element.get("class", "").split()))
        if is_marked or _LABEL.match(text_of(element)):
            name = _person(_BY.sub("", text_of(element)))
            if name and not _is_skipped(element, set(heading.iterancestors())):
                return name
    return ""


def _day_at_the_end(heading: HtmlElement) -> str:
    """Return the day of publication that a line of the article says, or as blogs mark it."""
    for element in _said_in_article(heading):
        is_marked = element.tag == "time" and "published" in element.get("class", "")
        if is_marked or _PUBLISHED.match(text_of(element)):
            day = day_of_line(text_of(element))
            if day >= _FIRST_YEAR and not _is_skipped(element, set(heading.iterancestors())):
                return day
    return ""
