"""Updates of a store on disk, against the articles read one by one."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article, read_article
from index.embedder import Embedder
from index.errors import ArticleError, ArticleQAError, StoreError
from index.ingest import update as updating
from index.ingest.builder import SegmentBuilder
from index.ingest.sources import Failure
from index.ingest.targets import UpdateReport
from index.ingest.update import KnownSources, UpdateSettings, update
from index.ingest.watch import watch
from index.ingest.workers import WorkerBuilder
from index.readers.scans import OCR
from index.store import Store

RIVER = "The river Ouse rose by 3.2 metres in York on Monday, officials of the city said."
FIRE = "The fire near Lyon burnt five houses on Tuesday, and nobody was hurt."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "river.txt").write_text(RIVER)
    (folder / "fire.txt").write_text(FIRE)
    return folder


def run(
    news: Path, *paths: Path | str, known: KnownSources | None = None, **settings: object
) -> UpdateReport:
    given = [str(path) for path in paths] or [str(news)]
    return update(news.parent / "s", given, UpdateSettings(**settings), known=known)  # type: ignore[arg-type]


def texts(news: Path, embedder: Embedder | None = None) -> dict[str, str]:
    store = Store.open(news.parent / "s", embedder)
    return {article.source: article.text for article in store.articles}


def counts(report: UpdateReport) -> tuple[int, int, int, int]:
    return report.added, report.unchanged, report.replaced, report.pruned


def test_what_is_there_already_is_not_embedded_again(
    news: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counts(run(news)) == (2, 0, 0, 0)
    before = sorted((news.parent / "s").rglob("*"))
    monkeypatch.setattr(type(embedder), "embed_passages", None)
    assert counts(run(news)) == (0, 2, 0, 0)
    assert sorted((news.parent / "s").rglob("*")) == before
    assert texts(news) == {f"{news}/river.txt": RIVER, f"{news}/fire.txt": FIRE}


def test_a_changed_file_replaces_its_article(news: Path) -> None:
    run(news)
    (news / "river.txt").write_text(RIVER.replace("Monday", "Friday"))
    assert counts(run(news)) == (1, 1, 1, 0)
    assert texts(news) == {
        f"{news}/river.txt": RIVER.replace("Monday", "Friday"),
        f"{news}/fire.txt": FIRE,
    }


def test_what_vanished_goes_with_prune_alone(news: Path) -> None:
    run(news)
    (news / "river.txt").unlink()
    assert counts(run(news)) == (0, 1, 0, 0)
    assert len(texts(news)) == 2
    assert counts(run(news, prune=True)) == (0, 1, 0, 1)
    assert texts(news) == {f"{news}/fire.txt": FIRE}


def test_what_cannot_be_read_is_reported_and_stays(news: Path) -> None:
    run(news)
    (news / "river.txt").write_bytes(b"\0\1\2\3" * 100)
    (news / "new.txt").write_text("A new article about the harvest in the south of the country.")
    report = run(news, news, news / "no.txt")
    assert counts(report) == (1, 1, 0, 0)
    assert [failure.reason for failure in report.failures] == [
        "there is no such file or folder", "this is binary data, not text",
    ]  # fmt: skip
    report = run(news, prune=True)
    assert report.pruned == 0
    assert texts(news)[f"{news}/river.txt"] == RIVER


def test_nothing_is_pruned_if_a_place_cannot_be_looked_into(news: Path) -> None:
    run(news)
    report = run(news, news.parent / "elsewhere*", prune=True)
    assert report.notice == "nothing was pruned: mend or leave out what could not be read"
    assert len(texts(news)) == 2


def test_lines_that_move_stay_and_those_that_changed_are_replaced(news: Path) -> None:
    path = news / "a.jsonl"

    def write(*reported: str) -> None:
        path.write_text(
            "".join(json.dumps({"text": text, "title": "T"}) + "\n" for text in reported)
        )

    write(RIVER, FIRE)
    assert counts(run(news, path)) == (2, 0, 0, 0)
    write("A third article, which stands before the two others.", RIVER, FIRE + " It rained.")
    assert counts(run(news, path)) == (2, 1, 1, 0)
    store = Store.open(news.parent / "s")
    assert {article.text for article in store.articles} == {
        RIVER, FIRE + " It rained.", "A third article, which stands before the two others.",
    }  # fmt: skip


ODD = {
    "deep.md": b"*" * 3000 + b"a" + b"*" * 3000,
    "address.jsonl": b'{"text": "One odd address.", "url": "http://[bad"}\n',
    "half.jsonl": b'{"text": "Half a character.", "url": "http://a.example/\\ud800"}\n',
    "empty.txt": b"",
    "nameless\udcff.txt": b"",
}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ODD)
def test_one_odd_input_does_not_stop_the_others(news: Path, name: str, jobs: int) -> None:
    (news / name).write_bytes(ODD[name])
    report = run(news, news, "http://[bad", jobs=jobs)
    assert report.added == 2 + (name == "address.jsonl")
    assert len(report.failures) == 2 - (name == "address.jsonl")


def test_files_of_one_name_in_two_folders_are_two_articles(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in ("2023", "2024"):
        (news / year).mkdir()
        (news / year / "a.txt").write_text(f"{RIVER} It was {year}.")
        monkeypatch.chdir(news / year)
        assert counts(run(news, "a.txt")) == (1, 0, 0, 0)
    assert set(texts(news)) == {f"{news}/2023/a.txt", f"{news}/2024/a.txt"}


def test_an_empty_place_prunes_and_replaces_nothing(news: Path) -> None:
    (news / "more").mkdir()
    (news / "more" / "harvest.txt").write_text("The harvest of the year was the best in ten.")
    run(news)
    (news / "more" / "harvest.txt").unlink()
    report = run(news, news / "river.txt", news / "more", prune=True)
    assert report.pruned == 0
    assert "nothing was pruned" in report.notice
    report = run(news, news / "more", replace=True)
    assert report.notice == "nothing could be read; the store stays as it was"
    assert len(texts(news)) == 3


def test_segments_that_end_in_any_order_are_kept_apart(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is put into the store while another is still written, and a third begins."""
    monkeypatch.setattr("index.ingest.sources._RANGE", 4096)
    monkeypatch.setattr(updating, "_BATCH", 4096)
    monkeypatch.setattr(updating, "FULL_SEGMENT", 60)
    _archive(news / "a.jsonl", 600)
    finish = updating.WorkerBuilder.finish

    def slowly(self: WorkerBuilder, folder: Path) -> None:
        time.sleep(0.01 * (self.child.pid % 5))
        finish(self, folder)

    monkeypatch.setattr(updating.WorkerBuilder, "finish", slowly)
    assert counts(run(news, jobs=4)) == (602, 0, 0, 0)


