"""Open a store in a new process and ask it: what `benchmarks.scale` measures there."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from index.models import load_embedder
from index.store import Store
from qa.retriever import Retriever

WARMING, TOP = 20, 10  # questions that are not counted, which page the store in


def main() -> None:
    """Print the figures as one JSON object."""
    questions = json.load(sys.stdin)
    embedder = load_embedder()
    before = _kilobytes("VmRSS")
    started = time.perf_counter()
    store = Store.open(Path(sys.argv[1]), embedder)
    opened = time.perf_counter() - started
    retriever = Retriever(store, embedder)
    first = _milliseconds(lambda: retriever.retrieve(questions[0]))
    times = [_milliseconds(lambda q=q: retriever.retrieve(q)) for q in questions]
    vectors = [embedder.embed_query(question) for question in questions]
    searches = [_milliseconds(lambda v=v: store.search(v, TOP)) for v in vectors]
    found = [[row for row, _ in store.search(vector, TOP)] for vector in vectors]
    quantiles = statistics.quantiles(times[WARMING:], n=20)
    figures: dict[str, Any] = {
        "seconds to open": round(opened, 2),
        "milliseconds of the first question": round(first, 1),
        "milliseconds to retrieve, p50": round(statistics.median(times[WARMING:]), 1),
        "milliseconds to retrieve, p95": round(quantiles[-1], 1),
        "milliseconds of vector search alone, p50": round(statistics.median(searches), 2),
        "megabytes at most, mapped files and all": round(_kilobytes("VmHWM") / 1024),
        "megabytes of its own, without mapped files": round(_kilobytes("RssAnon") / 1024),
        "megabytes before opening": round(before / 1024),
        "found": found,
    }
    print(json.dumps(figures))


def _milliseconds(run: Any) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _kilobytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise KeyError(name)


if __name__ == "__main__":
    main()
