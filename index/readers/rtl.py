"""Logical order of right-to-left text, from glyphs in visual order."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from index.text import normalise_forms

_RTL = regex.compile(
    r"[\p{Arabic}\p{Hebrew}\p{Syriac}\p{Thaana}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
)
_LTR = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_DIGIT = regex.compile(r"\p{Nd}")
_IN_NUMBER = frozenset(".,:/٫٬'%٪-–$€£+°#")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def logical_order(glyphs: Sequence[str]) -> str:
    """Return the text of a line's glyphs, given from left to right.

    A line with more right-to-left letters than others is turned round, but for the numbers and the
    words in other scripts in it. Presentation forms become ordinary letters.
    """
    line = "".join(glyphs)
    right, left = len(_RTL.findall(line)), len(_LTR.findall(line))
    if right > left:
        pieces = list(reversed(glyphs))
        line = "".join(_turn_back(pieces))
    elif right:
        line = "".join(_turn_rtl_runs(list(glyphs)))
    # A mark above or below a letter has a place of its own, and seems to stand apart.
    return normalise_forms(regex.sub(r"\s+(?=[\u064b-\u0652])", "", line))


def _turn_back(pieces: list[str]) -> list[str]:
    """Turn the runs of other scripts and of numbers in a reversed line back."""
    turned: list[str] = []
    run: list[str] = []
    for place, piece in enumerate(pieces):
        if _is_ltr(piece) or (run and _joins(pieces, place)):
            run.append(piece)
            continue
        turned += reversed(run)
        run.clear()
        turned.append(piece.translate(_MIRRORED))
    return [*turned, *reversed(run)]


def _turn_rtl_runs(pieces: list[str]) -> list[str]:
    """Turn the right-to-left words in a left-to-right line round."""
    turned: list[str] = []
    run: list[str] = []
    for place, piece in enumerate(pieces):
        following = next((p for p in pieces[place + 1 :] if p.strip()), "")
        if _RTL.search(piece) or (run and piece.isspace() and _RTL.search(following)):
            run.append(piece)
            continue
        turned += reversed(run)
        run.clear()
        turned.append(piece)
    return [*turned, *reversed(run)]


def _is_ltr(piece: str) -> bool:
    return bool(_LTR.search(piece) or _DIGIT.search(piece))


def _joins(pieces: Sequence[str], place: int) -> bool:
    """Return whether a mark or a space belongs to the run that it stands in.

    A mark does within a number and in front of one (-5, $5: after it, in a reversed line), a space
    between two words of another script.
    """
    piece = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else ""
    before = pieces[place - 1]
    if piece in _IN_NUMBER:
        return _is_ltr(following) and _is_ltr(before)
    if piece.isspace():
        return bool(_LTR.search(before) and _LTR.search(following))
    return bool(_LTR.search(before) and _LTR.search(following))
