"""What retrieval and answering return: Passage, Citation, Answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.articles import Article
from index.chunker import Chunk

Status = Literal["answered", "not_in_article"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for a question; ``rank`` counts from 1.

    Scores compare within one question only.
    """

    chunk: Chunk
    score: float
    rank: int

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"rank {self.rank}: ranks count from 1")


@dataclass(frozen=True, slots=True)
class Citation:
    """The place of an answer: ``article.text[start:end] == quote``."""

    article_id: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.quote) != self.end - self.start:
            raise ValueError(
                f"Citation [{self.start}:{self.end}] does not fit its quote of {len(self.quote)}"
            )

    @classmethod
    def of(cls, article: Article, start: int, end: int) -> Citation:
        """Cite a span of an article."""
        return cls(article.id, start, end, article.text[start:end])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the statement that the article does not tell.

    ``confidence`` is the calibrated probability, 0 to 1, that the article answers.
    """

    question: str
    status: Status
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]

    def __post_init__(self) -> None:
        if (self.status == "answered") != bool(self.citations and self.text):
            raise ValueError(f"{self.status} with {len(self.citations)} citations")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not a probability")
