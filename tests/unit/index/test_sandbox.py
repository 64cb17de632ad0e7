from __future__ import annotations

import io
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import sandbox
from index.articles import Article, read_article
from index.errors import ArticleError
from index.sandbox import kill_sandboxes, make_in_sandbox, read_in_sandbox
from tests.conftest import ROOT

SEED = ROOT / "seeds" / "putin-invites-tebboune.ar.txt"


def test_it_reads_what_reading_at_home_does() -> None:
    assert read_in_sandbox(SEED) == read_article(SEED)


def test_its_errors_are_ours(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="none\\.txt: there is no such file"):
        read_in_sandbox(tmp_path / "none.txt")
    with pytest.raises(ArticleError, match="not on the public internet"):
        read_in_sandbox("http://127.0.0.1:1/")


def test_it_is_stopped_in_time() -> None:
    with pytest.raises(ArticleError, match="took longer than 0 seconds"):
        read_in_sandbox(SEED, seconds=0.001)


def test_it_is_stopped_at_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource", reason="memory is limited on Unix alone")
    small = "import index.sandbox as module; module.MEMORY = 1 << 20; module.main()"
    monkeypatch.setattr(sandbox, "child_command", lambda _: [sys.executable, "-c", small])
    with pytest.raises(ArticleError, match="memory than one article may"):
        read_in_sandbox(SEED)


def test_a_folder_of_our_name_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [p for p in __import__("sys").path if p])
    assert read_in_sandbox(SEED).title


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"0" * 200_000_000)
    path = tmp_path / "bomb.docx"
    path.write_bytes(data.getvalue())
    with pytest.raises(ArticleError, match="it unpacks to 200,000,000 bytes; the limit is"):
        read_in_sandbox(path)


def test_a_text_is_made_an_article_as_at_home() -> None:
    text = "River levels\n\nBy Jane Doe\n\nThe river Ouse rose by 3.2 metres in York."
    assert make_in_sandbox(text, "") == Article.of(text)
    assert make_in_sandbox(text, "My title").title == "My title"
    with pytest.raises(ArticleError, match="not valid Unicode"):
        make_in_sandbox("half \ud800", "")


def test_all_reading_can_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(sandbox, "child_command", lambda _: asleep)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_in_sandbox, SEED)
        while not sandbox._children:
            time.sleep(0.01)
        kill_sandboxes()
        with pytest.raises(ArticleError, match="more time or memory than one article may"):
            reading.result(timeout=10)
    assert sandbox._children == set()
