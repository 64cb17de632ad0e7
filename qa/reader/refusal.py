"""Refusal: "not in the article" where the passages probably do not answer the question.

So does `qa.mentions.names_absent_country`, without a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Answer, Passage
from qa.reader.calibration import Calibration
from qa.reader.selection import Selection


def is_answerable(selection: Selection, calibration: Calibration) -> bool:
    """Return whether the passages probably answer: `AnswerableModel` at or above its threshold."""
    return selection.answerable_probability(calibration) >= calibration.threshold


def refuse(question: str, confidence: float, passages: Sequence[Passage]) -> Answer:
    """Return the answer that the passages do not answer the question.

    ``confidence`` is that of the sentence that would have been cited.
    """
    return Answer(question, "not_in_article", "", confidence, (), tuple(passages))
