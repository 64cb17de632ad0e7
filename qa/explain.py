"""Explanations: why a passage was chosen, by words, scores, and probabilities of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.base import AnyStore
from index.embedder import Embedder
from qa.answer import Citation, Passage, citation_as_json
from qa.matching import match_words
from qa.reader.reader import ExtractiveNetwork, Reader
from qa.retriever import Retriever

SCORE_NAMES = ("dense", "late", "sentence", "lexical", "spelling")
_MIN_SIMILARITY = 0.4  # below it words are similar by chance


@dataclass(frozen=True, slots=True)
class WordPair:
    """A word of the question, the passage's most similar word, and how similar they are, 0 to 1."""

    question_word: str
    passage_word: Citation
    similarity: float


@dataclass(frozen=True, slots=True)
class SentenceProbability:
    """A sentence, and the reader's probability that it answers.

    All sentences that were read and "not here" sum to one.
    """

    sentence: Citation
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The word pairs of a passage, most similar first, its sentences in order, and its scores.

    ``dense`` to ``spelling`` are weighted and sum to ``fused``, the passage's score. The first four
    come from z-scores among the candidates: 0 is the mean, and a negative one counts against the
    passage.
    """

    passage: Passage
    pairs: tuple[WordPair, ...]
    sentences: tuple[SentenceProbability, ...]
    dense: float
    late: float
    sentence: float
    lexical: float
    spelling: float

    @property
    def fused(self) -> float:
        """The sum of the scores."""
        return self.dense + self.late + self.sentence + self.lexical + self.spelling


def explain(
    question: str,
    passages: Sequence[Passage],
    store: AnyStore,
    embedder: Embedder,
    *,
    reader: ExtractiveNetwork | None = None,
    read_as: str = "",
) -> tuple[Explanation, ...]:
    """Return why each of the passages was chosen for the question.

    Passages that are not candidates of the question are left out. ``reader`` is the network that
    read the passages, if not the bundled one; ``read_as`` the question that was read, if the
    passages were retrieved for another one.
    """
    retriever = Retriever(store, embedder)
    chunks, signals = retriever.signals(question)
    weighted = signals * retriever.fusion.weights
    by_chunk = dict(zip(chunks, weighted, strict=True))
    known = [passage for passage in passages if passage.chunk in by_chunk]
    sentences = _sentences(read_as or question, known, Reader(store, reader))
    return tuple(
        Explanation(
            passage,
            _pairs(question, passage, store),
            sentences[number],
            *by_chunk[passage.chunk].tolist(),
        )
        for number, passage in enumerate(known)
    )


def _sentences(
    question: str, passages: Sequence[Passage], reader: Reader
) -> list[tuple[SentenceProbability, ...]]:
    found: list[list[SentenceProbability]] = [[] for _ in passages]
    for number, sentence, probability in reader.probabilities(question, passages):
        found[number].append(SentenceProbability(sentence, probability))
    return [tuple(sentences) for sentences in found]


def _pairs(question: str, passage: Passage, store: AnyStore) -> tuple[WordPair, ...]:
    chunk = passage.chunk
    article = store.article(chunk.article_id)
    found = []
    for match in match_words(question, chunk.text, article.language):
        if match.text_span is not None and match.similarity >= _MIN_SIMILARITY:
            start, end = (chunk.start + place for place in match.text_span)
            word = question[slice(*match.question_span)]
            found.append(WordPair(word, Citation.of(article, start, end), match.similarity))
    return tuple(sorted(found, key=lambda pair: -pair.similarity))


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation as plain values."""
    return {
        "rank": explanation.passage.rank,
        "scores": {name: round(getattr(explanation, name), 4) for name in (*SCORE_NAMES, "fused")},
        "pairs": [
            {
                "question_word": pair.question_word,
                "passage_word": citation_as_json(pair.passage_word),
                "similarity": round(pair.similarity, 4),
            }
            for pair in explanation.pairs
        ],
        "sentences": [
            {
                "sentence": citation_as_json(each.sentence),
                "probability": round(each.probability, 4),
            }
            for each in explanation.sentences
        ],
    }
