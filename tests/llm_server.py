"""A local server that speaks the OpenAI protocol; the model's name says how it acts."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sesame"
WRITES = {
    "cites": 'The trade volume is 3 billion dollars. [1: "3 مليارات دولار"]',
    "sums up": 'Russian foreign minister Lavrov speaks. [1: "وزير الخارجية الروسي سيرغي لافروف"]',
    "two": 'Trade is 3 billion dollars [1: "3 مليارات دولار"]. Oil costs 90 dollars.',
    "uncited": "The trade volume is 3 billion dollars.",
    "invents": 'It is 5 billion. [1: "5 مليارات"]',
    "nothing": "NOT_IN_PASSAGES",
    "nothing said otherwise": "<think>Is it [1]?</think> `not_in_passages`. They tell of trade.",
    "thinks": '<think>Trade [1].</think>Trade is 3 billion dollars [1: "3 مليارات دولار"].',
    "escapes": 'Trade is \x1bc3 billion dollars [1: "3 مليارات دولار"].',
    "half a character": "\ud800",
}
ERRORS = {
    "long": (400, "This model's maximum context length is 512 tokens."),
    "busy": (429, "Rate limit reached."),
    "missing": (404, "The model does not exist."),
    "broken inside": (500, "oh no"),
}


_IN_STREAM = b'data: {"error": {"message": "maximum context length is 512 tokens"}}\n\n'
_PARTS = (
    b'data: {"choices": [{"index": 0, "delta": {"content": [{"type": "text"}]}, '
    b'"finish_reason": null}]}\n\n'
)


class Handler(BaseHTTPRequestHandler):
    """Answer /v1/chat/completions."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)  # type: ignore[attr-defined]
        model = asked["model"]
        if model == "locked" and self.headers["Authorization"] != f"Bearer {KEY}":
            return self._json(401, {"error": {"message": "Incorrect API key provided."}})
        if model in ERRORS:
            code, message = ERRORS[model]
            return self._json(code, {"error": {"message": message}})
        if model == "silent":
            time.sleep(3)
            return None
        if model == "html":
            return self._body(200, "text/html", b"<html>Welcome to nginx</html>")
        if model == "rubbish":
            return self._body(200, "text/event-stream", b"data: {not json\n\n")
        if model == "other shape":
            return self._body(200, "text/event-stream", b'data: {"choices": [{"x": 1}]}\n\n')
        if model == "error within":
            return self._body(200, "text/event-stream", _IN_STREAM)
        if model == "parts":
            return self._body(200, "text/event-stream", _PARTS)
        self._stream(model, asked["messages"])
        return None

    def _stream(self, model: str, messages: list[dict[str, str]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number, piece in enumerate(self._pieces(model, messages)):
                if model == "breaks" and number == 5:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._event({"content": piece}, None)
                if model == "stops" and number == 5:
                    self._chunk(b"")
                    return
            while model == "alive":
                self._chunk(b": ping\n\n")
                time.sleep(0.05)
            self._event({}, "length" if model == "cut" else "stop")
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")
        except OSError:
            return  # the client has gone

    def _pieces(self, model: str, messages: list[dict[str, str]]) -> Iterator[str]:
        if model == "endless":
            while True:
                yield "and so on " * 100
        text = WRITES.get(model, WRITES["cites"])
        if model == "slow":
            yield WRITES["two"]
            time.sleep(30)
        if model == "echo":
            text = "\n".join(message["content"] for message in messages)
        yield from (text[i : i + 4] for i in range(0, len(text), 4))

    def _event(self, delta: dict[str, str], finished: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finished}
        event = {
            "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [choice],
        }  # fmt: skip
        half = "\ud800" in delta.get("content", "")  # UTF-8 has none
        self._chunk(b"data: " + json.dumps(event, ensure_ascii=half).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, code: int, value: dict[str, Any]) -> None:
        self._body(code, "application/json", json.dumps(value).encode())

    def _body(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


@contextmanager
def llm_server() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve on a free port; give the endpoint's base and the requests as they come."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", server.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
