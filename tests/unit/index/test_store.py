from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index import folder as module
from index.articles import Article
from index.chunker import Chunk, Chunking
from index.embedder import Embedder
from index.errors import (
    ArticleNotFoundError,
    StoreDamagedError,
    StoreError,
    StoreMismatchError,
    StoreNotFoundError,
)
from index.folder import map_arrays
from index.segment import Segment, SegmentView
from index.store import Store


def _store_of(vectors: np.ndarray) -> Store:
    """A store of one-letter chunks with just these vectors."""
    text = "x" * len(vectors)
    article = Article("a", "t", text, "test", "en")
    chunks = [Chunk("a", i, i + 1, "x") for i in range(len(text))]
    segment = Segment.build([article], [chunks], vectors.astype(np.float32), None)
    return Store((SegmentView(segment),), "e", vectors.shape[1], Chunking())


# Whole numbers: every order of summing gives the same inner product, so ties are real ties.
_WHOLE = st.integers(-3, 3).map(float)


@settings(max_examples=200)
@given(
    st.integers(1, 40).flatmap(lambda n: arrays(np.float32, (n, 4), elements=_WHOLE)),
    arrays(np.float32, 4, elements=_WHOLE),
    st.integers(-1, 60),
)
def test_search_is_brute_force_with_ties_in_row_order(
    vectors: np.ndarray, query: np.ndarray, k: int
) -> None:
    scores = [float(sum(a * b for a, b in zip(row, query, strict=True))) for row in vectors]
    expected = sorted(range(len(scores)), key=lambda row: (-scores[row], row))[: max(k, 0)]
    found = _store_of(vectors).search(query, k)
    assert [(chunk.start, score) for chunk, score in found] == [(n, scores[n]) for n in expected]


def test_search_on_real_vectors_is_brute_force(library: Store, embedder: Embedder) -> None:
    texts = [chunk.text for chunk in library.chunks]
    query = embedder.embed_query("what is the trade volume?")
    scores = embedder.embed_passages(texts) @ query
    found = library.search(query, 5)
    best = np.argsort(-scores, kind="stable")[:5]
    assert [chunk for chunk, _ in found] == [library.chunks[row] for row in best]
    np.testing.assert_allclose([s for _, s in found], np.sort(scores)[::-1][:5], rtol=1e-4)


def test_a_saved_store_opens_equal(library: Store, embedder: Embedder, tmp_path: Path) -> None:
    library.save(tmp_path / "s")
    opened = Store.open(tmp_path / "s", embedder)
    assert (opened.articles, opened.chunks) == (library.articles, library.chunks)
    assert (opened.embedder_id, opened.chunking) == (library.embedder_id, library.chunking)
    query = embedder.embed_query("كم المبلغ؟")
    assert opened.search(query, 30) == library.search(query, 30)
    _same(opened, library, "3 مليارات", embedder)


def _same(one: Store, other: Store, question: str, embedder: Embedder) -> None:
    vector = embedder.embed_query(question)
    for k in (1, 100):
        ours, theirs = (store.candidates(question, vector, k) for store in (one, other))
        assert (ours.chunks, ours.languages) == (theirs.chunks, theirs.languages)
        np.testing.assert_array_equal(ours.dense, theirs.dense)
        np.testing.assert_allclose(ours.lexical, theirs.lexical, rtol=1e-5)
        assert ours.coverage == pytest.approx(theirs.coverage)


def test_a_part_of_a_store_is_as_if_built_of_it(library: Store, embedder: Embedder) -> None:
    first, second, third = library.articles
    part = library.select({third.id, first.id, "no such id"})
    built = Store.build([first, third], embedder)
    assert (part.articles, part.chunks) == (built.articles, built.chunks)
    query = embedder.embed_query("new library")
    assert part.search(query, 9) == built.search(query, 9)
    _same(part, built, "图书馆", embedder)
    _same(part, built, "the new library of the river", embedder)
    whole = part.union(library)
    assert whole.articles == (first, third, second)
    assert set(whole.chunks) == set(library.chunks)
    assert whole.search(query, 1)[0][1] == library.search(query, 1)[0][1]


def test_stores_of_two_embedders_are_not_joined(store: Store) -> None:
    other = replace(store, embedder_id="other@1")
    with pytest.raises(StoreMismatchError, match="the other store was made with other@1"):
        store.union(other)


def test_the_last_article_can_go(store: Store, embedder: Embedder, tmp_path: Path) -> None:
    empty = store.remove(store.articles[0].id)
    empty.save(tmp_path / "s")
    opened = Store.open(tmp_path / "s", embedder)
    assert opened.articles == ()
    assert opened.search(embedder.embed_query("trade"), 3) == ()
    assert opened.add(store.articles, embedder).chunks == store.chunks


