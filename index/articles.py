"""Article: the source text, how it is read from files, and what the files say about it."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import regex

from index.errors import ArticleError
from index.language import detect_language
from index.readers import READERS, find_reader
from index.readers.base import FileReader, Locator
from index.readers.dates import day_of_line, split_line
from index.readers.scans import OCR, PICTURES
from index.text import block_spans, ends_sentence

MAX_BYTES = 20_000_000
MAX_CHARS = 2_000_000
MAX_URL = 2_000
TITLE_CHARS = 150
BYLINE_CHARS = 80
FORMATS = tuple(sorted(READERS))
# "By Jane Doe", or a name with an initial, as the Arab press signs («منال.ب», "K. Amel").
_BY = regex.compile(
    r"^(?:(?i:by|par|von|por|автор:?|текст:?)(?:\s+(?:de|da|van|von|la|le|and|et|y|und|и|\p{Lu}\S*)){1,6}"
    r"|(?:بقلم|كتبت?)(?:\s*:)?(?:\s+\p{L}+){1,6}"
    r"|\p{L}{2,}\s?\.\s?\p{L}|\p{L}\s?\.\s?\p{L}{2,})$"
)
_BY_WORD = regex.compile(r"^(?:by|par|von|por|автор|текст|بقلم|كتبت?)\s*:?\s+", regex.I)
_BY_AFTER = regex.compile(r"\s+(?:by|par|von|por)\s+\p{Lu}", regex.I)
_FIELDS = ("title", "source", "language", "byline", "date")
_UNDER_TITLE = 2  # lines in which the author and the day stand
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SURROGATE = re.compile("[\ud800-\udfff]")  # neither the tokenizers nor UTF-8 can represent them


@dataclass(frozen=True, slots=True)
class Article:
    """A source text; all offsets elsewhere count code points of ``text``, half open.

    ``language`` is an ISO 639-1 code, ``source`` the file or address it came from, ``byline`` the
    author, ``date`` (YYYY-MM-DD) the day of publication; the last two are empty where unknown.
    ``locators`` say where in the file parts of the text stand, in order. ``notes`` say what its
    reader left out; they are not stored with it.
    """

    id: str
    title: str
    text: str
    source: str
    language: str
    byline: str = ""
    date: str = ""
    locators: tuple[Locator, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an Article needs an id")
        if self.date and not is_date(self.date):
            raise ValueError(f"Article {self.id!r} has the date {self.date!r}, not YYYY-MM-DD")
        if not self.text.strip():
            raise ValueError(f"Article {self.id!r} has no text")
        if any(a.start > b.start for a, b in zip(self.locators, self.locators[1:], strict=False)):
            raise ValueError(f"the locators of Article {self.id!r} are not in order")

    def is_byline(self, line: str) -> bool:
        """Return whether a line of the text is the one that names the author."""
        return self.byline != "" and self.byline in line and len(line) <= BYLINE_CHARS

    @classmethod
    def from_record(cls, article_id: str, text: str, record: Mapping[str, Any]) -> Article:
        """Return the article with the `record` that a store or a process kept as JSON."""
        known = {name: record[name] for name in _FIELDS}
        locators = tuple(Locator(*locator) for locator in record.get("locators", ()))
        return cls(
            article_id, text=text, locators=locators, notes=tuple(record.get("notes", ())), **known
        )

    @property
    def record(self) -> dict[str, Any]:
        """The fields that a store keeps as JSON beside the text."""
        locators = {"locators": self.locators} if self.locators else {}
        return {name: getattr(self, name) for name in _FIELDS} | locators

    def locator(self, offset: int) -> Locator | None:
        """Return where in the file the character at an offset stands, None where unknown."""
        at = bisect_right(self.locators, offset, key=lambda locator: locator.start)
        return self.locators[at - 1] if at else None

    @classmethod
    def of(
        cls,
        text: str,
        *,
        title: str = "",
        source: str = "",
        language: str | None = None,
        byline: str = "",
        date: str = "",
        locators: tuple[Locator, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Article:
        """Make an Article of a text; its id is a digest of title and text.

        Title (its first line, where that looks like one), language, byline and date (lines of
        their own under the title) are found if not given.
        Raises ArticleError if the text is blank, not valid Unicode or over 2,000,000 characters.
        """
        name = source or "the text"
        if not text.strip():
            raise ArticleError(f"{name}: there is no text in it")
        if (lone := SURROGATE.search(text + title + byline)) is not None:
            raise ArticleError(f"{name}: not valid Unicode (half a character at {lone.start()})")
        if len(text) > MAX_CHARS:
            raise ArticleError(f"{name}: {len(text):,} characters; the limit is {MAX_CHARS:,}")
        title = _clipped(title) or _first_line(text)
        # Two articles of one text but different titles are two articles.
        digest = hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()
        under_title = list(_lines_under_title(text))
        byline = _clipped(byline) or next(filter(None, map(_byline, under_title)), "")
        date = date or next(filter(None, map(_day, under_title)), "")
        language = language or detect_language(text)
        return cls(digest[:16], title, text, source, language, byline, date, locators, notes)


def is_date(text: str) -> bool:
    """Return whether the text is a day of the calendar, YYYY-MM-DD."""
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_address(source: str) -> bool:
    """Return whether a source is an http or https address."""
    return source.lower().startswith(("http://", "https://"))


def site(source: str) -> str:
    """Return the host of an address without www, or the file name of a path."""
    try:
        host = urlsplit(source).hostname if is_address(source) else None
    except ValueError:  # half an IPv6 address
        host = None
    return host.removeprefix("www.") if host else file_name(source)


def file_name(source: str) -> str:
    """Return a source as visitors may see it: an absolute path without its folders."""
    return Path(source).name if Path(source).is_absolute() else source


def read_article(path: str | Path, ocr: OCR | None = None) -> Article:
    """Read an article from a file of one of the FORMATS; with ``ocr``, from scans and PICTURES.

    Raises ArticleError, naming the file and the reason, if it is missing, empty, binary,
    encrypted, damaged, of another format, or larger than 20 MB.
    """
    path = Path(path)
    if path.is_dir():
        raise ArticleError(f"{path}: this is a folder, not an article")
    suffix = path.suffix.lower()
    reader = find_reader(suffix, ocr)
    if reader is None and suffix in PICTURES:
        raise ArticleError(
            f"{path}: this is a picture; read its text with --ocr, which needs Debian's "
            "tesseract-ocr"
        )
    if reader is None:
        raise ArticleError(f"{path}: unknown format; use one of {', '.join(FORMATS)}")
    name = os.fsencode(path.name).decode("utf-8", "replace")  # it need not be UTF-8
    return replace(article_of_bytes(_read_bytes(path), reader, str(path)), source=name)


def article_of_bytes(data: bytes, reader: FileReader, source: str) -> Article:
    """Make an article of a file's bytes; raises ArticleError, naming the source."""
    if not data.strip():
        raise ArticleError(f"{source}: the file is empty")
    try:
        content = reader(data)
    except ArticleError as error:
        raise ArticleError(f"{source}: {error}") from error
    date = content.date if is_date(content.date) else ""
    return Article.of(
        content.text, title=content.title, source=source, byline=content.byline, date=date,
        locators=content.locators, notes=content.notes,
    )  # fmt: skip


