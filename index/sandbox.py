"""Limits for reading untrusted files and pages: child processes, and a time limit in this one.

A hostile file can make its library run for hours, fill the memory, or hold the GIL so that nothing
else runs.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from index.articles import Article, read_article
from index.errors import ArticleError
from index.fetch import fetch_article

SECONDS = 60
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


def read_in_sandbox(source: Path | str, *, seconds: float = SECONDS) -> Article:
    """Read an article from a file (a Path) or an address (a str) in a child process.

    Raises ArticleError as `read_article` and `fetch_article` do, and if reading takes more than
    these seconds or 2 GB of memory.
    """
    kind = "file" if isinstance(source, Path) else "page"
    return _run_child([kind, str(source)], seconds)


def make_in_sandbox(text: str, title: str, *, seconds: float = SECONDS) -> Article:
    """Make an article of a text, as `Article.of` does, in a child process.

    Raises ArticleError as `read_in_sandbox` does.
    """
    return _run_child(["text", text, title], seconds)


def kill_sandboxes() -> None:
    """Kill all child processes that read; their callers get an ArticleError."""
    for child in list(_children):
        child.kill()


def _run_child(request: list[str], seconds: float) -> Article:
    child = subprocess.Popen(
        child_command("index.sandbox"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _children.add(child)
    try:
        # Not as an argument: other users of the machine see those, and they cannot contain NUL.
        output, _ = child.communicate(json.dumps(request).encode(), timeout=seconds)
        reply = json.loads(output)
    except subprocess.TimeoutExpired:
        raise ArticleError(f"reading it took longer than {seconds:.0f} seconds") from None
    except ValueError:  # killed, by its own limits or by the system
        raise ArticleError("reading it took more time or memory than one article may") from None
    finally:
        child.kill()
        child.communicate()
        _children.discard(child)
    if "error" in reply:
        raise ArticleError(reply["error"])
    return Article.from_facts(reply["id"], reply["text"], reply)


def main() -> None:
    """Run in the child: print the article, or why it cannot be read, as one JSON object."""
    kind, source, *title = json.load(sys.stdin)
    _set_limits()
    try:
        reply = asdict(_read(kind, source, *title))
    except ArticleError as error:
        reply = {"error": str(error)}
    except MemoryError:
        reply = {"error": "reading it took more memory than one article may"}
    print(json.dumps(reply))


def _read(kind: str, source: str, title: str = "") -> Article:
    if kind == "text":
        return Article.of(source, title=title)
    return read_article(Path(source)) if kind == "file" else fetch_article(source)


def _set_limits() -> None:
    with suppress(ImportError):  # on Windows only the time is limited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
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
