"""Retriever: dense and BM25 candidates, put on one scale and fused, with late interaction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder
from index.store import Store
from qa.answer import Passage
from qa.errors import QuestionError
from qa.late import max_sim

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the three scores; BM25 counts by how much of the question the store knows.

    Tuned on the 632 XQuAD tuning questions by training/tune_fusion.py.
    """

    candidates: int = 50
    dense: float = 0.25
    late: float = 0.5
    lexical: float = 1.0


@dataclass(frozen=True, slots=True)
class Retriever:
    """Find the passages of a store that bear on a question."""

    store: Store
    embedder: Embedder
    fusion: Fusion = Fusion()

    def retrieve(self, question: str, k: int = 3) -> tuple[Passage, ...]:
        """Return the k best passages, best first, fewer if the store is smaller.

        Raises QuestionError for a blank question or k below 1.
        """
        check_question(question, k)
        rows, fused = self.score(question)
        order = sorted(range(len(rows)), key=lambda i: (-fused[i], rows[i]))[:k]
        return tuple(
            Passage(self.store.chunks[rows[i]], float(fused[i]), rank)
            for rank, i in enumerate(order, 1)
        )

    def score(self, question: str) -> tuple[list[int], Scores]:
        """Return the candidate rows of the store and their fused scores."""
        vector = self.embedder.embed_query(question)
        lexical, coverage = self.store.lexical_scores(question)
        rows = self._candidates(self.store.search(vector, self.fusion.candidates), lexical)
        tokens = self.embedder.token_vectors(
            [question, *(self.store.chunks[row].text for row in rows)]
        )
        late = max_sim(tokens[0], tokens[1:])
        fused = (
            self.fusion.dense * _standard(self.store.cosines(vector, rows))
            + self.fusion.late * _standard(late)
            + self.fusion.lexical * coverage * _standard(lexical[rows])
        )
        return rows, fused

    def _candidates(self, dense: tuple[tuple[int, float], ...], lexical: Scores) -> list[int]:
        best = np.argsort(-lexical, kind="stable")[: self.fusion.candidates]
        return sorted({row for row, _ in dense} | {int(row) for row in best if lexical[row] > 0})


def check_question(question: str, k: int) -> None:
    """Raise QuestionError, in one line, for a question that cannot be asked."""
    if not question.strip():
        raise QuestionError("the question is empty; ask something about the article")
    if k < 1:
        raise QuestionError(f"k is {k}; ask for at least 1 passage")


def _standard(scores: Scores) -> Scores:
    """Return the z-scores: three kinds of score on one scale; zeros where all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)
