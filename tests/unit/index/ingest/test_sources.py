from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.ingest import sources
from index.ingest.jsonl import read_jsonl
from index.ingest.sources import Failure, Source, display_name, find_sources


def found(*paths: Path | str) -> list[Source | Failure]:
    return list(find_sources([str(path) for path in paths]))


def names(*paths: Path | str) -> list[str]:
    return [one.name for one in found(*paths)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b" / "empty").mkdir(parents=True)
    for name in ("a.txt", "b/c.MD", "b/d.exe", ".hidden.txt", ".git/e.txt", "b/feed.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    return tmp_path


def test_of_a_folder_the_known_formats_count_but_not_hidden_files(folder: Path) -> None:
    assert names(folder) == [f"{folder}/a.txt", f"{folder}/b/c.MD", f"{folder}/b/feed.xml"]
    kinds = [one.kind for one in found(folder) if isinstance(one, Source)]
    assert kinds == ["file", "file", "links"]


def test_files_of_other_formats_are_counted_and_litter_is_not(folder: Path) -> None:
    for name in (
        "b/x.PSD",
        "b/y.psd",
        "README",
        "Thumbs.db",
        "desktop.ini",
        "~$minutes.docx",
        "._a",
    ):
        (folder / name).write_text("text")
    passed_over = Counter[str]()
    assert len(list(find_sources([str(folder)], passed_over))) == 3
    assert passed_over == {".psd": 2, ".exe": 1, "": 1}


def test_a_glob_is_expanded_and_a_file_counts_once(folder: Path) -> None:
    assert names(f"{folder}/**/*.MD", folder / "b") == [f"{folder}/b/c.MD", f"{folder}/b/feed.xml"]
    odd = folder / "[1].txt"  # there is such a file: it is no pattern
    odd.write_text("text")
    assert names(odd) == [str(odd)]


def test_a_changed_file_is_another_source(folder: Path) -> None:
    (before,) = found(folder / "a.txt")
    assert [before] == found(folder / "a.txt")
    (folder / "a.txt").write_text("text of more bytes")
    assert [before] != found(folder / "a.txt")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no.txt", "there is no such file or folder"),
        ("typo", "there is no such file or folder"),
        ("a" * 300 + ".txt", "cannot be read (File name too long)"),
        ("b/empty", "there is nothing in it that could be an article"),
        ("no*.txt", "nothing matches"),
        ("b/d.exe", "unknown format; use one of .csv, .docx"),
    ],
)
def test_what_is_not_there_is_reported(folder: Path, path: str, reason: str) -> None:
    (failure,) = found(folder / path)
    assert isinstance(failure, Failure)
    assert failure.name == str(folder / path)
    assert failure.reason.startswith(reason)


def test_no_password_and_no_broken_name_is_shown() -> None:
    assert display_name("https://me:secret@a.example/b@c") == "https://a.example/b@c"
    assert display_name("https://me:se/cret@a.example/b@c") == "https://c"
    assert display_name("https://me:se/cret@a.example/b") == "https://a.example/b"
    assert display_name("https://a.example:80/b@c") == "https://a.example:80/b@c"
    assert display_name("b\udcff.txt") == "b\ufffd.txt"
    assert display_name("me@home.txt") == "me@home.txt"


def test_an_address_is_not_asked_yet() -> None:
    assert found("https://example.org/feed") == [Source("page", "https://example.org/feed")]


LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=30)


@given(LINES, st.integers(1, 40), st.integers(1, 20), st.booleans())
def test_ranges_are_whole_lines_and_hold_all(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[bytes],
    size: int,
    block: int,
    ended: bool,
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n" * ended)
    patch = pytest.MonkeyPatch()
    patch.setattr(sources, "_RANGE", size)
    patch.setattr(sources, "_BLOCK", block)
    try:
        ranges = [one for one in found(path) if isinstance(one, Source)]
    finally:
        patch.undo()
    data, at, line = path.read_bytes(), 0, 1
    assert bool(data) == bool(ranges)
    for one in ranges:
        piece = data[one.start : one.start + one.size]
        assert (one.start, one.line) == (at, line)
        assert piece.endswith(b"\n") or one is ranges[-1]
        at, line = at + one.size, line + piece.count(b"\n")
    assert at == len(data)


def read(path: Path) -> list[Article | Failure]:
    return [item for one in found(path) for item in read_jsonl(one, path.name)]  # type: ignore[arg-type]


def test_a_line_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    full = {"title": "Flood", "text": "The river rose.", "url": "https://example.org/1",
            "date": "2024-05-06T10:00:00Z", "language": "en-GB", "more": [1]}  # fmt: skip
    path.write_text(json.dumps(full) + "\n\n" + json.dumps({"text": "ارتفع النهر إلى ثلاثة أمتار"}))
    first, second = read(path)
    assert first == Article.of(
        "The river rose.", title="Flood", source="https://example.org/1", language="en",
        date="2024-05-06",
    )  # fmt: skip
    assert isinstance(second, Article)
    assert (second.source, second.language, second.date) == ("a.jsonl", "ar", "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is not JSON"),
        ("[1]", "this is not a JSON object"),
        ("[" * 100_000, "this is not JSON"),
        ('{"text": 3}', "text is a int, not text"),
        ('{"text": "a", "title": 7}', "title is a int, not text"),
        ('{"title": "a"}', "there is no text in it"),
        ('{"text": "\\ud800"}', "not valid Unicode"),
        (json.dumps({"text": "a", "url": "h" * 3000}), "url has 3,000 characters; the limit is"),
        ('{"text": "a", "url": "http://x.example/\\ud800"}', "not valid Unicode"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_goes_on(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n' + line + '\n{"text": "three"}\n')
    first, bad, third = read(path)
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(bad, Failure)
    assert bad.name == "a.jsonl, line 2"
    assert reason in bad.reason


def test_a_line_that_is_too_long_is_reported_and_never_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.jsonl.MAX_BYTES", 1000)
    monkeypatch.setattr("index.ingest.jsonl._SKIP_BYTES", 64)
    path = tmp_path / "a.jsonl"
    one, longest = '{"text": "one"}', json.dumps({"text": "b" * (1000 - len('{"text": ""}\n'))})
    path.write_text("\n".join((one, longest, "[" + "1, " * 1000, longest + "  ", "x" * 5000)))
    first, second, third, fourth, fifth = read(path)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    for bad, number in ((third, 3), (fourth, 4), (fifth, 5)):
        assert bad == Failure(
            f"a.jsonl, line {number}", "more than 1,000 bytes; one line is one article"
        )


@given(st.binary(max_size=200))
def test_any_bytes_are_articles_or_failures(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_bytes(data)
    if data:
        assert all(isinstance(item, (Article, Failure)) for item in read(path))
    else:
        assert found(path) == [Failure(str(path), "the file is empty")]
