"""Find the constants of qa/retriever.py and qa/reader.py on the XQuAD tuning questions.

python -m training.tune --eval FOLDER fusion | parts | sentence | refusal: prints; changes nothing.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from index.articles import Article
from index.embedder import Embedder, load_embedder
from index.store import Store
from qa.answer import Passage
from qa.datasets import load_dataset
from qa.evaluation import Gold, Question, ndcg
from qa.reader import Choosing, Reader
from qa.retriever import Fusion, Retriever

SAME = ("ar-ar", "en-en", "ru-ru", "es-es", "de-de", "tr-tr", "zh-zh")
CROSS = ("en-ar", "ar-en", "ru-ar", "es-ar", "de-ar", "tr-ar", "zh-ar", "en-es", "ru-de")
PARTS = ("dense", "late", "sentence", "lexical", "spelling")  # in the order of the signals
READ = ("ar-ar", "en-en", "ru-ru", "en-ar", "ru-ar", "es-ar", "ar-en")
Features = npt.NDArray[np.float64]
# Of one question: its candidates' articles, their scores in the order of PARTS, the right article.
Signals: TypeAlias = tuple[list[str], Features, str]


def main() -> None:
    """Print what each setting gives, best last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds the XQuAD files")
    parser.add_argument("what", choices=["fusion", "parts", "sentence", "refusal"])
    parser.add_argument("--model", help="another model than the embedded one")
    options = parser.parse_args()
    embedder = load_embedder(options.model)
    tasks = {
        "fusion": tune_fusion,
        "parts": tell_parts,
        "sentence": tune_sentence,
        "refusal": tune_refusal,
    }
    tasks[options.what](options.eval, embedder)


