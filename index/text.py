"""Fold text for matching and find its words, blocks and sentences, all with original offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import regex
import sentencex

from index._remembered import Remembered

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


_WORDS = 131_072  # remembered, of about 200 bytes


def fold(text: str) -> str:
    """Return the text as it is compared: NFKC, lower case, without marks, letters unified."""
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
    """Return the words in order as they are written."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """Return the folded words in order: the texts of `terms`, several times as fast."""
    return list(chain.from_iterable(map(_folded.__getitem__, _WORD.findall(text))))


def folded_parts(word: str) -> tuple[str, ...]:
    """Return the folded words of one word as `written_words` gives it."""
    return tuple(fold(word).split())


_folded = Remembered(folded_parts, _WORDS)


def strip_span(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its two ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def ends_sentence(text: str) -> bool:
    """Tell whether the text closes with a mark that ends a sentence or opens what it announces."""
    return _SENTENCE_END.search(text.rstrip()) is not None


def block_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of paragraphs: the lines, or the blank-line blocks of hard-wrapped text."""
    return tuple(span for block in _gaps(text) for span in _block_lines(text, *block))


def _gaps(text: str) -> Iterator[Span]:
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
    """Tell a paragraph broken at a column from lines that are each a paragraph.

    Wrapped lines are of about one length (the last may be short) and mostly stop mid-sentence.
    """
    if len(lines) < 3:
        return False
    full = lines[:-1]
    widest = max(map(len, full))
    mid_sentence = sum(not ends_sentence(line) for line in full)
    return widest <= 120 and min(map(len, full)) >= 0.6 * widest and mid_sentence > 0.6 * len(full)


def sentence_spans(text: str, language: str = "en") -> tuple[Span, ...]:
    """Return the spans of sentences, stripped of outer white space, in order; blocks end them.

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
