"""Retrieval and reading on the test halves, with each part of the retriever alone beside it.

python -m benchmarks.quality --eval FOLDER. Nothing was tuned on these questions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks._report import write
from index.articles import read_article
from index.chunker import Chunk
from index.embedder import Embedder
from index.models import load_embedder
from index.store import Store
from qa.answer import Answer, Passage
from qa.datasets import Dataset, load_dataset
from qa.evaluation import evaluate, score, score_by_language
from qa.reader.reader import Reader
from qa.retriever import Fusion, Retriever, Scores

DIRECTIONS = ("ar-ar", "en-en", "en-ar", "ar-en", "ru-ar", "es-ar", "de-ar", "tr-ar", "zh-ar")
PARTS = {
    "all": Fusion(),
    "dense": Fusion(dense=1, late=0, sentence=0, lexical=0, spelling=0),
    "late": Fusion(dense=0, late=1, sentence=0, lexical=0, spelling=0),
    "bm25": Fusion(dense=0, late=0, sentence=0, lexical=1, spelling=0),
    "spelling": Fusion(dense=0, late=0, sentence=0, lexical=0, spelling=1),
}
_RANKING = ("ndcg@10", "recall@1", "recall@3", "recall@5", "recall@10", "mrr@10")
ARTICLE = Path("seeds/putin-invites-tebboune.ar.txt")


def main() -> None:
    """Measure and write results/quality.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds XQuAD and ARCD")
    parser.add_argument("--model", help="another model than the bundled one")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    folder = options.eval.resolve()
    lines = folder.parent.parent / "eval" / "article_questions.jsonl"
    # Read first: a wrong path must not cost the whole run.
    about_article = load_dataset(lines, article=read_article(ARTICLE))
    figures: dict[str, Any] = {"model": embedder.id}
    for direction in DIRECTIONS:
        asked, written = direction.split("-")
        dataset = load_dataset(
            folder / f"xquad.{written}.json.xz",
            questions=folder / f"xquad.{asked}.json.xz",
            ids=folder / "xquad.test.ids",
        )
        figures[f"xquad {direction}"] = _parts(dataset, embedder, direction)
    arcd = load_dataset(folder / "arcd-test.json.xz")
    figures["arcd ar-ar"] = _parts(arcd, embedder, "arcd")
    figures["article (tuning data)"] = _article(about_article, embedder)
    write(
        "quality", "XQuAD test ids (n=558, 240 paragraphs), ARCD test, article_questions", figures
    )


def _parts(dataset: Dataset, embedder: Embedder, name: str) -> dict[str, Any]:
    store = Store.build(dataset.articles, embedder)
    # The parts differ by the weights alone: every question's scores are made once.
    signals = lru_cache(maxsize=None)(Retriever(store, embedder).signals)
    found: dict[str, Any] = {}
    for part, fusion in PARTS.items():
        questions = tqdm(dataset.questions, desc=f"{name} {part}", unit="q")
        retrieve = partial(retrieved, Retriever(store, embedder, fusion), signals)
        scores = score(evaluate(dataset, retrieve, answer_nothing, questions)).as_json()
        kept = _RANKING if part == "all" else ("ndcg@10",)
        found[part] = {name: scores[name] for name in kept}
    return found


def retrieved(
    retriever: Retriever,
    signals: Callable[[str], tuple[tuple[Chunk, ...], Scores]],
    question: str,
    k: int,
) -> tuple[Passage, ...]:
    """Return the best passages, of scores that may have been made before."""
    return retriever.best(*signals(question), k)


def answer_nothing(question: str, passages: Sequence[Passage]) -> Answer:
    """Answer nothing: the retrieval alone is scored."""
    return Answer(question, "not_in_article", "", 0.0, (), tuple(passages))


def _article(dataset: Dataset, embedder: Embedder) -> dict[str, Any]:
    store = Store.build(dataset.articles, embedder)
    outcomes = evaluate(dataset, Retriever(store, embedder).retrieve, Reader(store).read)
    return {name: scores.as_json() for name, scores in score_by_language(outcomes).items()}


if __name__ == "__main__":
    main()
