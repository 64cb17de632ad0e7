"""The web server: the page in one application with health, limits and accounts."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.base import AnyStore
from index.errors import ArticleQAError, StoreNotFoundError
from index.folder import writer_lock
from index.sandbox import kill_sandboxes
from index.store import Store
from ui.app import build
from ui.auth import Accounts
from ui.endpoints import Endpoints
from ui.layout import translations
from ui.library import Library
from ui.logs import Feedback, QuestionLog, log_to
from ui.mcp import MCP_PATH, McpServer
from ui.middleware import PageMiddleware, Rates, RequestGate
from ui.theme import theme

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

    from index.embedder import Embedder
    from qa.command.options import ChatOptions


_FORM = 10_000  # bytes around the file of an upload
_POLL = 0.02  # seconds between two looks into the queue
STOPPING = 10  # seconds that a request may still take when the server is stopped


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server is run; ``upload_mb`` is the largest file taken, in megabytes."""

    host: str = "127.0.0.1"
    port: int = 7860
    accounts: Accounts | None = None
    upload_mb: int = 20
    rates: Rates = field(default_factory=Rates)


def application(
    page: gr.Blocks, settings: Settings, mcp_server: McpServer | None, stopping: asyncio.Event
) -> FastAPI:
    """Return the ASGI application that serves the page, and the MCP server's tools if given.

    ``stopping`` is set when the server begins to stop.
    """
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.responses import RedirectResponse

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with nullcontext() if mcp_server is None else mcp_server.running():
            yield

    app = FastAPI(
        title="article-qa", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    if mcp_server is not None:
        app.mount(MCP_PATH, mcp_server.application)
        # Without the slash, Gradio's page would take it for one of its own.
        away = RedirectResponse(f"{MCP_PATH}/", status_code=307)
        app.add_api_route(MCP_PATH, lambda: away, methods=["GET", "POST", "DELETE"])

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    # Not past the queue: /run and /api would know no limit of what runs at once.
    # Several at once of everything: one slow opening must not keep the others waiting.
    page.queue(max_size=256, api_open=False, default_concurrency_limit=4)
    # Gradio looks for new events a thousand times a second, which takes 8 % of a core of a server
    # that nobody asks anything.
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = _POLL
    ui = files("ui")
    script = ui.joinpath("page.js").read_text(encoding="utf-8")
    style = ui.joinpath("style.css").read_text(encoding="utf-8")
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        auth=settings.accounts.check_in_thread if settings.accounts is not None else None,
        max_file_size=settings.upload_mb * 1_000_000,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        show_error=False,
        footer_links=["api"],
        mcp_server=False,
        theme=theme(),
        # Not as css=: Gradio puts its container before each rule, and ours look at the page's root.
        head=f"<style>{style}</style><script>{script}</script>",
        i18n=translations(),
    )
    # Its check of the files that a request names is off in a mounted page; see ui/request.py too.
    page.has_launched = True
    mounted.add_middleware(PageMiddleware)
    mounted.add_middleware(
        RequestGate,
        rates=settings.rates,
        accounts=settings.accounts,
        stopping=stopping,
        upload=settings.upload_mb * 1_000_000 + _FORM,
        # Gradio keeps a copy of the whole page for each event that a program sends, 10,000 of them,
        # and pushes out the browsers' for more.
        forget=partial(_forget, page),
    )
    return mounted


def _forget(page: gr.Blocks, event: str) -> None:
    """Drop what Gradio keeps of an event of a program: its session is the event itself."""
    page.state_holder.session_data.pop(event, None)
    page.state_holder.time_last_used.pop(event, None)
    page._queue.pending_event_ids_session.pop(event, None)


def _serve(server: uvicorn.Server, listening: socket.socket) -> int:
    """Serve until Ctrl-C or SIGTERM; requests that run are finished. Return the exit code."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"The chat is at http://{shown}:{port} (Ctrl-C stops it)", flush=True)
    with _exit_zero_on_signal(server):
        server.run(sockets=[listening])
    kill_sandboxes()  # nobody waits any more for what is still being read
    return 0


@contextmanager
def _exit_zero_on_signal(server: uvicorn.Server) -> Iterator[None]:
    """Exit with 0 after SIGINT or SIGTERM.

    uvicorn handles the signal while it runs, and raises it once more when it has stopped.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stop) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


@contextmanager
def serve_in_background(
    page: gr.Blocks, settings: Settings, mcp_server: McpServer | None = None
) -> Iterator[str]:
    """Serve in the background; yield the address, and stop on leaving."""
    with _listening_socket(settings) as listening:
        server = _server(page, settings, mcp_server)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise ArticleQAError("the server did not start")
                time.sleep(0.01)
            yield f"http://{settings.host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOPPING + 5)


@contextmanager
def _listening_socket(settings: Settings) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family)
    except (OSError, ValueError, OverflowError) as error:
        raise ArticleQAError(
            f"cannot serve on {settings.host}:{settings.port} ({error}); "
            "try another --port or --host"
        ) from error
    with listening:
        # Accepted sockets take this over; asyncio sets it for those alone that name the protocol.
        # Without it the first part of each stream waits 40 ms for the receipt of its headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listening


def _server(page: gr.Blocks, settings: Settings, mcp_server: McpServer | None) -> uvicorn.Server:
    import uvicorn

    stopping = asyncio.Event()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            stopping.set()
            await super().shutdown(sockets)

    config: Any = uvicorn.Config(
        application(page, settings, mcp_server, stopping),
        log_config=None,  # ui/logs.py writes the log
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=STOPPING,
    )
    return Server(config)


def serve_chat(options: ChatOptions) -> int:
    """Serve the chat that the command's options describe; return the exit code.

    ``options.store`` is what is asked about, and where the ``library`` folder holds no store yet,
    its first content. Raises ArticleQAError.
    """
    # Gradio reads this when it is imported: no usage figures leave this machine.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    settings = Settings(
        host=options.host,
        port=options.port,
        accounts=None if options.auth is None else Accounts.load(options.auth),
        upload_mb=options.max_upload,
        rates=Rates(requests=f"{options.rate} per minute" if options.rate else ""),
    )
    with _listening_socket(settings) as listening:  # first: to build the page takes seconds
        store = options.store
        if options.library is not None:
            store = _open_library(options.library, store, options.embedder)
        log = QuestionLog(texts=options.log_questions)
        library = Library(store, options.embedder, folder=options.library)
        endpoints = Endpoints(library, options.reader, log)
        page = build(
            library,
            endpoints,
            reader=options.reader,
            writer=options.writer,
            feedback=None if options.feedback is None else Feedback(options.feedback),
            log=log,
            adding=settings.rates.uploads,
        )
        log_to(sys.stderr)
        mcp_server = _mcp_server(endpoints, options.host) if options.mcp else None
        return _serve(_server(page, settings, mcp_server), listening)


def _open_library(folder: Path, first: AnyStore, embedder: Embedder) -> Store:
    with writer_lock(folder):
        try:
            return Store.open(folder, embedder)
        except StoreNotFoundError:
            if not isinstance(first, Store):
                raise ArticleQAError(
                    "--library is first filled from a folder or articles, not from Milvus"
                ) from None
            return first.save(folder)


def _mcp_server(endpoints: Endpoints, host: str) -> McpServer:
    try:
        return McpServer(endpoints, on_loopback=host in ("127.0.0.1", "localhost", "::1"))
    except ImportError:
        raise ArticleQAError('--mcp needs: pip install "article-qa[mcp]"') from None