def test_one_text_twice_is_one_article(news: Path) -> None:
    (news / "again.txt").write_text(RIVER)
    assert counts(run(news)) == (2, 0, 0, 0)


def test_near_duplicates_are_reported(news: Path) -> None:
    run(news)
    (news / "almost.txt").write_text(RIVER + " Today.")
    (twin,) = run(news).near_duplicates
    assert (twin.new.text, twin.other.text) == (RIVER + " Today.", RIVER)
    assert twin.share == pytest.approx(17 / 18)


def test_a_file_that_did_not_change_is_not_read_again(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: KnownSources = {}
    run(news, known=known)
    (news / "fire.txt").write_text(FIRE + " It rained.")
    read: list[str] = []
    one = SegmentBuilder.read
    monkeypatch.setattr(
        SegmentBuilder,
        "read",
        lambda self, given: [read.extend(s.name for s in given), one(self, given)][1],
    )
    assert counts(run(news, known=known, prune=True)) == (1, 1, 1, 0)
    assert read == [f"{news}/fire.txt"]
    Store.open(news.parent / "s").remove(*_ids(news)).save(news.parent / "s")
    run(news, known=known)  # what was removed meanwhile is read again
    assert len(texts(news)) == 2


def _ids(news: Path) -> list[str]:
    return [article.id for article in Store.open(news.parent / "s").articles]


def _archive(path: Path, count: int) -> None:
    lines = (
        {"title": f"Report {n}", "text": f"{RIVER} It was report {n}.\n\n{FIRE} {n * n}."}
        for n in range(count)
    )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_several_processes_make_the_store_that_one_makes(
    news: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.sources._RANGE", 4096)
    monkeypatch.setattr(updating, "_BATCH", 8192)
    monkeypatch.setattr(updating, "FULL_SEGMENT", 400)  # chunks: several segments
    _archive(news / "a.jsonl", 1500)
    report = run(news, jobs=2)
    assert counts(report) == (1502, 0, 0, 0)
    several = Store.open(news.parent / "s", embedder)
    alone = update(news.parent / "t", [str(news)], UpdateSettings(jobs=1)).store
    assert {a.id: a for a in several.articles} == {a.id: a for a in alone.articles}
    assert {(c.article_id, c.start, c.end) for c in several.chunks} == {
        (c.article_id, c.start, c.end) for c in alone.chunks
    }
    vector = embedder.embed_query("What did report 777 say?")
    assert [round(score, 5) for _, score in several.search(vector, 20)] == [
        round(score, 5) for _, score in alone.search(vector, 20)
    ]


def test_a_process_that_dies_is_reported_and_what_was_saved_stays(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.sources._RANGE", 4096)
    monkeypatch.setattr(updating, "_BATCH", 8192)
    monkeypatch.setattr(updating, "FULL_SEGMENT", 100)
    _archive(news / "a.jsonl", 2000)
    add = updating.FolderTarget.add

    def add_and_kill(self: updating.FolderTarget, folder: Path) -> None:
        add(self, folder)
        for builder in started:
            builder.child.kill()

    started: list[WorkerBuilder] = []
    start = WorkerBuilder.start

    def start_and_note(*given: object) -> WorkerBuilder:
        started.append(start(*given))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(WorkerBuilder, "start", start_and_note)
    monkeypatch.setattr(updating.FolderTarget, "add", add_and_kill)
    with pytest.raises(ArticleQAError, match="ended .*goes on from there"):
        run(news, jobs=2)
    saved = Store.open(news.parent / "s")
    assert 0 < len(saved.articles) < 2002
    assert not list((news.parent / "s").glob("new-*"))
    monkeypatch.undo()
    assert run(news).unchanged == len(saved.articles)
    assert len(texts(news)) == 3  # by source


def _never(*_: object, **__: object) -> None:
    raise KeyboardInterrupt("before the end")


def test_with_replace_the_old_store_stays_until_the_end(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(news)
    monkeypatch.setattr(updating.FolderTarget, "finish", _never)
    _archive(news / "a.jsonl", 10)
    with pytest.raises(KeyboardInterrupt, match="before the end"):
        run(news, news / "a.jsonl", replace=True)
    assert len(texts(news)) == 2
    monkeypatch.undo()
    run(news, news / "a.jsonl", replace=True)
    assert set(texts(news)) == {f"{news}/a.jsonl"}


def test_others_may_read_what_was_built(news: Path) -> None:
    before = os.umask(0o022)
    try:
        run(news)
    finally:
        os.umask(before)
    (data,) = (news.parent / "s").glob("data-*")
    assert data.stat().st_mode & 0o777 == 0o755


def test_vectors_are_kept_as_asked(news: Path, embedder: Embedder) -> None:
    run(news)
    run(news, vector_format="half")
    store = Store.open(news.parent / "s", embedder)
    assert store.vector_format == "half"
    assert {view.segment.vectors.format for view in store.views} == {"half"}


def test_another_chunk_size_is_reported(news: Path) -> None:
    run(news, chunk_size=300)
    with pytest.raises(StoreError, match="was cut at 300 characters"):
        run(news, chunk_size=400)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no name here")
def test_a_pipe_is_reported(news: Path) -> None:
    os.mkfifo(news / "p.txt")
    os.mkfifo(news / "p.jsonl")
    assert {failure.reason for failure in run(news).failures} == {
        "this is a pipe or a device, not a file"
    }


def test_a_file_that_takes_too_long_is_reported(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.read.TIMEOUT", 0.2)
    caught = []

    def read(path: str, ocr: OCR | None) -> Article:
        if path.endswith("river.txt"):
            try:
                time.sleep(60)
            except ArticleError as error:  # as a library might
                caught.append(error)
            time.sleep(60)
        return read_article(path, ocr)

    monkeypatch.setattr("index.ingest.read.read_article", read)
    report = run(news)
    assert caught
    assert report.added == 1
    assert report.failures == (
        Failure(f"{news}/river.txt", "reading it took longer than 0.2 seconds"),
    )


FEED = """<rss version="2.0"><channel><title>News</title>
<item><link>/river</link><pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate></item>
<item><link>/gone</link></item><item><link>http://10.0.0.1/private</link></item></channel></rss>"""

PAGE = (
    "<html><head><title>River</title></head><body><article>"
    + f"<p>{RIVER} {FIRE}</p>" * 3
    + "</article></body></html>"
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {
            "/feed": ("application/rss+xml", FEED),
            "/map": ("text/xml", f"<urlset><s><loc>{self._here}/feed</loc></s></urlset>"),
            "/river": ("text/html", PAGE),
        }  # fmt: skip
        if self.path.startswith("/loop"):
            deeper = f"<sitemapindex><s><loc>{self._here}{self.path}p</loc></s></sitemapindex>"
            pages[self.path] = ("text/xml", deeper)
        if self.path.startswith("/other?"):
            named = self.path.partition("?")[2]
            pages[self.path] = (
                "text/xml",
                f"<urlset><url><loc>{named}?secret</loc></url></urlset>",
            )
        kind, body = pages.get(self.path, ("", ""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    @property
    def _here(self) -> str:
        return f"http://{self.headers['Host']}"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["feed", "map"])
def test_a_feeds_pages_are_read(news: Path, site: str, path: str) -> None:
    report = run(news, f"{site}/{path}")
    assert set(report.failures) == {
        Failure(f"{site}/gone", "the server answered 404"),
        Failure("http://10.0.0.1/private", "this address is not on the public internet"),
    }
    (article,) = Store.open(news.parent / "s").articles
    assert (article.source, article.title) == (f"{site}/river", "River")
    assert article.date == "2024-05-06"


def test_a_list_of_one_private_host_does_not_reach_another(news: Path, site: str) -> None:
    """Both are named on the command: each is trusted with its own pages alone."""
    other = site.replace("127.0.0.1", "localhost")
    report = run(news, f"{other}/other?{site}/river", f"{site}/river")
    assert report.failures == (
        Failure(f"{site}/river?secret", "this address is not on the public internet"),
    )
    assert report.added == 1


def test_a_feed_in_a_file_is_not_trusted_with_this_machine(news: Path, site: str) -> None:
    path = news / "feed.xml"
    path.write_text(FEED.replace("<link>/", f"<link>{site}/"))
    report = run(news, path)
    assert report.added == 0
    assert {failure.reason for failure in report.failures} == {
        "this address is not on the public internet"
    }


def test_more_addresses_than_can_be_kept_are_reported_and_nothing_is_pruned(
    news: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(news, news)
    monkeypatch.setattr("index.ingest.update._ADDRESSES", len(site) * 2 + 10)
    report = run(news, f"{site}/feed", prune=True)
    reasons = [failure.reason for failure in report.failures]
    assert reasons.count("more addresses are listed than are followed") == 1
    assert report.notice.startswith("nothing was pruned")
    assert report.pruned == 0


def test_lists_of_lists_end(news: Path, site: str) -> None:
    (failure,) = run(news, f"{site}/loop").failures
    assert failure == Failure(f"{site}/loopppp", "a list of addresses 3 lists deep is not followed")


def test_an_update_that_fails_is_reported_and_done_again(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    reported: list[StoreError] = []

    def full_at_the_second(*given: Any, **more: Any) -> UpdateReport:
        calls.append(given)
        if len(calls) == 2:
            raise StoreError("the disk is full")
        return update(*given, **more)

    monkeypatch.setattr("index.ingest.watch.update", full_at_the_second)
    monkeypatch.setattr("index.ingest.watch._AGAIN", 0.0)
    reports = watch(
        news.parent / "s",
        [str(news)],
        UpdateSettings(),
        interval_seconds=99,
        on_failure=reported.append,
    )
    assert next(reports).added == 2
    (news / "third.txt").write_text("The bridge of Belmor was closed on Monday for a year.")
    assert next(reports).added == 1
    assert list(map(str, reported)) == ["the disk is full"]


def test_a_first_update_that_fails_ends_the_watch(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> UpdateReport:
        raise StoreError("the disk is full")

    monkeypatch.setattr("index.ingest.watch.update", full)
    reports = watch(
        news.parent / "s", [str(news)], UpdateSettings(), interval_seconds=99, on_failure=_never
    )
    with pytest.raises(StoreError, match="the disk is full"):
        next(reports)
