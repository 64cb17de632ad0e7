"""Printed lines as paragraphs: line ends inside them, hyphens and running heads taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import regex

from index.readers.base import Locator
from index.text import ends_sentence

_EDGE = 0.12  # of a page's height, at its top and bottom, where running lines stand
_REPEATED = 0.4  # of the pages show a running line
_CLOSE = 0.6  # of a letter's size, between lines that follow one another
_SAME_SIZE = 0.12  # difference of sizes within a paragraph
_PAGE_NUMBER = regex.compile(
    r"[^\p{L}\p{N}]*(?:(?:page|p|seite|página|pág|sayfa|стр|страница|صفحة|ص|第)\.?\s*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|sur|de|из|من|\|)\s*\d{1,4})?(?:\s*页)?[^\p{L}\p{N}]*",
    regex.I,
)
_PRINTED = regex.compile(  # what browsers print above and below a page
    r"(?:https?|file)://\S+(?:\s+\d+/\d+)?|\d{1,2}[./]\d{1,2}[./]\d{2,4},?\s+\d{1,2}:\d\d.*"
)
_NUMBERED = regex.compile(
    r"(?:^|[-–—|·•,\s])(?:page|seite|página|pág\.?|sayfa|стр\.?|страница|صفحة)\s*\p{N}{1,4}$",
    regex.I,
)
_DIGITS = regex.compile(r"\p{N}+")
_ITEM = regex.compile(r"(?:[•◦▪‣·*–—-]|\(?\p{N}{1,3}[.)]|\(?[a-zA-Z][.)])\s")
BULLET = regex.compile(r"[•◦▪‣·●○■–—*-]|\(?\p{N}{1,3}[.)]")
_HYPHEN = regex.compile(r"(?<=\p{L})[-\u00ad\u2010]$")
# First halves of compounds that are written with a hyphen: sixty-four, quarante-deux, self-made.
_FIRST_HALF = regex.compile(
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|vingt|trente|quarante|cinquante|soixante|quatre"
    r"|self|well|half|vice"
)
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_RTL = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
_SHORT = 40  # characters of a heading, which no page goes on with
_NOTE_MARKS = "*†‡§¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page: its edges (points, ``top`` and ``bottom`` from above) and letters' size.

    Lines of one ``region`` stand in one column, ``spacing`` apart. A row of a table is one line.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page_height: float
    region: int = 0
    is_row: bool = False
    spacing: float = 0.0

    @property
    def is_rtl(self) -> bool:
        """Whether most of the line is read from the right."""
        return 2 * len(_RTL.findall(self.text)) > sum(map(str.isalpha, self.text))


def drop_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without page numbers and the lines that repeat at their edges."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_unnumbered(line.text) for line in lines if _is_at_edge(line)})
    often = max(2, _REPEATED * len(pages))
    repeated = {text for text, count in seen.items() if count >= often}
    return [[line for line in lines if not _is_running(line, lines, repeated)] for lines in pages]


def _unnumbered(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()).casefold())


def _is_at_edge(line: Line) -> bool:
    edge = _EDGE * line.page_height
    return line.bottom < edge or line.top > line.page_height - edge


def _is_running(line: Line, lines: Sequence[Line], repeated: set[str]) -> bool:
    if not _is_at_edge(line):
        return False
    text = line.text
    if _PAGE_NUMBER.fullmatch(text) or _PRINTED.fullmatch(text) or _NUMBERED.search(text):
        return len(lines) > 1
    is_sentence = len(text) > _SHORT and ends_sentence(text)
    repeats = _unnumbered(text) in repeated and not is_sentence
    if repeats and _is_apart_from_text(line, lines, repeated):
        return True
    if _is_small_print(line, lines):
        return True
    # A title that the browser prints beside the date, in the same line.
    return any(
        other is not line and abs(other.top - line.top) < line.size
        and _is_at_edge(other) and _PRINTED.fullmatch(other.text)
        for other in lines
    )  # fmt: skip


def _is_apart_from_text(line: Line, lines: Sequence[Line], repeated: set[str]) -> bool:
    """Return whether a line at the edge does not lead to the text, line by line.

    Rows of a long table repeat, too, but for their numbers.
    """
    text = {id(o) for o in lines if not _is_at_edge(o) or _unnumbered(o.text) not in repeated}
    reached, waiting = {id(line)}, [line]
    while waiting:
        near = waiting.pop()
        for other in lines:
            gap = max(other.top - near.bottom, near.top - other.bottom)
            if id(other) not in reached and gap <= _CLOSE * near.size:
                if id(other) in text:
                    return False
                reached.add(id(other))
                waiting.append(other)
    return True


def _is_small_print(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether a line at the edge is smaller than the text and apart: no note of the text."""
    others = [o for o in lines if o is not line and abs(o.top - line.top) > line.size]
    if not others or line.text[:1] in _NOTE_MARKS or line.text[:1].isdigit():
        return False
    distance = min(max(o.top - line.bottom, line.top - o.bottom) for o in others)
    return line.size < 0.85 * median([o.size for o in others]) and distance > 2 * line.size


def join_paragraphs(lines: Sequence[Line]) -> list[str]:
    """Return the paragraphs of a page's lines, which are in the order of reading."""
    lines = _with_spacing(lines)
    known = _known_words(lines)
    paragraphs: list[str] = []
    before: Line | None = None
    for line, (start, end) in zip(lines, _columns(lines), strict=True):
        if before is not None and _continues(before, line, start, end):
            paragraphs[-1] = join_words(paragraphs[-1], line.text, known)
        else:
            paragraphs.append(line.text)
        before = line
    return paragraphs


