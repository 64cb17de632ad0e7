"""One contract for all stores: in memory, in a folder, in Milvus Lite and on a Milvus server.

And what the server's alone has to stand: credentials, killed writers, its own death.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import numpy as np
import pytest

import qa
from index.articles import Article, site
from index.base import AnyStore, Counts, Filter, MilvusAddress, parse_location
from index.bm25 import K1
from index.chunker import Chunking, chunk_article
from index.embedder import Embedder
from index.errors import (
    ArticleNotFoundError,
    ArticleQAError,
    StoreDamagedError,
    StoreError,
    StoreMismatchError,
    StoreNotFoundError,
)
from index.ingest.update import UpdateSettings, update
from index.milvus import client as _milvus
from index.milvus.client import Connection
from index.milvus.schema import articles_expression, chunk_rows, digest_of
from index.milvus.store import MilvusStore
from index.milvus.words import tokens_of
from index.readers.base import Locator
from index.store import Store, open_store
from index.union import UnionStore
from qa.retriever import Retriever
from tests.milvus_server import TOKEN, MilvusServer
from tests.processes import run, started
from tests.writer import Stub

COMMAND = str(Path(sys.executable).with_name("article-qa"))
FLOOD = Article.of(
    "The river Ouse rose by 3.2 metres in York on Monday, officials of the city said.",
    title="Flood", source="https://www.north.example/flood", language="en", date="2024-05-06",
    locators=(Locator(0, "page", "1"), Locator(40, "page", "2")),
)  # fmt: skip
FIRE = Article.of(
    "Le feu près de Lyon a brûlé cinq maisons mardi ; personne n'a été blessé, dit le maire.",
    title="Feu", source="https://south.example/feu", language="fr", date="2023-01-02",
)  # fmt: skip
# An id that no expression may be broken by, and a text of several of Milvus' pieces.
ODD = Article(
    'x\'"] or 1 == 1 or id in ["', 'ti"tle \\', "السد القديم 😀 word " * 4_000 + "end",
    "/a/b c.txt", "ar", "By 'Q'",
)  # fmt: skip
MANY = 10_000
KINDS = ("memory", "folder", "lite", "milvus")
Make = Callable[[str], AnyStore]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    made = MilvusServer(tmp_path_factory.mktemp("milvus"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MILVUS_SERVER_CERT", str(made.certificate))
        patch.setenv("MILVUS_TOKEN", TOKEN)
        try:
            made.install()
            made.start()
            made.wait()
            yield made
        finally:
            made.remove()


@pytest.fixture(scope="module")
def articles(article: Article) -> tuple[Article, ...]:
    return (article, FLOOD, FIRE, ODD)


@pytest.fixture(scope="module")
def kept(
    request: pytest.FixtureRequest,
    articles: tuple[Article, ...],
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> AnyStore:
    """The articles, in a store of each kind."""
    folder = tmp_path_factory.mktemp("stores")
    match request.param:
        case "memory":
            return Store.build(articles, embedder)
        case "folder":
            return Store.build(articles, embedder).save(folder / "s")
        case "lite":
            address = MilvusAddress.parse(str(folder / "articles.db"))
        case _:
            address = request.getfixturevalue("server").address("contract")
    return MilvusStore.open_or_create(address, embedder, Chunking()).add(articles, embedder)


every_kind = pytest.mark.parametrize("kept", KINDS, indirect=True)


@every_kind
def test_what_was_put_in_is_there(kept: AnyStore, articles: tuple[Article, ...]) -> None:
    chunks = sum(len(chunk_article(article)) for article in articles)
    assert kept.counts == Counts(4, chunks)
    assert not kept.is_empty
    assert {article.id: article for article in kept.articles} == {a.id: a for a in articles}
    assert [a.id for a in kept.page(1, 2)] == [a.id for a in kept.articles][1:3]
    assert kept.held_ids([ODD.id, FIRE.id, "none"]) == {ODD.id, FIRE.id}
    for article in articles:
        assert kept.article(article.id) == article
    with pytest.raises(ArticleNotFoundError, match="none"):
        kept.article("none")


@every_kind
@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(articles=frozenset()),
        Filter(articles=frozenset({ODD.id, FLOOD.id, "none"})),
        Filter(languages=frozenset({"fr", "en"})),
        Filter(languages=frozenset({'"] or 1 == 1 or language in ["'})),
        Filter(since="2023-01-02", until="2024-05-05"),
        Filter(until="2024-12-31"),
        Filter(since="2024-01-01", languages=frozenset({"en"})),
        Filter(sources=frozenset({"north.example", "/a/b c.txt"})),
        Filter(sources=frozenset({"https://south.example/feu"}), until="2023-01-01"),
    ],
)
def test_filters_let_through_what_they_name(
    kept: AnyStore, articles: tuple[Article, ...], embedder: Embedder, wanted: Filter
) -> None:
    expected = {article.id for article in articles if _passes(article, wanted)}
    chosen = kept.where(wanted)
    assert {article.id for article in chosen.articles} == expected
    assert chosen.counts.articles == len(expected)
    assert chosen.is_empty == (not expected)
    found = chosen.candidates("river", embedder.embed_query("river"), 200)
    assert {chunk.article_id for chunk in found.chunks} == expected
    assert kept.select(expected | {"none"}).held_ids([a.id for a in articles]) == expected


def _passes(article: Article, wanted: Filter) -> bool:
    """Read a filter as its docstring does."""
    dated = bool(wanted.since or wanted.until)
    return (
        (wanted.articles is None or article.id in wanted.articles)
        and (wanted.languages is None or article.language in wanted.languages)
        and (not dated or article.date != "")
        and (wanted.since or "0000") <= (article.date or "5000")
        and (article.date or "5000") <= (wanted.until or "9999")
        and (
            wanted.sources is None or bool({article.source, site(article.source)} & wanted.sources)
        )
    )


@every_kind
@pytest.mark.parametrize("question", ["what is the trade volume?", "كم ارتفع النهر؟", "feu"])
def test_candidates_have_the_nearest_by_brute_force(
    kept: AnyStore, articles: tuple[Article, ...], embedder: Embedder, question: str
) -> None:
    vector = embedder.embed_query(question)
    chunks = [chunk for article in articles for chunk in chunk_article(article)]
    cosines = embedder.embed_passages([chunk.text for chunk in chunks]) @ vector
    reported = dict(zip(chunks, cosines.tolist(), strict=True))
    found = kept.candidates(question, vector, 8)
    by_id = {article.id: article for article in articles}
    for chunk, language, dense in zip(found.chunks, found.languages, found.dense, strict=True):
        assert by_id[chunk.article_id].text[chunk.start : chunk.end] == chunk.text
        assert by_id[chunk.article_id].language == language
        assert dense == pytest.approx(reported[chunk], abs=1e-3)
    nearest = np.sort(cosines)[::-1][:8]
    assert np.sort(found.dense)[::-1][:8] == pytest.approx(nearest, abs=1e-3)


def test_the_engine_scores_words_as_a_folder_does(tmp_path: Path, embedder: Embedder) -> None:
    """Lite's own statistics, over one segment, are those of our BM25 over all chunks."""
    articles = [
        Article.of(f"{name} was measured in {place}.", source=f"{name} {place}", language="en")
        for name in ("Rain", "The wind", "The river Ouse", "Snow that fell at night")
        for place in ("York", "Leeds", "a town near York and Leeds", "the hills")
    ]
    arabic = Article.of("هطل المطر في مدينة وهران.", source="وهران", language="ar")
    local = Store.build([*articles, arabic], embedder)
    address = MilvusAddress.parse(str(tmp_path / "words.db"))
    remote = MilvusStore.open_or_create(address, embedder, Chunking())
    remote.add([*articles, arabic], embedder)
    assert remote.details["words"] == "all chunks"
    asked = "How high is the Ouse near York?"
    for question in (asked, "wind in the hills?", "متى هطل المطر؟", "?"):
        vector = embedder.embed_query(question)
        ours, theirs = (store.candidates(question, vector, 50) for store in (local, remote))
        scores = dict(zip(ours.chunks, ours.lexical.tolist(), strict=True))
        expected = [scores[chunk] * (1 + K1) for chunk in theirs.chunks]
        assert theirs.lexical.tolist() == pytest.approx(expected, abs=1e-3)
        assert theirs.coverage == pytest.approx(ours.coverage, abs=0.15)
    others = remote.where(Filter(languages=frozenset({"ar"})))
    assert others.candidates(asked, embedder.embed_query(asked), 50).coverage < 0.1


