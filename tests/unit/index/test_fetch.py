"""Fetching, from a real server on loopback; without leave to ask there, nothing may reach it."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import fetch
from index.errors import ArticleError
from index.fetch import fetch_article
from index.readers import READERS

PARAGRAPH = (
    "<p>The river Ouse rose by 3.2 metres in York on Monday, the highest level in ten years, "
    "officials said. Engineers closed the flood gate at Foss Barrier.</p>"
)
PAGE = f"<html><head><title>Levels</title></head><article>{PARAGRAPH * 3}</article></html>".encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        kind, _, rest = unquote(self.path[1:]).partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
            self.send_header("Content-Length", str(10**12))  # never to be read
            self.end_headers()
        elif kind == "gone":
            self.send_error(404)
        elif kind == "drip":
            self._head("text/plain", 10**6)
            for _ in range(100):
                self.wfile.write(b"a word ")
                time.sleep(0.1)
        elif kind == "bomb":
            body = gzip.compress(b"a" * 50_000_000)
            self._head("text/plain", len(body), "gzip")
            self.wfile.write(body)
        elif kind == "short":
            self._head("text/plain", 10_000)
            self.wfile.write(b"too short")
        elif kind == "picture":
            self._head("image/png", 4)
            self.wfile.write(b"\x89PNG")
        elif kind == "as":
            body = b"1\n00:00:01,000 --> 00:00:02,000\nThe river rose.\n"
            self._head(rest.rpartition("/")[0], len(body))
            self.wfile.write(body)
        else:
            self._head("" if rest else "text/html; charset=utf-8", len(PAGE))
            self.wfile.write(PAGE)

    def _head(self, kind: str, length: int, coding: str = "") -> None:
        self.send_response(200)
        if kind:
            self.send_header("Content-Type", kind)
        if coding:
            self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    asked: list[str]

    def handle_error(self, *_: object) -> None:
        """Say nothing: the client hangs up on purpose."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", running.asked
        running.shutdown()


Served = tuple[str, list[str]]


def _hosts(server: Served) -> frozenset[str]:
    return frozenset({server[0].removeprefix("http://")})


def test_a_page_is_read_as_its_article(server: Served) -> None:
    url, _ = server
    article = fetch_article(f"{url}/page", trusted=_hosts(server))
    assert (article.title, article.source, article.language) == ("Levels", f"{url}/page", "en")
    assert "3.2 metres" in article.text


def test_the_source_is_where_it_came_from_in_the_end(server: Served) -> None:
    url, asked = server
    article = fetch_article(f"{url}/to//to/{url}/page", trusted=_hosts(server))
    assert article.source == f"{url}/page"
    assert len(asked) == 3


def test_a_file_without_a_type_is_read_by_its_name(server: Served) -> None:
    assert "3.2" in fetch_article(f"{server[0]}/any/page.html", trusted=_hosts(server)).text


@pytest.mark.parametrize(
    "path",
    ["application/x-subrip/talk", "text/plain/talk.srt", "binary/octet-stream/talk.SRT"],
)
def test_every_format_is_read_by_its_type_or_by_its_name(server: Served, path: str) -> None:
    article = fetch_article(f"{server[0]}/as/{path}", trusted=_hosts(server))
    assert article.text == "The river rose."  # as subtitles are read: without the times


def test_every_format_has_a_media_type() -> None:
    assert {*READERS} - {".markdown", ".htm"} == {*fetch._TYPES.values()}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone", "the server answered 404"),
        ("picture", "no article but image/png"),
        ("any/page.exe", "no article but something unnamed"),
        ("bomb", "more than the limit of 20,000,000 bytes"),
        ("short", "broke off"),
        ("to/ftp://example.org/", "give the whole address, http:// or https://"),
        ("to/http://10.0.0.1/", "not on the public internet"),
        ("to/http://169.254.169.254/latest/meta-data", "not on the public internet"),
        ("to/http://[fd00::1]/", "not on the public internet"),
        ("to/file:///etc/passwd", "give the whole address"),
        ("to/http://me:secret@example.org/", "with a user name or a password in it is not"),
    ],
)
def test_what_cannot_be_had_is_reported(server: Served, path: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        fetch_article(f"{server[0]}/{path}", trusted=_hosts(server))


def test_redirects_end(server: Served) -> None:
    url, asked = server
    with pytest.raises(ArticleError, match="more than 5 redirects"):
        fetch_article(f"{url}/to/" * 7 + f"{url}/page", trusted=_hosts(server))
    assert len(asked) == 6


def test_a_dripping_page_ends(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_WHOLE", 0.5)
    started = time.monotonic()
    with pytest.raises(ArticleError, match="took longer than"):
        fetch_article(f"{server[0]}/drip", trusted=_hosts(server))
    assert time.monotonic() - started < 5


LOCAL = [
    "127.0.0.1", "localhost", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0",
    "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
    "127。0。0。1", "①②⑦.0.0.1", "127.0.0.1.", "localhost.", "LOCALHOST", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_is_not_asked_however_it_is_spelled(server: Served, host: str) -> None:
    url, asked = server
    with pytest.raises(ArticleError, match="not on the public internet|cannot be reached"):
        fetch_article(f"http://{host}:{url.rsplit(':', 1)[1]}/page")
    assert asked == []


@pytest.mark.parametrize(
    "host", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fe80::1]",
             "[fd12::1]", "[fec0::1]", "[::127.0.0.1]", "224.0.0.1", "255.255.255.255",
             "240.0.0.1", "198.18.0.1"],
)  # fmt: skip
def test_private_networks_are_not_asked(host: str) -> None:
    with pytest.raises(ArticleError, match="not on the public internet"):
        fetch_article(f"http://{host}/")


def test_a_name_is_judged_by_its_address(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network is mocked: a name on the internet that resolves to this machine."""
    url, asked = server
    port = int(url.rsplit(":", 1)[1])
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
    with pytest.raises(ArticleError, match="not on the public internet"):
        fetch_article(f"http://news.example:{port}/page")
    assert asked == []


def test_a_proxy_is_not_used(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    url, asked = server
    monkeypatch.setenv("http_proxy", url)
    with pytest.raises(ArticleError, match="not on the public internet"):
        fetch_article("http://10.0.0.1/page")
    assert asked == []


@given(st.text(max_size=40) | st.text("htp:/@[]%.0129\\#?", max_size=30).map("http://".__add__))
def test_any_text_is_an_address_or_one_clear_error(url: str) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 1))])
    try:
        with pytest.raises(ArticleError) as raised:
            fetch_article(url)
    finally:
        patch.undo()
    assert str(raised.value).isprintable()
