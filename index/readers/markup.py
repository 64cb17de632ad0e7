"""Marked-up text (HTML, and what Word, Markdown and mail are turned into) as paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from index.errors import ArticleError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Never shown, or not text: programs, forms, pictures.
SKIPPED = frozenset({
    "script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object", "embed",
    "audio", "video", "canvas", "map", "select", "datalist", "textarea", "button", "input", "del",
    "s", "strike", "rp", "rt", "title", "meta", "link",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav",
    "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
})  # fmt: skip
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", regex.I)
_SPACE = regex.compile(r"[^\S\n\u00a0]*\n[^\S\u00a0]*|[^\S\n\u00a0]+")
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_DIGITS = regex.compile(r"[0-9+-]{1,3}")
_NOTE_MARK = regex.compile(r"\[?[\d*†‡§a-z]{1,3}\]?")
_BREAK = "\v"  # a line that the writer broke, until white space is folded
_VALUE = regex.compile(r"[-+]?[\d.,\s%€$£]*\d[\d.,\s%€$£]*")
_MAX_CELLS = 200_000
_LARGE = 300  # characters of a cell that is a column of text


@dataclass(slots=True)
class Blocks:
    """The paragraphs of a tree in order, and how many things that are not text were left out."""

    texts: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    _line: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add text to the paragraph."""
        self._line.append(text)

    def end(self) -> None:
        """End the paragraph."""
        text = fold_space("".join(self._line))
        self._line.clear()
        if text:
            self.texts.append(text)


def fold_space(text: str) -> str:
    """Return text as a browser shows it: runs of white space as one, broken lines as they are."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line.strip("\u00a0 "))


def parse_html(data: bytes | str) -> HtmlElement:
    """Return the tree of a page; bytes are decoded as the page declares, or as they look.

    Raises ArticleError if it is not a page.
    """
    from trafilatura import load_html

    tree = load_html(data)
    if tree is None:
        raise ArticleError("this is not an HTML page")
    return tree


def parse_fragment(source: str | bytes) -> HtmlElement:
    """Return the tree of HTML that a converter or a writer made; bytes are a whole document.

    Raises ArticleError if there is nothing in it.
    """
    from lxml import etree, html

    try:
        whole = f"<html><body>{source}</body></html>" if isinstance(source, str) else source
        return html.document_fromstring(whole)
    except (etree.ParserError, ValueError) as error:
        raise ArticleError(f"there is no text in it ({error})") from None


def read_blocks(tree: HtmlElement, blocks: Blocks | None = None) -> Blocks:
    """Return the visible paragraphs under an element, lists and tables included."""
    blocks = Blocks() if blocks is None else blocks
    try:
        _walk(tree, blocks)
    except RecursionError:
        raise ArticleError("elements within elements, too deep to read") from None
    blocks.end()
    blocks.texts[:] = [text.replace("\u00ad", "") for text in blocks.texts]  # soft hyphens
    return blocks


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element is never shown."""
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _walk(element: HtmlElement, blocks: Blocks) -> None:
    tag = element.tag
    if not isinstance(tag, str):  # a comment
        return
    if tag in SKIPPED or is_hidden(element):
        return
    if tag == "img":
        if not fold_space(element.get("alt", "")):
            blocks.left_out["picture"] += 1
    elif tag == "br":
        blocks.add(_BREAK)
    elif tag == "pre":
        _preformatted(element, blocks)
    elif tag == "sup":
        _superscript(element, blocks)
    elif tag == "table" and not _is_layout(element):
        _table(element, blocks)
    elif tag == "dl":
        _definitions(element, blocks)
    else:
        _container(element, blocks, is_block=tag in _BLOCKS)


def _container(element: HtmlElement, blocks: Blocks, *, is_block: bool) -> None:
    if is_block:
        blocks.end()
    blocks.add(element.text or "")
    for child in element:
        _walk(child, blocks)
        blocks.add(child.tail or "")
    if is_block:
        blocks.end()


def _preformatted(element: HtmlElement, blocks: Blocks) -> None:
    blocks.end()
    text = "".join(element.itertext()).strip("\n")
    if text.strip():
        blocks.texts.append(text.rstrip())


def _superscript(element: HtmlElement, blocks: Blocks) -> None:
    """Add 10⁶ and 1er; leave out the marks of notes, which would read as part of a number."""
    text = fold_space("".join(element.itertext()))
    is_link = element.find(".//a") is not None or element.getparent().tag == "a"
    if is_link and _NOTE_MARK.fullmatch(text):
        return
    blocks.add(text.translate(_SUPERSCRIPT) if _DIGITS.fullmatch(text) else text)


