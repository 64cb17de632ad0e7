"""Exports of chats: the messages are the text; who wrote them, and when, are their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from index.readers.base import Content, LocatorKind, join_sections

# "12/05/2024, 10:15 - Ada: …", "[12.05.24, 10:15:07] Ada: …", "2024-05-12 10:15 Ada: …"
_MESSAGE = regex.compile(
    r"^[\u200e\u200f\u202a-\u202e]*\[?(?P<when>(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?"
    r"\d{1,2}:\d\d(?::\d\d)?(?:[\s\u202f]?[ap]\.?m\.?)?)\]?\s*(?:[-–—]\s+)?"
    r"<?(?P<who>[\p{L}+~][^:<>\n]{0,40}?)>?:\s(?P<text>.*)$",
    regex.I,
)
_LEAST = 3  # messages, and
_MOST_LINES = 0.5  # of the lines, in a text that is a chat
_SNIFFED = 200  # lines


_SYSTEM = regex.compile(_MESSAGE.pattern.partition(r"<?(?P<who>")[0] + r"\S", regex.I)
_OMITTED = regex.compile(
    r"<?\s*(?:media|image|video|audio|sticker|document)\s+omitted\s*>?", regex.I
)


class _Message(NamedTuple):
    when: str
    who: str
    text: str


def is_chat(text: str) -> bool:
    """Return whether a text is an export of a chat."""
    lines = [line for line in text.split("\n", _SNIFFED)[:_SNIFFED] if line.strip()]
    found = sum(_MESSAGE.match(line) is not None for line in lines)
    return found >= _LEAST and found >= _MOST_LINES * len(lines)


def read_chat(text: str, notes: tuple[str, ...] = ()) -> Content:
    """Read the messages, a paragraph each."""
    sections: list[tuple[list[str], LocatorKind, str]] = [
        ([message.text], "time", f"{message.when}, {message.who}") for message in _messages(text)
    ]
    joined, locators = join_sections(sections)
    return Content("", joined, locators=locators, notes=notes)


def _messages(text: str) -> Iterator[_Message]:
    """Yield the messages that have a text, each with the lines that go on with it."""
    current: _Message | None = None
    for line in text.splitlines():
        found = _MESSAGE.match(line)
        if found:
            if current is not None and current.text.strip():
                yield current
            current = _Message(
                found["when"], found["who"].strip(), _OMITTED.sub("", found["text"]).strip()
            )
        elif _SYSTEM.match(line):  # "Ada added Tom"
            if current is not None and current.text.strip():
                yield current
            current = None
        elif current is not None and line.strip():
            joined = f"{current.text}\n{line.strip()}".strip()
            current = current._replace(text=joined)
    if current is not None and current.text.strip():
        yield current
