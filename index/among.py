"""BM25 among the nearest chunks alone, where nothing knows the words of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.bm25 import BM25
from index.candidates import Candidates, Scores
from index.chunker import Chunk
from index.lexical import merged_groups
from index.postings import Postings


def ranked_by_words(
    question: str, chunks: Sequence[Chunk], languages: Sequence[str], cosines: Scores
) -> Candidates:
    """Return chunks as candidates: idf, mean length and coverage are of these chunks."""
    bm25 = BM25([Postings.build([chunk.text for chunk in chunks], languages)], [None])
    groups = merged_groups(question, sorted(set(languages)))
    found = bm25.find(groups, len(chunks), lambda: np.arange(len(chunks)))
    return Candidates(tuple(chunks), tuple(languages), cosines, found.scores, found.coverage)
