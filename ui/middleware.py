"""What stands before the page: limits for each client, accounts, the page's language."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.i18n import PageLanguage, direction, page_language
from ui.mcp import MCP_PATH
from ui.request import SESSION_COOKIE, Rate
from ui.uploads import names_foreign_file

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.auth import Accounts

LOGINS = "10 per 15 minutes"  # tries of one client since its last right one
MAX_BODY_BYTES = (
    16_000_000  # bytes of a request but for an upload: a text of two million characters fits
)
_API, _UPLOAD, _LOGIN = "/gradio_api", "/gradio_api/upload", "/login"
# All that the page and programs need. The rest of Gradio's fetches addresses, gives out files,
# runs past the queue, or is for its developers.
_ALLOWED = re.compile(
    r"/gradio_api/(?:info|openapi\.json|app_id|startup-events|login_check|queue/(?:join|data)"
    r"|call/(?:v2/)?\w+(?:/\w+)?|upload|upload_progress|cancel|reset|heartbeat/\w+)"
)
_COSTLY = ("/gradio_api/queue/join", "/gradio_api/call/")
_UNCOUNTED = ("/gradio_api/cancel", "/gradio_api/reset")  # they stop work
_HEARTBEAT = "/gradio_api/heartbeat"
_FETCHED = re.compile(r"/gradio_api/call/(?:v2/)?\w+/(\w+)")  # a program fetches its answer
_QUIET = ("/assets/", "/static/", "/theme.css", _HEARTBEAT, "/healthz", "/svelte/")

logger = logging.getLogger("article_qa.requests")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one client may do what costs time; "" is without limit."""

    requests: str = "120 per minute"
    uploads: str = "20 per 10 minutes"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a request is refused."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


class RequestGate:
    """ASGI middleware. A client is the address that a request comes from.

    ``stopping`` is set when the server begins to stop; ``upload`` is the largest upload in bytes;
    ``forget`` is called with each event of a program whose answer was fetched.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: Rates,
        accounts: Accounts | None,
        stopping: asyncio.Event,
        upload: int,
        forget: Callable[[str], object] | None = None,
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._stopping = stopping
        self._upload = upload
        self._forget = forget
        self._requests, self._uploads = Rate(rates.requests), Rate(rates.uploads)
        self._logins = Rate(LOGINS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        client = (scope.get("client") or ("unknown",))[0]
        path = scope["path"].rstrip("/")

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if path == _LOGIN and status == 200 and scope["method"] == "POST":
                    self._logins.clear(client)
            await send(message)

        try:
            rejection = await self._rejection(scope, client, path) or self._check_length(
                scope, path
            )
            if rejection is None and scope["method"] == "POST" and path.startswith(_COSTLY):
                receive, rejection = await _read(receive)
            if rejection is not None:
                await _respond(watched, rejection)
            else:
                await self._app(scope, self._ending(path, receive), watched)
        finally:
            event = _FETCHED.fullmatch(path) if scope["method"] == "GET" else None
            if event is not None and self._forget is not None:
                self._forget(event[1])
            if not path.startswith(_QUIET):
                elapsed = 1000 * (time.perf_counter() - started)
                facts = {"path": path or "/", "method": scope["method"], "status": status}
                logger.info("request", extra={**facts, "ms": round(elapsed, 1)})

    async def _rejection(self, scope: Scope, client: str, path: str) -> Rejection | None:
        if path.startswith(_API) and not _ALLOWED.fullmatch(path):
            return Rejection(404, "there is nothing here")
        if path.startswith(MCP_PATH) and self._accounts is not None:
            # Gradio's accounts stand before Gradio's page alone.
            rejection = await self._check_account(scope, client, self._accounts)
            if rejection is not None:
                return rejection
        if scope["method"] != "POST":
            return None
        if path == _LOGIN:
            return None if self._logins.hit(client) else _too_many(self._logins)
        if path == _UPLOAD:
            return None if self._uploads.hit(client) else _too_many(self._uploads)
        counted = path.startswith((_API, MCP_PATH)) and path not in _UNCOUNTED
        if counted and not self._requests.hit(client):
            return _too_many(self._requests)
        return None

    async def _check_account(
        self, scope: Scope, client: str, accounts: Accounts
    ) -> Rejection | None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if accounts.is_remembered(given):
            return None
        if given and not self._logins.hit(client):
            return _too_many(self._logins)
        if given and await accounts.admit(given):
            self._logins.clear(client)
            return None
        return Rejection(401, "give a name and a password", (("WWW-Authenticate", "Basic"),))

    def _check_length(self, scope: Scope, path: str) -> Rejection | None:
        limit = self._upload if path == _UPLOAD else MAX_BODY_BYTES
        headers = dict(scope["headers"])
        try:
            length = int(headers.get(b"content-length", b"0"))
        except ValueError:
            return Rejection(400, "the length of the request is not a number")
        if b"transfer-encoding" in headers:
            return Rejection(411, "say how long the request is")
        return None if length <= limit else Rejection(413, f"the limit is {limit:,} bytes")

    def _ending(self, path: str, receive: Receive) -> Receive:
        """End a page's heartbeat, which has no end of its own, when the server is stopped."""
        if not path.startswith(_HEARTBEAT):
            return receive

        async def receive_or_stop() -> Message:
            received = asyncio.ensure_future(receive())
            stopped = asyncio.ensure_future(self._stopping.wait())
            done, left = await asyncio.wait({received, stopped}, return_when="FIRST_COMPLETED")
            for task in left:
                task.cancel()
            return received.result() if received in done else {"type": "http.disconnect"}

        return receive_or_stop


