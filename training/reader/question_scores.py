"""How well questions find their paragraphs by vectors alone, while the question encoder learns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from index.embedder import Embedder
from qa.datasets import load_dataset
from qa.reader.windows import BEGIN, END, QUESTION
from training.reader.network import on_device
from training.reader.question_encoder import Frozen, QuestionEncoder
from training.reader.questions import held_out_titles

DIRECTIONS = ("en-ar", "ru-ar", "tr-ar", "es-ar", "zh-ar", "ar-en", "ar-ar", "en-en")
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Direction:
    """XQuAD's held-out tuning questions of one language over all of its paragraphs in another."""

    name: str
    ids: tuple[npt.NDArray[np.int64], ...]  # of each question, as the network reads it
    questions: Floats  # (questions, dim), by the table
    passages: Floats  # (passages, dim)
    gold: npt.NDArray[np.int64]  # the right passage of each question

    @classmethod
    def read(cls, name: str, folder: Path, tokenizer: Tokenizer, embedder: Embedder) -> Direction:
        """Read the questions from ``folder`` and embed both sides by the table."""
        asked, written = name.split("-")
        dataset = load_dataset(
            folder / f"xquad.{written}.json.xz",
            questions=folder / f"xquad.{asked}.json.xz",
            ids=folder / "xquad.tune.ids",
        )
        held = held_out_titles(folder)
        place = {article.id: i for i, article in enumerate(dataset.articles)}
        held_ids = {article.id for article in dataset.articles if article.title in held}
        questions = [q for q in dataset.questions if q.gold and q.gold.article_id in held_ids]
        texts = [question.text for question in questions]
        found = tokenizer.encode_batch(texts, add_special_tokens=False)
        return cls(
            name,
            tuple(np.array([BEGIN, *e.ids[:QUESTION], END], dtype=np.int64) for e in found),
            np.stack([embedder.embed_query(text) for text in texts]),
            embedder.embed_passages([article.text for article in dataset.articles]),
            np.array([place[q.gold.article_id] for q in questions if q.gold]),
        )

    def scores(self, encoder: QuestionEncoder, frozen: Frozen) -> tuple[float, float, float]:
        """Return nDCG@10 by the table, by the encoder, and by the sum of their vectors."""
        own = encode(self.ids, encoder, frozen)
        both = self.questions + own
        return self._ndcg(self.questions), self._ndcg(own), self._ndcg(both)

    def _ndcg(self, asked: Floats) -> float:
        scores = asked @ self.passages.T
        right = scores[np.arange(len(scores)), self.gold]
        rank = (scores > right[:, None]).sum(axis=1)
        return float(np.where(rank < 10, 1 / np.log2(rank + 2), 0).mean())


@torch.no_grad()
def encode(
    ids: tuple[npt.NDArray[np.int64], ...], encoder: QuestionEncoder, frozen: Frozen
) -> Floats:
    """Return the (questions, dim) vectors; questions of one length are read together."""
    training = encoder.training
    encoder.eval()
    found = np.empty((len(ids), encoder.out.out_features), dtype=np.float32)
    lengths = np.array([len(own) for own in ids])
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        same = np.stack([ids[row] for row in rows])
        mask = on_device(np.ones(same.shape, dtype=np.float32), frozen.words.device)
        found[rows] = encoder(frozen.states(same, mask), mask).cpu().numpy()
    encoder.train(training)
    return found


def table_of_scores(
    directions: tuple[Direction, ...], encoder: QuestionEncoder, frozen: Frozen
) -> str:
    """Return a line for each direction, and one of the means."""
    found = {one.name: one.scores(encoder, frozen) for one in directions}
    means = np.mean(list(found.values()), axis=0).tolist()
    rows = [*found.items(), ("mean", means)]
    head = f"{'nDCG@10':10} table encoder both"
    return "\n".join(
        [head, *(f"{name:10} " + " ".join(f"{v:.4f}" for v in values) for name, values in rows)]
    )
