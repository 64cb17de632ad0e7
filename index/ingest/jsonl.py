"""JSON lines: one article a line, as archives export them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import regex

from index.articles import MAX_BYTES, MAX_URL, SURROGATE, Article, is_date
from index.errors import ArticleError
from index.ingest.sources import Failure, Source

_FIELDS = ("title", "text", "url", "date", "language")
_SKIP_BYTES = 1 << 20  # of a line that is too long, read at once
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")


def read_jsonl(source: Source, name: str) -> Iterator[Article | Failure]:
    """Yield the article of each line, or why there is none; blank lines are skipped.

    A line is an object with ``text`` and, where known, ``title``, ``url``, ``date`` and
    ``language``; other keys are ignored. Without ``url`` the source is the file's ``name``.
    """
    for number, line in enumerate(_lines(source), source.line):
        if line.strip():
            try:
                yield _article(line, name)
            except ArticleError as error:
                yield Failure(f"{name}, line {number}", str(error))


def _lines(source: Source) -> Iterator[bytes]:
    """Yield the lines of a source; of a line that is too long only enough to detect it."""
    end = source.start + source.size
    with Path(source.name).open("rb") as stream:
        stream.seek(source.start)
        while (left := end - stream.tell()) > 0:
            line = stream.readline(min(left, MAX_BYTES + 1))
            if not line:  # the file is shorter than it was
                return
            more = line
            while len(line) > MAX_BYTES and more and not more.endswith(b"\n"):
                more = stream.readline(_SKIP_BYTES)
            yield line


def _article(line: bytes, name: str) -> Article:
    if len(line) > MAX_BYTES:
        raise ArticleError(f"more than {MAX_BYTES:,} bytes; one line is one article")
    fields = _fields(line)
    return Article.of(
        fields["text"],
        title=fields["title"],
        source=fields["url"] or name,
        language=_language(fields["language"]),
        date=_date(fields["date"]),
    )


def _fields(line: bytes) -> dict[str, str]:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"this is not JSON ({error})") from None
    if not isinstance(record, dict):
        raise ArticleError("this is not a JSON object")
    fields = {field: record.get(field) or "" for field in _FIELDS}
    for field, value in fields.items():
        if not isinstance(value, str):
            raise ArticleError(f"{field} is a {type(value).__name__}, not text")
    if SURROGATE.search(fields["url"]):
        raise ArticleError("url is not valid Unicode")
    if len(fields["url"]) > MAX_URL:
        raise ArticleError(f"url has {len(fields['url']):,} characters; the limit is {MAX_URL:,}")
    if not fields["text"].strip():
        raise ArticleError("there is no text in it")
    return fields


def _language(tag: str) -> str | None:
    if not tag:
        return None
    if not _LANGUAGE.fullmatch(tag):
        raise ArticleError(f"language is {tag[:40]!r}, not a code such as ar")
    return regex.split("[-_]", tag)[0].lower()


def _date(moment: str) -> str:
    day = moment[:10]
    if moment and (not is_date(day) or moment[10:11] not in ("", "T", " ")):
        raise ArticleError(f"date is {moment[:40]!r}, not YYYY-MM-DD")
    return day
