"""Web pages: the article without menus, notices and comments.

trafilatura finds where the article stands; its text is then read from the page itself, so that no
list, table or aside inside it is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from index.errors import ArticleError
from index.readers.base import Content
from index.readers.markup import (
    count_notes,
    fold_space,
    is_hidden,
    parse_html,
    read_blocks,
)
from index.readers.page_facts import PageFacts, read_facts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORTH = 0.85  # of what trafilatura found must stand in the element that is read
_POOR, _MUCH = 0.1, 2_000  # a page that shows less of itself, of so many characters, is said to
_FRAME = 0.4  # of a page's text stands in no part that is beside the article
_NEVER = frozenset({"nav", "menu", "search"})
_NEVER_ROLES = frozenset({
    "navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog",
    "menu", "menubar", "toolbar",
})  # fmt: skip
# Parts of a page that are not the article, as their ids and classes name them.
_NOT_ARTICLE = regex.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|subscri(?:be|ption)|paywall|share|sharing"
    r"|social|related|recommend(?:ed|ations)?|comments?|disqus|breadcrumbs?|menu|navbar|sidebar"
    r"|promo|advert(?:isement)?s?|ads?|banner|popup|modal|tags|pagination|skip-link|toc"
    r"|most-read|read-more|readmore|outbrain|taboola)(?:$|[\s_-])",
    regex.I,
)
_ARTICLE = regex.compile(r"(?:^|[\s_-])(?:article|post|entry|story|content|main)", regex.I)
_SPACES = regex.compile(r"\s+")


def read_html(data: bytes) -> Content:
    """Read the article of a web page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = parse_html(data)
    facts = read_facts(tree)
    whole = _length(tree)
    _drop_furniture(tree)
    blocks = read_blocks(_article_element(tree))
    texts = _without_repeats(blocks.texts)
    if not texts:
        raise ArticleError("no article text was found in the page")
    notes = [*count_notes(blocks.left_out), *_note_on_share(texts, whole)]
    return _content(facts, texts, tuple(notes))


def _content(facts: PageFacts, texts: list[str], notes: tuple[str, ...]) -> Content:
    title = facts.title
    folded = fold_space(title).casefold()
    if title and folded not in (fold_space(text).casefold() for text in texts[:3]):
        texts = [title, *texts]
    return Content(title, "\n\n".join(texts), facts.byline, facts.date, notes=notes)


def _without_repeats(texts: list[str]) -> list[str]:
    """Return the texts without one that repeats what stands before it."""
    return [text for text, before in zip(texts, ["", *texts], strict=False) if text != before]


def _length(tree: HtmlElement) -> int:
    return sum(map(len, read_blocks(tree).texts))


def _note_on_share(texts: list[str], whole: int) -> Iterator[str]:
    kept = sum(map(len, texts))
    if whole > _MUCH and kept < _POOR * whole:
        yield (
            f"this page yielded {kept:,} of {whole:,} characters; it may need a browser: save it "
            "there as HTML or PDF"
        )


def _drop_furniture(tree: HtmlElement) -> None:
    """Take out what is hidden, menus, notices, and what stands around an article."""
    whole = len(_flat("".join(tree.itertext())))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body"):
            continue
        if element.getparent() is not None and _is_furniture(element, whole):
            element.drop_tree()


def _is_furniture(element: HtmlElement, whole: int) -> bool:
    tag = element.tag
    if tag in _NEVER or element.get("role", "").lower() in _NEVER_ROLES or is_hidden(element):
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}"
    if _NOT_ARTICLE.search(names) and tag not in ("article", "main"):
        # A frame of everything may be called "content has-sidebar".
        share = len(_flat("".join(element.itertext()))) / max(whole, 1)
        is_named_so = _NOT_ARTICLE.fullmatch(names.strip()) is not None
        if (is_named_so or share < _FRAME) and element.find(".//h1") is None:
            return True
    inside = any(True for _ in element.iterancestors("article", "main"))
    if tag == "footer":
        return not inside or _link_share(element) > 0.3
    if tag == "header":
        return not inside and element.find(".//h1") is None
    if tag == "aside":  # a box beside the article, unless the article itself stands in it
        return element.find(".//h1") is None and not _ARTICLE.search(names) and not inside
    return tag in ("ul", "ol", "div") and _is_link_list(element)


def _is_link_list(element: HtmlElement) -> bool:
    """Return whether an element is little else than links: a menu, or other articles."""
    links = list(element.iter("a"))
    if len(links) < 3 or element.find(".//p") is not None or element.find(".//h1") is not None:
        return False
    return _link_share(element) > 0.8


def _link_share(element: HtmlElement) -> float:
    whole = len(_flat("".join(element.itertext())))
    linked = sum(len(_flat("".join(link.itertext()))) for link in element.iter("a"))
    return linked / max(whole, 1)


def _flat(text: str) -> str:
    return _SPACES.sub("", text)


def _article_element(tree: HtmlElement) -> HtmlElement:
    """Return the smallest element that holds what trafilatura takes for the article."""
    import trafilatura

    body = tree.find("body") if tree.find("body") is not None else tree
    found = trafilatura.bare_extraction(
        trafilatura.load_html(_serialised(tree)), include_comments=False, favor_recall=True
    )
    lines = [] if found is None or isinstance(found, dict) else (found.text or "").splitlines()
    wanted = [flat for line in lines if len(flat := _flat(line.strip("|- "))) > 20]
    if not wanted:
        return body
    element = body
    while (child := _child_with(element, wanted)) is not None:
        element = child
    return element


def _child_with(element: HtmlElement, wanted: list[str]) -> HtmlElement | None:
    total = sum(map(len, wanted))
    for child in element:
        if isinstance(child.tag, str) and child.tag in _DEEPER:
            text = _flat("".join(child.itertext()))
            if sum(len(line) for line in wanted if line in text) >= _WORTH * total:
                return child
    return None


# An article is one of these, not a paragraph or a list.
_DEEPER = frozenset({"div", "article", "main", "section", "aside", "table", "tbody", "tr", "td",
                     "form", "center", "body", "span"})  # fmt: skip


def _serialised(tree: HtmlElement) -> bytes:
    from lxml import html

    return bytes(html.tostring(tree, encoding="utf-8"))
