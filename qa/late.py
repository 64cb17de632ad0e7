"""Late interaction: each question token takes its best token of the text (ColBERT's MaxSim)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.embedder import TokenVectors


def best_cosines(question: TokenVectors, texts: Sequence[TokenVectors]) -> npt.NDArray[np.float32]:
    """Return (texts, question tokens): each token's best cosine in each text, 0 in an empty one."""
    found = np.zeros((len(texts), len(question.weights)), dtype=np.float32)
    filled = [row for row, text in enumerate(texts) if len(text.weights)]
    if not filled or not len(question.weights):
        return found
    # One product for all texts: a hundred small ones cost more in threads than in sums.
    tokens = np.concatenate([texts[row].vectors for row in filled])
    starts = np.cumsum([0] + [len(texts[row].weights) for row in filled[:-1]])
    cosines = question.vectors @ tokens.T
    found[filled] = np.maximum.reduceat(cosines, starts, axis=1).T
    return found


def max_sim(question: TokenVectors, texts: Sequence[TokenVectors]) -> npt.NDArray[np.float32]:
    """Return the (texts,) mean best cosine, question tokens by weight (Khattab & Zaharia 2020)."""
    total = float(question.weights.sum())
    if not total:
        return np.zeros(len(texts), dtype=np.float32)
    return best_cosines(question, texts) @ (question.weights / total)
