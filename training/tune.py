"""Find the constants of qa/retriever.py on the XQuAD tuning questions.

python -m training.tune --eval FOLDER fusion | encoder | parts: prints; changes nothing. Only
questions on articles that the reader and the question encoder have not learned from are asked.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass
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
from training.reader.questions import held_out_titles

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
    parser.add_argument("what", choices=["fusion", "encoder", "parts"])
    parser.add_argument("--every", type=int, default=1, help="every Nth question (default 1)")
    parser.add_argument("--model", help="another model than the bundled one")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    tuning = Tuning(options.eval, embedder, options.every)
    tasks = {"fusion": tune_fusion, "encoder": tune_encoder, "parts": show_parts}
    tasks[options.what](tuning)


@dataclass(frozen=True, slots=True)
class Tuning:
    """The questions that are asked, and by what."""

    folder: Path
    embedder: Embedder
    every: int

    def signals(self, fusion: Fusion) -> dict[str, list[Signals]]:
        """Return the signals of the questions of every direction."""
        return {direction: self._direction(direction, fusion) for direction in SAME + CROSS}

    def _direction(self, direction: str, fusion: Fusion) -> list[Signals]:
        articles, questions = _dataset(self.folder, direction)
        retriever = Retriever(Store.build(articles, self.embedder), self.embedder, fusion)
        found = []
        for question in tqdm(questions[:: self.every], desc=direction, unit="q"):
            chunks, signals = retriever.signals(question.text)
            ids = [chunk.article_id for chunk in chunks]
            found.append((ids, signals.astype(np.float64), _gold(question).article_id))
        return found


def _dataset(
    folder: Path, direction: str
) -> tuple[tuple[Article, ...], tuple[LabelledQuestion, ...]]:
    asked, written = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.tune.ids",
    )
    held = held_out_titles(folder)
    ids = {article.id for article in dataset.articles if article.title in held}
    questions = tuple(q for q in dataset.questions if _gold(q).article_id in ids)
    return dataset.articles, questions


def tune_fusion(tuning: Tuning) -> None:
    """Search the weights for nDCG@10 over all 240 paragraphs, mean of same and cross language."""
    print("dense, late, sentence, lexical, spelling")
    for same, cross, weights in _search(tuning.signals(Fusion())):
        print(f"{weights}: same language {same:.4f}, cross {cross:.4f}")


def tune_encoder(tuning: Tuning) -> None:
    """Print the best of the other weights for each weight of the question encoder."""
    for encoder in (0.0, 2.0, 4.0, 8.0):
        signals = tuning.signals(Fusion(encoder=encoder))
        shipped = _same_and_cross(signals, tuple(map(float, Fusion().weights)))
        same, cross, weights = _search(signals)[-1]
        print(f"encoder {encoder:g}, as shipped: same {shipped[0]:.4f}, cross {shipped[1]:.4f}")
        print(f"  best: same {same:.4f}, cross {cross:.4f} with {weights}")


def _search(signals: dict[str, list[Signals]]) -> list[tuple[float, float, tuple[float, ...]]]:
    """Return (same, cross, weights) of the whole grid, best last."""
    grid = itertools.product(
        (1.0, 1.5, 2.0, 2.5, 3.0), (1.0,), (0.3, 0.6, 1.0), (1.0, 1.5, 2.0), (1.0, 1.4, 1.8)
    )
    found = [(*_same_and_cross(signals, weights), weights) for weights in grid]
    return sorted(found, key=lambda row: row[0] + row[1])


def show_parts(tuning: Tuning) -> None:
    """Print the fused nDCG@10 as it is, and without each of its parts."""
    signals = tuning.signals(Fusion())
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
