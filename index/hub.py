"""Load a model by hub id or folder: from disk if it is there whole, else from the hub."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from index.errors import ModelError

Model = TypeVar("Model", covariant=True)


class Load(Protocol[Model]):
    """Load a model by its name; ``local`` forbids the network."""

    def __call__(self, name: str, *, local: bool) -> Model:
        """Return the model."""


def load_local_first(model: str, load: Load[Model], *, option: str, folder: str) -> Model:
    """Return the model; raise ModelError, in one line naming the ways out, if it cannot be had.

    ``option`` is the command's option that named it, ``folder`` the kind of folder it wants.
    """
    expected = _expected()
    path = Path(os.path.expanduser(model))  # noqa: PTH111  # Path's raises for an unknown user
    if model.startswith((".", "/", "~")) and not path.is_dir():
        raise ModelError(f"the model folder {model} does not exist; check {option}")
    try:
        return load(str(path) if path.is_dir() else model, local=True)
    except expected as error:
        reason = _first_line(error)
    if path.is_dir():
        hint = f"give {option} a whole {folder} folder"
        raise ModelError(f"the model folder {model} cannot be loaded ({reason}); {hint}")
    hint = f"check {option}, or give it the folder of a downloaded model, or leave it out"
    if os.environ.get("HF_HUB_OFFLINE") == "1" or not _hub_answers():
        raise ModelError(f"the model {model!r} is not on this machine and there is no hub; {hint}")
    try:
        return load(model, local=False)
    except expected as error:
        reason = _first_line(error)
        raise ModelError(f"the model {model!r} cannot be loaded ({reason}); {hint}") from error


def _expected() -> tuple[type[Exception], ...]:
    """Return what the loaders raise for a folder that is damaged, or holds something else."""
    import struct

    from huggingface_hub.errors import HfHubHTTPError, StrictDataclassError
    from safetensors import SafetensorError

    damaged = (TypeError, AttributeError, LookupError, RecursionError, struct.error)
    return (
        OSError, ValueError, RuntimeError, SafetensorError, HfHubHTTPError,
        StrictDataclassError, *damaged,
    )  # fmt: skip


def _hub_answers() -> bool:
    """Tell whether the hub can be reached; its client would try for over a minute, aloud."""
    from urllib.request import getproxies

    from huggingface_hub.constants import ENDPOINT

    address = urlsplit(ENDPOINT)
    if address.scheme in getproxies():
        return True  # only the proxy knows
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), timeout=5).close()
    except OSError:
        return False
    return True


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")
