"""The page as it is sent: in the reader's language and direction, to a session of its own."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from ui.strings import Language, direction
from ui.visitors import SESSION_COOKIE, language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The page needs nothing from elsewhere, so the browser is told to fetch nothing from there.
# Gradio's scripts stand in the page itself.
POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
_HTML = re.compile(rb"<html\s+lang=\"en\"")


class Pages:
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
        language = language_of(cookies, headers)
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
            page = in_language(bytes(body), language)
            kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
            kept += [(b"content-length", str(len(page)).encode())]
            kept += [(b"content-security-policy", POLICY.encode())]
            kept += [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
            if SESSION_COOKIE not in cookies:
                kept.append((b"set-cookie", _session_cookie(scope["scheme"]).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, gathered)


def in_language(page: bytes, language: Language) -> bytes:
    """Return Gradio's page in a language and its direction.

    Gradio takes the language of its texts from the browser alone, when its script starts: the one
    chosen on the page must stand there before that.
    """
    told = f'<html lang="{language}" dir="{direction(language)}"'.encode()
    chosen = f"Object.defineProperty(navigator, 'language', {{value: '{language}'}});"
    page = _HTML.sub(told, page, count=1)
    return page.replace(b"<head>", f"<head><script>{chosen}</script>".encode(), 1)


def _session_cookie(scheme: str) -> str:
    # Without an age: it ends with the browser's session.
    cookie = f"{SESSION_COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax"
    return cookie + ("; Secure" if scheme == "https" else "")
