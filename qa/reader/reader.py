"""Reader: the sentence of the passages that answers and the words in it, or that none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np

from index.base import AnyStore
from index.sentences import sentence_spans
from index.text import Span
from qa.answer import Answer, Citation, Passage
from qa.mentions import names_absent_country
from qa.questions.question import analyse_question
from qa.reader.calibration import (
    AnswerableModel,
    Calibration,
    ConfidenceModel,
    SentenceWeights,
    SpanConfidenceModel,
    bundled_calibration,
)
from qa.reader.lists import find_lists
from qa.reader.network import bundled_network
from qa.reader.refusal import is_answerable, refuse
from qa.reader.selection import (
    ReaderInput,
    Selection,
    probabilities,
    read_sentences,
    select,
)
from qa.reader.spans import PassageLogits

PASSAGES_PER_ROUND, MAX_PASSAGES = 3, 12
CERTAIN = 0.8  # confidence from which further passages are not read


class ExtractiveNetwork(Protocol):
    """What reads a passage: the bundled network, or any extractive model."""

    def read(self, question: str, passage: str) -> PassageLogits:
        """Return start and end logits of the passage's tokens, relative to the null score."""


# Another model's scores were never calibrated: its own odds against "no answer", and no
# scores of retrieval. No span is sure enough to be emphasised.
UNCALIBRATED = Calibration(
    SentenceWeights(rank=0.0, late=0.0, spelling=0.0),
    ConfidenceModel(bias=0.0, margin=1.0, lead=0.0, similarity=0.0, other_script=0.0),
    AnswerableModel(bias=0.0, total=1.0, similarity=0.0, spelling=0.0, other_script=0.0),
    SpanConfidenceModel(bias=-20.0, overlap=0.0, margin=0.0),
    threshold=0.5,
)


def read_and_select(
    question: str,
    inputs: Sequence[ReaderInput],
    network: ExtractiveNetwork,
    calibration: Calibration,
) -> Selection | None:
    """Return the best sentence of the passages, None where they have no words.

    The first ones are read, and further ones while the answer is not certain.
    """
    selection, read = None, lru_cache(maxsize=None)(network.read)
    for depth in range(PASSAGES_PER_ROUND, MAX_PASSAGES + PASSAGES_PER_ROUND, PASSAGES_PER_ROUND):
        candidates = read_sentences(question, inputs[:depth], read)
        selection = select(candidates, calibration.sentence)
        certain = selection and selection.confidence(calibration.answer) >= CERTAIN
        if certain or depth >= len(inputs):
            break
    return selection


def _without_marks(text: str, span: Span) -> Span:
    """Return a span without the marks at its end that separate it from what follows."""
    start, end = span
    kept = text[start:end].rstrip("،,;:؛.。 ")
    return (start, start + len(kept)) if kept else span


@dataclass(frozen=True, slots=True)
class Reader:
    """Read passages of a store for the answer to a question.

    ``network`` is read instead of the bundled one, with ``calibration`` (by default
    `UNCALIBRATED`, where another network is given).
    """

    store: AnyStore
    network: ExtractiveNetwork | None = None
    calibration: Calibration | None = None

    def read(self, question: str, passages: Sequence[Passage]) -> Answer:
        """Answer with the best sentence of the passages, cited, or refuse; best passages first."""
        calibration = self._calibration()
        inputs = [self._input(passage) for passage in passages[:MAX_PASSAGES]]
        network = self.network or bundled_network()
        selection = read_and_select(question, inputs, network, calibration)
        confidence = selection.confidence(calibration.answer) if selection else 0.0
        if selection is None or not is_answerable(selection, calibration):
            return refuse(question, confidence, passages)
        best = selection.best
        chunk = passages[best.passage].chunk
        article = self.store.article(chunk.article_id)
        if names_absent_country(analyse_question(question), article):
            return refuse(question, 0.0, passages)

        def cite(span: Span) -> Citation:
            return Citation.of(article, chunk.start + span[0], chunk.start + span[1])

        if selection.text_list is not None:
            whole = Citation.of(article, *selection.text_list.span)
            return Answer(question, "answered", whole.quote, confidence, (whole,), tuple(passages))
        sentence = cite(best.sentence)
        return Answer(
            question,
            "answered",
            sentence.quote,
            confidence,
            (sentence,),
            tuple(passages),
            cite(_without_marks(chunk.text, best.reading.best_span)),
            selection.span_confidence(calibration),
        )

    def rerank(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Return the passages by how likely it is that they answer, the likeliest first.

        Each is read whole. Its score is the log odds of its sentences together against "not here",
        by which `read` chooses, -inf for one without words.
        """
        network = self.network or bundled_network()
        candidates = read_sentences(question, [self._input(p) for p in passages], network.read)
        scores = [float("-inf")] * len(passages)
        for candidate in candidates:
            score = candidate.score(self._calibration().sentence)
            scores[candidate.passage] = float(np.logaddexp(scores[candidate.passage], score))
        order = sorted(range(len(passages)), key=lambda place: -scores[place])
        return tuple(
            replace(passages[place], score=scores[place], rank=rank)
            for rank, place in enumerate(order, 1)
        )

    def probabilities(
        self, question: str, passages: Sequence[Passage]
    ) -> Iterator[tuple[int, Citation, float]]:
        """Yield the number of a passage, a sentence of it, and its probability to answer.

        All sentences and "not here" sum to one. By it the sentence is chosen; what is calibrated
        is `Answer.confidence`.
        """
        inputs = [self._input(passage) for passage in passages]
        network = self.network or bundled_network()
        candidates = read_sentences(question, inputs, network.read)
        found = probabilities(candidates, self._calibration().sentence)
        for candidate, probability in zip(candidates, found.tolist(), strict=True):
            chunk = passages[candidate.passage].chunk
            start, end = (chunk.start + place for place in candidate.sentence)
            article = self.store.article(chunk.article_id)
            yield candidate.passage, Citation.of(article, start, end), probability

    def _input(self, passage: Passage) -> ReaderInput:
        chunk = passage.chunk
        article = self.store.article(chunk.article_id)
        sentences = sentence_spans(chunk.text, article.language)
        lists = find_lists(article.text, (chunk.start, chunk.end))
        return ReaderInput(
            chunk.text, sentences, passage.rank, lists, chunk.article_id, chunk.start
        )

    def _calibration(self) -> Calibration:
        if self.calibration is not None:
            return self.calibration
        return bundled_calibration() if self.network is None else UNCALIBRATED
