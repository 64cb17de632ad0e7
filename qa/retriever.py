"""Retriever: dense and BM25 candidates, fused with late interaction of tokens and of spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.base import AnyStore, Candidates
from index.chunker import Chunk
from index.embedder import Embedder, TokenTable
from index.spelling import embedded_spelling
from index.text import sentence_spans
from qa.answer import Passage
from qa.dense import best_sentence_cosines
from qa.errors import QuestionError
from qa.late import max_sim_and_best_sentence, spelled_alike, sums_of_each, without_length
from qa.words import content_words

Scores = npt.NDArray[np.float32]

Groups = npt.NDArray[np.int64]

MAX_QUESTION = 10_000
# As if so many more texts of each language had the mean, and the spread, of all: a language of one
# text keeps what sets it apart. With 65,000 passages of eight languages beside the paragraphs of
# the XQuAD tuning half, nDCG@10 across languages rises from .114 to .189 (few priors are better
# there, and lose small languages) and stays at .960 within one.
_MEANS, _SPREADS = 5, 20


@dataclass(frozen=True, slots=True)
class Fusion:
    """How many candidates each half brings, how many are compared, and the five weights.

    Tuned on the 632 XQuAD tuning questions in sixteen directions by training/tune.py.
    """

    candidates: int = 200
    compared: int = 200
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

    store: AnyStore
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
        words that the store knows. Spelling counts in idf: a name is found or not. Each language
        has a mean of its own: texts in the question's share more with it, whatever they say.
        """
        vector = self.embedder.embed_query(question)
        found = self._best(self.store.candidates(question, vector, self.fusion.candidates))
        asked = content_words(question)
        texts = [chunk.text for chunk in found.chunks]
        split = list(map(_split, texts, found.languages))
        counts = [len(sentences) for sentences in split]
        sentences = self.embedder.token_vectors([text for own in split for text in own])
        late, sentence = self._late(asked, sentences, counts)
        spelling = embedded_spelling()
        languages = np.unique(found.languages, return_inverse=True)[1]
        scores = [
            _standard(found.dense + best_sentence_cosines(vector, sentences, counts), languages),
            _standard(late, languages),
            _standard(sentence, languages),
            _standard(found.lexical, languages) * np.float32(found.coverage),
            _centred(spelled_alike(spelling.words(asked), spelling.texts(texts)), languages),
        ]
        return found.chunks, np.stack(scores, axis=1)

    def _best(self, found: Candidates) -> Candidates:
        """Return those that are worth comparing token by token."""
        alike = np.zeros(len(found.chunks), dtype=np.int64)
        rough = _standard(found.dense, alike) + _standard(found.lexical, alike) * found.coverage
        kept = np.sort(np.argsort(-rough, kind="stable")[: self.fusion.compared])
        return found.take(kept)

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


def forget_sentences() -> None:
    """Forget the sentences of the chunks that were candidates."""
    _split.cache_clear()


def _centred(scores: Scores, languages: Groups) -> Scores:
    """Return the scores less the mean of their language's, drawn to that of all."""
    counts = np.bincount(languages)
    mean = scores.mean() if len(scores) else 0.0
    means = (np.bincount(languages, scores) + _MEANS * mean) / (counts + _MEANS)
    return np.asarray(scores - means[languages], dtype=np.float32)


def _standard(scores: Scores, languages: Groups) -> Scores:
    """Return the z-scores within each language: several kinds of score on one scale.

    A language's spread is drawn to that of all; zeros where all are equal. In one language these
    are the plain z-scores.
    """
    spread = float(scores.std()) if len(scores) else 0.0
    if spread <= 1e-6:
        return np.zeros_like(scores)
    centred = _centred(scores, languages)
    counts = np.bincount(languages)
    own = np.sqrt(np.bincount(languages, centred.astype(np.float64) ** 2) / counts.clip(1))
    drawn = (counts * own + _SPREADS * spread) / (counts + _SPREADS) if len(counts) > 1 else own
    return np.asarray(centred / drawn[languages].clip(1e-6), dtype=np.float32)
