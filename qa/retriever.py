"""Retrieval: candidates of vectors and BM25, fused with late interaction and spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.base import AnyStore, Candidates
from index.chunker import Chunk
from index.embedder import Embedder, TokenTable, TokenVectors, Vector
from index.sentences import cut_roughly
from index.spelling import SpelledTexts, SpelledWords, bundled_spelling, scale_cosines
from qa.answer import Passage
from qa.errors import QuestionError
from qa.question_vectors import embed_question
from qa.questions.question import analyse_question

Scores = npt.NDArray[np.float32]

Groups = npt.NDArray[np.int64]

MAX_QUESTION = 10_000
# Pseudo-counts, in texts, that shrink each language's mean and spread towards those of all texts,
# so that the only text of a language keeps its score. With 65,000 passages of eight languages
# beside the paragraphs of the XQuAD tuning half, nDCG@10 across languages rises from .114 to .189
# (smaller counts are better there, but lose languages with few texts); it stays at .960 within one.
_MEAN_PRIOR, _SPREAD_PRIOR = 5, 20


@dataclass(frozen=True, slots=True)
class Fusion:
    """How many candidates vectors and BM25 find each, how many are rescored, and the weights.

    All of ``rescored`` are for a question none of whose words the store has; where it has them
    all, BM25 puts the right passage high, and the share ``spared`` is left out. A share ``near`` of
    those kept are the nearest by vectors, for passages in other languages than the question's.
    ``encoder`` is what the question encoder's vector counts beside the table's, the other five are
    the weights of the signals. Tuned on the XQuAD tuning questions in sixteen directions by
    training/tune.py.
    """

    candidates: int = 200
    rescored: int = 200
    spared: float = 0.5
    near: float = 0.3
    encoder: float = 4.0
    dense: float = 2.0
    late: float = 1.0
    sentence: float = 0.6
    lexical: float = 1.5
    spelling: float = 1.4

    @property
    def weights(self) -> Scores:
        """The five weights, in the order of `Retriever.signals`."""
        weights = (self.dense, self.late, self.sentence, self.lexical, self.spelling)
        return np.array(weights, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds the passages of a store that may answer a question."""

    store: AnyStore
    embedder: Embedder
    fusion: Fusion = Fusion()

    def retrieve(self, question: str, k: int = 3) -> tuple[Passage, ...]:
        """Return the k best passages, best first, fewer if the store is smaller.

        Raises QuestionError for a question that cannot be asked or k below 1.
        """
        check_question(question, k)
        return self.best(*self.signals(question, k), k)

    def best(self, chunks: Sequence[Chunk], signals: Scores, k: int) -> tuple[Passage, ...]:
        """Return the k best candidates by weighted sum of their signals, best first."""
        fused = signals @ self.fusion.weights
        order = np.argsort(-fused, kind="stable")[:k].tolist()
        return tuple(Passage(chunks[i], float(fused[i]), rank) for rank, i in enumerate(order, 1))

    def signals(self, question: str, k: int = 0) -> tuple[tuple[Chunk, ...], Scores]:
        """Return k candidates or more, and their (chunks, 5) scores in the order of the weights.

        All but the last are z-scores; the lexical ones are multiplied by the share of the
        question's words that the store has. Spelling scores are sums of idf. Each language has its
        own mean, since all texts in the question's language share more with it.
        """
        vector = embed_question(question, self.embedder, self.fusion.encoder)
        found = self.store.candidates(question, vector, self.fusion.candidates)
        found = self._prune(found, k)
        words = analyse_question(question).content
        texts = [chunk.text for chunk in found.chunks]
        split = list(map(cut_roughly, texts))
        counts = [len(sentences) for sentences in split]
        sentences = self.embedder.token_vectors([text for own in split for text in own])
        late, sentence = self._late(words, sentences, counts)
        spelling = bundled_spelling()
        languages = np.unique(found.languages, return_inverse=True)[1]
        scores = [
            standardise(found.dense + best_sentence_cosines(vector, sentences, counts), languages),
            standardise(late, languages),
            standardise(sentence, languages),
            standardise(found.lexical, languages) * np.float32(found.coverage),
            _centre(spelling_scores(spelling.words(words), spelling.texts(texts)), languages),
        ]
        return found.chunks, np.stack(scores, axis=1)

    def _prune(self, found: Candidates, k: int) -> Candidates:
        """Return the candidates, k or more, that are compared token by token."""
        rough = standardise(found.dense) + standardise(found.lexical) * found.coverage
        count = max(round(self.fusion.rescored * (1 - self.fusion.spared * found.coverage)), k)
        near = np.argsort(-found.dense, kind="stable")[: round(count * self.fusion.near)]
        order = np.argsort(-rough, kind="stable")
        others = order[~np.isin(order, near)][: count - len(near)]
        return found.take(np.sort(np.concatenate([near, others])))

    def _late(
        self, words: str, sentences: TokenTable, counts: Sequence[int]
    ) -> tuple[Scores, Scores]:
        """Return the late interaction of each chunk, and of its best sentence."""
        (tokens,) = self.embedder.token_vectors([words])
        whole, best = max_sim_and_best_sentence(tokens, sentences, counts)
        lengths = sum_by_text(sentences.lengths, counts)
        return remove_length_effect(whole, lengths), remove_length_effect(best, lengths)


