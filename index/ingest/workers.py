"""Builders in child processes, which exchange lines of JSON with this one: no pickle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from index.base import MilvusAddress
from index.chunker import Chunking
from index.concurrency import SINGLE_THREADED
from index.embedder import Embedder
from index.errors import ArticleQAError
from index.ingest.builder import (
    Builder,
    BuilderSettings,
    SegmentBuilder,
    SourceReader,
    SourceSummary,
)
from index.ingest.sources import Failure, Note, Source
from index.models import load_embedder
from index.readers.scans import OCR
from index.sandbox import child_command
from index.vectors import VECTOR_FORMATS


@dataclass(frozen=True, slots=True)
class WorkerBuilder:
    """A builder in a child process."""

    child: subprocess.Popen[str]

    @classmethod
    def start(cls, model: str | None, settings: BuilderSettings) -> WorkerBuilder:
        """Start a process, which loads the model (`load_embedder`) itself."""
        child = subprocess.Popen(
            child_command("index.ingest.workers"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=SINGLE_THREADED | os.environ,  # the processes run in parallel, not their threads
            start_new_session=True,  # Ctrl-C reaches this process alone, which stops the child
        )
        builder = cls(child)
        languages = None if settings.ocr is None else settings.ocr.languages
        builder._send({"model": model, **asdict(replace(settings, ocr=None)), "ocr": languages})
        return builder

    def read(self, sources: Sequence[Source]) -> tuple[SourceSummary, ...]:
        """Read sources and hold their articles until `keep` is called."""
        return tuple(map(_summary, self._call("read", [asdict(source) for source in sources])))

    def keep(self, wanted: Sequence[int]) -> int:
        """Index those of the articles just read whose numbers are given.

        Returns how many chunks wait to be written.
        """
        return int(self._call("keep", list(wanted)))

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""
        self._call("finish", str(folder))

    def stop(self) -> None:
        """Kill the process."""
        self.child.kill()

    def close(self) -> None:
        """Kill the process and wait for its end."""
        self.child.kill()
        self.child.communicate()

    def _call(self, method: str, argument: object) -> Any:
        self._send([method, argument])
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line.endswith("\n"):
            raise ArticleQAError(
                "a process that reads articles ended (out of memory?); what was saved before "
                "stays, and the same command goes on from there; --jobs 1 needs less memory"
            )
        reply = json.loads(line)
        if "error" in reply:
            raise ArticleQAError(reply["error"])
        return reply["result"]

    def _send(self, message: object) -> None:
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(json.dumps(message) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # `_call` raises when it reads nothing


def make_builder(embedder: Embedder, settings: BuilderSettings) -> Builder:
    """Return a builder in this process, of segments or into the collection of an address."""
    reader = SourceReader(settings.ocr)
    if settings.address is None:
        return SegmentBuilder(embedder, settings.chunking, settings.vector_format, reader)
    from index.milvus.ingest import MilvusBuilder
    from index.milvus.store import MilvusStore

    return MilvusBuilder(embedder, MilvusStore.open(settings.address, embedder), reader)


def _summary(fields: dict[str, Any]) -> SourceSummary:
    return SourceSummary(
        Source(**fields["source"]),
        tuple((name, source) for name, source in fields["articles"]),
        tuple(Source(**link) for link in fields["links"]),
        tuple(Failure(**failure) for failure in fields["failures"]),
        tuple(Note(**note) for note in fields["notes"]),
    )


def _builder_settings(received: dict[str, Any]) -> BuilderSettings:
    address, ocr = received["address"], received["ocr"]
    return BuilderSettings(
        Chunking(**received["chunking"]),
        next((name for name in VECTOR_FORMATS if name == received["vector_format"]), None),
        MilvusAddress(**address) if address else None,
        None if ocr is None else OCR(tuple(ocr)),
    )


def main() -> None:
    """Run in the child: answer each line of stdin with one line, until stdin ends."""
    received = json.loads(sys.stdin.readline())
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints must not look like a reply
    settings = _builder_settings(received)
    builder: Builder | None = None
    for line in sys.stdin:
        method, argument = json.loads(line)
        try:
            builder = builder or make_builder(load_embedder(received["model"]), settings)
            reply: dict[str, Any] = {"result": _result(builder, method, argument)}
        except ArticleQAError as error:
            reply = {"error": str(error)}
        except MemoryError:
            reply = {"error": "there is too little memory; try --jobs 1"}
        print(json.dumps(reply), file=out, flush=True)


def _result(builder: Builder, method: str, argument: Any) -> Any:
    if method == "read":
        sources = [Source(**fields) for fields in argument]
        return [asdict(summary) for summary in builder.read(sources)]
    return builder.keep(argument) if method == "keep" else builder.finish(Path(argument))
