"""Limits for reading untrusted files and pages: child processes, and a time limit in this one.

A hostile file can make its library run for hours, fill the memory, or hold the GIL so that nothing
else runs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from index.articles import Article, read_article
from index.errors import ArticleError
from index.fetch import fetch_article
from index.readers.scans import OCR

TIMEOUT = 60
OCR_TIMEOUT = 900  # where pages are pictures
MEMORY = 2 << 30  # bytes of address space

_children: set[subprocess.Popen[bytes]] = set()


def child_command(module: str) -> list[str]:
    """Return the command of a Python process that runs ``main`` of a module.

    The child gets this process's search path: its working directory may contain a folder with the
    name of one of our packages.
    """
    program = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
        f"from {module} import main; main()"
    )
    return [sys.executable, "-c", program, json.dumps(sys.path)]


def read_in_sandbox(
    source: Path | str, ocr: OCR | None = None, *, seconds: float | None = None
) -> Article:
    """Read an article from a file (a Path) or an address (a str) in a child process.

    With ``ocr``, a file's scanned pages are read. Raises ArticleError as `read_article` and
    `fetch_article` do, and if reading takes more than these seconds (a minute; a quarter of an hour
    with ``ocr``) or 2 GB of memory.
    """
    if isinstance(source, str):
        return _run_child(["page", source], seconds or TIMEOUT)
    if ocr is None:
        return _run_child(["file", str(source)], seconds or TIMEOUT)
    return _run_child(["scan", str(source), *ocr.languages], seconds or OCR_TIMEOUT, ocr.on_page)


def make_in_sandbox(text: str, title: str, *, seconds: float = TIMEOUT) -> Article:
    """Make an article of a text, as `Article.of` does, in a child process.

    Raises ArticleError as `read_in_sandbox` does.
    """
    return _run_child(["text", text, title], seconds)


def kill_sandboxes() -> None:
    """Kill all child processes that read; their callers get an ArticleError."""
    for child in list(_children):
        _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and what it started: Tesseract, where it reads scans."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _run_child(
    request: list[str], seconds: float, on_page: Callable[[int, int], object] | None = None
) -> Article:
    child = subprocess.Popen(
        child_command("index.sandbox"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,  # with what it starts itself, to be killed together
    )  # fmt: skip
    _children.add(child)
    is_late = threading.Event()

    def expire() -> None:
        is_late.set()
        _kill(child)

    timer = threading.Timer(seconds, expire)
    timer.start()
    try:
        reply = _exchange(child, request, on_page)
    except (ValueError, BrokenPipeError):  # killed: here, by its own limits or by the system
        if is_late.is_set():
            raise ArticleError(f"reading it took longer than {seconds:.0f} seconds") from None
        raise ArticleError("reading it took more time or memory than one article may") from None
    finally:
        timer.cancel()
        _kill(child)
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
        _children.discard(child)
    if "error" in reply:
        raise ArticleError(reply["error"])
    return Article.from_record(reply["id"], reply["text"], reply)


def _exchange(
    child: subprocess.Popen[bytes],
    request: list[str],
    on_page: Callable[[int, int], object] | None,
) -> dict[str, Any]:
    """Send the request, pass each progress reply to ``on_page``, and return the final reply."""
    assert child.stdin is not None
    assert child.stdout is not None
    # Not as an argument: other users of the machine see those, and they cannot contain NUL.
    with child.stdin:
        child.stdin.write(json.dumps(request).encode())
    while True:
        reply: dict[str, Any] = json.loads(child.stdout.readline())
        if "page" not in reply:
            return reply
        if on_page is not None:
            on_page(reply["page"], reply["of"])


def main() -> None:
    """Run in the child: print the article, or why it cannot be read, as a line of JSON.

    A line before it for each scanned page that was read.
    """
    kind, source, *more = json.load(sys.stdin)
    _set_limits(OCR_TIMEOUT if kind == "scan" else TIMEOUT)
    try:
        reply = asdict(_read(kind, source, more))
    except ArticleError as error:
        reply = {"error": str(error)}
    except MemoryError:
        reply = {"error": "reading it took more memory than one article may"}
    print(json.dumps(reply))


def _read(kind: str, source: str, more: list[str]) -> Article:
    if kind == "text":
        return Article.of(source, title=more[0])
    if kind == "page":
        return fetch_article(source)
    ocr = OCR(tuple(more), _print_page) if kind == "scan" else None
    return read_article(Path(source), ocr)


def _print_page(number: int, count: int) -> None:
    print(json.dumps({"page": number, "of": count}), flush=True)


def _set_limits(seconds: int) -> None:
    with suppress(ImportError):  # on Windows only the time is limited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ArticleError inside the block once it takes longer.

    Works only in a process's main thread, and where the system has interval timers; elsewhere there
    is no limit.
    """
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise ArticleError(f"reading it took longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    # Repeated every second: a library may catch the exception and go on.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
