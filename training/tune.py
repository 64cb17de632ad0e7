"""Find the constants of qa/retriever.py on the XQuAD tuning questions.

python -m training.tune --eval FOLDER fusion | parts: prints; changes nothing.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from index.articles import Article
from index.embedder import Embedder
from index.models import load_embedder
from index.store import Store
from qa.datasets import Gold, LabelledQuestion, load_dataset
from qa.evaluation import ndcg
from qa.retriever import Fusion, Retriever

SAME = ("ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "zh-zh")
CROSS = ("en-ar", "ar-en", "ru-ar", "es-ar", "de-ar", "tr-ar", "zh-ar", "en-es", "ru-de")
PARTS = ("dense", "late", "sentence", "lexical", "spelling")  # in the order of the signals
Features = npt.NDArray[np.float64]
# Of one question: its candidates' articles, their scores in the order of PARTS, the right article.
Signals: TypeAlias = tuple[list[str], Features, str]


def main() -> None:
    """Print what each setting gives, best last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds the XQuAD files")
    parser.add_argument("what", choices=["fusion", "parts"])
    parser.add_argument("--model", help="another model than the bundled one")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    tasks = {"fusion": tune_fusion, "parts": tell_parts}
    tasks[options.what](options.eval, embedder)


def _dataset(
    folder: Path, direction: str
) -> tuple[tuple[Article, ...], tuple[LabelledQuestion, ...]]:
    asked, written = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.tune.ids",
    )
    return dataset.articles, dataset.questions


def tune_fusion(folder: Path, embedder: Embedder) -> None:
    """Search the weights for nDCG@10 over all 240 paragraphs, mean of same and cross language."""
    signals = {direction: _signals(folder, direction, embedder) for direction in SAME + CROSS}
    grid = itertools.product(
        (0.5, 0.75, 1.0, 1.3), (1.0,), (0.0, 0.3, 0.6, 1.0), (0.75, 1.0, 1.5), (0.6, 1.0, 1.4, 1.8)
    )
    found = [(*_same_and_cross(signals, weights), weights) for weights in grid]
    print("dense, late, sentence, lexical, spelling")
    for same, cross, weights in sorted(found, key=lambda row: row[0] + row[1]):
        print(f"{weights}: same language {same:.4f}, cross {cross:.4f}")


def tell_parts(folder: Path, embedder: Embedder) -> None:
    """Print the fused nDCG@10 as it is, and without each of its parts."""
    signals = {direction: _signals(folder, direction, embedder) for direction in SAME + CROSS}
    whole = Fusion().weights
    for name, left_out in (("everything", None), *((p, i) for i, p in enumerate(PARTS))):
        weights = tuple(0.0 if i == left_out else float(w) for i, w in enumerate(whole))
        same, cross = _same_and_cross(signals, weights)
        label = name if left_out is None else f"without {name}"
        print(f"{label}: same language {same:.4f}, cross {cross:.4f}")


def _same_and_cross(
    signals: dict[str, list[Signals]], weights: tuple[float, ...]
) -> tuple[float, float]:
    scores = {d: _fused_ndcg(found, np.array(weights)) for d, found in signals.items()}
    return float(np.mean([scores[d] for d in SAME])), float(np.mean([scores[d] for d in CROSS]))


def _signals(folder: Path, direction: str, embedder: Embedder) -> list[Signals]:
    articles, questions = _dataset(folder, direction)
    retriever = Retriever(Store.build(articles, embedder), embedder)
    found = []
    for question in tqdm(questions, desc=direction, unit="q"):
        chunks, signals = retriever.signals(question.text)
        ids = [chunk.article_id for chunk in chunks]
        found.append((ids, signals.astype(np.float64), _gold(question).article_id))
    return found


def _fused_ndcg(signals: list[Signals], weights: Features) -> float:
    scores = []
    for ids, matrix, gold in signals:
        order = np.argsort(-(matrix @ weights), kind="stable")
        scores.append(ndcg(tuple(dict.fromkeys(ids[i] for i in order)), gold, 10))
    return float(np.mean(scores))


def _gold(question: LabelledQuestion) -> Gold:
    assert question.gold is not None, "XQuAD asks only what it answers"
    return question.gold


if __name__ == "__main__":
    main()
