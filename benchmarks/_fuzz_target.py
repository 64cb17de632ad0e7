"""One reader of untrusted bytes, fed by atheris until its time is over.

python -m benchmarks._fuzz_target TARGET FINDS [libFuzzer's options]. Whatever is raised that is not
of our own error tree is a find: its bytes and traceback are kept in FINDS, once for each place.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=[
        "index",
        "qa",
        "pdfminer",
        "mammoth",
        "docx",
        "pptx",
        "openpyxl",
        "striprtf",
        "markdown_it",
        "trafilatura",
        "feedparser",
    ]
):
    from benchmarks._fuzz_seeds import docx_of, store_in
    from index import fetch
    from index.articles import article_of_bytes, seed_articles
    from index.errors import ArticleQAError
    from index.folder import with_checksum
    from index.ingest.feeds import read_links
    from index.ingest.jsonl import read_jsonl
    from index.ingest.sources import Source
    from index.readers import READERS
    from index.store import Store
    from qa.datasets import load_dataset
    from ui.talk import load_talk, load_talks

_SAME = (".markdown", ".htm", ".vtt")  # readers of another suffix
_COSTLY = Path(tempfile.mkdtemp(prefix="fuzz-"))
_STORE = _COSTLY / "s"
store_in(_STORE)
_WORD_DOCUMENT = docx_of("text")
_SEED = seed_articles()[0]


def _article(suffix: str) -> Callable[[bytes], object]:
    return lambda data: article_of_bytes(data, READERS[suffix], f"a{suffix}")


def _word(data: bytes) -> object:
    """Read a Word document of this body: of changed zip files the checksums give most away."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_WORD_DOCUMENT)) as whole, zipfile.ZipFile(stream, "w") as out:
        for name in whole.namelist():
            out.writestr(name, data if name == "word/document.xml" else whole.read(name))
    return article_of_bytes(stream.getvalue(), READERS[".docx"], "a.docx")


def _lines(data: bytes) -> object:
    path = _COSTLY / "a.jsonl"
    path.write_bytes(data)
    return list(read_jsonl(Source("lines", str(path), len(data)), "a.jsonl"))


def _manifest(data: bytes) -> object:
    """Open a store by a manifest; JSON gets a valid checksum, so that reading goes on."""
    try:
        content = json.loads(data)
        content.pop("sha256", None)
        data = with_checksum(content).encode()
    except (ValueError, AttributeError, TypeError, RecursionError):
        pass
    (_STORE / "manifest.json").write_bytes(data)
    return Store.open(_STORE)


def _dataset(data: bytes) -> object:
    path = _COSTLY / "a.json"
    path.write_bytes(data)
    return load_dataset(path)


def _questions(data: bytes) -> object:
    path = _COSTLY / "q.jsonl"
    path.write_bytes(data)
    return load_dataset(path, article=_SEED)


def _address(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    for url in (text, f"http://{text}"):
        # What stands before the connection: that nothing is connected to is the tests' affair.
        fetch._is_trusted(url, frozenset({"a.example"}))
    return None


def _talk(data: bytes) -> object:
    try:
        stored = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return load_talk({"user": None, "kept": stored}), load_talks({"user": None, "kept": stored})


TARGETS: dict[str, Callable[[bytes], object]] = {
    **{suffix.strip("."): _article(suffix) for suffix in READERS if suffix not in _SAME},
    "docx body": _word,
    "lines": _lines,
    "feed": lambda data: read_links(data, "https://a.example/"),
    "manifest": _manifest,
    "dataset": _dataset,
    "questions": _questions,
    "address": _address,
    "talk": _talk,
}


def main() -> None:
    """Fuzz the target that the first argument names."""
    target, finds = TARGETS[sys.argv[1]], Path(sys.argv[2])
    quiet = io.StringIO()

    def one(data: bytes) -> None:
        # Libraries print and log; libFuzzer speaks on the file descriptor itself.
        sys.stdout = quiet
        try:
            target(data)
        except ArticleQAError:
            pass
        except Exception as error:
            _keep(finds, data, error)
        quiet.seek(0)
        quiet.truncate()

    atheris.Setup([sys.argv[0], *sys.argv[3:]], one)
    atheris.Fuzz()


def _keep(finds: Path, data: bytes, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{type(error).__name__} {Path(frames[-1].filename).name}:{frames[-1].lineno}"
    name = finds / f"{sys.argv[1]}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
    if not name.exists():
        name.write_bytes(data)
        content = "".join(traceback.format_exception(error))
        name.with_suffix(".txt").write_text(f"{place}\n{content}", encoding="utf-8")


if __name__ == "__main__":
    main()
