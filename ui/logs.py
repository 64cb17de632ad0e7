"""The server's logs: requests and questions, feedback, and failures."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

from index.errors import ArticleNotFoundError, ArticleQAError, StoreError
from ui.talk import Turn

NAME = "article_qa"

_questions = logging.getLogger(f"{NAME}.questions")


@dataclass(slots=True)
class QuestionRecord:
    """A question that is being answered; ``status`` is set when it is."""

    status: str = "failed"


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """Logs that a question was asked; what was asked only with ``texts``."""

    texts: bool = False

    @contextmanager
    def record(self, question: str) -> Iterator[QuestionRecord]:
        """Log a question when it is answered, or has failed."""
        record, started = QuestionRecord(), time.perf_counter()
        try:
            yield record
        finally:
            facts: dict[str, object] = {
                "status": record.status,
                "characters": len(question),
                "ms": round(1000 * (time.perf_counter() - started), 1),
            }
            if self.texts:
                facts["question"] = question
            _questions.info("question", extra=facts)


def log_to(stream: TextIO) -> None:
    """Write the log of requests and questions to a stream as JSON lines."""
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler(stream)
    names = {"levelname": "level"}
    fields = ["levelname", "name", "message"]
    form = JsonFormatter(fields, timestamp="time", rename_fields=names, json_ensure_ascii=False)
    handler.setFormatter(form)
    # The root's too: what goes wrong must not break the lines.
    logging.getLogger().handlers[:] = [handler]
    logging.captureWarnings(True)
    logging.getLogger(NAME).setLevel(logging.INFO)


MAX_LINE = 50_000  # characters of a line


class Feedback:
    """A file of JSON lines; one process writes to it, from any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a", encoding="utf-8").close()
        except OSError as error:
            raise ArticleQAError(
                f"--feedback {path} cannot be written ({error.strerror}); name another file"
            ) from error

    def keep(self, turn: Turn, liked: bool) -> None:
        """Append what a reader thinks of an answer, with its citations and the store asked."""
        row = {
            "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "liked": liked,
            "question": turn.question,
            "status": turn.status,
            "answer": turn.text,
            "citations": [asdict(place) for place in turn.places],
            "store": turn.store,
        }
        line = json.dumps(row, ensure_ascii=False) + "\n"
        if (
            len(line) > MAX_LINE
        ):  # no answer of ours is: the browser keeps them, and may send others
            return
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line)


UNAVAILABLE = "the articles cannot be asked now; try again later"  # for programs

_failures = logging.getLogger(__name__)


def public_message(error: Exception) -> str:
    """Return an error's message for visitors; "", and it is logged, where it is internal.

    Messages of store failures name where the store is, which visitors need not know.
    """
    ours = isinstance(error, StoreError) and not isinstance(error, ArticleNotFoundError)
    if isinstance(error, ArticleQAError) and not ours:
        return str(error)
    _failures.error("this could not be done", exc_info=error)
    return ""
