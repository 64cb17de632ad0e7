"""Make qa/reader.npz and qa/calibration.json: the spans that answer, and how sure they are.

python -m training.reader --eval FOLDER. Learns from ARCD's training questions and the XQuAD tuning
half; the calibration sees each question through networks that did not learn from its article.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from index.embedder import load_embedder
from index.text import Span, sentence_spans
from qa.datasets import load_dataset
from qa.features import PassageFeatures, Told
from qa.reader import embedded_reading
from qa.scorer import LONGEST, SpanScorer
from training.calibrate import calibrate
from training.network import (
    FOLDS,
    IMPOSSIBLE,
    Example,
    Network,
    Recipe,
    fold_of,
    save,
    weights_of,
)

DIRECTIONS = (
    "ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "zh-zh", "en-ar", "ru-ar", "es-ar",
    "de-ar", "tr-ar", "ar-en", "ar-es", "en-es", "en-ru", "ru-de",
)  # fmt: skip


def main() -> None:
    """Train the networks, calibrate, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds the XQuAD and ARCD files")
    parser.add_argument("--out", type=Path, default=Path("qa"), help="default: qa")
    parser.add_argument("--folds", type=Path, help="keep the networks of the folds here")
    options = parser.parse_args()
    recipe = Recipe()
    every = examples(options.eval)
    folds = [
        _fold(options, every, fold, recipe) for fold in tqdm(range(FOLDS), "folds", unit="fold")
    ]
    calibrate(options.eval, folds, load_embedder(), options.folds).save(options.out)
    seeds = tqdm(range(recipe.seeds), "networks", unit="network")
    save([train(every, recipe, seed) for seed in seeds], options.out / "reader.npz")


def _fold(
    options: argparse.Namespace, every: list[Example], fold: int, recipe: Recipe
) -> SpanScorer:
    path = options.folds and options.folds / f"fold{fold}.npz"
    if path and path.exists():
        return SpanScorer.load(path)
    kept = [example for example in every if fold_of(example.title) != fold]
    path = path or options.out / f"fold{fold}.npz"
    save([train(kept, recipe, seed) for seed in range(2)], path)
    scorer = SpanScorer.load(path)
    if not options.folds:
        path.unlink()
    return scorer


def examples(folder: Path) -> list[Example]:
    """Return every question that has its answer in one sentence of its paragraph."""
    # Nine of ARCD's articles have questions in both of its halves.
    tested = {a.title for a in load_dataset(folder / "arcd-test.json.xz").articles}
    arcd = _examples_of(folder / "arcd-train.json.xz", None, None)
    found = [example for example in arcd if example.title not in tested]
    for direction in tqdm(DIRECTIONS, "reading", unit="direction"):
        asked, told = direction.split("-")
        data, questions = (folder / f"xquad.{language}.json.xz" for language in (told, asked))
        found += _examples_of(data, questions, folder / "xquad.tune.ids")
    return found


def _examples_of(data: Path, questions: Path | None, ids: Path | None) -> Iterator[Example]:
    dataset = load_dataset(data, questions=questions, ids=ids)
    articles = {article.id: article for article in dataset.articles}
    for question in dataset.questions:
        assert question.gold is not None
        article = articles[question.gold.article_id]
        told = Told(article.text, sentence_spans(article.text, article.language), article.language)
        asked, (passage,) = embedded_reading().read(question.text, [told])
        gold = tuple(
            span for answer in question.gold.answers if (span := words_of(passage, answer))
        )
        if gold:
            yield Example(article.title, asked, passage, gold)


def words_of(passage: PassageFeatures, answer: Span) -> tuple[int, int] | None:
    """Return first word and words of an answer's characters, None if no span can be it."""
    words = passage.words
    first = int(np.searchsorted(words.ends, answer[0], side="right"))
    last = int(np.searchsorted(words.starts, answer[1], side="left")) - 1
    if not 0 <= last - first < LONGEST or last >= len(words):
        return None
    if passage.sentence_of[first] != passage.sentence_of[last]:
        return None
    return first, last - first + 1


