"""Markdown: CommonMark with tables and HTML, and the facts that stand above it (front matter)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from index.errors import ArticleError
from index.readers.base import Content
from index.readers.dates import day_of
from index.readers.encodings import decode
from index.readers.markup import describe_left_out, parse_fragment, read_blocks

_FRONT = regex.compile(
    r"\A\s*(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<facts>.*?)"
    r"\r?\n(?:(?P=mark)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    regex.S,
)
_FACT = regex.compile(r"([A-Za-z][\w-]{0,30})\s*[:=]\s*(.*)")
_KNOWN = frozenset(
    """
    title headline author authors date published publishdate pubdate created tags categories
    category layout lang language slug draft description keywords permalink summary image subtitle
    """.split()  # noqa: SIM905  # a list takes a line a word
)
_MAX_FRONT = 20_000  # characters
_TITLES = ("title", "headline", "العنوان")
_AUTHORS = ("author", "authors", "byline", "by")
_DATES = ("date", "published", "publishdate", "pubdate", "created")

_CODE = regex.compile(
    r"(^(?:```|~~~).*?^(?:```|~~~)[^\n]*$|`[^`\n]+`|^(?: {4}|\t)[^\n]*$)", regex.M | regex.S
)
_HIDDEN = regex.compile(r"%%.*?%%|!\[\[[^\]\n]*\]\]", regex.S)
_WIKI_LINK = regex.compile(
    r"\[\[(?![\s-])(?P<note>[^\]|#\n]+)(?:#[^\]|\n]*)?(?:\|(?P<alias>[^\]\n]+))?\]\]"
)
_HIGHLIGHT = regex.compile(r"==(?=\S)([^=\n]+)(?<=\S)==")
_BLOCK_NAME = regex.compile(r" \^[\w-]+[ \t]*$", regex.M)
_CALLOUT = regex.compile(r"^((?:> ?)+)\[!\w+\][+-]?[ \t]*", regex.M)
_NOTE_MARK = regex.compile(r"\[\^[^\]\s]+\]:?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The facts above a text; empty where none are given."""

    title: str = ""
    byline: str = ""
    date: str = ""


def read_markdown(data: bytes) -> Content:
    """Read what a visitor of the rendered page sees; the first heading is the title."""
    from markdown_it import MarkdownIt

    text, notes = decode(data)
    facts, text = split_front_matter(text)
    text = _convert_note_syntax(text)
    try:
        page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    except RecursionError:
        raise ArticleError("emphasis within emphasis, too deep to read") from None
    if not page.strip():
        raise ArticleError("there is no text in it")
    tree = parse_fragment(page)
    blocks = read_blocks(tree)
    heads = ("".join(head.itertext()) for head in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    title = facts.title or next((found for head in heads if (found := " ".join(head.split()))), "")
    return Content(
        title, "\n\n".join(blocks.texts), facts.byline, facts.date,
        notes=(*notes, *describe_left_out(blocks.left_out)),
    )  # fmt: skip


def _convert_note_syntax(text: str) -> str:
    """Return a text with the syntax of note-taking programs (Obsidian) rewritten as CommonMark.

    Links to other notes, kinds of callouts and marks of footnotes become the words that are shown;
    comments and embedded files go. Code stays as it is.
    """
    pieces = _CODE.split(text)
    for place in range(0, len(pieces), 2):
        piece = _HIDDEN.sub("", pieces[place])
        piece = _WIKI_LINK.sub(lambda found: found["alias"] or found["note"], piece)
        piece = _BLOCK_NAME.sub("", _HIGHLIGHT.sub(r"\1", piece))
        pieces[place] = _NOTE_MARK.sub("", _CALLOUT.sub(r"\1", piece))
    return "".join(pieces)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the facts above a text (YAML or TOML between marks), and the text below them."""
    found = _FRONT.match(text[: _MAX_FRONT + 10])
    if found is None:
        return FrontMatter(), text
    facts = _parsed(found["facts"], found["mark"]) or _by_lines(found["facts"])
    if not _KNOWN & facts.keys():  # two rules with text between them
        return FrontMatter(), text
    return (
        FrontMatter(_text(facts, _TITLES), _text(facts, _AUTHORS), day_of(_text(facts, _DATES))),
        text[found.end() :],
    )


def _parsed(source: str, mark: str) -> dict[str, Any] | None:
    import yaml

    try:
        # Scalars as they are written: 2024-03-05 stays text, and no object is made.
        is_toml = mark == "+++"
        facts = _toml(source) if is_toml else yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(facts, dict):
        return None
    return {str(name).lower(): value for name, value in facts.items()}


def _by_lines(source: str) -> dict[str, Any]:
    """Return what lines of "name: value" say, where they are not YAML: a colon in a title."""
    found = (_FACT.match(line) for line in source.splitlines())
    return {line[1].lower(): line[2].strip(" \t\"'") for line in found if line}


def _toml(source: str) -> dict[str, Any]:
    try:
        import tomllib
    except ModuleNotFoundError:  # before Python 3.11
        # Checked with 3.11, where it is not installed and the name is taken.
        import tomli as tomllib  # type: ignore[no-redef, import-not-found, unused-ignore]
    return tomllib.loads(source)


def _text(facts: dict[str, Any], names: tuple[str, ...]) -> str:
    value = next((facts[name] for name in names if facts.get(name)), "")
    values = value if isinstance(value, list) else [value]
    texts = (v.get("name", "") if isinstance(v, dict) else v for v in values)
    return ", ".join(" ".join(str(text).split()) for text in texts if text)
