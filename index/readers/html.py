"""Web pages: the article without menus, notices and comments.

trafilatura finds where the article stands; its text is then read from the page itself, so that no
list, table or aside inside it is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

import regex

from index.errors import ArticleError
from index.readers.base import Content
from index.readers.boxes import is_copyright_line, is_related_or_comments, is_teaser
from index.readers.markup import (
    describe_left_out,
    fold_space,
    is_hidden,
    parse_html,
    read_blocks,
)
from index.readers.page_facts import PageFacts, read_facts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SOUGHT = 200  # lines of what trafilatura found, evenly chosen, are looked for on the page
_MARGIN = 100  # characters of captions and buttons beside what a parent adds to an article
_PROSE = 60  # characters of a paragraph that is prose
_WORTH = 0.85  # of what trafilatura found must stand in the element that is read
_POOR, _MUCH = 0.1, 2_000  # a note is made where less than this is kept of a page that is longer
_FRAME = 0.4  # an element with this share of the page's text is never beside the article
_NEVER = frozenset({"nav", "menu", "search"})
_NEVER_ROLES = frozenset({
    "navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog",
    "menu", "menubar", "toolbar",
})  # fmt: skip
# Parts of a page that are not the article, as their ids and classes name them, alone or with a
# word for what part of a page they are ("post-comments", "share-buttons").
_NOT_ARTICLE = frozenset(
    """
    newsletter subscribe subscription paywall share sharing social related recommended
    recommendations comments comment kommentare commentaires disqus breadcrumb breadcrumbs menu
    navbar sidebar promo advert adverts advertisement ad ads banner popup modal tags pagination toc
    popular trending outbrain taboola rail teasers pager reviews cmt
    """.split()  # noqa: SIM905  # a list takes a line a word
)
_PART = frozenset(
    """
    post article entry page site blog story block wp js main nav header footer top bottom box bar
    button buttons links list widget section area wrapper container form tools icons posts articles
    stories news content more most read up next skip link id grid card cards col column inner outer
    wsite td jeg cmp elementor
    """.split()  # noqa: SIM905  # a list takes a line a word
)
_PHRASES = frozenset({"more stories", "most read", "read more", "up next", "skip link"})
# Notices of cookies, by name or by what they say, are never the article.
_NOTICE = regex.compile(
    r"cookie|consent|gdpr|rgpd|einwilligung|overlay-privacy"
    r"|(?:^|\s)cmp(?:$|\s|[_-]?(?:box|banner|wrapper|overlay|popup))",
    regex.I,
)
_NOTICE_TEXT = regex.compile(
    r"\bcookies?\b|ملفات تعريف الارتباط|файл(?:ы|ов|ами)? cookie|we value your privacy", regex.I
)
_NOTICE_WORDS = regex.compile(
    r"accept|agree|consent|partner|privacy|setting|device|best experience|einwillig|zustimm"
    r"|geräte|accepter|refuser|appareil|aceptar|dispositivo|приня|соглас|устройств|موافق|قبول|جهازك",
    regex.I,
)
_LONGEST_NOTICE = 900  # characters
_ARTICLE = regex.compile(r"(?:^|[\s_-])(?:article|post|entry|story|content|main)", regex.I)
_SHORT = 500  # characters; below it trafilatura may have picked another element
# An article is one of these, not a paragraph or a list.
_DEEPER = frozenset({"div", "article", "main", "section", "aside", "table", "tbody", "tr", "td",
                     "form", "center", "body", "span"})  # fmt: skip
_CAMEL = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_HASH = regex.compile(r"\d")  # in a part of a name that a build tool made, or a number
_WORDS = regex.compile(r"[_-]+")
_SPACES = regex.compile(r"\s+")


def read_html(data: bytes) -> Content:
    """Read the article of a web page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = parse_html(data)
    facts = read_facts(tree)
    whole = _length(tree)
    _drop_boilerplate(tree)
    blocks = read_blocks(_article_element(tree))
    texts = _without_repeated_title(blocks.texts)
    if not texts:  # better too much of a page than nothing
        blocks = read_blocks(_without_menus(parse_html(data)))
        texts = _without_repeated_title(blocks.texts)
    if not texts:
        raise ArticleError("no article text was found in the page")
    notes = [*describe_left_out(blocks.left_out), *_note_on_share(texts, whole)]
    return _content(facts, texts, tuple(notes))


def _content(facts: PageFacts, texts: list[str], notes: tuple[str, ...]) -> Content:
    title = facts.title
    folded = fold_space(title).casefold()
    if title and folded not in (fold_space(text).casefold() for text in texts[:3]):
        texts = [title, *texts]
    return Content(title, "\n\n".join(texts), facts.byline, facts.date, notes=notes)


def _without_repeated_title(texts: list[str]) -> list[str]:
    """Return the texts without a first one that the second repeats."""
    return texts[1:] if texts[:1] == texts[1:2] else texts


def _length(tree: HtmlElement) -> int:
    return sum(map(len, read_blocks(tree).texts))


def _note_on_share(texts: list[str], whole: int) -> Iterator[str]:
    kept = sum(map(len, texts))
    if whole > _MUCH and kept < _POOR * whole:
        yield (
            f"this page yielded {kept:,} of {whole:,} characters; it may need a browser: save it "
            "there as HTML or PDF"
        )


