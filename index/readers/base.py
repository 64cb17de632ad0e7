"""What every reader of a file format shares: bytes in, a title and a text out."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Callable
from typing import NamedTuple


class Content(NamedTuple):
    """What a file holds; a title, a byline or a date that it does not name is empty."""

    title: str
    text: str
    byline: str = ""
    date: str = ""


FileReader = Callable[[bytes], Content]

# What the libraries raise on files that break their assumptions. RuntimeError includes
# NotImplementedError and RecursionError.
PARSER_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip
