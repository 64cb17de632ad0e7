"""The middleware, around an application that only answers."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.auth import Accounts, account_line
from ui.i18n import LANGUAGE_COOKIE
from ui.logs import QuestionLog, log_to
from ui.middleware import PageMiddleware, Rates, RequestGate, page_in_language
from ui.request import SESSION_COOKIE

PAGE = '<html\n\tlang="en"\n\tstyle="margin: 0">\n<head>\n</head><body>x</body></html>'


async def _page(_: Any) -> HTMLResponse:
    return HTMLResponse(PAGE)


async def _answer(request: Any) -> PlainTextResponse:
    right = (await request.body()) != b"wrong"
    return PlainTextResponse("yes" if right else "no", 200 if right else 400)


def client(accounts: Accounts | None = None, **rates: str) -> TestClient:
    routes = [Route("/", _page), Route("/{rest:path}", _answer, methods=["GET", "POST"])]
    app = Starlette(routes=routes)
    app.add_middleware(PageMiddleware)
    app.add_middleware(RequestGate, rates=Rates(**{"requests": "", "uploads": "", **rates}),
                       accounts=accounts, stopping=asyncio.Event(),
        upload=30_000_000)  # fmt: skip
    return TestClient(app)


def test_a_client_that_asks_too_often_waits() -> None:
    asking = client(requests="3 per minute")
    codes = [asking.post("/gradio_api/queue/join").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    refused = asking.post("/gradio_api/call/ask")
    assert refused.json() == {"detail": "too many requests; wait 60 seconds"}
    assert refused.headers["retry-after"] == "60"
    assert asking.get("/gradio_api/queue/data").status_code == 200
    assert asking.post("/gradio_api/upload").status_code == 200


def test_uploads_have_a_rate_of_their_own() -> None:
    sending = client(uploads="1 per minute")
    assert [sending.post("/gradio_api/upload").status_code for _ in range(2)] == [200, 429]
    assert sending.post("/gradio_api/queue/join").status_code == 200


@pytest.mark.parametrize(
    "path", ["/gradio_api/queue/join/", "/gradio_api/call/v2/ask/", "/gradio_api/call/ask", "/mcp/"]
)
def test_every_way_to_ask_is_counted(path: str) -> None:
    asking = client(requests="1 per minute")
    assert [asking.post(path).status_code for _ in range(2)] == [200, 429]
    assert asking.post("/gradio_api/cancel").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/login/"])
def test_wrong_passwords_end_and_a_right_one_clears_them(path: str) -> None:
    guessing = client()
    for _ in range(12):
        assert guessing.post(path, content="right").status_code == 200
    codes = [guessing.post(path, content="wrong").status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
    assert guessing.post("/login", content="right").status_code == 429


def test_tries_at_once_are_counted_before_they_are_answered() -> None:
    guessing = client()
    guessing.get("/healthz")  # the application is put together at its first request
    with ThreadPoolExecutor(15) as pool:
        sent = [pool.submit(guessing.post, "/login", content="wrong") for _ in range(15)]
    assert sorted(each.result().status_code for each in sent) == [400] * 10 + [429] * 5


def test_a_large_request_is_refused_before_it_is_read() -> None:
    sending = client()
    large = sending.post("/gradio_api/call/ask", content=b"x" * 16_000_001)
    assert (large.status_code, large.json()) == (413, {"detail": "the limit is 16,000,000 bytes"})
    assert sending.post("/gradio_api/upload", content=b"x" * 16_000_001).status_code == 200
    unsaid = sending.post("/gradio_api/call/ask", content=iter([b"x"]))
    assert (unsaid.status_code, unsaid.json()) == (411, {"detail": "say how long the request is"})


def test_assistants_need_an_account_where_there_are_any() -> None:
    accounts = Accounts(dict([account_line("amel", "open sesame").split(":", 1)]))
    calling = client(accounts)
    assert calling.post("/mcp/").status_code == 401
    assert calling.post("/mcp/", auth=("amel", "open sesame")).status_code == 200
    assert calling.post("/mcp/", auth=("amel", "wrong")).status_code == 401
    for value in ("Basic !!!", "Basic " + base64.b64encode(b"\xff\xff").decode(), "Bearer x"):
        assert calling.post("/mcp/", headers={"Authorization": value}).status_code == 401
    for _ in range(20):  # to come without any is no guess
        assert calling.post("/mcp/").status_code == 401
    for _ in range(9):
        calling.post("/mcp/", auth=("amel", "wrong"))
    assert calling.post("/mcp/", auth=("amel", "wrong")).status_code == 429
    assert calling.post("/mcp/", auth=("amel", "open sesame")).status_code == 200  # remembered
    assert client().post("/mcp/").status_code == 200


def test_a_browser_is_given_a_session_of_its_own_once() -> None:
    one = client()
    cookie = one.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = one.cookies[SESSION_COOKIE]
    assert len(secret) >= 32
    assert "set-cookie" not in one.get("/").headers
    assert one.get("/other").headers.get("set-cookie") is None
    client().get("/")
    other = client()
    other.get("/")
    assert other.cookies[SESSION_COOKIE] != secret


@pytest.mark.parametrize("other", ['theme={"a": 1}', "foo", "a@b[]=1", "x=\xe9"])
def test_a_session_stays_beside_other_peoples_cookies(other: str) -> None:
    header = f"{other}; {SESSION_COOKIE}=mine; {LANGUAGE_COOKIE}=ar".encode("latin-1")
    reported = client().get("/", headers={b"Cookie": header})
    assert "set-cookie" not in reported.headers
    assert '<html lang="ar"' in reported.text


def test_the_page_is_in_the_readers_language_and_direction() -> None:
    reported = client().get("/", headers={"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl"' in reported.text
    assert reported.text.index("navigator, 'language', {value: 'ar'}") < reported.text.index(
        "</head>"
    )
    assert int(reported.headers["content-length"]) == len(reported.content)
    assert "default-src 'self'" in reported.headers["content-security-policy"]
    assert page_in_language(b"no page", "ar") == b"no page"


def test_gradios_page_still_is_as_it_is_changed_here() -> None:
    from pathlib import Path

    import gradio

    page = (Path(gradio.__file__).parent / "templates/frontend/index.html").read_bytes()
    assert b'<html lang="ar" dir="rtl"' in page_in_language(page, "ar")
    assert b"<head><script>Object.defineProperty(navigator" in page_in_language(page, "ar")


@pytest.fixture
def log() -> Any:
    stream, root, ours = io.StringIO(), logging.getLogger(), logging.getLogger("article_qa")
    before = list(root.handlers)
    log_to(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    ours.setLevel(logging.NOTSET)
    logging.captureWarnings(False)


def test_what_goes_wrong_keeps_to_the_lines(log: Any) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("ui.chat").exception("a question could not be answered")
    warnings.warn("odd", stacklevel=1)
    failed, odd = log()
    assert failed["message"] == "a question could not be answered"
    assert "ZeroDivisionError" in failed["exc_info"]
    assert "odd" in odd["message"]


def test_the_log_is_json_lines_without_what_was_asked(log: Any) -> None:
    client().post("/gradio_api/call/ask?secret=1", json={"data": ["secret question"]})
    with QuestionLog().record("secret question") as asked:
        asked.status = "answered"
    request, question = log()
    assert request["path"] == "/gradio_api/call/ask"
    assert (request["status"], request["method"], request["level"]) == (200, "POST", "INFO")
    assert request["ms"] >= 0
    assert (question["status"], question["characters"]) == ("answered", 15)
    assert "secret" not in json.dumps([request, question])


def test_what_was_asked_is_logged_where_that_is_wanted(log: Any) -> None:
    with pytest.raises(ZeroDivisionError), QuestionLog(texts=True).record("كم؟"):
        _ = 1 / 0
    (question,) = log()
    assert (question["question"], question["status"]) == ("كم؟", "failed")


def test_pictures_and_health_are_not_logged(log: Any) -> None:
    client().get("/healthz")
    client().get("/assets/x.js")
    assert log() == []
