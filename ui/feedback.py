"""Thumbs up and down, appended to a file as JSON lines."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from index.errors import ArticleQAError
from ui.talk import Turn

LONGEST = 50_000  # characters of a line


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
        if len(line) > LONGEST:  # no answer of ours is: the browser keeps them, and may send others
            return
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line)
