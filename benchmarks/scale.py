"""How a store grows: indexing, opening, memory, retrieval and recall from 1,000 chunks upwards.

python -m benchmarks.scale --data FOLDER --eval FOLDER [--sizes 1000 10000 100000 1000000]

The archive is made of the training texts (benchmarks/_corpus.py); what is asked are the questions
of XQuAD's tuning half in seven languages, which the archive does not hold the answers to: time and
agreement with exact search are measured here, not quality. docs/scale.md explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks._corpus import write_corpus
from benchmarks._report import write
from benchmarks._scale_plot import plot
from index.embedder import Matrix
from index.ingest.update import UpdateSettings, update
from index.models import load_embedder
from index.store import Store
from index.vectors import VECTOR_FORMATS, VectorFormat
from qa.datasets import load_dataset

LANGUAGES = ("ar", "en", "es", "de", "ru", "tr", "zh")
ASKED, TOP = 700, 10
_BLOCK = 50_000  # chunks that are embedded again at once, for exact search


def main() -> None:
    """Measure and write results/scale.json and docs/scale.svg."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the training sets")
    parser.add_argument("--eval", type=Path, required=True, help="holds XQuAD")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**n for n in range(3, 7)])
    parser.add_argument("--kinds-at", type=int, default=100_000, help="chunks to compare kinds at")
    options = parser.parse_args()
    questions = _questions(options.eval)
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        work = Path(folder)
        write_corpus(options.data, work / "all.jsonl", max(options.sizes))
        growth = [_measured(work, size, questions) for size in sorted(options.sizes)]
        size = min(options.kinds_at, max(options.sizes))
        kinds = [_measured(work, size, questions, kind) for kind in VECTOR_FORMATS]
    figures = {"questions": len(questions), "growth": growth, "kinds": kinds}
    write("scale", "passages of data/train; questions of XQuAD's tuning half", figures)
    plot(growth, Path("docs/scale.svg"))


def _questions(folder: Path) -> list[str]:
    found = []
    for language in LANGUAGES:
        path = folder / f"xquad.{language}.json.xz"
        dataset = load_dataset(path, questions=path, ids=folder / "xquad.tune.ids")
        found += [question.text for question in dataset.questions]
    return random.Random(7).sample(found, ASKED)


def _measured(
    work: Path, size: int, questions: list[str], kind: VectorFormat | None = None
) -> dict[str, Any]:
    """Index so many chunks of the corpus, and ask."""
    part, folder = work / f"{size}.jsonl", work / f"{size}-{kind}.store"
    _first(work / "all.jsonl", part, size)
    started = time.perf_counter()
    report = update(folder, [str(part)], UpdateSettings(vector_format=kind), progress=True)
    seconds = time.perf_counter() - started
    store = report.store
    assert isinstance(store, Store), "it was built in a folder"
    kinds = Counter(view.segment.vectors.format for view in store.views)
    asked = _in_a_new_process(folder, questions)
    found = asked.pop("found")
    return {
        "chunks": len(store.chunks),
        "articles": len(store.articles),
        "wanted": kind or "auto",
        "vectors": dict(kinds),
        "segments": len(store.views),
        "chunks indexed a second": round(len(store.chunks) / seconds),
        "bytes a chunk on disk": round(_size(folder) / len(store.chunks)),
        **asked,
        "recall@10 against exact float32": round(_recall(store, questions, found), 4),
    }


def _first(whole: Path, part: Path, chunks: int) -> None:
    count = 0
    with whole.open(encoding="utf-8") as lines, part.open("w", encoding="utf-8") as out:
        for line in lines:
            if count >= chunks:
                return
            out.write(line)
            count += 1 + json.loads(line)["text"].count("\n\n")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _in_a_new_process(folder: Path, questions: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._scale_asking", str(folder)]
    done = subprocess.run(
        command, input=json.dumps(questions), capture_output=True, text=True, check=True,
        env=os.environ,
    )  # fmt: skip
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _recall(store: Store, questions: list[str], found: list[list[list[Any]]]) -> float:
    """Return the share of the exact ten nearest that were found, vectors made anew in float32."""
    embedder = load_embedder()
    asked = np.array([embedder.embed_query(question) for question in questions])
    best_rows = np.zeros((len(questions), 0), dtype=np.int64)
    best = np.zeros((len(questions), 0), dtype=np.float32)
    for first, vectors in _blocks(store):
        cosines = np.concatenate([best, asked @ vectors.T], axis=1)
        rows = np.broadcast_to(np.arange(first, first + len(vectors)), (len(asked), len(vectors)))
        every = np.concatenate([best_rows, rows], axis=1)
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :TOP]
        best = np.take_along_axis(cosines, order, axis=1)
        best_rows = np.take_along_axis(every, order, axis=1)
    shares = []
    for own, exact_rows in zip(found, best_rows.tolist(), strict=True):
        chunks = [store.chunks[row] for row in exact_rows]
        exact = {(chunk.article_id, chunk.start) for chunk in chunks}
        shares.append(len(exact & set(map(tuple, own))) / TOP)
    return float(np.mean(shares))


def _blocks(store: Store) -> Iterator[tuple[int, Matrix]]:
    embedder = load_embedder()
    for first in tqdm(range(0, len(store.chunks), _BLOCK), desc="exact search", leave=False):
        chunks = store.chunks[first : first + _BLOCK]
        yield first, embedder.embed_passages([chunk.text for chunk in chunks])


if __name__ == "__main__":
    main()
