"""Never half a store: processes killed, disks full or read-only, files harmed, readers beside."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.embedder import Embedder
from index.errors import StoreError
from index.folder import writer_lock
from index.ingest.update import update
from index.store import Store
from tests.conftest import ROOT
from tests.writer import Stub, article

KILLS, SEED = 80, 6


def _whole(store: Store) -> None:
    """Check articles and chunks against each other, and search against brute force."""
    articles = {one.id: one for one in store.articles}
    assert len(articles) == len(store.articles)
    chunks = list(store.chunks)
    for chunk in chunks:
        assert articles[chunk.article_id].text[chunk.start : chunk.end] == chunk.text
    vector = Stub().embed_query("question")
    cosines = Stub().embed_passages([chunk.text for chunk in chunks]) @ vector
    expected = [chunks[row] for row in np.argsort(-cosines, kind="stable")[:5]]
    assert [chunk for chunk, _ in store.search(vector, 5)] == expected


def _allowed(journal: Path) -> set[frozenset[str]]:
    """Return the states that may be in force: the last that was saved, or the one being saved."""
    last, trying = frozenset[str](), frozenset[str]()
    for line in journal.read_text().splitlines():
        verb, _, ids = line.partition(" ")
        state = frozenset(filter(None, ids.split(",")))
        last, trying = (state, state) if verb == "done" else (last, state)
    return {last, trying}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_killed_at_any_moment_a_store_is_the_old_or_the_new(tmp_path: Path) -> None:
    rng, folder, journal = random.Random(SEED), tmp_path / "s", tmp_path / "journal"
    Store.build([article(0)], Stub()).save(folder)
    journal.write_text(f"done {article(0).id}\n")
    command = [sys.executable, "-m", "tests.writer", str(folder), str(journal)]
    states, unfinished, span = set(), 0, 0.05
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for _ in range(KILLS):
            server.stdin.write(f"{rng.randrange(10**9)}\n")
            server.stdin.flush()
            child = int(server.stdout.readline())
            time.sleep(rng.random() * span)
            os.kill(child, signal.SIGKILL)
            assert int(server.stdout.readline()) == signal.SIGKILL  # not of a failure of its own
            store = Store.open(folder, Stub())
            state = frozenset(one.id for one in store.articles)
            # A machine of any speed gets a few saves done before it is killed.
            span *= 0.9 if journal.read_text().count("done") > 4 else 1.1
            allowed = _allowed(journal)
            assert state in allowed
            _whole(store)
            states.add(state)
            unfinished += len(allowed) == 2
            journal.write_text(f"done {','.join(state)}\n")
        server.stdin.close()
    # The kills did hit: many states were seen, and many saves were broken off.
    assert len(states) > KILLS // 10
    assert unfinished > KILLS // 10
    # What the killed left behind goes with the next save.
    with writer_lock(folder):
        Store.open(folder, Stub()).add([article(59)], Stub()).save(folder)
    data = {path.name for path in folder.glob("data-*")}
    assert len(data) == len(Store.open(folder, Stub()).views)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 400 kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_store(small_disk: Path) -> None:
    folder = small_disk / "s"
    Store.build([article(0)], Stub()).save(folder)
    many = Store.build(map(article, range(600)), Stub())
    for _ in range(3):
        with pytest.raises(StoreError, match="cannot be written .*No space left"):
            many.save(folder)
        assert [one.id for one in Store.open(folder, Stub()).articles] == [article(0).id]
    Store.build([article(1)], Stub()).save(folder)  # nothing of the failures takes up room
    assert [one.id for one in Store.open(folder, Stub()).articles] == [article(1).id]


def test_an_update_on_a_full_disk_leaves_the_old_store(small_disk: Path, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "0.txt").write_text(article(0).text)
    update(small_disk / "s", [str(news)])
    for number in range(400):
        (news / f"{number}.txt").write_text(article(number).text)
    with pytest.raises(StoreError, match="cannot be written .*No space left"):
        update(small_disk / "s", [str(news)])
    assert len(Store.open(small_disk / "s").articles) == 1
    assert not list((small_disk / "s").glob("new-*"))


def test_a_read_only_store_can_be_asked_but_not_changed(
    small_disk: Path, library: Store, embedder: Embedder, tmp_path: Path
) -> None:
    Store.build(list(library.articles)[:1], embedder).save(small_disk / "s")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    store = Store.open(small_disk / "s", embedder)
    assert store.search(embedder.embed_query("river"), 1)
    with pytest.raises(StoreError, match="cannot be written .*Read-only file system"):
        library.save(small_disk / "s")
    (tmp_path / "a.txt").write_text("The river rose.")
    with pytest.raises(StoreError, match="cannot be written .*Read-only file system"):
        update(small_disk / "s", [str(tmp_path / "a.txt")])


def test_a_second_writer_waits_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "s"
    Store.build([article(0)], Stub()).save(folder)
    monkeypatch.setattr("index.folder._SILENT_WAIT", 0.05)
    program = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); "
        "lock.acquire(); print('locked', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder / ".writer.lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        monkeypatch.setattr(
            "index.folder.logger.warning", lambda *reported: [said.append(reported), other.kill()]
        )
        said: list[tuple[object, ...]] = []
        with writer_lock(folder):
            assert said[0][0] == "another process writes %s; waiting for it to end"
    assert FileLock(folder / ".writer.lock").acquire(timeout=0)


def test_every_file_harmed_anywhere_is_reported(tmp_path: Path) -> None:
    """Bits flipped and ends cut off at places all over every file of a store of two kinds."""
    folder, rng = tmp_path / "s", random.Random(SEED)
    store = Store.build(map(article, range(400)), Stub(), vector_format="codes")
    store = store.union(Store.build([article(999)], Stub())).remove(article(3).id)
    store.save(folder)
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) == 8  # two segments, one of them with codes; and the manifest
    for path in files:
        content = path.read_bytes()
        places = {0, len(content) - 1, *(rng.randrange(len(content)) for _ in range(25))}
        for place in sorted(places):
            harmed = bytearray(content)
            harmed[place] ^= 1 << rng.randrange(8)
            for data in (bytes(harmed), content[:place]):
                path.write_bytes(data)
                with pytest.raises(StoreError, match="article-qa index|--model"):
                    Store.open(folder, Stub())
        path.write_bytes(content)
    _whole(Store.open(folder, Stub()).select({article(5).id, article(6).id}))
