"""The web server: Gradio's page within one application, with health, limits and accounts."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from index.errors import ArticleQAError
from index.sandbox import kill_sandboxes
from ui.accounts import Accounts
from ui.assistants import PATH, Assistants
from ui.gate import Gate, Rates
from ui.layout import translations
from ui.pages import Pages

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

_FORM = 10_000  # bytes around the file of an upload
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
    page: gr.Blocks, settings: Settings, assistants: Assistants | None, stopping: asyncio.Event
) -> FastAPI:
    """Return the ASGI application that serves the page, and the assistants' tools if given.

    ``stopping`` is set when the server is told to stop.
    """
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.responses import RedirectResponse

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with nullcontext() if assistants is None else assistants.running():
            yield

    app = FastAPI(
        title="article-qa", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    if assistants is not None:
        app.mount(PATH, assistants.application)
        # Without the slash, Gradio's page would take it for one of its own.
        away = RedirectResponse(f"{PATH}/", status_code=307)
        app.add_api_route(PATH, lambda: away, methods=["GET", "POST", "DELETE"])

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    # Not past the queue: /run and /api would know no limit of what runs at once.
    # Several at once of everything: one slow opening must not keep the others waiting.
    page.queue(max_size=256, api_open=False, default_concurrency_limit=4)
    ui = files("ui")
    script = ui.joinpath("page.js").read_text(encoding="utf-8")
    style = ui.joinpath("style.css").read_text(encoding="utf-8")
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        auth=settings.accounts.let_in if settings.accounts is not None else None,
        max_file_size=settings.upload_mb * 1_000_000,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        show_error=False,
        footer_links=["api"],
        mcp_server=False,
        theme=gr.themes.Default(),
        # Not as css=: Gradio puts its container before each rule, and ours look at the page's root.
        head=f"<style>{style}</style><script>{script}</script>",
        i18n=translations(),
    )
    # Its check of the files that a request names is off in a mounted page; see ui/uploads.py too.
    page.has_launched = True
    mounted.add_middleware(Pages)
    mounted.add_middleware(
        Gate,
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


def serve(page: gr.Blocks, settings: Settings, assistants: Assistants | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; requests that run are finished. Return the exit code."""
    with _listening(settings) as listening:
        server = _server(page, settings, assistants)
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"The chat is at http://{shown}:{port} (Ctrl-C stops it)", flush=True)
        with _heeding(server):
            server.run(sockets=[listening])
    kill_sandboxes()  # nobody waits any more for what is still being read
    return 0


@contextmanager
def _heeding(server: uvicorn.Server) -> Iterator[None]:
    """Take a signal to stop for the end of the work, not for a failure.

    uvicorn heeds it while it runs, and sends it to itself once more when it has stopped.
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
def running(
    page: gr.Blocks, settings: Settings, assistants: Assistants | None = None
) -> Iterator[str]:
    """Serve in the background; give the address, and stop on leaving."""
    with _listening(settings) as listening:
        server = _server(page, settings, assistants)
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
def _listening(settings: Settings) -> Iterator[socket.socket]:
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


def _server(page: gr.Blocks, settings: Settings, assistants: Assistants | None) -> uvicorn.Server:
    import uvicorn

    stopping = asyncio.Event()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            stopping.set()
            await super().shutdown(sockets)

    config: Any = uvicorn.Config(
        application(page, settings, assistants, stopping),
        log_config=None,  # ui/logs.py writes the log
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=STOPPING,
    )
    return Server(config)
