"""JSON lines: one article a line, as archives are exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import regex

from index.archive.sources import Failure, Source
from index.articles import SURROGATE, Article, is_date
from index.errors import ArticleError

_FIELDS = ("title", "text", "url", "date", "language")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")


def read_lines(source: Source, name: str) -> Iterator[Article | Failure]:
    """Yield the article of each line, or why there is none; blank lines are passed over.

    A line is an object of ``text`` and, where known, ``title``, ``url``, ``date`` and ``language``;
    what else it holds is not looked at. An article without ``url`` has the file's ``name`` as
    source.
    """
    with Path(source.name).open("rb") as stream:
        stream.seek(source.start)
        data = stream.read(source.size)
    for number, line in enumerate(data.split(b"\n"), source.line):
        if line.strip():
            try:
                yield _article(line, name)
            except ArticleError as error:
                yield Failure(f"{name}, line {number}", str(error))


def _article(line: bytes, name: str) -> Article:
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
