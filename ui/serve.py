"""The verb `article-qa chat`: a library made ready, and the page over it served."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.base import AnyStore
from index.errors import ArticleQAError, StoreMissing
from index.folder import writer_lock
from index.store import Store
from ui.accounts import Accounts
from ui.app import build
from ui.assistants import Assistants
from ui.endpoints import Endpoints
from ui.feedback import Feedback
from ui.gate import Rates
from ui.library import Library
from ui.logs import QuestionLog, log_to
from ui.server import Settings
from ui.server import serve as run

if TYPE_CHECKING:
    from index.embedder import Embedder
    from qa.extractive import ExtractiveModel
    from qa.writer import Writer


def serve(
    store: AnyStore,
    embedder: Embedder,
    *,
    host: str,
    port: int,
    reader: ExtractiveModel | None,
    writer: Writer | None,
    library: Path | None,
    feedback: Path | None,
    auth: Path | None,
    mcp: bool,
    max_upload: int,
    rate: int,
    log_questions: bool,
) -> int:
    """Serve the chat until it is stopped; return the exit code.

    ``store`` is what is asked about, and where a ``library`` folder holds no store yet, what it
    begins with. Raises ArticleQAError.
    """
    # Gradio reads this when it is imported: no usage figures leave this machine.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    settings = Settings(
        host=host,
        port=port,
        accounts=None if auth is None else Accounts.load(auth),
        upload_mb=max_upload,
        rates=Rates(requests=f"{rate} per minute" if rate else ""),
    )
    if library is not None:
        store = _opened(library, store, embedder)
    log, shelves = QuestionLog(texts=log_questions), Library(store, embedder, folder=library)
    endpoints = Endpoints(shelves, reader, log)
    page = build(
        shelves,
        endpoints,
        reader=reader,
        writer=writer,
        feedback=None if feedback is None else Feedback(feedback),
        log=log,
        adding=settings.rates.uploads,
    )
    log_to(sys.stderr)
    return run(page, settings, _assistants(endpoints, host) if mcp else None)


def _opened(folder: Path, first: AnyStore, embedder: Embedder) -> Store:
    with writer_lock(folder):
        try:
            return Store.open(folder, embedder)
        except StoreMissing:
            if not isinstance(first, Store):
                raise ArticleQAError("--library begins with a folder, not with Milvus") from None
            return first.save(folder)


def _assistants(endpoints: Endpoints, host: str) -> Assistants:
    try:
        return Assistants(endpoints, on_loopback=host in ("127.0.0.1", "localhost", "::1"))
    except ImportError:
        raise ArticleQAError('--mcp needs: pip install "article-qa[mcp]"') from None
