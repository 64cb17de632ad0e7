"""Fold text for matching; find words, blocks and sentences with offsets of the original."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import regex
import sentencex

T = TypeVar("T")

LONGEST_CACHED = 64  # characters; anything longer is no word that will come again


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
_SENTENCE_END = regex.compile(r"[.!?؟。！？…۔:؛;][\p{Pf}\p{Pe}\p{Pi}\"'”“»]*$")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
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


def terms(text: str) -> tuple[Term, ...]:
    """Return the folded words in order; one written word may fold to several (a ligature)."""
    return tuple(
        Term(part, word.start(), word.end())
        for word in _WORD.finditer(text)
        for part in _folded[word.group()]
    )


def written_words(text: str) -> list[str]:
    """Return the words in order, unfolded."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """Return the folded words in order: the texts of `terms`, several times faster."""
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
    """Return the spans of paragraphs: the lines, or the blank-line blocks of hard-wrapped text."""
    return tuple(span for block in _blank_line_blocks(text) for span in _block_lines(text, *block))


def _blank_line_blocks(text: str) -> Iterator[Span]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _block_lines(text: str, start: int, end: int) -> Iterator[Span]:
    lines = [strip_span(text, m.start(), m.end()) for m in _LINE.finditer(text, start, end)]
    lines = [(first, last) for first, last in lines if first < last]
    if lines and _is_hard_wrapped([text[first:last] for first, last in lines]):
        yield lines[0][0], lines[-1][1]
    else:
        yield from lines


def _is_hard_wrapped(lines: list[str]) -> bool:
    """Return whether lines are one paragraph, wrapped at a column, not one paragraph each.

    Wrapped lines are about equally long (the last may be short) and mostly stop mid-sentence.
    """
    if len(lines) < 3:
        return False
    full = lines[:-1]
    widest = max(map(len, full))
    mid_sentence = sum(not ends_sentence(line) for line in full)
    return widest <= 120 and min(map(len, full)) >= 0.6 * widest and mid_sentence > 0.6 * len(full)


def sentence_spans(text: str, language: str = "en") -> tuple[Span, ...]:
    """Return the spans of the sentences in order, without outer white space.

    No sentence reaches over the end of a block.
    ``language`` is an ISO 639-1 code; it chooses the list of abbreviations.
    """
    return tuple(
        (start + first, start + last)
        for start, end in block_spans(text)
        for first, last in _sentences_of_block(text[start:end], language)
    )


def _sentences_of_block(block: str, language: str) -> Iterator[Span]:
    start = 0
    for boundary in sentencex.get_sentence_boundaries(language, block):
        end = boundary["end_index"]
        # A dot inside a word ends nothing («منال.ب», a by-line).
        inside_word = end < len(block) and block[end - 1] == "." and not block[end].isspace()
        if inside_word:
            continue
        first, last = strip_span(block, start, end)
        start = end
        if first < last:
            yield first, last
    first, last = strip_span(block, start, len(block))
    if first < last:
        yield first, last
