"""Options that several subcommands share, and the types of option values."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from index.errors import ArticleQAError

if TYPE_CHECKING:
    from index.base import AnyStore, Filter, StoreLocation
    from index.embedder import Embedder
    from index.readers.scans import OCR
    from qa.extractive import ExtractiveModel
    from qa.writer import Writer

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """What `article-qa chat` was called with; the options' help says what each is."""

    store: AnyStore
    embedder: Embedder
    host: str
    port: int
    reader: ExtractiveModel | None
    writer: Writer | None
    library: Path | None
    feedback: Path | None
    auth: Path | None
    mcp: bool
    max_upload: int
    rate: int
    log_questions: bool


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add --model."""
    parser.add_argument(
        "--model",
        metavar="M",
        help="a sentence-transformers model, hub id or folder (default: the bundled one)",
    )


def add_ocr(parser: argparse.ArgumentParser) -> None:
    """Add the options that `ocr_of` reads."""
    scans = parser.add_argument_group(
        "scans and pictures", "need Debian's tesseract-ocr and pip install 'article-qa[ocr]'"
    )
    scans.add_argument(
        "--ocr", action="store_true", help="read the text of pictures and of scanned pages, too"
    )
    scans.add_argument(
        "--ocr-languages", nargs="+", metavar="CODE",
        help="in these languages, for example: ar en (default: guessed)",
    )  # fmt: skip


def ocr_of(options: argparse.Namespace) -> OCR | None:
    """Return how scans are read; each page is counted on a terminal."""
    if not (options.ocr or options.ocr_languages):
        return None
    from index.readers.scans import OCR

    return OCR(tuple(options.ocr_languages or ()), _print_page if sys.stderr.isatty() else None)


def _print_page(number: int, count: int) -> None:
    end = "\n" if number == count else ""
    print(f"\rreading scanned page {number} of {count}", end=end, file=sys.stderr, flush=True)


def add_filter(parser: argparse.ArgumentParser) -> None:
    """Add the options that `filter_of` reads."""
    chosen = parser.add_argument_group("which articles")
    chosen.add_argument(
        "--id", nargs="+", metavar="ID", help="with these ids (see article-qa list)"
    )
    chosen.add_argument(
        "--language", nargs="+", metavar="CODE", help="in these languages, for example: ar en"
    )
    chosen.add_argument("--since", type=day, metavar="DATE", help="YYYY-MM-DD or later")
    chosen.add_argument("--until", type=day, metavar="DATE",
                        help="YYYY-MM-DD or earlier")  # fmt: skip
    chosen.add_argument("--source", nargs="+", metavar="SOURCE",
                        help="from these files (a path, or a name alone), addresses, or sites "
                        "(example.org)")  # fmt: skip


def filter_of(options: argparse.Namespace) -> Filter:
    """Return the filter of the options of `add_filter`."""
    from index.base import Filter

    sources = options.source
    if sources is not None:  # stores know files by their absolute paths
        sources = {*sources, *map(os.path.abspath, sources)}  # which keeps symbolic links
    try:
        return Filter.of_names(
            options.id, options.language, options.since or "", options.until or "", sources
        )
    except ValueError as error:
        raise ArticleQAError(str(error)) from None


def day(text: str) -> str:
    """Parse a day."""
    from index.articles import is_date

    if not is_date(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a day (YYYY-MM-DD)")
    return text


def store_location(text: str) -> StoreLocation:
    """Parse the location of a store."""
    from index.base import parse_location

    try:
        return parse_location(text)
    except ArticleQAError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def library(text: str) -> Path:
    """Parse the folder of a library, which cannot be in Milvus."""
    if "://" in text:
        raise argparse.ArgumentTypeError("a library is a folder; --store takes a collection")
    return Path(text)


def positive(text: str) -> int:
    """Parse an integer of 1 or more."""
    number = integer(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def integer(text: str) -> int:
    """Parse an integer."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def megabytes(text: str) -> int:
    """Parse an integer from 1 to 20."""
    number = integer(text)
    if not 1 <= number <= 20:
        raise argparse.ArgumentTypeError(f"{number} is not 1 to 20")
    return number


def non_negative(text: str) -> int:
    """Parse an integer of 0 or more."""
    number = integer(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than 0")
    return number


def port(text: str) -> int:
    """Parse a port."""
    number = integer(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not a port (0 to 65535)")
    return number