async def _read(receive: Receive) -> tuple[Receive, Rejection | None]:
    """Read a request for work; refuse it if it names files that it may not.

    Return what gives the application the same request again.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        body.extend(message.get("body", b""))
        if not message.get("more_body"):
            break
    again: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def receive_again() -> Message:
        return again.pop() if again else await receive()

    return receive_again, await asyncio.to_thread(_check_body, bytes(body))


def _check_body(body: bytes) -> Rejection | None:
    """Return why the application must not see the body of a request, or None."""
    try:
        parsed = json.loads(body or b"null")
        if b"\\ud" in body.lower():  # half a character breaks the stream of whoever gets it back
            json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return Rejection(400, "this is not JSON in valid Unicode")
    return Rejection(400, "this file was not uploaded") if names_foreign_file(parsed) else None


def _too_many(rate: Rate) -> Rejection:
    seconds = rate.seconds
    reason = f"too many requests; wait {seconds} seconds"
    return Rejection(429, reason, (("Retry-After", str(seconds)),))


async def _respond(send: Send, rejection: Rejection) -> None:
    body = json.dumps({"detail": rejection.reason}).encode()
    pairs = (("content-type", "application/json"), ("content-length", str(len(body))))
    headers = [(n.lower().encode(), v.encode()) for n, v in (*pairs, *rejection.headers)]
    await send({"type": "http.response.start", "status": rejection.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


# The page needs nothing from other sites, so the browser may fetch nothing from them.
# Gradio's scripts stand in the page itself.
POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
_HTML = re.compile(rb"<html\s+lang=\"en\"")


class PageMiddleware:
    """ASGI middleware around the page itself; everything else passes through it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page in its language; give its browser a session."""
        from starlette.requests import cookie_parser

        if scope["type"] != "http" or scope["path"] not in ("", "/") or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        cookies = cookie_parser(headers.get("cookie", ""))
        language = page_language(cookies, headers)
        start: Message = {}
        body = bytearray()

        async def gathered(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = page_in_language(bytes(body), language)
            kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
            kept += [(b"content-length", str(len(page)).encode())]
            kept += [(b"content-security-policy", POLICY.encode())]
            kept += [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
            if SESSION_COOKIE not in cookies:
                kept.append((b"set-cookie", _session_cookie(scope["scheme"]).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, gathered)


def page_in_language(page: bytes, language: PageLanguage) -> bytes:
    """Return Gradio's page in a language and its direction.

    Gradio takes the language of its texts from the browser alone, when its script starts: the one
    chosen on the page must stand there before that.
    """
    root = f'<html lang="{language}" dir="{direction(language)}"'.encode()
    chosen = f"Object.defineProperty(navigator, 'language', {{value: '{language}'}});"
    page = _HTML.sub(root, page, count=1)
    return page.replace(b"<head>", f"<head><script>{chosen}</script>".encode(), 1)


def _session_cookie(scheme: str) -> str:
    # Without an age: it ends with the browser's session.
    cookie = f"{SESSION_COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
    return cookie + ("; Secure" if scheme == "https" else "")
