"""Candidates: what a store gives a retriever to choose from, whatever engine keeps it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.chunker import Chunk

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """What a store finds for a question, in its own order.

    ``dense`` (chunks,) are cosines, ``lexical`` (chunks,) BM25; ``coverage`` is the share of the
    question's words, weighed by idf, that the store holds at all.
    """

    chunks: tuple[Chunk, ...]
    languages: tuple[str, ...]
    dense: Scores
    lexical: Scores
    coverage: float

    def only(self, places: npt.NDArray[np.int64]) -> Candidates:
        """Return those at these places."""
        return Candidates(
            tuple(self.chunks[place] for place in places.tolist()),
            tuple(self.languages[place] for place in places.tolist()),
            self.dense[places],
            self.lexical[places],
            self.coverage,
        )