def seed_articles() -> tuple[Article, ...]:
    """Return the articles that ship with the package, by name.

    They stand in ``seeds/`` of the source tree and as the package ``seeds`` once installed.
    """
    folder = files("seeds")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return tuple(
        Article.of((folder / name).read_text(encoding="utf-8"), source=name) for name in names
    )


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ArticleError(f"{path}: this is a pipe or a device, not a file")
        if size > MAX_BYTES:
            raise ArticleError(f"{path}: {size:,} bytes; the limit is {MAX_BYTES:,}")
        return path.read_bytes()
    except FileNotFoundError:
        raise ArticleError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({error.strerror})") from error


def _clipped(line: str) -> str:
    """Return a title or byline from a file, in one line and shortened."""
    line = " ".join(line[: 10 * TITLE_CHARS].split())
    return line if len(line) <= 2 * TITLE_CHARS else line[: 2 * TITLE_CHARS] + "…"


def _lines_under_title(text: str) -> Iterator[str]:
    """Yield the short lines under the title that are not sentences."""
    for start, end in block_spans(text)[1 : 1 + _UNDER_TITLE]:
        line = " ".join(text[start:end].split())
        if len(line) > BYLINE_CHARS or (line.endswith((".", "!", "?", "؟")) and not _day(line)):
            return
        yield line


def _byline(line: str) -> str:
    """Return the author whom a line names, alone or beside a place and a day; else nothing."""
    if _BY.search(line):
        return _BY_WORD.sub("", line)
    parts = split_line(line)
    others = [part for part in parts if not _BY.search(part)]
    named = [part for part in parts if _BY.search(part)]
    return _BY_WORD.sub("", named[0]) if named and others and _day(line) else ""


def _day(line: str) -> str:
    """Return the day that a line says alone, after the author or a place, or before the author."""
    if day := day_of_line(line):
        return day
    if found := _BY_AFTER.search(line):
        return day_of_line(line[: found.start()])
    parts = split_line(line)
    if len(parts) < 2 or (not _BY.search(parts[0]) and ("|" in line or len(parts[0].split()) > 2)):
        return ""  # a row of a table, or a sentence
    return next(filter(None, map(day_of_line, (", ".join(parts[1:]), *parts[1:]))), "")


def _first_line(text: str) -> str:
    """Return the first line that says something, shortened if it is a sentence."""
    lines = (" ".join(text[start:end].split()).lstrip("#* ") for start, end in block_spans(text))
    line = next((line for line in lines if sum(map(str.isalpha, line)) > 1), text.strip())
    line = " ".join(line[: 10 * TITLE_CHARS].split())
    if len(line) <= TITLE_CHARS and not ends_sentence(line):
        return line
    short = " ".join(_words_within(line, TITLE_CHARS // 2))
    return short if short == line else short + "…"


def _words_within(line: str, limit: int) -> Iterator[str]:
    used = 0
    for word in line.split():
        used += len(word) + 1
        if used > limit and used > len(word) + 1:
            return
        yield word[:limit]
