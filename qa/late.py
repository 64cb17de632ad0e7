"""Late interaction: each question token takes its best token of the text (ColBERT's MaxSim)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.embedder import TokenVectors


def best_cosines(question: TokenVectors, texts: Sequence[TokenVectors]) -> npt.NDArray[np.float32]:
    """Return (texts, question tokens): each token's best cosine in each text, 0 in an empty one."""
    found = np.zeros((len(texts), len(question.weights)), dtype=np.float32)
    if not len(question.weights):
        return found
    for row, text in enumerate(texts):
        if len(text.weights):
            found[row] = (question.vectors @ text.vectors.T).max(axis=1)
    return found


def max_sim(question: TokenVectors, texts: Sequence[TokenVectors]) -> npt.NDArray[np.float32]:
    """Return the (texts,) mean best cosine, question tokens by weight (Khattab & Zaharia 2020)."""
    total = float(question.weights.sum())
    if not total:
        return np.zeros(len(texts), dtype=np.float32)
    return best_cosines(question, texts) @ (question.weights / total)
