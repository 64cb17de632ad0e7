"""What every reader of a file format shares: bytes in, a title and a text out."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from zipfile import BadZipFile, ZipFile

from index.errors import ArticleError

MAX_UNPACKED = 100_000_000  # bytes: 20 MB of a zip can unpack to gigabytes

LocatorKind = Literal["page", "slide", "time", "sheet", "chapter"]


class Locator(NamedTuple):
    """Where in the file the text from ``start`` on stands: page "3", time "0:04"."""

    start: int
    kind: LocatorKind
    value: str

    def __str__(self) -> str:
        """Return the kind and the value: "page 3"."""
        return f"{self.kind} {self.value}"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds; a title, a byline or a date (YYYY-MM-DD) that it does not name is empty.

    ``locators`` are in the order of the text; ``notes`` say what was left out, a line each.
    """

    title: str
    text: str
    byline: str = ""
    date: str = ""
    locators: tuple[Locator, ...] = ()
    notes: tuple[str, ...] = ()


FileReader = Callable[[bytes], Content]

# What the libraries raise on files that break their assumptions. RuntimeError includes
# NotImplementedError and RecursionError.
PARSER_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip


def open_zip(data: bytes, kind: str) -> ZipFile:
    """Open a file that is a zip; raise ArticleError if it is none, or unpacks to too much."""
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, *PARSER_ERRORS) as error:
        raise ArticleError(f"this {kind} is damaged ({error})") from error
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise ArticleError(f"it unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED:,}")
    return archive


def parse_xml(data: bytes) -> Any:
    """Return the root element of XML (lxml's); no entity is expanded, nothing fetched.

    Raises lxml.etree.XMLSyntaxError.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(data, parser)


def join_sections(
    sections: Sequence[tuple[Sequence[str], LocatorKind, str]],
) -> tuple[str, tuple[Locator, ...]]:
    """Return the paragraphs of all sections as one text, and where each section starts."""
    pieces: list[str] = []
    locators: list[Locator] = []
    length = 0
    for paragraphs, kind, value in sections:
        text = "\n\n".join(filter(str.strip, paragraphs))
        if text:
            locators.append(Locator(length, kind, value))
            pieces.append(text)
            length += len(text) + 2
    return "\n\n".join(pieces), tuple(locators)