def test_add_then_remove_is_as_it_was(
    store: Store, library: Store, embedder: Embedder, tmp_path: Path
) -> None:
    more = store.add(library.articles, embedder)
    assert more.articles == library.articles
    assert more.chunks == library.chunks
    query = embedder.embed_query("flood gate")
    assert more.search(query, 9) == library.search(query, 9)
    fewer = more.remove(library.articles[1].id).remove(library.articles[2].id)
    assert fewer.chunks == store.chunks
    assert fewer.search(query, 9) == store.search(query, 9)
    assert fewer.languages == ("ar",)
    with pytest.raises(ArticleNotFoundError, match=library.articles[1].id):
        fewer.remove(library.articles[1].id)
    fewer.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).chunks == store.chunks


def test_an_emptied_store_answers_nothing(store: Store, embedder: Embedder, tmp_path: Path) -> None:
    empty = store.remove(store.articles[0].id)
    empty.save(tmp_path / "s")
    opened = Store.open(tmp_path / "s", embedder)
    assert opened.search(embedder.embed_query("x"), 3) == ()
    found = opened.candidates("x", embedder.embed_query("x"), 5)
    assert (found.chunks, found.lexical.shape, found.coverage) == ((), (0,), 0.0)


def test_an_empty_store_can_be_added_to(store: Store, embedder: Embedder, tmp_path: Path) -> None:
    Store.build([], embedder).save(tmp_path / "s")
    Store.open(tmp_path / "s", embedder).add(store.articles, embedder).save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).articles == store.articles


def test_what_stays_is_not_written_again(
    store: Store, library: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.union(library).save(tmp_path / "s")  # two segments, since joining merges nothing
    first, second = (view.segment.folder for view in Store.open(tmp_path / "s", embedder).views)
    written = {path: path.stat().st_mtime_ns for path in _files(tmp_path / "s")}
    fewer = Store.open(tmp_path / "s", embedder).remove(library.articles[2].id)
    fewer.save(tmp_path / "s")
    again = Store.open(tmp_path / "s", embedder)
    assert [view.segment.folder for view in again.views] == [first, second]
    assert again.articles == fewer.articles == library.articles[:2]
    changed = {p for p, at in written.items() if p.stat().st_mtime_ns != at}
    assert {path.name for path in changed} == {"manifest.json"}
    fewer.remove(library.articles[1].id).save(tmp_path / "s")
    assert [path.name for path in (tmp_path / "s").glob("data-*")] == [first.name if first else ""]


def test_an_article_given_twice_is_kept_once(article: Article, embedder: Embedder) -> None:
    assert Store.build([article, article], embedder).articles == (article,)


def test_strange_characters_survive(embedder: Embedder, tmp_path: Path) -> None:
    text = "odd\u2028 separators\x00 and\r\nends \U0010ffff"
    store = Store.build([Article.of(text, title="\u202e", language="en")], embedder)
    store.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).articles == store.articles


def test_a_missing_store_names_the_command(embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(
        StoreNotFoundError, match=r"holds no store; .*article-qa index ARTICLE… --store"
    ):
        Store.open(tmp_path / "none", embedder)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [_flip, _truncate, Path.unlink])
def test_any_harmed_file_is_reported(
    harm: Callable[[Path], None], store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    whole = {path: path.read_bytes() for path in _files(tmp_path / "s")}
    assert len(whole) == 4
    for path, content in whole.items():
        harm(path)
        # A flipped bit of the manifest may also read as another embedder or format.
        with pytest.raises(StoreError, match="article-qa index|--model"):
            Store.open(tmp_path / "s", embedder)
        path.write_bytes(content)
    assert Store.open(tmp_path / "s", embedder).chunks == store.chunks


def test_an_extra_file_is_reported(store: Store, embedder: Embedder, tmp_path: Path) -> None:
    store.save(tmp_path / "s")
    (data,) = (tmp_path / "s").glob("data-*")
    (data / "more").touch()
    with pytest.raises(StoreDamagedError, match="files it does not know"):
        Store.open(tmp_path / "s", embedder)


def _with_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) | changes
    del manifest["sha256"]
    path.write_text(module.with_checksum(manifest))


