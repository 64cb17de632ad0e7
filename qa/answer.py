"""Answers and their parts: Passage, Citation, Statement, Answer, and their JSON forms.

Offsets count code points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from index.articles import Article, file_name
from index.chunker import Chunk
from index.readers.base import Locator
from qa.languages.record import About

Status = Literal["answered", "not_in_article", "not_a_question"]
Sureness = Literal["sure", "likely", "not sure"]
EMPHASIS = 0.7
# From which confidence on an answer is called so.
SURENESS: tuple[tuple[float, Sureness], ...] = ((0.9, "sure"), (0.7, "likely"), (0.0, "not sure"))


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for a question; ``rank`` counts from 1.

    Scores of different questions do not compare.
    """

    chunk: Chunk
    score: float
    rank: int

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"rank {self.rank}: ranks count from 1")

    def contains(self, citation: Citation) -> bool:
        """Return whether the citation is inside the passage."""
        chunk = self.chunk
        inside = chunk.start <= citation.start and citation.end <= chunk.end
        return chunk.article_id == citation.article_id and inside


@dataclass(frozen=True, slots=True)
class Citation:
    """The place of an answer: ``article.text[start:end] == quote``.

    ``locator`` says where in the file that is, None where it has no pages, slides or times.
    """

    article_id: str
    start: int
    end: int
    quote: str
    locator: Locator | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.quote) != self.end - self.start:
            raise ValueError(
                f"Citation [{self.start}:{self.end}] does not fit its quote of {len(self.quote)}"
            )

    @classmethod
    def of(cls, article: Article, start: int, end: int) -> Citation:
        """Cite a span of an article."""
        return cls(article.id, start, end, article.text[start:end], article.locator(start))

    def __str__(self) -> str:
        """Return the quote and where it stands."""
        locator = f"{self.locator}, " if self.locator else ""
        return f"«{self.quote}» [{self.article_id}, {locator}{self.start}-{self.end}]"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that an LLM wrote; supported if all its citations could be verified."""

    text: str
    citations: tuple[Citation, ...]
    supported: bool

    def __post_init__(self) -> None:
        if self.supported and not self.citations:
            raise ValueError(f"supported by nothing: {self.text!r}")


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer to a question, or the statement that the article does not say.

    ``confidence`` is the calibrated probability, 0 to 1, that the cited sentence is the right one;
    it is the reader's also where an LLM writes. ``span`` is the short answer within the cited
    sentence, and ``span_confidence`` the calibrated probability that it shares most words with the
    right one (F1 of one half or more); `emphasis` is the span where that is likely. ``statements``
    are the sentences of an LLM; ``notice`` says why there are none although one was configured.
    ``localised`` is the span in the question's language, where that is another and the span a
    number, a date or a country (`qa.localise`); it is not a quote. ``romanised`` is a name in Latin
    letters, where the question is in these and the name is not (`qa.romanise`).
    ``about`` says what of the article itself was asked (its title, say), which need not stand in
    its text. "not_a_question" is the status of greetings and the like, whose text says what can be
    asked.
    With ``is_evidence`` the question asks for yes or no, or compares two things: the cited
    sentences bear on it, and what they decide was not checked, so that it has no short answer and
    is never "sure".
    ``completed`` is a follow-up question as it was understood from the conversation, and
    ``retrieval_question`` the question that its passages were retrieved for; both are empty for
    other questions.
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
    retrieval_question: str = ""
    notice: str = ""
    about: About | None = None
    localised: str = ""
    romanised: str = ""
    is_evidence: bool = False

    def __post_init__(self) -> None:
        answered = self.status == "answered"
        cites = bool(self.citations) or (answered and self.about is not None)
        if answered != cites or bool(self.text) != (self.status != "not_in_article"):
            raise ValueError(
                f"{self.status} with {len(self.citations)} citations and the text {self.text!r}"
            )
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not a probability")
        if not 0.0 <= self.span_confidence <= 1.0:
            raise ValueError(f"span_confidence {self.span_confidence} is not a probability")
        if self.span is not None and not any(_is_within(self.span, c) for c in self.citations):
            raise ValueError(f"the span [{self.span.start}:{self.span.end}] is in no citation")

    def __str__(self) -> str:
        """Return the short answer where it is sure, the cited text, and where it stands."""
        if self.status == "not_in_article":
            return "The article does not say."
        if self.status == "not_a_question":
            return self.text
        lines = [] if self.emphasis is None else [self.short_answer]
        if not self.statements and self.citations:  # the text is what they quote
            return "\n".join([*lines, *map(str, self.citations)])
        return "\n".join([*lines, self.text, *map(str, self.citations)])

    @property
    def short_answer(self) -> str:
        """The words of the span, first as the asker reads them: `localised` or `romanised`."""
        if self.span is None:
            return ""
        read = self.localised or self.romanised
        return f"{read} ({self.span.quote})" if read else self.span.quote

    def __repr__(self) -> str:
        """Return the status, the text and the confidence."""
        return f"Answer({self.status!r}, {self.text!r}, confidence={self.confidence:.2f})"

    @property
    def answered(self) -> bool:
        """Whether the article answers the question."""
        return self.status == "answered"

    @property
    def sureness(self) -> Sureness:
        """The confidence in words; a question for yes or no is never "sure"."""
        found = _in_words(self.confidence)
        return "likely" if self.is_evidence and found == "sure" else found

    @property
    def span_sureness(self) -> Sureness:
        """The lower of the confidences of sentence and span, in words."""
        return _in_words(min(self.confidence, self.span_confidence))

    def marks(self, statement: Statement) -> str:
        """Return the numbers of a statement's citations among the answer's, such as "[1][3]"."""
        numbers = {citation: number for number, citation in enumerate(self.citations, 1)}
        return "".join(f"[{numbers[c]}]" for c in statement.citations if c in numbers)

    @property
    def emphasis(self) -> Citation | None:
        """The span if its confidence is at least EMPHASIS, and the question has a short answer."""
        return self.span if self.span_confidence >= EMPHASIS and not self.is_evidence else None


def _in_words(confidence: float) -> Sureness:
    return next(words for least, words in SURENESS if confidence >= least)


def _is_within(inner: Citation, outer: Citation) -> bool:
    return (
        inner.article_id == outer.article_id
        and outer.start <= inner.start
        and inner.end <= outer.end
    )


class CitationJson(TypedDict):
    """The place of an answer: half-open offsets into the article's text, and the text there.

    locator is the place in the file ("page 3", "slide 2", "time 0:04"), empty where it has none.
    """

    article: str
    start: int
    end: int
    quote: str
    locator: str


class PassageJson(TypedDict):
    """A part of an article that may answer; scores of different questions do not compare."""

    article: str
    start: int
    end: int
    text: str
    score: float
    rank: int


class StatementJson(TypedDict):
    """A sentence that an LLM wrote; supported if all its citations could be verified."""

    text: str
    supported: bool
    citations: list[CitationJson]


class AnswerJson(TypedDict):
    """An answer; status is one of answered, not_in_article and not_a_question."""

    question: str
    completed: str
    retrieval_question: str
    status: str
    about: str | None
    text: str
    confidence: float
    span: CitationJson | None
    span_confidence: float
    emphasised: bool
    localised: str
    romanised: str
    evidence: bool
    notice: str
    statements: list[StatementJson]
    citations: list[CitationJson]
    passages: list[PassageJson]


class ArticleJson(TypedDict):
    """Facts about an article; language is an ISO 639-1 code, characters the text's length."""

    id: str
    title: str
    byline: str
    source: str
    language: str
    date: str
    characters: int