def train(every: Sequence[Example], recipe: Recipe, seed: int) -> dict[str, np.ndarray]:
    """Return the weights of one network, named as qa/scorer.py reads them."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Network(every[0], recipe)
    others = [p for name, p in network.named_parameters() if name != "sentence"]
    optimizer = torch.optim.AdamW(
        [
            {"params": others, "weight_decay": recipe.decay},
            {"params": [network.sentence], "weight_decay": 0.0},
        ],
        recipe.rate,
    )
    steps = recipe.epochs * (len(every) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps + 1)
    for _ in range(recipe.epochs):
        for rows in batches(every, recipe.batch, random):
            batch = collated([every[row] for row in rows])
            loss = span_loss(network(batch), batch["gold"])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return weights_of(network)


def span_loss(scores: Tensor, gold: Tensor) -> Tensor:
    """Return the mean of -log p(gold) and of -log of the expected F1, over the examples."""
    chances = functional.log_softmax(scores.flatten(1), -1)
    right = gold.flatten(1)
    exact = torch.logsumexp(chances.masked_fill(right < 1, IMPOSSIBLE), 1)
    return -(exact + torch.log((chances.exp() * right).sum(1) + 1e-9)).mean()


def batches(every: Sequence[Example], size: int, random: np.random.Generator) -> list[list[int]]:
    """Return every example once, by shuffled batches of texts about as long."""
    lengths = np.array([len(example.passage.words) for example in every])
    order = np.argsort(lengths + random.normal(0, 20, len(every)))
    found = [order[i : i + size].tolist() for i in range(0, len(order) - size + 1, size)]
    random.shuffle(found)
    return found


def collated(rows: Sequence[Example]) -> dict[str, Tensor]:
    """Return the features of examples as padded arrays; ``gold`` is the F1 of each span."""
    size = max(len(row.passage.words) for row in rows)
    sentences = max(len(row.passage.sentence_features) for row in rows)
    seen = [np.concatenate([r.passage.words.looks, r.passage.against], axis=1) for r in rows]
    sentence_of = np.full((len(rows), size), -1, dtype=np.int64)
    for row, example in enumerate(rows):
        sentence_of[row, : len(example.passage.words)] = example.passage.sentence_of
    numbers = torch.from_numpy(sentence_of)
    whole = torch.zeros(len(rows), size, LONGEST, dtype=torch.bool)
    for extra in range(min(LONGEST, size)):
        first, last = numbers[:, : size - extra], numbers[:, extra:]
        whole[:, : size - extra, extra] = (first == last) & (first >= 0)
    gold = np.stack([overlaps(row.gold, size) for row in rows])
    return {
        "vectors": _padded([row.passage.words.vectors for row in rows], size),
        "seen": _padded(seen, size),
        "sentences": _padded([row.passage.sentence_features for row in rows], sentences),
        "sentence_of": numbers,
        "whole": whole,
        "gold": torch.from_numpy(gold),
        "kind": torch.from_numpy(np.stack([row.asked.kind for row in rows])),
        "target": torch.from_numpy(np.stack([row.asked.target for row in rows])),
    }


def overlaps(gold: Sequence[tuple[int, int]], size: int) -> np.ndarray:
    """Return (size, LONGEST): the F1 over words of each span with its nearest answer."""
    first, extra = np.arange(size)[:, None], np.arange(LONGEST)[None]
    best = np.zeros((size, LONGEST), dtype=np.float32)
    for start, length in gold:
        shared = np.minimum(first + extra, start + length - 1) - np.maximum(first, start) + 1
        best = np.maximum(best, 2 * shared.clip(0) / (extra + 1 + length))
    return best.astype(np.float32)


def _padded(arrays: Sequence[np.ndarray], size: int) -> Tensor:
    out = np.zeros((len(arrays), size, arrays[0].shape[1]), dtype=np.float32)
    for row, array in enumerate(arrays):
        out[row, : len(array)] = array
    return torch.from_numpy(out)


if __name__ == "__main__":
    main()
