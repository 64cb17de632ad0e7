"""Stores in Milvus beside one in a folder: the same archive, the same questions, the same run.

python -m benchmarks.engine --data FOLDER --eval FOLDER --store NAME.db
    [--store milvus://HOST:PORT/NAME] [--size CHUNKS] [--server PID --files FOLDER]

The archive is that of benchmarks/scale.py, with the paragraphs of XQuAD's tuning half in Arabic and
English among it, so that quality can be measured too. A server's memory and files are measured
where its process and folder are named.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._corpus import write_corpus
from benchmarks._report import write
from index.base import AnyStore, Filter, MilvusAddress
from index.ingest.update import UpdateSettings, update
from index.milvus.store import MilvusStore
from index.models import load_embedder
from index.store import Store
from qa.datasets import Dataset, load_dataset
from qa.retriever import Retriever

ASKED, WARMING, TOP = 50, 20, 10
DIRECTIONS = (("ar", "ar"), ("en", "en"), ("en", "ar"))


def main() -> None:
    """Measure and write results/engine.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=MilvusAddress.parse, action="append", required=True)
    parser.add_argument("--data", type=Path, required=True, help="the training sets")
    parser.add_argument("--eval", type=Path, required=True, help="holds XQuAD")
    parser.add_argument("--size", type=int, default=50_000, help="chunks")
    parser.add_argument("--server", type=int, help="process of the server")
    parser.add_argument("--files", type=Path, help="folder of the server")
    options = parser.parse_args()
    embedder = load_embedder()
    sets = [_load_questions(options.eval, *direction) for direction in DIRECTIONS]
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        corpus = Path(folder) / "all.jsonl"
        write_corpus(options.data, corpus, options.size)
        speed, local = _indexed(lambda: update(Path(folder) / "s", [str(corpus)]).store)
        assert isinstance(local, Store)
        paragraphs = [article for one in sets for article in one.articles]
        local = local.add(paragraphs, embedder)
        figures: dict[str, Any] = {
            "chunks": local.counts.chunks,
            "articles": local.counts.articles,
            "folder": {"chunks indexed a second": speed, **_ask_all(local, sets)},
        }
        for address in options.store:
            server = None if address.is_file else options.server
            files = Path(address.uri) if address.is_file else options.files
            before = _files(files)
            speed, remote = _indexed(partial(_update, address, corpus))
            assert isinstance(remote, MilvusStore)
            remote = remote.add(paragraphs, embedder)
            details = remote.details
            figures[f"{details['milvus']}, {details['vectors']}"] = {
                "chunks indexed a second": speed,
                "words are searched in": details["words"],
                **_ask_all(remote, sets),
                "recall@10 against exact float32": _recall(local, remote, sets),
                "bytes a chunk on disk": _each(_files(files), before, remote.counts.chunks),
                "megabytes of the server": _megabytes(server),
            }
    write("engine", "passages of data/train, XQuAD's tuning half among them", figures)


def _update(address: MilvusAddress, corpus: Path) -> AnyStore:
    return update(address, [str(corpus)], UpdateSettings(jobs=1)).store


def _load_questions(folder: Path, asked: str, written: str) -> Dataset:
    dataset = load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.tune.ids",
    )
    chosen = random.Random(7).sample(dataset.questions, ASKED)
    return Dataset(dataset.articles, dataset.paragraphs, tuple(chosen))


def _indexed(index: Callable[[], AnyStore]) -> tuple[int, AnyStore]:
    started = time.perf_counter()
    store = index()
    return round(store.counts.chunks / (time.perf_counter() - started)), store


def _ask_all(store: AnyStore, sets: Sequence[Dataset]) -> dict[str, Any]:
    """Ask all questions; return how long that took and how well it went."""
    embedder = load_embedder()
    retriever = Retriever(store, embedder)
    times: list[float] = []
    figures: dict[str, Any] = {}
    for dataset, (asked, written) in zip(sets, DIRECTIONS, strict=True):
        filtered = Retriever(store.where(Filter(languages=frozenset({written}))), embedder)
        for name, by in (("", retriever), (f", {written} alone", filtered)):
            gains = []
            for question in dataset.questions:
                started = time.perf_counter()
                found = [p.chunk.article_id for p in by.retrieve(question.text, TOP)]
                times.append((time.perf_counter() - started) * 1000)
                assert question.gold is not None
                gold = question.gold.article_id
                distinct = list(dict.fromkeys(found))
                gains.append(_gain(distinct, gold))
            figures[f"nDCG@10 {asked} → {written}{name}"] = round(statistics.mean(gains), 3)
    quantiles = statistics.quantiles(times[WARMING:], n=20)
    return {
        "milliseconds to retrieve, p50": round(statistics.median(times[WARMING:]), 1),
        "milliseconds to retrieve, p95": round(quantiles[-1], 1),
        **figures,
    }


def _gain(found: Sequence[str], gold: str) -> float:
    """Return nDCG@10 where one article is right."""
    return 1 / np.log2(found.index(gold) + 2) if gold in found[:TOP] else 0.0


def _recall(local: Store, remote: MilvusStore, sets: Sequence[Dataset]) -> float:
    """Return the share of the exact ten nearest that the engine finds."""
    embedder = load_embedder()
    questions = [question.text for dataset in sets for question in dataset.questions]
    asked = np.array([embedder.embed_query(question) for question in questions])
    chunks = local.chunks[:]
    exact = embedder.embed_passages([chunk.text for chunk in chunks])
    shares = []
    for question, vector in zip(questions, asked, strict=True):
        best = np.argsort(-(exact @ vector), kind="stable")[:TOP]
        wanted = {(chunks[row].article_id, chunks[row].start) for row in best.tolist()}
        found = remote.candidates(question, vector, TOP)
        order = np.argsort(-found.dense, kind="stable")[:TOP]
        got = {(found.chunks[n].article_id, found.chunks[n].start) for n in order.tolist()}
        shares.append(len(wanted & got) / TOP)
    return round(statistics.mean(shares), 4)


def _files(folder: Path | None) -> int | None:
    if folder is None:
        return None
    if not folder.exists():
        return 0
    done = subprocess.run(["du", "-sb", str(folder)], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


def _each(after: int | None, before: int | None, chunks: int) -> int | str:
    return "-" if after is None or before is None else round((after - before) / chunks)


def _megabytes(process: int | None) -> int | str:
    if process is None:
        return "-"
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024)
    raise KeyError("VmRSS")


if __name__ == "__main__":
    main()