def test_a_chunk_is_found_by_its_words_however_far_its_vector(
    tmp_path: Path, embedder: Embedder
) -> None:
    others = [
        Article.of(f"The comet Halley, seen {n} times.", source=str(n), language="en")
        for n in range(30)
    ]
    odd = Article.of("Invoice QX-7781 was paid.", source="odd", language="en")
    address = MilvusAddress.parse(str(tmp_path / "words.db"))
    store = MilvusStore.open_or_create(address, embedder, Chunking()).add([*others, odd], embedder)
    found = store.candidates("qx 7781", embedder.embed_query("comet Halley"), 3)
    at = int(np.argmax(found.lexical))
    assert found.chunks[at].article_id == odd.id
    assert found.dense[at] == pytest.approx(
        float(embedder.embed_query("comet Halley") @ embedder.embed_passages([odd.text])[0]),
        abs=1e-3,
    )


def test_a_collection_without_words_is_made_anew_where_they_are_known(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = MilvusAddress.parse(str(tmp_path / "old.db"))
    with monkeypatch.context() as patch:
        patch.setattr(_milvus, "WITH_WORDS", (99, 0))  # as an older engine
        old = MilvusStore.open_or_create(address, embedder, Chunking()).add([FLOOD], embedder)
        assert old.details["words"] == "the nearest chunks alone"
    with pytest.raises(StoreMismatchError, match=r"old\.db has no index of words, .*old2\.db"):
        open_store(address)


def test_a_server_that_knows_no_words_is_reported_once(
    server: MilvusServer, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    address = server.address("wordless")
    MilvusStore.open_or_create(address, embedder, Chunking()).add([FLOOD], embedder)
    for _ in range(2):
        assert not MilvusStore.open(address, embedder).searches_words
    said = [record.getMessage() for record in caplog.records if "vectors alone" in record.message]
    assert len(said) == 1
    assert "wordless is Milvus v2.3.5" in said[0]
    assert "2.5 and later find them by words too" in said[0]


@every_kind
def test_questions_are_answered_alike(
    kept: AnyStore, articles: tuple[Article, ...], embedder: Embedder
) -> None:
    for question in ("what is the trade volume?", "By how many metres did the river rise?"):
        plain = qa.ask(question, store=Store.build(articles, embedder), embedder=embedder)
        answer = qa.ask(question, store=kept, embedder=embedder)
        assert answer.citations == plain.citations
        assert [p.chunk for p in answer.passages[:1]] == [p.chunk for p in plain.passages[:1]]
        (citation,) = answer.citations
        text = kept.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
    only = qa.ask("trade volume?", store=kept, where=Filter(languages=frozenset({"ru"})))
    assert (only.status, only.passages) == ("not_in_article", ())


@every_kind
def test_another_embedder_is_reported(kept: AnyStore) -> None:
    with pytest.raises(StoreMismatchError, match="was made with article-qa-static.*, not stub"):
        kept.check_embedder(Stub())


@every_kind
def test_joined_with_another_both_are_asked(kept: AnyStore, embedder: Embedder) -> None:
    own = Article.of("The comet Halley passes every 76 years.", language="en", source="own")
    joined = UnionStore(Store.build([own, FLOOD], embedder), kept)
    assert {a.id for a in joined.articles} == {own.id, *(a.id for a in kept.articles)}
    assert joined.page(0, 2) == (own, FLOOD)
    for question, about in (("How often does Halley pass?", own), ("feu à Lyon", FIRE)):
        best, *_ = Retriever(joined, embedder).retrieve(question)
        assert best.chunk.article_id == about.id
    chunks = joined.candidates("river", embedder.embed_query("river"), 50).chunks
    assert len(set(chunks)) == len(chunks)
    assert joined.where(Filter(languages=frozenset({"fr"}))).held_ids([own.id, FIRE.id]) == {
        FIRE.id
    }
    assert joined.select([own.id]).article(own.id) == own


@pytest.fixture(params=["lite", "milvus"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> MilvusAddress:
    """A collection that is not there yet."""
    if request.param == "lite":
        return MilvusAddress.parse(str(tmp_path / "new.db"))
    found: MilvusAddress = request.getfixturevalue("server").address(f"c{time.time_ns()}")
    return found


def test_a_collection_changes_and_stays(place: MilvusAddress, embedder: Embedder) -> None:
    with pytest.raises(StoreNotFoundError, match="holds no store; make one with: article-qa index"):
        open_store(place)
    store = MilvusStore.open_or_create(place, embedder, Chunking(400, 50))
    assert store.is_empty
    store.add([FLOOD, FIRE, ODD], embedder).add([FLOOD, ODD], embedder)
    assert store.counts.articles == 3
    store.remove(ODD.id, FIRE.id)
    assert store.held_ids([FLOOD.id, FIRE.id, ODD.id]) == {FLOOD.id}
    assert store.counts == Counts(1, 1)
    found = store.candidates("feu", embedder.embed_query("feu"), 50)
    assert [chunk.article_id for chunk in found.chunks] == [FLOOD.id]
    with pytest.raises(ArticleNotFoundError, match=FIRE.id):
        store.remove(FIRE.id, FLOOD.id)
    again = open_store(place, embedder)
    assert (again.id, again.chunking, again.counts) == (store.id, Chunking(400, 50), Counts(1, 1))
    with pytest.raises(
        StoreMismatchError, match="static.*: give the same --model, or index into ano"
    ):
        open_store(place, Stub())


def test_what_others_removed_while_it_was_written_is_written_again(
    place: MilvusAddress, embedder: Embedder
) -> None:
    store = MilvusStore.open_or_create(place, embedder, Chunking()).add([FIRE, FLOOD], embedder)
    of_it = articles_expression([digest_of(FLOOD.id)])
    store.connection.delete(place.collection, of_it)  # between its chunks and its first row
    store.wait_until_visible()
    assert store.held_ids([FLOOD.id, FIRE.id]) == {FLOOD.id, FIRE.id}
    assert store.complete_ids([FLOOD.id, FIRE.id]) == {FIRE.id}
    store.add([FLOOD, FIRE], embedder)
    assert store.complete_ids([FLOOD.id, FIRE.id]) == {FLOOD.id, FIRE.id}
    assert store.counts == Counts(2, 2)


def test_an_article_that_goes_while_it_is_read_is_passed_over(
    place: MilvusAddress, embedder: Embedder
) -> None:
    store = MilvusStore.open_or_create(place, embedder, Chunking()).add([ODD, FLOOD], embedder)
    texts, of_it = f"{place.collection}_articles", articles_expression([digest_of(ODD.id)])
    reading = store.articles
    found = [next(reading)]  # the first rows are all read now, the pieces are not
    if found == [ODD]:
        found = []
        reading = store.articles
    store.connection.delete(texts, of_it)
    store.wait_until_visible()
    assert [*found, *reading] == [FLOOD]
    store.add([ODD], embedder)
    store.connection.delete(texts, f"{of_it} and part > 0")
    store.wait_until_visible()
    with pytest.raises(StoreDamagedError, match="pieces of .* are missing; remove it and index it"):
        list(store.articles)


def test_an_archive_that_changes_while_it_is_asked(embedder: Embedder) -> None:
    """What answers is gone when it is read: asked once more, the other is read."""

    class Changing(UnionStore):
        def article(self, article_id: str) -> Article:
            if article_id == FLOOD.id:
                object.__setattr__(self, "first", Store.build([FIRE], embedder))
            return super().article(article_id)

    store = Changing(Store.build([FLOOD, FIRE], embedder), Store.build([], embedder))
    assert qa.ask("By how many metres did the river rise?", store=store).status == "not_in_article"
    assert store.held_ids([FLOOD.id]) == set()


def test_a_file_of_the_engine_that_cannot_be_opened(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "a.db").write_text("no database")
    with pytest.raises(StoreNotFoundError, match="holds no store"):
        open_store(MilvusAddress.parse(str(tmp_path / "none.db")))
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(StoreError, match=r"a\.db: it cannot be opened: another process has it"):
        open_store(MilvusAddress.parse(str(tmp_path / "a.db")))


def test_half_an_article_is_not_there(place: MilvusAddress, embedder: Embedder) -> None:
    store = MilvusStore.open_or_create(place, embedder, Chunking()).add([FIRE], embedder)
    chunks = chunk_article(FLOOD)
    vectors = embedder.embed_passages([chunk.text for chunk in chunks])
    rows = list(chunk_rows([FLOOD], [chunks], vectors, tokens_of if store.searches_words else None))
    store.connection.write(place.collection, rows)  # and then the writer was killed
    store.wait_until_visible()
    question = "By how many metres did the river rise?"
    found = store.candidates(question, embedder.embed_query(question), 50)
    assert {chunk.article_id for chunk in found.chunks} == {FIRE.id}
    assert store.held_ids([FLOOD.id]) == set()
    store.add([FLOOD], embedder)
    assert store.counts == Counts(2, 2)  # nothing twice
    assert qa.ask(question, store=store).citations[0].article_id == FLOOD.id


def test_an_update_brings_a_collection_up_to_date(place: MilvusAddress, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "flood.txt").write_text(FLOOD.text)
    (news / "fire.txt").write_text(FIRE.text)

    def counts(**settings: object) -> tuple[int, int, int, int]:
        report = update(place, [str(news)], UpdateSettings(**settings))  # type: ignore[arg-type]
        return report.added, report.unchanged, report.replaced, report.pruned

    assert counts() == (2, 0, 0, 0)
    assert counts() == (0, 2, 0, 0)
    (news / "fire.txt").write_text(FIRE.text.replace("cinq", "six"))
    assert counts() == (1, 1, 1, 0)
    (news / "flood.txt").rename(tmp_path / "flood.txt")
    assert counts() == (0, 1, 0, 0)
    assert counts(prune=True) == (0, 1, 0, 1)
    (news / "fire.txt").rename(tmp_path / "fire.txt")
    with pytest.raises(StoreError, match="was cut at 800 characters"):
        counts(chunk_size=300)
    with pytest.raises(StoreError, match="has room for chunks of 16,383 characters at most"):
        counts(chunk_size=20_000)
    with pytest.raises(StoreError, match="--vectors is for folders"):
        counts(vector_format="flat")
    report = update(place, [str(news)], UpdateSettings(prune=True, replace=True))
    assert "nothing could be read" in report.notice
    assert report.store.counts.articles == 1


def test_the_command_takes_an_address(server: MilvusServer, tmp_path: Path) -> None:
    store = str(server.address("news"))
    (tmp_path / "flood.txt").write_text(FLOOD.text)
    done = run("index", "flood.txt", "--store", store, cwd=tmp_path)
    assert (done.returncode, "added: 1" in done.stderr) == (0, True), done.stderr
    done = run("ask", "How many metres did the river rise?", "--store", store, "--json")
    assert "3.2 metres" in json.loads(done.stdout)["citations"][0]["quote"], done.stderr
    done = run("info", "--store", store, "--json")
    assert json.loads(done.stdout)["articles"] == 1
    done = run("list", "--store", store, "--json", "--language", "en")
    assert json.loads(done.stdout)["source"] == str(tmp_path / "flood.txt")
    done = run("remove", "flood.txt", "--store", store, cwd=tmp_path)
    assert "articles: 0" in done.stderr
    done = run("remove", "flood.txt", "--store", store, cwd=tmp_path)
    assert "holds no article with the id or source flood.txt" in done.stderr


@pytest.mark.parametrize(
    ("variables", "reported"),
    [
        ({"MILVUS_TOKEN": "root:wrong"}, "refused the credentials; set MILVUS_TOKEN, or"),
        ({"MILVUS_TOKEN": ""}, "refused the credentials"),
        ({"MILVUS_SERVER_CERT": "", "MILVUS_TLS": "1"}, "certificate is not known; name its file"),
        ({"MILVUS_SERVER_CERT": ""}, "cannot be reached; is it running, and does it want TLS"),
        ({"MILVUS_SERVER_CERT": "/none.pem"}, "MILVUS_SERVER_CERT is /none.pem: there is no such"),
    ],
)
def test_who_may_not_ask_is_reported(
    server: MilvusServer, variables: dict[str, str], reported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=reported):
        open_store(server.address("contract"))
    if "MILVUS_TOKEN" in variables:
        monkeypatch.setenv("MILVUS_USER", "root")
        monkeypatch.setenv("MILVUS_PASSWORD", "Milvus")
        monkeypatch.setenv("MILVUS_TOKEN", "")
        Connection(server.address("contract"))


def test_another_version_is_reported(server: MilvusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pymilvus.MilvusClient.get_server_version", lambda *_, **__: "v2.2.16")
    with pytest.raises(StoreError, match=r"answers as Milvus v2\.2\.16; it takes 2\.3 or later"):
        Connection(server.address("contract"))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """So many articles that they are written in several goes."""
    lines = [
        {"title": f"Report {n}", "text": f"Report {n} says of town {n * 7919 % 10007}. " * 9,
         "url": f"https://reports.example/{n}", "language": "en"}
        for n in range(MANY)
    ]  # fmt: skip
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _whole(address: MilvusAddress, embedder: Embedder) -> None:
    """Check that each of the articles is there once, with all its rows once."""
    store = MilvusStore.open(address, embedder)
    store.wait_until_visible()
    assert store.counts == Counts(MANY, MANY)
    ids = [row["id"] for batch in store.connection.batches(
        address.collection, "start >= 0", ["id"]) for row in batch]  # fmt: skip
    assert len(ids) == len(set(ids)) == MANY
    assert {article.title for article in store.articles} == {f"Report {n}" for n in range(MANY)}


def test_killed_writers_go_on_and_several_share_an_archive(
    server: MilvusServer, many: Path, embedder: Embedder
) -> None:
    address = server.address("killed")
    command = [COMMAND, "index", many.name, "--store", str(address), "--jobs", "1"]
    before = 0
    for _ in range(2):  # the second finds more there than the first
        with started(command, many.parent) as process:
            before = _until_more_than(before, address, process)
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert 0 < before < MANY
    with started(command, many.parent) as one, started(command, many.parent) as other:
        for process in (one, other):
            _, reported = process.communicate(timeout=120)
            assert process.returncode == 0, reported
    _whole(address, embedder)


def _until_more_than(before: int, address: MilvusAddress, writer: Popen[str] | None = None) -> int:
    """Wait until there are more articles; return how many."""
    until = time.monotonic() + 60
    connection = Connection(address)
    while time.monotonic() < until:
        try:
            found = connection.count(f"{address.collection}_articles", "part == 0", "Bounded")
        except StoreError:  # it is not there, or not loaded
            found = 0
        if found > before:
            return found
        if writer is not None and writer.poll() is not None:
            raise AssertionError(f"the writer ended: {writer.communicate()}")
        time.sleep(0.02)
    raise AssertionError(f"after a minute there are {before} articles")


def test_a_server_that_dies_in_between_is_waited_for(
    server: MilvusServer, many: Path, embedder: Embedder
) -> None:
    address = server.address("reborn")
    store = MilvusStore.open_or_create(address, embedder, Chunking())
    failures: list[BaseException] = []

    def ingest() -> None:
        try:
            update(address, [str(many)], UpdateSettings(jobs=1))
        except ArticleQAError as error:
            failures.append(error)

    writer = threading.Thread(target=ingest)
    writer.start()
    _until_more_than(0, address)
    server.kill()
    with pytest.raises(StoreError, match="cannot be reached; is it running"):
        open_store(address)
    server.start_again()
    writer.join(timeout=120)
    assert not writer.is_alive()
    assert not failures
    _whole(address, embedder)
    # Who asks meanwhile waits too.
    assert Retriever(replace(store), embedder).retrieve("town 7919")


def test_an_address_is_told_from_a_folder(tmp_path: Path) -> None:
    assert parse_location("milvus://h:1/c") == MilvusAddress("h:1", "c")
    assert parse_location("milvus://[::1]/c_2") == MilvusAddress("[::1]:19530", "c_2")
    assert parse_location("news.store") == Path("news.store")
    assert str(parse_location(str(tmp_path / "a.db"))) == str(tmp_path / "a.db")
    (tmp_path / "b.db").mkdir()
    (tmp_path / "b.db" / "manifest.json").touch()
    assert parse_location(str(tmp_path / "b.db")) == tmp_path / "b.db"
    assert parse_location("Milvus://h:1/c") == MilvusAddress("h:1", "c")
    with pytest.raises(StoreError, match="a store is a folder, a file NAME.db or milvus://"):
        parse_location("https://h:1/c")
    for bad in ("milvus://h:1", "milvus://h:1/a-b", "milvus:///c"):
        with pytest.raises(StoreError, match="is not milvus://HOST:PORT/COLLECTION"):
            parse_location(bad)
    with pytest.raises(StoreError, match="Port could not be cast"):
        parse_location("milvus://h:port/c")
    user = "milvus://amel:"
    for bad in (f"{user}secret@h:1/c", f"{user}secret/w@h:1/c", f"{user}secret#w@h/c",
                f"{user}12/secret@h/c", "milvus://h/c?token=secret"):  # fmt: skip
        with pytest.raises(StoreError, match="without a user or a password") as reported:
            parse_location(bad)
        assert "secret" not in str(reported.value)
        assert "amel" not in str(reported.value)


def test_what_the_client_itself_refuses_is_not_tried_again() -> None:
    from pymilvus.exceptions import MilvusException, ParamError

    assert _milvus._is_transient(
        MilvusException(code=1, message="service not ready[state=Initializing]")
    )
    assert _milvus._is_transient(
        MilvusException(code=2, message="service unavailable: no querynode")
    )
    assert _milvus._is_transient(MilvusException(code=106, message="collection not fully loaded"))
    assert not _milvus._is_transient(
        MilvusException(code=1, message="collection 'articles' already exists")
    )
    assert not _milvus._is_transient(ParamError(message="wrong type of argument"))
