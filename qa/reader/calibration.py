"""Fitted weights: which sentence is cited, and how probable it is that it is the right one."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from index.errors import ModelError
from qa.reader.layers import FOLDER

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """What is added to the log odds that the network gives a sentence.

    ``rank`` is taken off for each doubling of the passage's rank; ``late`` weighs the late
    interaction with a question in another script, where the network is the weaker judge, and
    ``spelling`` the words that are spelled as in a question in the same script.
    """

    rank: float
    late: float
    spelling: float


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic model of how probable it is that the cited sentence is right.

    ``margin`` weighs the log odds against "not here", ``lead`` the log odds against all other
    sentences, ``similarity`` the late interaction with the question; ``other_script`` is added
    where question and passage are written in different scripts, since all three are lower there.
    """

    bias: float
    margin: float
    lead: float
    similarity: float
    other_script: float

    def probability(
        self, margin: float, lead: float, similarity: float, *, other_script: bool
    ) -> float:
        """Return the probability, 0 to 1."""
        score = self.bias + self.margin * margin + self.lead * lead + self.similarity * similarity
        return logistic(score + self.other_script * other_script)


@dataclass(frozen=True, slots=True)
class AnswerableModel:
    """A logistic model of how probable it is that the passages answer the question at all.

    ``total`` weighs the log odds of all sentences together against "not here", ``similarity`` and
    ``spelling`` the evidence from retrieval for the best one; ``other_script`` is such that one
    threshold of refusal serves questions in the article's script and in others.
    """

    bias: float
    total: float
    similarity: float
    spelling: float
    other_script: float

    def probability(
        self, total: float, similarity: float, spelling: float, *, other_script: bool
    ) -> float:
        """Return the probability, 0 to 1."""
        score = self.bias + self.total * total + self.similarity * similarity
        score += self.spelling * spelling
        return logistic(score + self.other_script * other_script)


@dataclass(frozen=True, slots=True)
class SpanConfidenceModel:
    """A logistic model of how probable it is that the short answer is right.

    ``overlap`` weighs the log odds of the expected F1 within the sentence, ``margin`` those of the
    whole sentence against "not here".
    """

    bias: float
    overlap: float
    margin: float

    def probability(self, overlap: float, margin: float) -> float:
        """Return the probability, 0 to 1, that the span's F1 is one half or more."""
        return logistic(self.bias + self.overlap * log_odds(overlap) + self.margin * margin)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All fitted weights.

    Below a probability ``threshold`` of `AnswerableModel` the answer is "not in the article".
    """

    sentence: SentenceWeights
    answer: ConfidenceModel
    answerable: AnswerableModel
    span: SpanConfidenceModel
    threshold: float

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what `save` wrote; raise ModelError if it cannot be read."""
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(
                SentenceWeights(**stored["sentence"]),
                ConfidenceModel(**stored["answer"]),
                AnswerableModel(**stored["answerable"]),
                SpanConfidenceModel(**stored["span"]),
                float(stored["threshold"]),
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{folder / FILE} cannot be read ({error}); reinstall article-qa"
            ) from error

    def save(self, folder: Path) -> None:
        """Write the file into the folder."""
        text = json.dumps(asdict(self), indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


@lru_cache(maxsize=1)
def bundled_calibration() -> Calibration:
    """Return the weights that ship with the package, loaded once in a process."""
    return Calibration.load(FOLDER)


def logistic(score: float) -> float:
    """Return 1 / (1 + exp(-score)) without overflow."""
    if score < 0:
        grown = math.exp(max(score, -700.0))
        return grown / (1.0 + grown)
    return 1.0 / (1.0 + math.exp(-min(score, 700.0)))


def log_odds(probability: float) -> float:
    """Return the logit of a probability, kept within 1e-4 of 0 and 1."""
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))
