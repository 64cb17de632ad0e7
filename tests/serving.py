"""A real server of the chat, in this process, for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.embedder import Embedder
from index.store import Store
from qa.writer import Writer
from ui.app import build
from ui.endpoints import Endpoints
from ui.library import Library, Limits
from ui.logs import Feedback
from ui.mcp import McpServer
from ui.middleware import Rates
from ui.server import Settings, serve_in_background


@contextmanager
def served(
    store: Store,
    embedder: Embedder,
    *,
    writer: Writer | None = None,
    folder: Path | None = None,
    feedback: Path | None = None,
    mcp: bool = False,
    limits: Limits | None = None,
    **settings: Any,
) -> Iterator[str]:
    """Serve a store on a port of its own; give the address."""
    library = Library(store, embedder, folder=folder, limits=limits)
    endpoints = Endpoints(library)
    kept = None if feedback is None else Feedback(feedback)
    rates = settings.setdefault("rates", Rates(requests="", uploads=""))
    page = build(library, endpoints, writer=writer, feedback=kept, adding=rates.uploads)
    tools = McpServer(endpoints, on_loopback=True) if mcp else None
    with serve_in_background(
        page, Settings(host="127.0.0.1", port=0, **settings), tools
    ) as address:
        yield address
