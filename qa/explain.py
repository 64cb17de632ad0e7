"""Why a passage was chosen: the words that met, and what each score gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.contract import AnyStore
from index.embedder import Embedder
from qa.answer import Citation, Passage
from qa.features import matches, question_features
from qa.reader import embedded_reading
from qa.retriever import Retriever

_LEAST = 0.4  # below it two words have met by chance


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of the question, the word of the passage it found, and how alike they are, 0 to 1."""

    asked: str
    found: Citation
    alike: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A passage's pairs of words, the surest first, and its scores, weighed as they were added.

    ``dense`` to ``spelling`` sum to ``fused``, the passage's score. The first four are z-scores
    among the candidates: 0 is the mean of them, and a negative one speaks against the passage.
    """

    passage: Passage
    pairs: tuple[Pair, ...]
    dense: float
    late: float
    sentence: float
    lexical: float
    spelling: float

    @property
    def fused(self) -> float:
        """Give the sum."""
        return self.dense + self.late + self.sentence + self.lexical + self.spelling


def explain(
    question: str, passages: Sequence[Passage], store: AnyStore, embedder: Embedder
) -> tuple[Explanation, ...]:
    """Return why each of the passages was chosen for the question from the store.

    One that is none of the question's candidates, as another question's may be, is left out.
    """
    retriever = Retriever(store, embedder)
    chunks, signals = retriever.signals(question)
    weighed = signals * retriever.fusion.weights
    by_chunk = dict(zip(chunks, weighed, strict=True))
    return tuple(
        Explanation(passage, _pairs(question, passage, store), *by_chunk[passage.chunk].tolist())
        for passage in passages
        if passage.chunk in by_chunk
    )


def _pairs(question: str, passage: Passage, store: AnyStore) -> tuple[Pair, ...]:
    chunk, reading = passage.chunk, embedded_reading()
    article = store.article(chunk.article_id)
    asked = question_features(question, reading, article.language)
    words = reading.words(chunk.text, article.language)
    _, alike = matches(asked, words)
    found = []
    for column, (start, end) in enumerate(asked.spans if len(words) else ()):
        best = int(alike[:, column].argmax())
        score = min(float(alike[best, column]), 1.0)
        if score >= _LEAST:
            place = (chunk.start + int(words.starts[best]), chunk.start + int(words.ends[best]))
            found.append(Pair(question[start:end], Citation.of(article, *place), score))
    return tuple(sorted(found, key=lambda pair: -pair.alike))
