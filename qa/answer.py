"""What retrieval and answering return: Passage, Citation, Answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.articles import Article
from index.chunker import Chunk

Status = Literal["answered", "not_in_article"]
Sureness = Literal["sure", "likely", "not sure"]
EMPHASIS = 0.7
_SURE: tuple[tuple[float, Sureness], ...] = ((0.9, "sure"), (0.7, "likely"), (0.0, "not sure"))


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

    def holds(self, citation: Citation) -> bool:
        """Tell whether the citation stands in the passage."""
        chunk = self.chunk
        inside = chunk.start <= citation.start and citation.end <= chunk.end
        return chunk.article_id == citation.article_id and inside


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
class Statement:
    """A sentence that an LLM wrote; supported if all its citations could be resolved."""

    text: str
    citations: tuple[Citation, ...]
    supported: bool

    def __post_init__(self) -> None:
        if self.supported and not self.citations:
            raise ValueError(f"supported by nothing: {self.text!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the statement that the article does not say.

    ``confidence`` is the calibrated probability, 0 to 1, that the cited sentence is the right one,
    by the reader also where an LLM writes. ``span`` is the
    words within the cited sentence that answer best, and ``span_confidence`` the calibrated
    probability that they share most of their words with the right ones (F1 of one half or more);
    `emphasis` is the span where that is sure enough to be shown. ``statements`` are an LLM's,
    ``notice`` tells why there are none although one was asked. ``completed`` is the question as it
    was understood from the conversation, if it was not understood alone, and ``sought`` what the
    passages were then retrieved for; both are empty otherwise.
    """

    question: str
    status: Status
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    span: Citation | None = None
    span_confidence: float = 0.0
    statements: tuple[Statement, ...] = ()
    completed: str = ""
    sought: str = ""
    notice: str = ""

    def __post_init__(self) -> None:
        told = self.status == "answered"
        if told != bool(self.citations) or told != bool(self.text):
            raise ValueError(
                f"{self.status} with {len(self.citations)} citations and the text {self.text!r}"
            )
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not a probability")
        if not 0.0 <= self.span_confidence <= 1.0:
            raise ValueError(f"span_confidence {self.span_confidence} is not a probability")
        if self.span is not None and not any(_within(self.span, c) for c in self.citations):
            raise ValueError(f"the span [{self.span.start}:{self.span.end}] is in no citation")

    @property
    def sureness(self) -> Sureness:
        """The confidence in words, for people."""
        return _in_words(self.confidence)

    @property
    def span_sureness(self) -> Sureness:
        """How sure it is, in words, that the sentence is right and the span with it."""
        return _in_words(min(self.confidence, self.span_confidence))

    def marks(self, statement: Statement) -> str:
        """Return the numbers of a statement's citations among the answer's, as "[1][3]"."""
        numbers = {citation: number for number, citation in enumerate(self.citations, 1)}
        return "".join(f"[{numbers[c]}]" for c in statement.citations if c in numbers)

    @property
    def emphasis(self) -> Citation | None:
        """The span where seven such spans in ten are right, else None."""
        return self.span if self.span_confidence >= EMPHASIS else None


def _in_words(confidence: float) -> Sureness:
    return next(words for least, words in _SURE if confidence >= least)


def _within(inner: Citation, outer: Citation) -> bool:
    return (
        inner.article_id == outer.article_id
        and outer.start <= inner.start
        and inner.end <= outer.end
    )