def _drop_boilerplate(tree: HtmlElement) -> None:
    """Take out what is hidden, menus, notices, and what stands around an article."""
    whole = len(_flat("".join(tree.itertext())))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body"):
            continue
        if element.getparent() is not None and _is_boilerplate(element, whole):
            element.drop_tree()


def _is_boilerplate(element: HtmlElement, whole: int) -> bool:
    tag = element.tag
    if tag in _NEVER or element.get("role", "").lower() in _NEVER_ROLES or is_hidden(element):
        return True
    if _is_notice(element) or is_related_or_comments(element) or is_teaser(element):
        return True
    if is_copyright_line(element):
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}"
    names = _CAMEL.sub("-", names).lower()
    if tag not in ("article", "main", "p", "span", "a", "li") and _names_boilerplate(names):
        # A frame of everything may be called "content has-sidebar".
        share = len(_flat("".join(element.itertext()))) / max(whole, 1)
        is_named_so = names.strip() in _NOT_ARTICLE
        if (is_named_so or share < _FRAME) and element.find(".//h1") is None:
            return True
    inside = any(True for _ in element.iterancestors("article", "main"))
    if tag == "footer":
        return not inside or _link_share(element) > 0.3
    if tag == "header":
        return not inside and element.find(".//h1") is None
    if tag == "aside":  # a box beside the article, unless the article itself stands in it
        return element.find(".//h1") is None and not _ARTICLE.search(names) and not inside
    return not inside and tag in ("ul", "ol", "div") and _is_link_list(element)


def _names_boilerplate(names: str) -> bool:
    """Return whether an id or a class names something beside the article and nothing else."""
    for name in names.split():
        words = [word for word in _WORDS.split(name) if word]
        others = [w for w in words if not (w in _NOT_ARTICLE or w in _PART or _HASH.search(w))]
        known = any(word in _NOT_ARTICLE for word in words) or " ".join(words) in _PHRASES
        if known and not others:
            return True
    return False


def _is_notice(element: HtmlElement) -> bool:
    """Return whether an element is a notice of cookies, by its name or by what it says."""
    if element.tag not in ("div", "section", "aside", "dialog", "form", "footer", "header"):
        return False
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return False
    if _NOTICE.search(f"{element.get('id', '')} {element.get('class', '')}"):
        return True
    if any(True for _ in element.iterancestors("article", "main")):
        return False
    text = ""
    for piece in element.itertext():  # not all of it: a page is one box in another
        text += " ".join(piece.split()) + " "
        if len(text) > _LONGEST_NOTICE:
            return False
    return _NOTICE_TEXT.search(text) is not None and _NOTICE_WORDS.search(text) is not None


def _without_menus(tree: HtmlElement) -> HtmlElement:
    """Take out only what is surely no article."""
    for element in list(tree.iter("nav", "menu", "form", "footer", "div", "dialog", "section")):
        if element.getparent() is not None and (
            element.tag in ("nav", "menu", "form", "footer") or _is_notice(element)
        ):
            element.drop_tree()
    return tree


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
    found = trafilatura.bare_extraction(  # it changes the tree that it is given
        deepcopy(tree), include_comments=False, favor_recall=True
    )
    lines = [] if found is None or isinstance(found, dict) else (found.text or "").splitlines()
    wanted = [flat for line in lines if len(flat := _flat(line.strip("|- "))) > 20]
    if not wanted:
        return body
    wanted = wanted[:: -(-len(wanted) // _SOUGHT)]
    element = body
    while (child := _child_with(element, wanted)) is not None:
        element = child
    while element is not body and _adds_to(element, wanted):
        element = element.getparent()
    if sum(map(len, wanted)) < _SHORT and element.find(".//h1") is None:
        # Of a short article something else may be longer; its heading shows where it stands.
        heads = element.iterancestors()
        element = next((e for e in heads if e.find(".//h1") is not None), element)
    return element


def _adds_to(element: HtmlElement, wanted: list[str]) -> bool:
    """Return whether the parent adds lines of the article, an introduction say, and little else."""
    parent = element.getparent()
    if parent is None:
        return False
    text, inside = (_flat("".join(each.itertext())) for each in (parent, element))
    added = sum(len(line) for line in wanted if line in text and line not in inside)
    added += sum(map(_length_of_prose, element.itersiblings(preceding=True)))
    return added > 0 and len(text) - len(inside) <= 2 * added + _MARGIN


def _length_of_prose(element: HtmlElement) -> int:
    """Return the characters of an element's paragraphs, 0 where it is links for the most part."""
    if not isinstance(element.tag, str) or _link_share(element) > 0.2:
        return 0
    texts = (_flat("".join(each.itertext())) for each in element.iter("p"))
    return sum(len(text) for text in texts if len(text) > _PROSE)


def _child_with(element: HtmlElement, wanted: list[str]) -> HtmlElement | None:
    total = sum(map(len, wanted))
    for child in element:
        if isinstance(child.tag, str) and child.tag in _DEEPER:
            text = _flat("".join(child.itertext()))
            if sum(len(line) for line in wanted if line in text) >= _WORTH * total:
                return child
    return None
