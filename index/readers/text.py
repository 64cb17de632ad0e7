"""Plain text and CommonMark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.readers.base import Content

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

# What a newspaper's or an agency's text comes in. UTF-8 and the UTF-16/32 marks are tried first.
_ENCODINGS = ["utf_8", "utf_16", "utf_32", "cp1256", "cp1252", "cp1251", "cp1254", "gb18030"]


def decode(data: bytes) -> str:
    """Return the text of bytes without byte order mark; the encoding is guessed where needed."""
    from charset_normalizer import from_bytes

    try:
        return _check_is_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        match = from_bytes(data, cp_isolation=_ENCODINGS).best()
    if match is None:
        raise ArticleError("this is not text in a known encoding (save it as UTF-8)")
    return _check_is_text(str(match))


def _check_is_text(text: str) -> str:
    controls = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in text)
    if controls > len(text) // 200:
        raise ArticleError("this is binary data, not text")
    return text.removeprefix("\ufeff")


def read_text(data: bytes) -> Content:
    """Read plain text, which names no title."""
    return Content("", decode(data))


def read_markdown(data: bytes) -> Content:
    """Read CommonMark: the text without its marks, and the first heading as title."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    tokens = MarkdownIt("commonmark").parse(decode(data))
    try:
        return _markdown(SyntaxTreeNode(tokens))
    except RecursionError:
        raise ArticleError("emphasis within emphasis, too deep to read") from None


def _markdown(tree: SyntaxTreeNode) -> Content:
    title, blocks = "", []
    for node in tree.walk():
        if node.type == "inline":
            text = "".join(map(_inline_text, node.children))
            if not title and node.parent is not None and node.parent.type == "heading":
                title = text
            blocks.append(text)
        elif node.type in ("fence", "code_block"):
            blocks.append(node.content.rstrip("\n"))
    return Content(title, "\n\n".join(blocks))


def _inline_text(node: object) -> str:
    from markdown_it.tree import SyntaxTreeNode

    assert isinstance(node, SyntaxTreeNode)
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type in ("text", "code_inline"):
        return node.content
    return "".join(map(_inline_text, node.children))
