"""Plain text, and what calls itself that: subtitles and exports of chats are read as such."""

from __future__ import annotations

from index.readers.base import Content
from index.readers.chats import is_chat, read_chat
from index.readers.encodings import decode
from index.readers.subtitles import is_subtitles, read_cues


def read_text(data: bytes) -> Content:
    """Read plain text, which names no title; its characters stay as they are."""
    text, notes = decode(data)
    if is_subtitles(text):
        return read_cues(text, notes)
    if is_chat(text):
        return read_chat(text, notes)
    return Content("", text, notes=notes)
