"""The limits on what is read hold for every format."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks._fuzz_seeds import seeds_of
from index import articles, sandbox
from index.articles import read_article
from index.errors import ArticleError
from index.readers import READERS
from index.sandbox import read_in_sandbox

Write = Callable[[str, bytes], Path]
FORMATS = sorted(set(READERS) - {".htm", ".markdown"})
ZIPPED = (".docx", ".epub", ".odt", ".pptx", ".xlsx")


@lru_cache
def sample(suffix: str) -> bytes:
    """Return a file of the format that can be read."""
    return seeds_of("srt")[1] if suffix == ".vtt" else seeds_of(suffix[1:])[0]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return written


@pytest.mark.parametrize("suffix", FORMATS)
def test_too_many_bytes_are_not_read(
    suffix: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sample(suffix)
    monkeypatch.setattr(articles, "MAX_BYTES", len(data) - 1)
    with pytest.raises(ArticleError, match=rf"{len(data):,} bytes; the limit is {len(data) - 1:,}"):
        read_article(write(f"a{suffix}", data))


@pytest.mark.parametrize("suffix", FORMATS)
def test_too_long_a_text_is_refused(
    suffix: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(f"a{suffix}", sample(suffix))
    monkeypatch.setattr(articles, "MAX_CHARS", len(read_article(path).text) - 1)
    with pytest.raises(ArticleError, match=r"characters; the limit is"):
        read_article(path)


@pytest.mark.parametrize("suffix", ZIPPED)
def test_what_unpacks_to_too_much_is_not_unpacked(suffix: str, write: Write) -> None:
    packed = io.BytesIO(sample(suffix))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.xml", b"0" * 101_000_000)
    with pytest.raises(ArticleError, match=r"unpacks to 101,\d{3},\d{3} bytes; the limit is 100"):
        read_article(write(f"a{suffix}", packed.getvalue()))


@pytest.mark.parametrize("suffix", [".pdf", ".eml"])
def test_a_file_that_is_never_read_to_the_end_is_given_up(
    suffix: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = (
        "import json, sys, time; sys.path[:] = json.loads(sys.argv[1]); import index.sandbox as s; "
        "s.read_article = lambda *_: time.sleep(600); s.main()"
    )
    command = [sys.executable, "-c", hanging, json.dumps(sys.path)]
    monkeypatch.setattr(sandbox, "child_command", lambda _: command)
    with pytest.raises(ArticleError, match="took longer than 1 second"):
        read_in_sandbox(write(f"a{suffix}", sample(suffix)), seconds=1.0)


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_is_read_in_the_child_as_at_home(suffix: str, write: Write) -> None:
    path = write(f"a{suffix}", sample(suffix))
    assert read_in_sandbox(path) == read_article(path)
