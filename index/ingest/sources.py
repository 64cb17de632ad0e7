"""Sources: the files, pages and lists that paths, globs and addresses contain."""

from __future__ import annotations

import glob
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.articles import FORMATS, is_address
from index.readers.scans import PICTURES

SourceKind = Literal["file", "lines", "links", "page"]

LINES = (".jsonl", ".ndjson", ".json")
LINKS = (".xml", ".rss", ".atom")
KNOWN_SUFFIXES = (*FORMATS, *LINES, *LINKS)
_RANGE = 1 << 19  # bytes of a JSON-lines file in one source
_BLOCK = 1 << 20
_GLOBS = frozenset("*?[")
_FIRST_LINE = 1 << 16  # bytes, of which it is seen whether a file has a record a line
# What systems and programs leave beside the files of people: hidden files, locks of Office.
_LITTER = re.compile(r"\.|~\$|thumbs\.db$|desktop\.ini$|ehthumbs", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, some lines of one, a feed or a page.

    ``name`` is the absolute path, or the address as given. ``size`` counts bytes; lines begin at
    byte ``start``, the first being number ``line``. Equal sources with a ``version`` have equal
    content; without a version nothing is known. ``depth`` counts the lists through which a page
    was found, which may give its ``date``. A ``trusted`` page may be in a private network.
    """

    kind: SourceKind
    name: str
    size: int = 0
    start: int = 0
    line: int = 1
    version: str = ""
    depth: int = 0
    date: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about an article: what was left out, or could not be read."""

    name: str
    text: str


def display_name(name: str) -> str:
    """Return a name that is safe to show and keep: valid UTF-8, and without a password."""
    if is_address(name):
        scheme, _, rest = name.partition("://")
        host, slash, path = rest.partition("/")
        if "@" in path and re.search(r":\D[^@]*$", host):  # a password with a slash in it
            host, slash, path = path.rpartition("@")[2].partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
    return os.fsencode(name).decode("utf-8", "replace")


def known_suffixes(*, pictures: bool) -> tuple[str, ...]:
    """Return the suffixes of the files that are read, with those of pictures or without."""
    return (*KNOWN_SUFFIXES, *PICTURES) if pictures else KNOWN_SUFFIXES


def find_sources(
    paths: Sequence[str], passed_over: Counter[str] | None = None, *, pictures: bool = False
) -> Iterator[Source | Failure]:
    """Yield the sources that files, folders, globs and addresses contain, each once.

    A folder contains all its files of known formats, and ``pictures`` where these are read, at any
    depth, except hidden ones; the others are counted in ``passed_over``, by suffix.
    """
    seen: set[Source] = set()
    others = Counter[str]() if passed_over is None else passed_over
    known = known_suffixes(pictures=pictures)
    for path in paths:
        is_empty = True
        for source in _expanded(path, others, known):
            is_empty = False
            if isinstance(source, Source):
                if source in seen:
                    continue
                seen.add(source)
            yield source
        if is_empty:  # a failure, so that an unmounted disk does not prune its articles
            yield Failure(display_name(path), "there is nothing in it that could be an article")


def _expanded(
    path: str, others: Counter[str], known: tuple[str, ...]
) -> Iterator[Source | Failure]:
    if is_address(path):
        yield Source("page", path)
    elif _GLOBS & set(path) and not os.path.lexists(path):
        found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  # Path's takes no absolute patterns
        if not found:
            yield Failure(display_name(path), "nothing matches")
        for name in found:
            yield from _of_path(Path(name), others, known)
    else:
        yield from _of_path(Path(path), others, known)


def _of_path(
    path: Path, others: Counter[str], known: tuple[str, ...]
) -> Iterator[Source | Failure]:
    if not os.path.isdir(path):  # noqa: PTH112  # Path's raises without permission
        yield from _of_file(path, known)
        return
    failures: list[Failure] = []

    def note(error: OSError) -> None:
        failures.append(
            Failure(display_name(str(error.filename)), f"cannot be read ({error.strerror})")
        )

    for parent, folders, names in os.walk(path, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _LITTER.match(name):
                continue
            if name.lower().endswith(known):
                yield from _of_file(Path(parent, name), known)
            else:
                others[display_name(Path(name).suffix.lower())] += 1
    yield from failures


def _of_file(path: Path, known: tuple[str, ...]) -> Iterator[Source | Failure]:
    suffix, name = path.suffix.lower(), display_name(str(path))
    try:
        facts = path.stat()
        if suffix not in known and suffix in PICTURES:
            yield Failure(name, "this is a picture; --ocr reads its text")
            return
        if suffix not in known:
            yield Failure(name, f"unknown format; use one of {', '.join(known)}")
            return
        version = f"{facts.st_mtime_ns} {facts.st_size}"
        kind: SourceKind = "links" if suffix in LINKS else "file"
        whole = os.path.abspath(path)  # noqa: PTH100  # a symbolic link is another file
        source = Source(kind, whole, facts.st_size, version=version)
        if not path.is_file():
            yield Failure(name, "this is a pipe or a device, not a file")
        elif not facts.st_size:
            yield Failure(name, "the file is empty")
        elif suffix in LINES:
            yield from _ranges(replace(source, kind="lines"))
        else:
            yield source
    except FileNotFoundError:
        yield Failure(name, "there is no such file or folder")
    except OSError as error:
        yield Failure(name, f"cannot be read ({error.strerror})")


def has_record_per_line(name: str) -> bool:
    """Return whether the first line of a JSON file is an object."""
    with Path(name).open("rb") as stream:
        head = stream.read(_FIRST_LINE).removeprefix(b"\xef\xbb\xbf").lstrip()
    line = head.split(b"\n", 1)[0].strip()
    if not line.startswith(b"{"):
        return not line.startswith(b"[")
    try:
        json.loads(line.rstrip(b","))
    except (ValueError, RecursionError):
        return len(line) > _FIRST_LINE // 2  # a long line, cut here
    return True


def _ranges(whole: Source) -> Iterator[Source]:
    """Yield ranges of whole lines of a file, or the file whole if it has no record a line."""
    if not has_record_per_line(whole.name):
        yield whole
        return
    start, line, at, lines = 0, 1, 0, 0
    with Path(whole.name).open("rb") as stream:
        while block := stream.read(_BLOCK):
            cut = 0
            while (end := block.find(b"\n", max(cut, start + _RANGE - at))) >= 0:
                line_after = line + lines + block.count(b"\n", cut, end + 1)
                yield replace(whole, start=start, size=at + end + 1 - start, line=line)
                start, line, cut, lines = at + end + 1, line_after, end + 1, 0
            lines += block.count(b"\n", cut)
            at += len(block)
    if at > start:
        yield replace(whole, start=start, size=at - start, line=line)
