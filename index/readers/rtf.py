"""Rich text (.rtf), by striprtf."""

from __future__ import annotations

from typing import Any

import regex

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content

_RTF_HIDDEN = regex.compile(r"\{\\(?:deleted|v)(?![a-z0])[^{}]*\}")
_RTF_INFO = regex.compile(r"\{\\(title|author) ([^{}]*)\}")
_RTF_CREATED = regex.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_RTF_PAGE = regex.compile(r"\\ansicpg\d+(?:\\uc\d)?")


def read_rtf(data: bytes) -> Content:
    """Read rich text: its paragraphs, without the marks."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise ArticleError("this is not rich text")
    source = _RTF_HIDDEN.sub("", data.decode("latin-1"))
    try:
        convert: Any = rtf_to_text  # it has no types
        text = str(convert(source, errors="replace"))
    except PARSER_ERRORS as error:
        raise ArticleError(f"this .rtf is damaged ({error})") from error
    paragraphs = (line.strip().strip("|").replace("|", " | ") for line in text.splitlines())
    info = {name: _rtf_value(source, value) for name, value in _RTF_INFO.findall(source)}
    made = _RTF_CREATED.search(source)
    day = "-".join(f"{int(number):02}" for number in made.groups()) if made else ""
    text = "\n\n".join(filter(None, paragraphs))
    return Content(info.get("title", ""), text, info.get("author", ""), day)


def _rtf_value(source: str, value: str) -> str:
    """Return a value of the document's properties, in the encoding of the file."""
    from striprtf.striprtf import rtf_to_text

    page = _RTF_PAGE.search(source)
    head = "{\\rtf1\\ansi" + (page[0] if page else "")
    try:
        convert: Any = rtf_to_text  # it has no types
        return str(convert(f"{head} {value}}}", errors="replace")).strip()
    except PARSER_ERRORS:
        return ""