def answer_as_json(answer: Answer) -> AnswerJson:
    """Return the answer as plain values, offsets counted in code points."""
    return {
        "question": answer.question,
        "completed": answer.completed,
        "retrieval_question": answer.retrieval_question,
        "status": answer.status,
        "about": answer.about,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "span": None if answer.span is None else citation_as_json(answer.span),
        "span_confidence": round(answer.span_confidence, 4),
        "emphasised": answer.emphasis is not None,
        "localised": answer.localised,
        "romanised": answer.romanised,
        "evidence": answer.is_evidence,
        "notice": answer.notice,
        "statements": [
            {
                "text": statement.text,
                "supported": statement.supported,
                "citations": [citation_as_json(citation) for citation in statement.citations],
            }
            for statement in answer.statements
        ],
        "citations": [citation_as_json(citation) for citation in answer.citations],
        "passages": [passage_as_json(passage) for passage in answer.passages],
    }


def citation_as_json(citation: Citation) -> CitationJson:
    """Return the citation as plain values, offsets counted in code points."""
    return {
        "article": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "locator": str(citation.locator or ""),
    }


def passage_as_json(passage: Passage) -> PassageJson:
    """Return the passage as plain values, offsets counted in code points."""
    return {
        "article": passage.chunk.article_id,
        "start": passage.chunk.start,
        "end": passage.chunk.end,
        "text": passage.chunk.text,
        "score": round(passage.score, 4),
        "rank": passage.rank,
    }


def article_as_json(article: Article) -> ArticleJson:
    """Return the facts about an article as plain values, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "byline": article.byline,
        "source": file_name(article.source),
        "language": article.language,
        "date": article.date,
        "characters": len(article.text),
    }
