"""Retriever: dense and BM25 candidates, fused with late interaction of tokens and of spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.chunker import Chunk
from index.embedder import Embedder, TokenTable
from index.spelling import embedded_spelling
from index.store import Store
from index.text import sentence_spans
from qa.answer import Passage
from qa.dense import best_sentence_cosines
from qa.errors import QuestionError
from qa.late import max_sim_and_best_sentence, spelled_alike, sums_of_each, without_length
from qa.words import content_words

Scores = npt.NDArray[np.float32]

MAX_QUESTION = 10_000


@dataclass(frozen=True, slots=True)
class Fusion:
    """How many candidates each half brings, and the weights of the five scores.

    Tuned on the 632 XQuAD tuning questions in sixteen directions by training/tune.py.
    """

    candidates: int = 200
    dense: float = 1.0
    late: float = 1.0
    sentence: float = 0.6
    lexical: float = 1.0
    spelling: float = 1.4

    @property
    def weights(self) -> Scores:
        """Give the five weights in the order of `Retriever.signals`."""
        weights = (self.dense, self.late, self.sentence, self.lexical, self.spelling)
        return np.array(weights, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Retriever:
    """Find the passages of a store that bear on a question."""

    store: Store
    embedder: Embedder
    fusion: Fusion = Fusion()

    def retrieve(self, question: str, k: int = 3) -> tuple[Passage, ...]:
        """Return the k best passages, best first, fewer if the store is smaller.

        Raises QuestionError for a question that cannot be asked or k below 1.
        """
        check_question(question, k)
        return self.best(*self.signals(question), k)

    def best(self, chunks: Sequence[Chunk], signals: Scores, k: int) -> tuple[Passage, ...]:
        """Return the k best candidates by the weights of the fusion, best first."""
        fused = signals @ self.fusion.weights
        order = np.argsort(-fused, kind="stable")[:k].tolist()
        return tuple(Passage(chunks[i], float(fused[i]), rank) for rank, i in enumerate(order, 1))

    def signals(self, question: str) -> tuple[tuple[Chunk, ...], Scores]:
        """Return the candidates and, (chunks, 5), their scores in the order of the weights.

        All but the last are z-scores; the lexical ones shrink with the share of the question's
        words that the store knows. Spelling counts in idf: a name is found or not.
        """
        vector = self.embedder.embed_query(question)
        found = self.store.candidates(question, vector, self.fusion.candidates)
        asked = content_words(question)
        texts = [chunk.text for chunk in found.chunks]
        split = list(map(_split, texts, found.languages))
        counts = [len(sentences) for sentences in split]
        sentences = self.embedder.token_vectors([text for own in split for text in own])
        late, sentence = self._late(asked, sentences, counts)
        spelling = embedded_spelling()
        scores = [
            _standard(found.dense + best_sentence_cosines(vector, sentences, counts)),
            _standard(late),
            _standard(sentence),
            _standard(found.lexical) * np.float32(found.coverage),
            spelled_alike(spelling.words(asked), spelling.texts(texts)),
        ]
        return found.chunks, np.stack(scores, axis=1)

    def _late(
        self, asked: str, sentences: TokenTable, counts: Sequence[int]
    ) -> tuple[Scores, Scores]:
        """Return the late interaction of each chunk and of its best sentence, less its length's."""
        (tokens,) = self.embedder.token_vectors([asked])
        whole, best = max_sim_and_best_sentence(tokens, sentences, counts)
        lengths = sums_of_each(sentences.lengths, counts)
        return without_length(whole, lengths), without_length(best, lengths)


def check_question(question: str, k: int) -> None:
    """Raise QuestionError, in one line, for a question that cannot be asked."""
    if not question.strip():
        raise QuestionError("the question is empty; ask something about the article")
    if any("\ud800" <= char <= "\udfff" for char in question):
        raise QuestionError("the question is not valid Unicode; type it anew")
    if len(question) > MAX_QUESTION:
        raise QuestionError(f"{len(question):,} characters; the limit is {MAX_QUESTION:,}")
    if k < 1:
        raise QuestionError(f"k is {k}; ask for at least 1 passage")


@lru_cache(maxsize=4096)  # a chunk is a candidate of many questions
def _split(text: str, language: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text, language))


def _standard(scores: Scores) -> Scores:
    """Return the z-scores: three kinds of score on one scale; zeros where all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)
