"""Files that requests name: only those that were uploaded may be read."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Gradio takes any path or address that a request gives for an input, and reads it, before the
# page's own code runs. Its check is off where its application is mounted in another, so which files
# a request may name is checked here: those that were uploaded, and no others.
_HASHED = re.compile(r"[0-9a-f]{64}")  # the folder of a content


def upload_folder() -> Path:
    """Return the folder that Gradio keeps uploads in."""
    named = os.environ.get("GRADIO_TEMP_DIR")
    return Path(named or Path(tempfile.gettempdir()) / "gradio").resolve()


def is_upload(path: str) -> bool:
    """Return whether a path is that of an uploaded file, and no link that leads elsewhere."""
    place = Path(path)
    folder = place.parent
    try:
        return (
            place.is_absolute()
            and ".." not in place.parts
            and _HASHED.fullmatch(folder.name) is not None
            and folder.parent.resolve() == upload_folder()
            and not folder.is_symlink()
            and not place.is_symlink()
            and place.is_file()
        )
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def names_foreign_file(body: Any) -> bool:
    """Return whether what a request holds names a file that was not uploaded."""
    return any(not _is_plain_upload(found) for found in _files(body))


def _files(body: Any) -> Iterator[dict[str, Any]]:
    """Yield what Gradio might take for a file: nothing else that is sent has these names."""
    waiting = [body]
    while waiting:  # not by recursion: a request may be nested as deep as it likes
        value = waiting.pop()
        if isinstance(value, dict):
            if "path" in value or "meta" in value:
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_plain_upload(value: dict[str, Any]) -> bool:
    path = value.get("path")
    return isinstance(path, str) and not value.get("is_stream") and is_upload(path)
