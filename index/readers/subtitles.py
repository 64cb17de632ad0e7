"""Subtitles (.srt, .vtt): the cues as running text, with the time at which each begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import regex

from index.errors import ArticleError
from index.readers.base import Content, Locator
from index.readers.encodings import decode
from index.text import ends_sentence

_TIMES = regex.compile(
    r"^[ \t]*(?P<start>(?:\d{1,3}:)?\d{1,2}:\d\d[.,:]\d{1,3})[ \t]*-->[ \t]*"
    r"(?P<end>(?:\d{1,3}:)?\d{1,2}:\d\d[.,:]\d{1,3})[^\n]*$",
    regex.M,
)
_TAG = regex.compile(r"</?(?:[a-zA-Z][^<>\n]{0,80}|\d\d:[\d:.]+)>|\{\\[^{}\n]{0,80}\}")
_SPEAKER = regex.compile(r"<v(?:\.[^ >]*)?\s+([^<>\n]{1,60})>")
_VTT_BLOCK = regex.compile(r"^(?:NOTE|STYLE|REGION)\b.*?(?:\n\s*\n|\Z)", regex.M | regex.S)
# "(door slams)", "[MUSIC]": a line of no sentence in brackets, after a dash or a tag.
_SOUND = regex.compile(r"^[ \t]*(?:[-–—][ \t]*|<[^<>\n]*>)*(?:\([^().!?؟\n]+\)|\[[^\[\]\n]+\])"
                       r"(?:</[^<>\n]*>|[ \t])*$\n?", regex.M)  # fmt: skip
_MUSIC = regex.compile(r"[♪♫]+ ?")
_NUMBER = regex.compile(r"^\d+\s*$")
_PAUSE = 4.0  # seconds between cues, after which a paragraph begins
_LONG = 600  # characters, after which a paragraph ends with its sentence
_SNIFFED = 4_000  # characters at the beginning of a text


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown from ``start`` to ``end`` (seconds), in one line."""

    start: float
    end: float
    text: str


def is_subtitles(text: str) -> bool:
    """Return whether a text is subtitles, whatever its file is called."""
    head = text[:_SNIFFED].lstrip("\ufeff \n\r")
    first = _TIMES.search(head)
    return first is not None and (head.startswith("WEBVTT") or len(head[: first.start()]) < 400)


def read_subtitles(data: bytes) -> Content:
    """Read an .srt or .vtt file."""
    text, notes = decode(data)
    return read_cues(text, notes)


def read_cues(text: str, notes: tuple[str, ...] = ()) -> Content:
    """Read the cues of subtitles; raises ArticleError if there are none with text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, sounds = _SOUND.subn("", text)
    cues = _without_rolling(list(_cues(text)))
    if not cues:
        raise ArticleError("there are no subtitles in it")
    if sounds:
        notes += (f"{sounds} description{'s' if sounds > 1 else ''} of sounds",)
    pieces: list[str] = []
    locators: list[Locator] = []
    length = 0
    for gap, cue in zip(_gaps(cues), cues, strict=True):
        length += len(gap)
        locators.append(Locator(length, "time", _clock(cue.start)))
        length += len(cue.text)
        pieces += [gap, cue.text]
    return Content("", "".join(pieces), locators=tuple(locators), notes=notes)


def _cues(text: str) -> Iterator[Cue]:
    text = _VTT_BLOCK.sub("", text)
    marks = list(_TIMES.finditer(text))
    for mark, following in zip_longest(marks, marks[1:]):
        end = following.start() if following else len(text)
        lines = text[mark.end() + 1 : end].rstrip().split("\n")
        if following and len(lines) > 1 and (_NUMBER.match(lines[-1]) or not lines[-2].strip()):
            lines.pop()  # the number or the name of the next cue
        shown = [_shown(line) for line in lines]
        shown = [line for line in shown if line]
        if shown:
            yield Cue(_seconds(mark["start"]), _seconds(mark["end"]), "\n".join(shown))


def _shown(line: str) -> str:
    import html

    line = _MUSIC.sub("", _TAG.sub("", _SPEAKER.sub(r"\1: ", line)))
    return " ".join(html.unescape(line).split())


def _without_rolling(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues in one line each, without lines that a cue repeats from the one before.

    Captions made by a machine roll: each line is shown twice or three times.
    """
    kept: list[Cue] = []
    before: list[str] = []
    for cue in cues:
        lines = cue.text.split("\n")
        new = [line for line in lines if line not in before]
        if kept and len(lines) == len(before) == 1 and cue.text.startswith(before[0] + " "):
            kept.pop()  # it grows by words
        before = lines
        if new:
            kept.append(Cue(cue.start, cue.end, " ".join(new)))
    return kept


def _gaps(cues: Sequence[Cue]) -> Iterator[str]:
    """Yield what stands before each cue: nothing, a space, or the end of a paragraph."""
    length = 0
    for before, cue in zip([None, *cues], cues, strict=False):
        if before is None:
            yield ""
        elif ends_sentence(before.text) and (
            length > _LONG or cue.start - before.end > _PAUSE or cue.text.startswith(("- ", "– "))
        ):
            length = 0
            yield "\n\n"
        else:
            yield " "
        length += len(cue.text) + 1


def _seconds(clock: str) -> float:
    seconds = 0.0
    *whole, fraction = regex.split("[:.,]", clock)
    for part in whole:
        seconds = 60 * seconds + float(part)
    return seconds + float(f"0.{fraction}")


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
