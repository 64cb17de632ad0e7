from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import defaults


def test_ask_and_retrieve_with_no_set_up(article: Article) -> None:
    passages = qa.retrieve("what is the trade volume?", k=3)
    assert isinstance(passages, tuple)
    assert [p.rank for p in passages] == [1, 2, 3]
    for passage in passages:
        chunk = passage.chunk
        assert article.text[chunk.start : chunk.end] == chunk.text
    answer = qa.ask("what is the trade volume?")
    (citation,) = answer.citations
    assert article.text[citation.start : citation.end] == citation.quote == answer.text
    assert "3 مليارات دولار" in citation.quote


def test_another_store_is_searched(library: Store, embedder: Embedder) -> None:
    (first, *_) = qa.retrieve("How far did the river rise?", store=library, embedder=embedder)
    assert "3.2 metres" in first.chunk.text


def test_processes_that_start_at_once_share_one_index(tmp_path: Path) -> None:
    code = "import qa; print(qa.ask('what is the trade volume?').text)"
    env = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=120) for process in started]
    assert {errors for _, errors in outputs} == {b""}
    assert len({answer for answer, _ in outputs}) == 1
    stores = [p for p in (tmp_path / "article-qa" / "stores").iterdir() if p.is_dir()]
    assert len(stores) == 1
    assert len(list(stores[0].glob("data-*"))) == 1


@pytest.fixture
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    defaults.default_store.cache_clear()
    return tmp_path / "cache"


def test_a_damaged_index_is_made_anew(
    embedder: Embedder, fresh_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = defaults.default_store(embedder)
    (vectors,) = fresh_cache.rglob("vectors.faiss")
    vectors.write_bytes(b"x")
    defaults.default_store.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert defaults.default_store(embedder).chunks == whole.chunks
    assert "vectors.faiss was changed" in caplog.text
    caplog.clear()
    defaults.default_store.cache_clear()
    defaults.default_store(embedder)
    assert not caplog.text


def test_without_a_cache_it_works_in_memory(
    embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    defaults.default_store.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert defaults.default_store(embedder).chunks
    assert "indexing in memory" in caplog.text
