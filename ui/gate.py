"""What stands before the page: limits for each client, accounts for programs, the log."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.assistants import PATH
from ui.rates import Rate

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.accounts import Accounts

LOGINS = "10 per 15 minutes"  # wrong passwords from one client
_WORK = ("/gradio_api/queue/join", "/gradio_api/call/", "/gradio_api/run/", PATH)
_UPLOAD, _LOGIN = "/gradio_api/upload", "/login"
_HEARTBEAT = "/gradio_api/heartbeat/"
_QUIET = ("/assets/", "/static/", "/theme.css", _HEARTBEAT, "/healthz", "/svelte/")

Refusal = tuple[int, str, dict[str, str]]  # status, reason, headers

logger = logging.getLogger("article_qa.requests")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one client may do what costs time; "" is without limit."""

    requests: str = "120 per minute"
    uploads: str = "20 per 10 minutes"


class Gate:
    """ASGI middleware. A client is the address that a request comes from.

    ``stopping`` is set when the server is told to stop.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: Rates,
        accounts: Accounts | None,
        stopping: asyncio.Event,
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._stopping = stopping
        self._requests, self._uploads = Rate(rates.requests), Rate(rates.uploads)
        self._logins = Rate(LOGINS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        client, path = (scope.get("client") or ("unknown",))[0], scope["path"]

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if path == _LOGIN and scope["method"] == "POST" and status == 400:
                    self._logins.count(client)
            await send(message)

        try:
            refusal = self._refusal(scope, client, path)
            if refusal is not None:
                await _answer(watched, *refusal)
            else:
                await self._app(scope, self._ending(path, receive), watched)
        finally:
            if not path.startswith(_QUIET):
                elapsed = 1000 * (time.perf_counter() - started)
                facts = {"path": path, "method": scope["method"], "status": status}
                logger.info("request", extra={**facts, "ms": round(elapsed, 1)})

    def _refusal(
        self, scope: Scope, client: str, path: str
    ) -> tuple[int, str, dict[str, str]] | None:
        """Return the status, the reason and the headers of a refusal, or None."""
        if path.startswith(PATH) and self._accounts is not None:
            # Gradio's accounts stand before Gradio's page alone.
            if not self._logins.allows(client):
                return _too_many(self._logins)
            if not self._knows(scope):
                self._logins.count(client)
                return 401, "give a name and a password", {"WWW-Authenticate": "Basic"}
        if scope["method"] != "POST":
            return None
        if path == _LOGIN and not self._logins.allows(client):
            return _too_many(self._logins)
        if path == _UPLOAD and not self._uploads.count(client):
            return _too_many(self._uploads)
        if path.startswith(_WORK) and not self._requests.count(client):
            return _too_many(self._requests)
        return None

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

    def _knows(self, scope: Scope) -> bool:
        assert self._accounts is not None
        for name, value in scope["headers"]:
            if name == b"authorization" and value.lower().startswith(b"basic "):
                try:
                    given = base64.b64decode(value[6:], validate=True).decode()
                except (binascii.Error, UnicodeDecodeError):
                    return False
                user, _, password = given.partition(":")
                return self._accounts.check(user, password)
        return False


def _too_many(rate: Rate) -> Refusal:
    seconds = rate.seconds
    return 429, f"too many requests; wait {seconds} seconds", {"Retry-After": str(seconds)}


async def _answer(send: Send, status: int, reason: str, headers: dict[str, str]) -> None:
    body = json.dumps({"detail": reason}).encode()
    pairs = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in pairs.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