def check_question(question: str, k: int) -> None:
    """Raise QuestionError if the question cannot be asked."""
    if not question.strip():
        raise QuestionError("the question is empty; ask something about the article")
    if any("\ud800" <= char <= "\udfff" for char in question):
        raise QuestionError("the question is not valid Unicode; type it again")
    if len(question) > MAX_QUESTION:
        raise QuestionError(f"{len(question):,} characters; the limit is {MAX_QUESTION:,}")
    if k < 1:
        raise QuestionError(f"k is {k}; ask for at least 1 passage")


def _centre(scores: Scores, languages: Groups) -> Scores:
    """Return the scores minus the mean of their language, shrunk towards that of all."""
    counts = np.bincount(languages)
    mean = scores.mean() if len(scores) else 0.0
    means = (np.bincount(languages, scores) + _MEAN_PRIOR * mean) / (counts + _MEAN_PRIOR)
    return np.asarray(scores - means[languages], dtype=np.float32)


def standardise(scores: Scores, languages: Groups | None = None) -> Scores:
    """Return the z-scores within each language, zeros where all scores are equal.

    A language's spread is shrunk towards that of all; for one, or without ``languages``, these are
    plain z-scores.
    """
    if languages is None:
        languages = np.zeros(len(scores), dtype=np.int64)
    spread = float(scores.std()) if len(scores) else 0.0
    if spread <= 1e-6:
        return np.zeros_like(scores)
    centred = _centre(scores, languages)
    counts = np.bincount(languages)
    own = np.sqrt(np.bincount(languages, centred.astype(np.float64) ** 2) / counts.clip(1))
    shrunk = (
        (counts * own + _SPREAD_PRIOR * spread) / (counts + _SPREAD_PRIOR)
        if len(counts) > 1
        else own
    )
    return np.asarray(centred / shrunk[languages].clip(1e-6), dtype=np.float32)


_RIDGE = 1.0  # against slopes of few texts: as one more text with e times the mean length


def max_sim(question: TokenVectors, texts: TokenTable) -> Scores:
    """Return the (texts,) weighted mean of each question token's best cosine (ColBERT's MaxSim).

    Khattab & Zaharia 2020.
    """
    return _best_of_each(question, texts) @ _shares(question)


def max_sim_and_best_sentence(
    question: TokenVectors, sentences: TokenTable, counts: Sequence[int]
) -> tuple[Scores, Scores]:
    """Return the (texts,) MaxSim of texts of so many sentences, and of their best sentences.

    Words close together in one sentence count more than the same words spread over a text.
    """
    cosines, shares = _best_of_each(question, sentences), _shares(question)
    return max_by_text(cosines, counts) @ shares, max_by_text(cosines @ shares, counts)


