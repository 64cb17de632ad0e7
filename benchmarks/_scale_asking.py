"""Open a store in a new process and ask it: what `benchmarks.scale` measures there."""

from __future__ import annotations

import functools
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import qa.retriever
from index.embedder import StaticEmbedder
from index.models import load_embedder
from index.spelling import Spelling
from index.store import Store
from qa.retriever import Retriever

WARMING, TOP = 20, 10  # questions that are not counted, which page the store in
BY_PART, FLAT = 200, 50  # questions whose parts are timed, and that a flat index is asked


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
    whole, by_part = questions[:-BY_PART], questions[-BY_PART:]
    times = [_milliseconds(lambda q=q: retriever.retrieve(q)) for q in whole]
    vectors = [embedder.embed_query(question) for question in questions]
    searches = [_milliseconds(lambda v=v: store.search(v, TOP)) for v in vectors]
    found = [
        [(chunk.article_id, chunk.start) for chunk, _ in store.search(vector, TOP)]
        for vector in vectors
    ]
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
    figures |= _parts(retriever, by_part)
    figures["milliseconds of faiss-flat, p50"] = _flat(store, vectors[:FLAT])
    print(json.dumps(figures))


def _parts(retriever: Retriever, questions: Sequence[str]) -> dict[str, float]:
    """Return the milliseconds that a question's parts take on average."""
    spent: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def run(*given: Any) -> Any:
            started = time.perf_counter()
            try:
                return call(*given)
            finally:
                spent[name] += time.perf_counter() - started

        return run

    places = {
        "understanding the question": (qa.retriever, "analyse_question"),
        "candidates by vectors and words": (Store, "candidates"),
        "tokens of the candidates": (StaticEmbedder, "token_vectors"),
        "spellings of the candidates": (Spelling, "texts"),
    }
    for name, (owner, attribute) in places.items():
        setattr(owner, attribute, timed(name, getattr(owner, attribute)))
    whole = sum(_milliseconds(lambda q=q: retriever.retrieve(q)) for q in questions)
    found = {f"of these, {name}": 1000 * spent[name] / len(questions) for name in places}
    rest = whole / len(questions) - sum(found.values())
    found["of these, comparing and the rest"] = rest
    return {name: round(value, 1) for name, value in found.items()}


def _flat(store: Store, vectors: Sequence[Any]) -> float:
    """Return the milliseconds of a search by brute force over all vectors in float32."""
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(store.dim)
    for view in store.views:
        every = np.arange(len(view.segment.documents.spans))
        index.add(np.asarray(view.segment.vectors.rows(every), dtype=np.float32))
    times = [_milliseconds(lambda v=v: index.search(v[None], TOP)) for v in vectors]
    return round(statistics.median(times), 1)


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
