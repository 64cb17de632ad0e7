"""The server's log: one JSON object a line, without what was asked unless that is wanted."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

NAME = "article_qa"

logger = logging.getLogger(f"{NAME}.questions")


@dataclass(slots=True)
class Asked:
    """A question that is being answered; ``status`` is set when it is."""

    status: str = "failed"


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """Logs that a question was asked; what was asked only with ``texts``."""

    texts: bool = False

    @contextmanager
    def asked(self, question: str) -> Iterator[Asked]:
        """Log a question when its answer is there, or has failed."""
        asked, started = Asked(), time.perf_counter()
        try:
            yield asked
        finally:
            facts: dict[str, object] = {
                "status": asked.status,
                "characters": len(question),
                "ms": round(1000 * (time.perf_counter() - started), 1),
            }
            if self.texts:
                facts["question"] = question
            logger.info("question", extra=facts)


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
