"""Lists in a text: what introduces them and their items, which may answer together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.text import Span, ends_sentence, strip_span

_LINE = regex.compile(r"[^\n\r\u2028\u2029\f]+")
_BULLET = regex.compile(r"[•◦▪‣·*-]\s+(?=\S)")
_DASH = regex.compile(r"[–—]\s+(?=\S)")  # of an item, or of somebody who speaks
_SENTENCE_END = regex.compile(r"[.!?؟。！？]+[\"'»”)]*\s+")
_NUMBER = regex.compile(r"\(?(?:\p{N}{1,2}|[a-zA-Zа-я])[.)]\s+(?=\S)")
# Characters of an item without a mark, an introduction, and any item: longer ones are paragraphs.
_LONGEST_PLAIN, _LONGEST_INTRODUCTION, _LONGEST_ITEM = 120, 200, 300
_NAME_AND_VALUE = regex.compile(r"[^:：\n]*[\p{L}\p{N})] ?[:：]\s*[^\s/]")
_FEWEST_ROWS = 3  # of names and values without a mark or a line with a colon before them
_WINDOW = 2_000  # characters before and after a span


@dataclass(frozen=True, slots=True)
class TextList:
    """A list in a text: what introduces it, if something does, and its two or more items."""

    introduction: Span | None
    items: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the line that introduces the list to its last item."""
        return (self.introduction or self.items[0])[0], self.items[-1][1]

    def holds(self, span: Span) -> bool:
        """Return whether a span lies in the list."""
        start, end = self.span
        return start <= span[0] and span[1] <= end

    def overlaps(self, other: TextList) -> bool:
        """Return whether it is the same list, of which two windows may hold different parts."""
        return self.span[0] < other.span[1] and other.span[0] < self.span[1]

    def is_introduced_by(self, span: Span) -> bool:
        """Return whether a span lies in the line that introduces the list."""
        return (
            self.introduction is not None
            and self.introduction[0] <= span[0]
            and span[1] <= self.introduction[1]
        )


def find_lists(text: str, around: Span | None = None) -> tuple[TextList, ...]:
    """Return the lists of a text, or those about a span of it.

    A list is two or more consecutive lines that begin with the same kind of mark, or that are
    short, do not end a sentence and follow a line ending with a colon (so lists of web pages and of
    Word are read), or three or more lines of a name and a value: "Adults: 8 euros".
    """
    start, end = around or (0, len(text))
    first = text.rfind("\n", 0, max(start - _WINDOW, 0)) + 1
    last = text.find("\n", end + _WINDOW)
    lines = [
        strip_span(text, *line.span())
        for line in _LINE.finditer(text, first, last if last >= 0 else len(text))
    ]
    return tuple(_lists(text, [line for line in lines if line[0] < line[1]]))


def _lists(text: str, lines: Sequence[Span]) -> Iterator[TextList]:
    at = 0
    while at < len(lines):
        count = _count_items(text, lines, at)
        if count < 2:
            at += 1
            continue
        introduction = _introduction(text, lines[at - 1]) if at else None
        yield TextList(introduction, tuple(lines[at : at + count]))
        at += count


def _count_items(text: str, lines: Sequence[Span], first: int) -> int:
    """Return how many items with the same mark follow each other from a line on."""
    mark = _item_mark(text, lines[first])
    is_introduced = first > 0 and text[lines[first - 1][1] - 1] in ":："
    is_table = not mark and not is_introduced  # of lines such as "Adults: 8 euros"
    count = 0
    while first + count < len(lines) and _item_mark(text, lines[first + count]) == mark:
        line = lines[first + count]
        if not mark and not _is_short(text, line):
            break
        if is_table and not _NAME_AND_VALUE.match(text, *line):
            break
        count += 1
    return 0 if is_table and count < _FEWEST_ROWS else count


def _item_mark(text: str, line: Span) -> str:
    """Return what a line begins with: the mark of an item, or nothing."""
    if line[1] - line[0] > _LONGEST_ITEM:
        return ""
    if _BULLET.match(text, *line):
        return "bullet"
    if _NUMBER.match(text, *line):
        return "number"
    is_item = _DASH.match(text, *line) and not ends_sentence(text[slice(*line)])
    return "dash" if is_item else ""


def _is_short(text: str, line: Span) -> bool:
    return line[1] - line[0] <= _LONGEST_PLAIN and not ends_sentence(text[slice(*line)])


def _introduction(text: str, line: Span) -> Span | None:
    """Return what introduces a list: the last sentence of a line before a colon, or a heading."""
    said = text[slice(*line)]
    if said[-1] in ":：":
        start = max((mark.end() for mark in _SENTENCE_END.finditer(said)), default=0)
        return (line[0] + start, line[1]) if len(said) - start <= _LONGEST_INTRODUCTION else None
    is_heading = not ends_sentence(said) and len(said) <= _LONGEST_PLAIN
    return line if is_heading else None
