"""Read an untrusted file or page in a process of its own, which can be stopped.

A hostile file can make its library run for hours or fill the memory; and the library holds the
interpreter while it runs, so that nobody else would be answered.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from index.articles import Article, read_article
from index.errors import ArticleError
from index.fetch import fetch_article

SECONDS = 60
MEMORY = 2 << 30  # bytes of address space
# The child gets our own search path: its working directory may hold a folder named as we are.
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from index.isolated import main; main()"
)


_children: set[subprocess.Popen[bytes]] = set()


def read_isolated(source: Path | str, *, seconds: float = SECONDS) -> Article:
    """Read an article from a file (a Path) or fetch it from an address (a str).

    Raises ArticleError as `read_article` and `fetch_article` do, and where it takes more than
    these seconds or 2 GB of memory.
    """
    kind = "file" if isinstance(source, Path) else "page"
    return _told([kind, str(source)], seconds)


def make_isolated(text: str, title: str, *, seconds: float = SECONDS) -> Article:
    """Make an article of a text, as `Article.of` does; raises ArticleError as `read_isolated`."""
    return _told(["text", text, title], seconds)


def stop_reading() -> None:
    """End all that is being read: whoever waits for it gets an ArticleError."""
    for child in list(_children):
        child.kill()


def _told(asked: list[str], seconds: float) -> Article:
    command = [sys.executable, "-c", _CHILD, json.dumps(sys.path)]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    _children.add(child)
    try:
        # Not as an argument: those are for everybody on the machine to see, and hold no NUL.
        output, _ = child.communicate(json.dumps(asked).encode(), timeout=seconds)
        told = json.loads(output)
    except subprocess.TimeoutExpired:
        raise ArticleError(f"reading it took longer than {seconds:.0f} seconds") from None
    except ValueError:  # killed, by its own limits or by the system
        raise ArticleError("reading it took more time or memory than one article may") from None
    finally:
        child.kill()
        child.communicate()
        _children.discard(child)
    if "error" in told:
        raise ArticleError(told["error"])
    return Article(**told)


def main() -> None:
    """Be the child: print the article, or why there is none, as one JSON object."""
    kind, source, *title = json.load(sys.stdin)
    _limit()
    try:
        told = asdict(_read(kind, source, *title))
    except ArticleError as error:
        told = {"error": str(error)}
    except MemoryError:
        told = {"error": "reading it took more memory than one article may"}
    print(json.dumps(told))


def _read(kind: str, source: str, title: str = "") -> Article:
    if kind == "text":
        return Article.of(source, title=title)
    return read_article(Path(source)) if kind == "file" else fetch_article(source)


def _limit() -> None:
    with suppress(ImportError):  # not on Windows, where only the time is limited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
