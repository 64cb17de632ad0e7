"""The sentence that answers, among those of all passages that were read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.language import main_script
from index.text import Span
from qa.reader.calibration import Calibration, ConfidenceModel, SentenceWeights
from qa.reader.lists import TextList
from qa.reader.sentence_scores import score_sentences
from qa.reader.spans import PassageLogits, SentenceReading, read_spans

# Logs of the odds of a list's other items over its best one from which on the whole list answers.
# In thirty questions they were .01 to 2 where all items were asked for, and at most .001 where one
# item answers, except for five whose question was more similar to the item than to the
# introduction. _HINTED applies where the question is more similar to the introduction.
_SPREAD, _HINTED = math.log(0.5), math.log(0.008)
_SENTENCE = 3  # words; fewer are a name or a topic
_QUOTED = 5.0  # log odds: what a message quotes is seldom what it says
ReadPassage = Callable[[str, str], PassageLogits]


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage's text, the places of its sentences in it, and its rank, from 1.

    ``lists`` are those about it in the article of ``article_id``, in which it starts at ``start``.
    """

    text: str
    sentences: tuple[Span, ...]
    rank: int = 1
    lists: tuple[TextList, ...] = ()
    article_id: str = ""
    start: int = 0

    def list_of(self, sentence: Span) -> TextList | None:
        """Return the list that a sentence is in, as an item or as what introduces it."""
        place = self.start + sentence[0], self.start + sentence[1]
        return next((each for each in self.lists if each.holds(place)), None)

    def introduces(self, sentence: Span) -> bool:
        """Return whether a sentence introduces a list."""
        place = self.start + sentence[0], self.start + sentence[1]
        return any(each.is_introduced_by(place) for each in self.lists)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was read: its passage (counted from 0), its place, and its scores.

    ``rank`` is the passage's; ``late``, ``similarity`` and ``spelling`` are those of
    `qa.reader.sentence_scores.SentenceScores`. ``other_script``: the question is in another one.
    ``is_quoted``: a message quotes it of an earlier one. ``text_list`` is the list that the
    sentence is in, in the article of ``article_id``; with ``introduces_list`` it introduces it.
    """

    passage: int
    rank: int
    sentence: Span
    reading: SentenceReading
    late: float
    similarity: float
    spelling: float
    other_script: bool = False
    is_quoted: bool = False
    text_list: TextList | None = None
    introduces_list: bool = False
    article_id: str = ""

    def score(self, weights: SentenceWeights) -> float:
        """Return the log odds by the network, the passage's rank and retrieval's scores."""
        words = weights.spelling * self.spelling
        if self.other_script:
            words = weights.late * self.late
        rank = weights.rank * math.log2(self.rank)
        return self.reading.log_odds - rank + words - _QUOTED * self.is_quoted


@dataclass(frozen=True, slots=True)
class Selection:
    """The best candidate; ``lead`` is the log odds of its score against all others together.

    "Not here" is one of the others, with a score of 0. ``total`` is the log odds of all candidates
    together against "not here". ``margin`` are those that the network gives the best one alone;
    ``similarity`` and ``spelling`` are the best one's. Where the whole ``text_list`` is the answer,
    ``lead`` and ``margin`` sum over its sentences, and ``similarity`` and ``spelling`` are their
    maxima.
    """

    best: Candidate
    lead: float
    total: float
    margin: float
    similarity: float
    spelling: float
    text_list: TextList | None = None

    def confidence(self, model: ConfidenceModel) -> float:
        """Return the probability that the sentence is the right one to cite."""
        return model.probability(
            self.margin, self.lead, self.similarity, other_script=self.best.other_script
        )

    def answerable_probability(self, calibration: Calibration) -> float:
        """Return the probability that the passages answer the question at all."""
        return calibration.answerable.probability(
            self.total, self.similarity, self.spelling, other_script=self.best.other_script
        )

    def span_confidence(self, calibration: Calibration) -> float:
        """Return the probability that the short answer shares most words with the right one."""
        return calibration.span.probability(self.best.reading.overlap, self.best.reading.log_odds)


def read_sentences(
    question: str, passages: Sequence[ReaderInput], read: ReadPassage
) -> tuple[Candidate, ...]:
    """Return every sentence of the passages that has words; the passages come best first."""
    places = [(p, s) for p, passage in enumerate(passages) for s in passage.sentences]
    texts = [passages[p].text[start:end] for p, (start, end) in places]
    scores = score_sentences(question, texts)
    script = main_script(question)
    asked = with_question_mark(question)
    others = [script != main_script(passage.text) for passage in passages]
    readings = [
        found
        for passage in passages
        for found in read_spans(read(asked, passage.text), passage.sentences)
    ]
    return tuple(
        Candidate(
            passage,
            passages[passage].rank,
            sentence,
            found,
            float(scores.late[row]),
            float(scores.similarity[row]),
            float(scores.spelling[row]),
            others[passage],
            _is_quoted(passages[passage].text, sentence[0]),
            passages[passage].list_of(sentence),
            passages[passage].introduces(sentence),
            passages[passage].article_id,
        )
        for row, ((passage, sentence), found) in enumerate(zip(places, readings, strict=True))
        if found is not None
    )


def with_question_mark(question: str) -> str:
    """Return a question with a mark at its end, as those have that the network learned from.

    Without it the network refuses less: of 53 unanswerable questions typed in haste 19, with it 24.
    """
    asked = question.rstrip()
    if len(asked.split()) < _SENTENCE or asked[-1:] in ".?!؟。？！…":
        return question
    return asked + ("؟" if main_script(asked) == "Arabic" else "?")


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
    best, total = candidates[place], float(np.logaddexp.reduce(scores))
    chosen = _of_one_list(candidates, scores, place)
    others = [0.0, *(score for i, score in enumerate(scores) if i not in chosen)]
    together = float(np.logaddexp.reduce([scores[i] for i in chosen]))
    lead = together - float(np.logaddexp.reduce(others))
    margin = float(np.logaddexp.reduce([candidates[i].reading.log_odds for i in chosen]))
    return Selection(
        best,
        lead,
        total,
        margin,
        max(candidates[i].similarity for i in chosen),
        max(candidates[i].spelling for i in chosen),
        best.text_list if len(chosen) > 1 or best.introduces_list else None,
    )


def _of_one_list(
    candidates: Sequence[Candidate], scores: Sequence[float], best: int
) -> tuple[int, ...]:
    """Return the candidates that answer together: the best one, or the list that it is in.

    A list answers as a whole where its introduction is best, or where the probability is spread
    over its items. The network prefers the first of several items that answer, but is nearly sure
    of one that answers alone. Less spread is enough where the question is more similar to the
    introduction than to the item: "which items are allowed?", not "what do phones cost?".
    """
    chosen, found = candidates[best], candidates[best].text_list
    if found is None:
        return (best,)
    same = [
        i
        for i, candidate in enumerate(candidates)
        if candidate.article_id == chosen.article_id
        and candidate.text_list is not None
        and candidate.text_list.overlaps(found)
    ]
    others = [scores[i] for i in same if i != best]
    spread = float(np.logaddexp.reduce(others)) - scores[best] if others else -math.inf
    introductions = [candidates[i].similarity for i in same if candidates[i].introduces_list]
    is_about_all = bool(introductions) and max(introductions) > chosen.similarity
    is_whole = chosen.introduces_list or spread >= (_HINTED if is_about_all else _SPREAD)
    return tuple(same) if is_whole else (best,)


def probabilities(
    candidates: Sequence[Candidate], weights: SentenceWeights
) -> npt.NDArray[np.float64]:
    """Return (candidates,): softmax over their scores and that of "not here", which is 0."""
    scores = np.array([0.0, *(candidate.score(weights) for candidate in candidates)])
    return np.asarray(np.exp(scores - np.logaddexp.reduce(scores))[1:])