def _known_words(lines: Sequence[Line]) -> set[str]:
    """Return the words of the lines that no line end cuts."""
    known: set[str] = set()
    for before, line in zip([None, *lines], lines, strict=False):
        words = [word.casefold() for word in _WORD.findall(line.text)]
        if before is not None and _HYPHEN.search(before.text):
            words = words[1:]
        known.update(words[:-1] if _HYPHEN.search(line.text) else words)
    return known


def _columns(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """Yield the left and right edge of the column that each line stands in.

    They are those of the lines around it without a gap, or of its region where these are few.
    """
    for _, group in groupby(lines, key=lambda line: line.region):
        region = list(group)
        for block in _blocks(region):
            near = block if len(block) > 2 else region
            for line in block:
                alike = [o for o in near if _is_same_size(o, line) and not o.is_row] or [line]
                yield min(o.left for o in alike), max(o.right for o in alike)


def _with_spacing(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the usual distance between lines of their region."""
    spaced: list[Line] = []
    for _, group in groupby(lines, key=lambda line: line.region):
        region = list(group)
        gaps = [
            after.top - before.bottom
            for before, after in pairwise(region)
            if _is_same_size(before, after) and 0 < after.top - before.bottom < 3 * after.size
        ]
        usual = median(gaps) if len(gaps) > 2 else 0.0
        spaced += [replace(line, spacing=usual) for line in region]
    return spaced


def _blocks(region: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines that follow one another without a gap."""
    block: list[Line] = []
    for line in region:
        if block and (_is_apart(block[-1], line) or not _is_same_size(block[-1], line)):
            yield block
            block = []
        block.append(line)
    yield block


def _is_apart(before: Line, line: Line) -> bool:
    gap = line.top - before.bottom
    return gap > max(0.9 * line.size, 1.3 * line.spacing) or line.top < before.top - line.size


def _is_same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _continues(before: Line, line: Line, left: float, right: float) -> bool:
    """Return whether a line goes on with the paragraph of the one before it."""
    if not _is_same_size(before, line) or before.is_row or line.is_row:
        return False
    if _ITEM.match(line.text) and (before.region != line.region or ends_sentence(before.text)
                                   or _ITEM.match(before.text)):  # fmt: skip
        return False
    if before.region != line.region:
        return _flows_on(before.text, line.text)
    if _is_apart(before, line):
        return False
    indent = (right - line.right) if line.is_rtl else (line.left - left)
    stood = (right - before.right) if line.is_rtl else (before.left - left)
    if indent > 0.8 * line.size and stood < 0.4 * line.size and not _ITEM.match(before.text):
        return not (ends_sentence(before.text) or indent < 6 * line.size) or _flows_on(
            before.text, line.text
        )
    cut = _HYPHEN.search(before.text) and line.text[:1].islower()
    return bool(cut) or not _ended_early(before, line, left, right)


def _ended_early(before: Line, line: Line, left: float, right: float) -> bool:
    """Return whether the line's first word had room on the line before: its writer broke it."""
    first = line.text.split()[0]
    width = (line.right - line.left) / max(len(line.text), 1)
    room = (before.left - left) if line.is_rtl else (right - before.right)
    spare = 1.5 if ends_sentence(before.text) else 4.0
    return room > (len(first) + spare) * width


def _flows_on(before: str, after: str) -> bool:
    """Return whether a text goes on in another column or on another page."""
    if ends_sentence(before) and not before.endswith((":", ";")):
        return False
    first = next((char for char in after if char.isalnum()), "")
    if _HYPHEN.search(before) or (first.islower() and not _ITEM.match(after)):
        return True
    return not _CASED.match(first) and before[-1:].isalpha() and len(before) > 30


def join_pages(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[Locator, ...]]:
    """Return the pages' paragraphs as one text, and where each page begins in it.

    A paragraph that goes over the end of a page is one.
    """
    joined: list[str] = []
    locators: list[Locator] = []
    length = 0  # of the joined paragraphs and the blank lines after them
    for number, (first, *rest) in ((n, page) for n, page in enumerate(pages, 1) if page):
        last = joined[-1] if joined else ""
        if len(last) > _SHORT and _flows_on(last, first):
            known = {word.casefold() for text in (last, *rest) for word in _WORD.findall(text)}
            joined[-1] = join_words(last, first, known)
            length += len(joined[-1]) - len(last)
        else:
            joined.append(first)
            length += len(first) + 2
        locators.append(Locator(length - 2 - len(first), "page", str(number)))
        joined += rest
        length += sum(len(text) + 2 for text in rest)
    return "\n\n".join(joined), tuple(locators)


def join_words(before: str, after: str, known: set[str]) -> str:
    """Return two lines as one; a word that a hyphen cuts at the end of the first is joined.

    The hyphen stays where it belongs to the word: where the text writes it so elsewhere, or both
    halves are words of the text and the whole is not, or the first half is one that takes a hyphen.
    """
    if not _HYPHEN.search(before):
        no_space = _is_cjk(before[-1:]) and _is_cjk(after[:1])
        return f"{before}{'' if no_space else ' '}{after}"
    first, second = _WORD.findall(before[:-1]), _WORD.match(after)
    if second is None or not first or (not after[:1].islower() and _CASED.match(after[:1])):
        return before + after
    head, tail = first[-1].casefold(), second.group().casefold()
    if before.endswith("\u00ad") or head + tail in known:
        return before[:-1] + after
    halves = {head.rpartition("-")[2], tail.partition("-")[0]}
    is_compound = "-" in tail or f"{head}-{tail}" in known or (len(head) > 2 and halves <= known)
    return (before if is_compound or _FIRST_HALF.fullmatch(head) else before[:-1]) + after


def _is_cjk(char: str) -> bool:
    return bool(regex.match(r"[\p{Han}\p{Hiragana}\p{Katakana}]", char))
