"""The sentence that answers, among those of all passages that were read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.language import main_script
from index.text import Span
from qa.reader.calibration import Calibration, Confidence, SentenceWeights
from qa.reader.evidence import sentence_evidence
from qa.reader.spans import PassageLogits, SentenceSpans, sentence_spans_of

_QUOTED = 5.0  # log odds: what a message quotes is seldom what it says
ReadPassage = Callable[[str, str], PassageLogits]


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage's text, the places of its sentences in it, and its rank, from 1."""

    text: str
    sentences: tuple[Span, ...]
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was read: its passage (counted from 0), its place, and what speaks for it.

    ``rank`` is the passage's; ``late``, ``similarity`` and ``spelling`` are those of
    `qa.reader.evidence.SentenceEvidence`. ``other_script``: the question is in another one.
    ``is_quoted``: a message quotes it of an earlier one.
    """

    passage: int
    rank: int
    sentence: Span
    spans: SentenceSpans
    late: float
    similarity: float
    spelling: float
    other_script: bool = False
    is_quoted: bool = False

    def score(self, weights: SentenceWeights) -> float:
        """Return the log odds by the network, the passage's rank and retrieval's evidence."""
        return (
            self.spans.log_odds
            - weights.rank * math.log2(self.rank)
            + weights.late * self.late * self.other_script
            - _QUOTED * self.is_quoted
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """The best candidate; ``lead`` is the log odds of its score against all others together.

    "Not here" is one of the others, with a score of 0. ``total`` is the log odds of all candidates
    together against "not here".
    """

    best: Candidate
    lead: float
    total: float

    def confidence(self, calibration: Calibration) -> float:
        """Return the probability that the sentence is the right one to cite."""
        return self.probability(calibration.answer)

    def probability(self, answer: Confidence) -> float:
        """Return the confidence that a given model yields."""
        best = self.best
        return answer.probability(
            best.spans.log_odds, self.lead, best.similarity, other_script=best.other_script
        )

    def answerable(self, calibration: Calibration) -> float:
        """Return the probability that the passages answer the question at all."""
        best = self.best
        return calibration.answerable.probability(
            self.total, best.similarity, best.spelling, other_script=best.other_script
        )

    def span_confidence(self, calibration: Calibration) -> float:
        """Return the probability that the short answer shares most words with the right one."""
        return calibration.span.probability(self.best.spans.overlap, self.best.spans.log_odds)


def read_sentences(
    question: str, passages: Sequence[ReaderInput], read: ReadPassage
) -> tuple[Candidate, ...]:
    """Return every sentence of the passages that has words; the passages come best first."""
    places = [(p, s) for p, passage in enumerate(passages) for s in passage.sentences]
    texts = [passages[p].text[start:end] for p, (start, end) in places]
    evidence = sentence_evidence(question, texts)
    script = main_script(question)
    others = [script != main_script(passage.text) for passage in passages]
    spans = [
        found
        for passage in passages
        for found in sentence_spans_of(read(question, passage.text), passage.sentences)
    ]
    return tuple(
        Candidate(
            passage,
            passages[passage].rank,
            sentence,
            found,
            float(evidence.late[row]),
            float(evidence.similarity[row]),
            float(evidence.spelling[row]),
            others[passage],
            _is_quoted(passages[passage].text, sentence[0]),
        )
        for row, ((passage, sentence), found) in enumerate(zip(places, spans, strict=True))
        if found is not None
    )


def _is_quoted(text: str, start: int) -> bool:
    """Return whether a line of a message begins with the mark of a quotation."""
    line = text.rfind("\n", 0, start) + 1
    return text[line : start + 1].lstrip().startswith(">")


def select(candidates: Sequence[Candidate], weights: SentenceWeights) -> Selection | None:
    """Return the candidate of the highest score, None if there are none."""
    if not candidates:
        return None
    scores = [candidate.score(weights) for candidate in candidates]
    place = int(np.argmax(scores))
    others = [0.0, *scores[:place], *scores[place + 1 :]]
    lead = scores[place] - float(np.logaddexp.reduce(others))
    return Selection(candidates[place], lead, float(np.logaddexp.reduce(scores)))


def probabilities(
    candidates: Sequence[Candidate], weights: SentenceWeights
) -> npt.NDArray[np.float64]:
    """Return (candidates,): softmax over their scores and that of "not here", which is 0."""
    scores = np.array([0.0, *(candidate.score(weights) for candidate in candidates)])
    return np.asarray(np.exp(scores - np.logaddexp.reduce(scores))[1:])
