"""JSON: one article a line, as archives export them, or an array or a sequence of records."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import regex

from index.articles import MAX_BYTES, MAX_URL, SURROGATE, Article
from index.errors import ArticleError
from index.ingest.sources import Failure, Source, has_record_per_line
from index.readers.dates import day_of
from index.readers.encodings import decode
from index.readers.markup import parse_fragment, read_blocks

# What exports call the fields of an article, the likeliest first.
_NAMES = {
    "title": ("title", "headline", "name", "subject", "heading"),
    "text": ("text", "body", "content", "articlebody", "article", "fulltext", "full_text",
             "maintext", "paragraphs", "content_text", "content_html", "description"),
    "url": ("url", "link", "permalink", "source_url", "canonical_url", "uri", "href"),
    "date": ("date", "published", "datepublished", "date_published", "publishedat",
             "published_at", "publish_date", "pubdate", "publication_date", "created_at",
             "created", "timestamp", "time"),
    "author": ("author", "authors", "byline", "creator", "writer"),
    "language": ("language", "lang", "inlanguage", "locale"),
}  # fmt: skip
_LISTS = ("articles", "items", "data", "results", "documents", "posts", "entries")
_DEPTH = 3
_SKIP_BYTES = 1 << 20  # of a line that is too long, read at once
_MAX_WHOLE = 10 * MAX_BYTES  # of a file without a record a line
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_TAGS = regex.compile(
    r"</?(?:p|br|div|span|li|ul|ol|h[1-6]|a|strong|em|b|i|table|blockquote)\b[^<>]*>", regex.I
)
_ENTITY = regex.compile(
    r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,5}|amp|quot|apos|nbsp|lt|gt|[lr][sd]quo|[mn]dash);"
)
_BETWEEN = regex.compile(r"[\s,\[\]\ufeff]*")


class _Checked(NamedTuple):
    """A value that is understood, or none and a note that it is not."""

    value: str
    note: str = ""


def read_jsonl(source: Source, name: str) -> Iterator[Article | Failure]:
    """Yield the article of each record, or why there is none.

    A record is an object with a text and, where known, title, url, date, author and language, under
    the names that exports give them; other keys are ignored. Without an url the source is the
    file's ``name``. A date or a language that is not understood is left out, with a note.
    """
    if source.start == 0 and not has_record_per_line(source.name):
        yield from _read_whole(source, name)
        return
    for number, line in enumerate(_lines(source), source.line):
        if line.strip() not in (b"", b"[", b"]"):
            try:
                records = _records(_record(line))
            except ArticleError as error:
                yield Failure(f"{name}, line {number}", str(error))
                continue
            yield from _articles(records, name, number)


def _read_whole(source: Source, name: str) -> Iterator[Article | Failure]:
    """Read records that go over lines: an array, or objects one after another."""
    if source.size > _MAX_WHOLE:
        raise ArticleError(
            f"{source.size:,} bytes; a file of more than {_MAX_WHOLE:,} needs a record a line"
        )
    try:
        text, _ = decode(Path(source.name).read_bytes())
    except ArticleError as error:
        yield Failure(name, str(error))
        return
    decoder, at = json.JSONDecoder(), _end_of_gap(text, 0)
    if at == len(text):
        yield Failure(name, "there are no records in it")
    line, counted = 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            record, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Failure(
                f"{name}, line {line}", f"this is not JSON ({error}); the rest is not read"
            )
            return
        yield from _articles(_records(record), name, line)
        at = _end_of_gap(text, at)


def _articles(records: Sequence[Any], name: str, line: int) -> Iterator[Article | Failure]:
    for record in records:
        try:
            yield _article(record, name)
        except ArticleError as error:
            yield Failure(f"{name}, line {line}", str(error))


def _end_of_gap(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _records(record: Any, depth: int = 0) -> Sequence[Any]:
    """Return the records of an object that holds a list of them and no text of its own."""
    if not isinstance(record, dict) or _value({k.lower(): v for k, v in record.items()}, "text"):
        return [record]
    for name in _LISTS:
        value = record.get(name)
        if isinstance(value, list):
            return value
        if isinstance(value, dict) and depth < _DEPTH:
            return _records(value, depth + 1)
    values = list(record.values())
    is_table = bool(values) and all(isinstance(v, dict) and _value(v, "text") for v in values)
    return values if is_table else [record]


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


def _record(line: bytes) -> Any:
    if len(line) > MAX_BYTES:
        raise ArticleError(f"more than {MAX_BYTES:,} bytes; one line is one article")
    try:
        return json.loads(line.strip().removeprefix(b"\xef\xbb\xbf").rstrip(b", \t"))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"this is not JSON ({error})") from None


def _article(record: Any, name: str) -> Article:
    if not isinstance(record, dict):
        raise ArticleError("this is not a JSON object")
    fields = {str(key).lower(): value for key, value in record.items()}
    text = _plain("\n\n".join(_texts(_value(fields, "text"), "text")))
    if not text.strip():
        raise ArticleError("there is no text in it")
    url = _url(fields)
    day, language = _day(fields), _language(fields)
    return Article.of(
        text,
        title=_plain(" ".join(_texts(_value(fields, "title"), "title"))),
        source=url or name,
        language=language.value or None,
        byline=", ".join(_texts(_value(fields, "author"), "author")),
        date=day.value,
        notes=tuple(note for note in (day.note, language.note) if note),
    )


def _value(fields: Mapping[str, Any], field: str) -> Any:
    return next((fields[name] for name in _NAMES[field] if fields.get(name)), "")


def _texts(value: Any, field: str) -> list[str]:
    """Return the texts of a string, of an object with a name or a text, or of a list of these."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, field)]
    if isinstance(value, dict):
        inner = next(
            (value[k] for k in ("text", "name", "content", "value", "rendered") if k in value), ""
        )
        return _texts(inner, field)
    if value is None or value == "":
        return []
    raise ArticleError(f"{field} is a {type(value).__name__}, not text")


def _plain(text: str) -> str:
    """Return the text of a page's part as it is shown; other text as it is."""
    if not _TAGS.search(text):
        return html.unescape(text) if _ENTITY.search(text) else text
    return "\n\n".join(read_blocks(parse_fragment(text)).texts)


def _url(fields: Mapping[str, Any]) -> str:
    url = _value(fields, "url")
    if not isinstance(url, str):
        return ""
    if SURROGATE.search(url):
        raise ArticleError("url is not valid Unicode")
    if len(url) > MAX_URL:
        raise ArticleError(f"url has {len(url):,} characters; the limit is {MAX_URL:,}")
    return url


def _language(fields: Mapping[str, Any]) -> _Checked:
    tag = _value(fields, "language")
    if isinstance(tag, dict):  # schema.org's Language
        tag = tag.get("alternateName") or tag.get("name") or ""
    if not tag:
        return _Checked("")
    if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
        return _Checked(
            "", f"the language {str(tag)[:40]!r} is not a code such as ar; it was guessed"
        )
    return _Checked(regex.split("[-_]", tag)[0].lower())


def _day(fields: Mapping[str, Any]) -> _Checked:
    moment = _value(fields, "date")
    if not moment:
        return _Checked("")
    day = day_of(str(moment))
    return _Checked(
        day, "" if day else f"the date {str(moment)[:40]!r} is not understood; left out"
    )
