"""Fold text for matching; find words and paragraphs with offsets of the original."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeVar

import regex

# Letters in the shape they take within a word, as PDFs hold them.
_FORMS = regex.compile(r"[\ufb00-\ufb06\ufb1d-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
T = TypeVar("T")

LONGEST_CACHED = 64  # characters; anything longer will hardly come again


class WordCache(dict[str, T]):
    """A cache of a function of words that keeps about the ``size`` words used last.

    It has two generations of half the size: when the new one is full it becomes the old one, and
    the old one is dropped. Not exactly the least recently used are dropped, but a look-up takes a
    tenth of the time of `functools.lru_cache`. Any number of threads may use it.
    """

    def __init__(self, function: Callable[[str], T], size: int) -> None:
        super().__init__()
        self._function = function
        self._generation = size // 2
        self._old: dict[str, T] = {}

    def __missing__(self, word: str) -> T:
        old = self._old
        value = old[word] if word in old else self._function(word)
        if len(word) <= LONGEST_CACHED:
            if len(self) >= self._generation:
                self._old = dict(self)
                self.clear()
            self[word] = value
        return value


# Harakat, superscript alef, tatweel, leftover combining accents, zero-width and bidi controls.
DROPPED = (
    "[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0300-\u036f"
    "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# Letters that writers use for one another, or for a foreign sound (ڨ is the Maghreb's g).
LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك",
    "ё": "е",  # as Russian mostly writes it
    "ڤ": "ف", "پ": "ب", "گ": "غ", "ڨ": "غ",
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
}  # fmt: skip

_DROPPED = regex.compile(DROPPED)
_LETTERS = str.maketrans(LETTERS)
_WORD = regex.compile(rf"[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}]|{DROPPED})*")
_LINE = regex.compile(r"[^\n\r\u2028\u2029\f]+")
_BLANK_LINE = regex.compile(r"(?:\r\n?|\n)[^\S\n\r]*(?:\r\n?|\n)\s*|[\u2029\f]\s*")
# Of wrapped text: the column at which it may be wrapped, and how many of its lines are full.
_NARROWEST, _WIDEST, _FULL = 24, 120, 0.6
_CELLS = regex.compile(r"\S(?: {3,}|\t+|\s\|\s)\S")
_ITEM = regex.compile(r"(?:[•◦▪‣*–—-]|\(?\p{N}{1,3}[.)]|\(?[a-zA-Z]\))\s")
_SENTENCE_END = regex.compile(r"[.!?؟。！？…۔:؛;][\p{Pf}\p{Pe}\p{Pi}\"'”“»]*$")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoldedWord:
    """A folded word and the half-open span of the text that it came from."""

    text: str
    start: int
    end: int


_WORDS = 131_072  # cached, of about 200 bytes each


def fold(text: str) -> str:
    """Return the text normalised for matching: NFKC, lower case, no marks, letters unified."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).lower()
    return str(_DROPPED.sub("", folded)).translate(_LETTERS)


def find_words(text: str) -> tuple[FoldedWord, ...]:
    """Return the folded words in order; one written word may fold to several (a ligature)."""
    return tuple(
        FoldedWord(part, word.start(), word.end())
        for word in _WORD.finditer(text)
        for part in _folded[word.group()]
    )


def written_words(text: str) -> list[str]:
    """Return the words in order, unfolded."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """Return the folded words in order: the texts of `find_words`, several times faster."""
    return list(chain.from_iterable(map(_folded.__getitem__, _WORD.findall(text))))


def folded_parts(word: str) -> tuple[str, ...]:
    """Return the folded words of one word of `written_words`; a ligature may have several."""
    return tuple(fold(word).split())


_folded = WordCache(folded_parts, _WORDS)


def strip_span(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its two ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def ends_sentence(text: str) -> bool:
    """Return whether the text ends with a mark that ends a sentence, or with a colon."""
    return _SENTENCE_END.search(text.rstrip()) is not None


def block_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of paragraphs: the lines, or what lines wrapped at a column make up."""
    blocks = [_line_spans(text, *block) for block in _blank_line_blocks(text)]
    width = _wrap_width(text, blocks)
    return tuple(
        span for lines in blocks for span in (_paragraphs(text, lines, width) if width else lines)
    )


def _blank_line_blocks(text: str) -> Iterator[Span]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _line_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of the lines, without outer white space."""
    lines = [strip_span(text, m.start(), m.end()) for m in _LINE.finditer(text, start, end)]
    return [(first, last) for first, last in lines if first < last]


def _wrap_width(text: str, blocks: Sequence[Sequence[Span]]) -> int:
    """Return the column at which a text's lines are wrapped, 0 if each is a paragraph.

    Wrapped lines stop mid-sentence and have no room for the first word of the next.
    """
    pairs = [pair for lines in blocks for pair in pairwise(lines) if _is_prose(text, pair)]
    wrapped = [(a, b) for a, b in pairs if not ends_sentence(text[slice(*a)])]
    lengths = [end - start + _indent(text, start) for start, end in chain.from_iterable(pairs)]
    if len(wrapped) < 2 or not _NARROWEST <= (width := max(lengths)) <= _WIDEST:
        return 0
    full = sum(not _has_room(text, pair, width) for pair in wrapped)
    return width if full >= max(2, _FULL * len(wrapped)) else 0


def _is_prose(text: str, lines: tuple[Span, Span]) -> bool:
    """Return whether two lines may be of one paragraph: no cells of a table, no item of a list."""
    (start, end), (after, last) = lines
    return not (
        _CELLS.search(text, start, end) or _CELLS.search(text, after, last)
        or _ITEM.match(text, after, last)
    )  # fmt: skip


def _has_room(text: str, lines: tuple[Span, Span], width: int) -> bool:
    """Return whether the first word of the second line fits at the end of the first."""
    (start, end), (after, last) = lines
    word = text[after:last].split(maxsplit=1)[0]
    return _indent(text, start) + end - start + 1 + len(word) <= width


def _paragraphs(text: str, lines: Sequence[Span], width: int) -> Iterator[Span]:
    """Yield the paragraphs of lines wrapped at a column, without blank lines between them."""
    if not lines:
        return
    start, end = lines[0]
    indent = _indent(text, lines[1][0]) if len(lines) > 1 else 0
    for pair in pairwise(lines):
        after, last = pair[1]
        begins = (
            not _is_prose(text, pair)
            or _has_room(text, pair, width)
            or _indent(text, after) > indent + 1
        )
        if begins:
            yield start, end
            start = after
        end = last
    yield start, end


def _indent(text: str, start: int) -> int:
    """Return how far the line that begins at a place is indented."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return start - line


def normalise_forms(text: str) -> str:
    """Return a text with presentation forms as ordinary letters."""
    if not _FORMS.search(text):
        return text
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text)
