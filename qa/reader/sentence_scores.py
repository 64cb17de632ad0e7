"""What retrieval knows of each sentence: late interaction and spellings, by the bundled model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.spelling import bundled_spelling
from qa.defaults import shared_embedder
from qa.questions.question import analyse_question
from qa.retriever import max_sim, remove_length_effect, spelling_scores, standardise

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SentenceScores:
    """Scores of the sentences (sentences,) that are read together.

    ``late`` are z-scores of late interaction, less what the sentence's length explains;
    ``similarity`` is late interaction itself, the mean best cosine of the question's words;
    ``spelling`` sums by idf how similarly the question's words are spelled there, less the mean.
    """

    late: Scores
    similarity: Scores
    spelling: Scores


def score_sentences(question: str, sentences: Sequence[str]) -> SentenceScores:
    """Return the scores of each sentence; ``question`` may be in another language."""
    asked = analyse_question(question).content
    embedder, spelling = shared_embedder(), bundled_spelling()
    (tokens,) = embedder.token_vectors([asked])
    table = embedder.token_vectors(sentences)
    similarity = max_sim(tokens, table)
    late = remove_length_effect(similarity, table.lengths.tolist())
    spelled = spelling_scores(spelling.words(asked), spelling.texts(sentences))
    if len(spelled):
        spelled = np.asarray(spelled - spelled.mean(), dtype=np.float32)
    return SentenceScores(standardise(late), similarity, spelled)