def _dataset(folder: Path, direction: str) -> tuple[tuple[Article, ...], tuple[Question, ...]]:
    asked, told = direction.split("-")
    dataset = load_dataset(
        folder / f"xquad.{told}.json.xz",
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
        rows, signals = retriever.signals(question.text)
        ids = [retriever.store.chunks[row].article_id for row in rows]
        found.append((ids, signals.astype(np.float64), _gold(question).article_id))
    return found


def _fused_ndcg(signals: list[Signals], weights: Features) -> float:
    scores = []
    for ids, matrix, gold in signals:
        order = np.argsort(-(matrix @ weights), kind="stable")
        scores.append(ndcg(tuple(dict.fromkeys(ids[i] for i in order)), gold, 10))
    return float(np.mean(scores))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader saw of one question: its sentences' scores, and which hold the answer."""

    late: Features
    lexical: Features
    ranks: Features
    holds: npt.NDArray[np.bool_]


def tune_sentence(folder: Path, embedder: Embedder) -> None:
    """Search the weights for the share of questions whose chosen sentence holds the answer.

    A question is asked of the five paragraphs of its own article.
    """
    readings = {d: list(_readings(folder, d, embedder)) for d in READ}
    found = []
    for late, lexical, rank in itertools.product(
        (1.0,), (0.0, 0.1, 0.2, 0.3, 0.5, 0.8), (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)
    ):
        shares = {
            d: float(np.mean([_chosen_right(r, late, lexical, rank) for r in rows]))
            for d, rows in readings.items()
        }
        found.append((float(np.mean(list(shares.values()))), lexical, rank, shares))
    for mean, lexical, rank, shares in sorted(found, key=lambda row: row[0]):
        by_direction = " ".join(f"{d} {share:.3f}" for d, share in shares.items())
        print(f"lexical {lexical}, rank {rank}: {mean:.4f} ({by_direction})")


def _chosen_right(reading: Reading, late: float, lexical: float, rank: float) -> bool:
    scores = late * reading.late + lexical * reading.lexical - rank * np.log2(reading.ranks)
    return bool(reading.holds[np.argmax(scores)])


def _readings(folder: Path, direction: str, embedder: Embedder) -> Iterator[Reading]:
    articles, questions = _dataset(folder, direction)
    stores = _stores_by_title(articles, embedder)
    titles = {article.id: article.title for article in articles}
    for question in tqdm(questions, desc=direction, unit="q"):
        gold = _gold(question)
        store = stores[titles[gold.article_id]]
        reader = Reader(store, embedder)
        passages = Retriever(store, embedder).retrieve(question.text, Choosing().passages)
        sentences = reader.sentences(passages)
        late, lexical = reader.sentence_scores(question.text, sentences)
        holds = [
            s.passage.chunk.article_id == gold.article_id
            and any(s.start <= first and last <= s.end for first, last in gold.answers)
            for s in sentences
        ]
        ranks = np.array([s.passage.rank for s in sentences], dtype=np.float64)
        yield Reading(late.astype(np.float64), lexical.astype(np.float64), ranks, np.array(holds))


def tune_refusal(folder: Path, embedder: Embedder) -> None:
    """Fit the logistic model: answerable, asked of another article, and paragraph taken out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    parts = {d: _evidence(folder, d, embedder) for d in READ}
    features = np.concatenate([np.concatenate(p) for p in parts.values()])
    labels = np.concatenate([np.repeat([1, 0, 0], [len(x) for x in p]) for p in parts.values()])
    # A reader mostly asks what the article tells: five to two, as in the article's own questions.
    # Of the two, those asked of another article count most: without their paragraph, many
    # questions are still half answered by its neighbours.
    kinds = [np.repeat([1.0, 0.32, 0.08], [len(x) for x in p]) for p in parts.values()]
    weights = np.concatenate(kinds)
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features, labels, weights)
    print("bias", round(float(model.intercept_[0]), 3), "weights", model.coef_[0].round(3).tolist())
    for direction, (own, other, without) in parts.items():
        told, far, near = (model.predict_proba(x)[:, 1] for x in (own, other, without))
        areas = [
            roc_auc_score(np.repeat([1, 0], [len(told), len(no)]), np.concatenate([told, no]))
            for no in (far, near)
        ]
        print(
            f"{direction}: refused {np.mean(told < 0.5):.3f} of the answerable, "
            f"{np.mean(far < 0.5):.3f} asked of another article (AUROC {areas[0]:.3f}), "
            f"{np.mean(near < 0.5):.3f} with the paragraph taken out (AUROC {areas[1]:.3f})"
        )


def _evidence(
    folder: Path, direction: str, embedder: Embedder
) -> tuple[Features, Features, Features]:
    articles, questions = _dataset(folder, direction)
    stores = _stores_by_title(articles, embedder)
    titles = {article.id: article.title for article in articles}
    names = sorted({titles[_gold(question).article_id] for question in questions})
    own, other, without = [], [], []
    for question in tqdm(questions, desc=direction, unit="q"):
        gold = _gold(question)
        title = titles[gold.article_id]
        elsewhere = names[(names.index(title) + len(names) // 2) % len(names)]
        own.append(_evidence_in(stores[title], question, embedder))
        other.append(_evidence_in(stores[elsewhere], question, embedder))
        without.append(_evidence_in(stores[title].remove(gold.article_id), question, embedder))
    return np.stack(own), np.stack(other), np.stack(without)


def _evidence_in(store: Store, question: Question, embedder: Embedder) -> Features:
    passages: tuple[Passage, ...] = Retriever(store, embedder).retrieve(question.text)
    choice = Reader(store, embedder).choose(question.text, passages)
    assert choice is not None, "every XQuAD paragraph has sentences"
    return choice.evidence


def _stores_by_title(articles: tuple[Article, ...], embedder: Embedder) -> dict[str, Store]:
    titles = dict.fromkeys(article.title for article in articles)
    return {
        title: Store.build([a for a in articles if a.title == title], embedder) for title in titles
    }


def _gold(question: Question) -> Gold:
    assert question.gold is not None, "XQuAD asks only what it answers"
    return question.gold


if __name__ == "__main__":
    main()