def _definitions(element: HtmlElement, blocks: Blocks) -> None:
    """Add each term with its definitions as one paragraph."""
    blocks.end()
    term = ""
    for child in element.iter("dt", "dd"):
        text = " ".join(read_blocks(_inside(child)).texts)
        if child.tag == "dt":
            if term:
                blocks.texts.append(term)
            term = text
        elif text:
            blocks.texts.append(f"{term.rstrip(':')}: {text}" if term else text)
            term = ""
    if term:
        blocks.texts.append(term)


def _inside(element: HtmlElement) -> HtmlElement:
    """Return a copy of an element as a plain container, without what follows it."""
    from copy import deepcopy

    copied = deepcopy(element)
    copied.tag, copied.tail = "div", None
    return copied


def _is_layout(table: HtmlElement) -> bool:
    """Return whether a table only places things on the page: its cells hold paragraphs."""
    if table.find(".//th") is not None or table.find(".//caption") is not None:
        return False
    rows = [[cell for cell in row if cell.tag == "td"] for row in table.iter("tr")]
    widest = max(map(len, rows), default=0)
    return widest < 2 or (len(rows) <= 3 and any(_is_large(cell) for row in rows for cell in row))


def _is_large(cell: HtmlElement) -> bool:
    """Return whether a cell holds more than a value: paragraphs, headings, a list, a table."""
    if any(cell.find(f".//{tag}") is not None for tag in ("table", "h1", "h2", "h3", "ul", "ol")):
        return True
    return len(cell.findall(".//p")) > 1 or len("".join(cell.itertext())) > _LARGE


def _table(table: HtmlElement, blocks: Blocks) -> None:
    """Add a paragraph for each row, its cells named by the heads of their columns."""
    blocks.end()
    caption = table.find("caption")
    if caption is not None:
        read_blocks(_inside(caption), blocks)
    rows = [row for row in table.iter("tr") if _closest(row, "table") is table]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if sum(map(len, cells)) > _MAX_CELLS:
        raise ArticleError(f"a table of more than {_MAX_CELLS:,} cells")
    texts = [[" ".join(read_blocks(_inside(c)).texts) for c in row] for row in cells]
    has_head = bool(cells) and bool(cells[0]) and all(_is_head(cell) for cell in cells[0])
    # Where no cell is marked, words above numbers are heads.
    numbers = any(_VALUE.fullmatch(cell) for row in texts[1:] for cell in row)
    unmarked = not any(cell.tag == "th" for row in cells for cell in row)
    guessed = unmarked and numbers and len(texts) > 2 and looks_like_head(texts)
    blocks.texts += name_columns(texts, has_head=has_head or guessed)


def _is_head(cell: HtmlElement) -> bool:
    """Return whether a cell is marked as a head, or all in bold."""
    if cell.tag == "th":
        return True
    whole = "".join(cell.itertext()).strip()
    bold = "".join("".join(e.itertext()) for e in cell.iter("b", "strong")).strip()
    return bool(whole) and whole == bold


def _closest(element: HtmlElement, tag: str) -> HtmlElement | None:
    return next(element.iterancestors(tag), None)


def name_columns(rows: Sequence[Sequence[str]], *, has_head: bool) -> list[str]:
    """Return the rows as text, each cell with the head of its column: "Town: York | Beds: 40".

    Without heads the cells stand side by side. A first cell that its column does not name, and
    cells of rows that are not as long as the head, are not named either.
    """
    rows = [row for row in rows if any(row)]
    if not has_head or len(rows) < 2:
        return [" | ".join(filter(None, row)) for row in rows]
    head = rows[0]
    lines = [" | ".join(filter(None, head))]
    for row in rows[1:]:
        heads = head if len(row) == len(head) else [""] * len(row)
        named = (f"{h}: {c}" if h and h != c else c for h, c in zip(heads, row, strict=True) if c)
        lines.append(" | ".join(named))
    return lines


def looks_like_head(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns: words alone, each another one."""
    if len(rows) < 2:
        return False
    head = [cell for cell in rows[0] if cell]
    words = not any(_VALUE.fullmatch(cell) and not _is_year(cell) for cell in head)
    return words and len(head) > 1 and len(set(head)) == len(head)


def _is_year(cell: str) -> bool:
    return cell.isdigit() and 1800 <= int(cell) <= 2200


def describe_left_out(left_out: Counter[str]) -> Iterator[str]:
    """Yield "3 pictures" and the like, for what was left out."""
    for what, count in sorted((+left_out).items()):
        yield f"{count} {what}{'' if count == 1 else 's'} without text"
