"""Why a passage was chosen: its words that match, its scores, how likely its sentences are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.base import AnyStore
from index.embedder import Embedder
from qa.answer import Citation, Passage
from qa.matching import match_words
from qa.reader.reader import ExtractiveNetwork, Reader
from qa.retriever import Retriever

_LEAST = 0.4  # below it two words are alike by chance


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of the question, the word of the passage it found, and how alike they are, 0 to 1."""

    asked: str
    found: Citation
    alike: float


@dataclass(frozen=True, slots=True)
class SentenceLikelihood:
    """A sentence, and the reader's probability that it answers.

    All sentences that were read and "not here" sum to one.
    """

    sentence: Citation
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A passage's pairs of words, the surest first, its sentences in order, and its scores.

    The scores are weighed as they were added: ``dense`` to ``spelling`` sum to ``fused``, the
    passage's score. The first four are z-scores among the candidates: 0 is the mean of them, and a
    negative one speaks against the passage.
    """

    passage: Passage
    pairs: tuple[Pair, ...]
    sentences: tuple[SentenceLikelihood, ...]
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
    asked: str = "",
) -> tuple[Explanation, ...]:
    """Return why each of the passages was chosen for the question from the store.

    One that is none of the question's candidates, as another question's may be, is left out.
    ``reader`` is what read the passages, if not the embedded network; ``asked`` the question as it
    was read, where the passages were sought with other words.
    """
    retriever = Retriever(store, embedder)
    chunks, signals = retriever.signals(question)
    weighed = signals * retriever.fusion.weights
    by_chunk = dict(zip(chunks, weighed, strict=True))
    known = [passage for passage in passages if passage.chunk in by_chunk]
    sentences = _sentences(asked or question, known, Reader(store, reader))
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
) -> list[tuple[SentenceLikelihood, ...]]:
    found: list[list[SentenceLikelihood]] = [[] for _ in passages]
    for number, sentence, probability in reader.likelihoods(question, passages):
        found[number].append(SentenceLikelihood(sentence, probability))
    return [tuple(sentences) for sentences in found]


def _pairs(question: str, passage: Passage, store: AnyStore) -> tuple[Pair, ...]:
    chunk = passage.chunk
    article = store.article(chunk.article_id)
    found = []
    for match in match_words(question, chunk.text, article.language):
        if match.found is not None and match.likeness >= _LEAST:
            start, end = (chunk.start + place for place in match.found)
            asked = question[slice(*match.asked)]
            found.append(Pair(asked, Citation.of(article, start, end), match.likeness))
    return tuple(sorted(found, key=lambda pair: -pair.alike))