def test_another_format_or_embedder_is_reported(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    _with_manifest(tmp_path / "s", format=99)
    with pytest.raises(StoreMismatchError, match="format 99, this version reads 4; rebuild it"):
        Store.open(tmp_path / "s", embedder)
    _with_manifest(tmp_path / "s", format=4, embedder="other@1")
    with pytest.raises(
        StoreMismatchError, match="made with other@1, not .*: give the same --model"
    ):
        Store.open(tmp_path / "s", embedder)


@pytest.mark.parametrize(
    "changes",
    [
        {"dim": 3},
        {"counts": {"chunks": 1}},
        {"counts": {}},
        {"segments": [{"data": "../elsewhere", "removed": []}]},
        {"segments": [{"data": "data-/../../x", "removed": []}]},
        {"segments": [{"removed": []}]},
        {"segments": [1]},
        {"segments": []},
        {"chunking": {"size": 1, "joined": 9}},
        {"chunking": {"other": 1}},
        {"files": []},
    ],
)
def test_a_manifest_that_lies_is_reported(
    changes: dict[str, object], store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    _with_manifest(tmp_path / "s", **changes)
    with pytest.raises(StoreDamagedError, match="rebuild it"):
        Store.open(tmp_path / "s", embedder)


@pytest.mark.parametrize("removed", [[999], [-1], ["a"], {"a": 1}, [2**70], None])
def test_removed_articles_that_are_not_there_are_reported(
    removed: object, store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    (entry,) = json.loads((tmp_path / "s" / "manifest.json").read_text())["segments"]
    _with_manifest(tmp_path / "s", segments=[entry | {"removed": removed}])
    with pytest.raises(StoreDamagedError, match="rebuild it"):
        Store.open(tmp_path / "s", embedder)


def test_a_crash_while_saving_leaves_the_old_store(
    store: Store,
    library: Store,
    embedder: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.save(tmp_path / "s")
    monkeypatch.setattr("index.folder._commit", _crash)
    with pytest.raises(KeyboardInterrupt, match="now"):
        library.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).chunks == store.chunks
    monkeypatch.undo()
    library.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).chunks == library.chunks
    assert len(list((tmp_path / "s").glob("data-*"))) == 1


def _crash(*_: object) -> None:
    raise KeyboardInterrupt("now")


def test_somebody_elsesmodule_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(
        StoreError, match=r"holds other files \(letter.txt\); choose an empty folder"
    ):
        store.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_amodule_that_cannot_be_made_is_reported(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        store.save(tmp_path / "file" / "s")


def test_readers_during_saves_see_one_whole_version(
    store: Store, library: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    versions, stop, failures = {tuple(store.chunks), tuple(library.chunks)}, threading.Event(), []
    seen: list[int] = []

    def read() -> None:
        while not stop.is_set():
            try:
                found = tuple(Store.open(tmp_path / "s", embedder).chunks)
                assert found in versions
                seen.append(len(found))
            except BaseException as error:  # a thread's failure must reach the test
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(12):
        (library if number % 2 else store).save(tmp_path / "s")
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(seen) >= 3


def test_nothing_in_a_store_is_pickled(store: Store, tmp_path: Path) -> None:
    store.save(tmp_path / "s")
    for path in _files(tmp_path / "s"):
        if path.suffix == ".arrays":
            assert all(array.dtype.kind in "uiU" for array in map_arrays(path).values())
        else:
            assert path.suffix in (".json", ".faiss"), os.fspath(path)


def test_a_chunk_that_is_not_in_its_article_is_refused(store: Store) -> None:
    article = store.articles[0]
    wrong = [Chunk(article.id, 0, 3, "xyz"), *store.chunks]
    with pytest.raises(ValueError, match=r"chunk \[0:3\] is not in its article"):
        Segment.build([article], [wrong], np.zeros((len(wrong), 4), dtype=np.float32), None)


def test_only_names_of_our_own_are_ever_removed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "data-raw").mkdir()
    (tmp_path / "data-raw" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match=r"holds other files \(data-raw\)"):
        store.save(tmp_path)
    assert (tmp_path / "data-raw" / "thesis.txt").read_text() == "years of work"


def test_somebody_elses_manifest_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(StoreError, match=r"holds other files \(manifest.json\)"):
        store.save(tmp_path)
    assert "web app" in (tmp_path / "manifest.json").read_text()


def test_a_damaged_manifest_of_ours_can_be_replaced(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "s")
    (tmp_path / "s" / "manifest.json").write_text("{")
    store.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).chunks == store.chunks


def test_a_crash_after_the_rename_leaves_the_new_store(
    store: Store,
    library: Store,
    embedder: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.save(tmp_path / "s")
    commit = module._commit

    def commit_then_crash(folder: Path, manifest: str) -> None:
        commit(folder, manifest)
        _crash()

    monkeypatch.setattr(module, "_commit", commit_then_crash)
    with pytest.raises(KeyboardInterrupt, match="now"):
        library.save(tmp_path / "s")
    assert Store.open(tmp_path / "s", embedder).chunks == library.chunks
