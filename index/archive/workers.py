"""Builders in processes of their own, spoken to in lines of JSON: no pickle, nothing shared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index._apart import ALONE
from index.addresses import MilvusAddress
from index.archive.builder import Builder, Heard, LocalBuilder
from index.archive.sources import Failure, Source
from index.chunker import Chunking
from index.embedder import Embedder, load_embedder
from index.errors import ArticleQAError
from index.vectors import KINDS, Kind

# The child gets our own search path: its working directory may hold a folder named as we are.
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from index.archive.workers import main; main()"
)


@dataclass(frozen=True, slots=True)
class WorkerBuilder:
    """A builder in a process of its own."""

    child: subprocess.Popen[str]

    @classmethod
    def start(
        cls,
        model: str | None,
        chunking: Chunking,
        kind: Kind | None,
        address: MilvusAddress | None,
    ) -> WorkerBuilder:
        """Start a process, which loads the model (`load_embedder`) for itself."""
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ALONE | os.environ,  # the processes are what runs side by side
            start_new_session=True,  # Ctrl-C is for us, who then stop it
        )
        builder = cls(child)
        builder._tell([model, asdict(chunking), kind, address and asdict(address)])
        return builder

    def read(self, sources: Sequence[Source]) -> tuple[Heard, ...]:
        """Read sources, each article of which is waited for by `keep`."""
        return tuple(map(_heard, self._asked("read", [asdict(source) for source in sources])))

    def keep(self, wanted: Sequence[int]) -> int:
        """Index these of the articles just read, counted through; return how many chunks wait."""
        return int(self._asked("keep", list(wanted)))

    def finish(self, folder: Path) -> None:
        """Write what was kept as a segment into an empty folder."""
        self._asked("finish", str(folder))

    def stop(self) -> None:
        """End the process."""
        self.child.kill()
        self.child.communicate()

    def _asked(self, verb: str, given: object) -> Any:
        self._tell([verb, given])
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line.endswith("\n"):
            raise ArticleQAError(
                "a process that reads articles ended (out of memory?); what was saved before "
                "stays, and the same command goes on from there; --jobs 1 needs less memory"
            )
        told = json.loads(line)
        if "error" in told:
            raise ArticleQAError(told["error"])
        return told["done"]

    def _tell(self, message: object) -> None:
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(json.dumps(message) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # its silence will tell


def builder_of(
    embedder: Embedder, chunking: Chunking, kind: Kind | None, address: MilvusAddress | None
) -> Builder:
    """Return a builder in this process, of segments or into the collection of an address."""
    if address is None:
        return LocalBuilder(embedder, chunking, kind)
    from index.archive.remote import MilvusBuilder
    from index.scale import MilvusStore

    return MilvusBuilder(embedder, MilvusStore.open(address, embedder))


def _heard(told: dict[str, Any]) -> Heard:
    return Heard(
        Source(**told["source"]),
        tuple((name, source) for name, source in told["articles"]),
        tuple(Source(**link) for link in told["links"]),
        tuple(Failure(**failure) for failure in told["failures"]),
    )


def main() -> None:
    """Be the child: do what each line asks, until there are no more."""
    model, chunking, kind, address = json.loads(sys.stdin.readline())
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints must not be taken for ours
    kind = next((known for known in KINDS if known == kind), None)
    place = MilvusAddress(**address) if address else None
    builder: Builder | None = None
    for line in sys.stdin:
        verb, given = json.loads(line)
        try:
            builder = builder or builder_of(load_embedder(model), Chunking(**chunking), kind, place)
            told: dict[str, Any] = {"done": _done(builder, verb, given)}
        except ArticleQAError as error:
            told = {"error": str(error)}
        except MemoryError:
            told = {"error": "there is too little memory; try --jobs 1"}
        print(json.dumps(told), file=out, flush=True)


def _done(builder: Builder, verb: str, given: Any) -> Any:
    if verb == "read":
        return [asdict(heard) for heard in builder.read([Source(**source) for source in given])]
    return builder.keep(given) if verb == "keep" else builder.finish(Path(given))
