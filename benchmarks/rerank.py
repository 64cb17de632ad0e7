"""What the reader's order of the passages is worth, and what it costs.

python -m benchmarks.rerank --eval FOLDER [--every N]; FOLDER holds XQuAD. Of its test half, every
Nth question over all 240 paragraphs.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median
from typing import Any

from tqdm import tqdm

from benchmarks._report import write
from index.models import load_embedder
from index.store import Store
from qa.api import ArticleQA
from qa.datasets import load_dataset
from qa.evaluation import ndcg

DIRECTIONS = ("ar-ar", "en-en", "en-ar", "ru-ar")
_DEEP = 12  # passages: those that the reader reads


def main() -> None:
    """Measure and write results/rerank.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds XQuAD")
    parser.add_argument("--every", type=int, default=6, help="every Nth question (default 6)")
    options = parser.parse_args()
    figures = {
        f"xquad {direction}": _measure(options.eval.resolve(), direction, options.every)
        for direction in DIRECTIONS
    }
    write("rerank", f"XQuAD test ids, every {options.every}th, 240 paragraphs", figures)


def _measure(folder: Path, direction: str, every: int) -> dict[str, Any]:
    asked, written = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.test.ids",
    )
    embedder = load_embedder()
    over = ArticleQA(Store.build(dataset.articles, embedder), embedder)
    over.retrieve(dataset.questions[0].text, rerank=True)  # loads the reader
    gains: dict[str, list[float]] = {}
    questions = dataset.questions[::every]
    for question in tqdm(questions, direction, unit="q"):
        assert question.gold is not None, "XQuAD asks only what it answers"
        for name, rerank in (("retrieved", False), ("reranked", True)):
            started = time.perf_counter()
            passages = over.retrieve(question.text, _DEEP, rerank=rerank)
            seconds = time.perf_counter() - started
            articles = tuple(dict.fromkeys(passage.chunk.article_id for passage in passages))
            gains.setdefault(f"{name}, ndcg@10", []).append(
                ndcg(articles, question.gold.article_id, 10)
            )
            first = articles[:1] == (question.gold.article_id,)
            gains.setdefault(f"{name}, recall@1", []).append(float(first))
            gains.setdefault(f"{name}, ms", []).append(1000 * seconds)
    found: dict[str, Any] = {"n": len(questions)}
    for name, values in gains.items():
        mean = median(values) if name.endswith("ms") else sum(values) / len(values)
        found[name] = round(mean, 1 if name.endswith("ms") else 4)
    return found


if __name__ == "__main__":
    main()