def _best_of_each(question: TokenVectors, texts: TokenTable) -> Scores:
    """Return the (texts, question tokens) best cosines, 0 in an empty text."""
    found = np.zeros((len(texts), len(question.weights)), dtype=np.float32)
    filled = texts.lengths > 0
    if filled.any() and len(question.weights):
        # A token that many texts share is compared once.
        cosines = (question.vectors @ texts.vectors.T)[:, texts.ids]
        found[filled] = np.maximum.reduceat(cosines, texts.starts[:-1][filled], axis=1).T
    return found


def max_by_text(scores: Scores, counts: Sequence[int]) -> Scores:
    """Return the highest of the scores (sentences, ...) of each text's sentences, or 0.

    ``counts`` (texts,) are the numbers of sentences, which are in the order of the texts.
    """
    size = np.array(counts, dtype=np.int64)
    highest = np.zeros((len(size), *scores.shape[1:]), dtype=np.float32)
    if len(scores):
        highest[size > 0] = np.maximum.reduceat(scores, (np.cumsum(size) - size)[size > 0])
    return highest


def sum_by_text(numbers: npt.NDArray[np.int64], counts: Sequence[int]) -> list[int]:
    """Return the sum of the numbers (sentences,) of each text's sentences."""
    totals = np.concatenate([[0], np.cumsum(numbers)])
    ends = np.cumsum(np.array(counts, dtype=np.int64))
    return [int(n) for n in totals[ends] - totals[ends - np.array(counts, dtype=np.int64)]]


def _shares(question: TokenVectors) -> Scores:
    return question.weights / max(float(question.weights.sum()), 1e-9)


def remove_length_effect(scores: Scores, lengths: Sequence[int]) -> Scores:
    """Return the scores minus what the log of the text's length explains (ridge regression).

    The best of many cosines is high by chance. On the XQuAD tuning questions, all else
    equal, the mean nDCG@10 of nine cross-language directions rises from .736 to .759.
    """
    logs = np.log1p(np.array(lengths, dtype=np.float32))
    logs -= logs.mean() if len(logs) else 0
    slope = float(logs @ scores) / (float(logs @ logs) + _RIDGE)
    return np.asarray(scores - slope * logs, dtype=np.float32)


def spelling_scores(question: SpelledWords, texts: SpelledTexts) -> Scores:
    """Return the (texts,) sums of how similar the best spelling of each question word is, by idf.

    A word's document frequency is the sum of its similarities; idf by Lucene's formula.
    """
    if not len(question.starts) or not len(texts):
        return np.zeros(len(texts), dtype=np.float32)
    best = np.zeros((len(texts), len(question.starts)), dtype=np.float32)
    filled = np.diff(texts.starts) > 0
    if filled.any():
        # A spelling that many texts share is compared once.
        pairs = np.maximum.reduceat(question.vectors @ texts.vectors.T, question.starts, axis=0)
        firsts = texts.starts[:-1][filled]
        best[filled] = np.maximum.reduceat(pairs[:, texts.ids], firsts, axis=1).T
    similar = scale_cosines(best)
    frequency = similar.sum(axis=0)
    idf = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
    return np.asarray(similar @ idf, dtype=np.float32)


def best_sentence_cosines(
    question: Vector, sentences: TokenTable, counts: Sequence[int]
) -> npt.NDArray[np.float32]:
    """Return the (texts,) highest cosine of the question with a sentence of each text, or 0.

    ``counts`` (texts,) are the numbers of sentences. MaxP (Dai & Callan 2019): a question is about
    one sentence, of which the mean of a paragraph has little. Added to the paragraph's own cosine,
    the dense nDCG@10 on the XQuAD tuning questions rises from .848 to .893 within a language, from
    .636 to .674 across.
    """
    return max_by_text(sentences.means @ question, counts)
