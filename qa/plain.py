"""Answers as plain values, for JSON and for the endpoints; offsets count code points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from index.articles import file_name

if TYPE_CHECKING:
    from index.articles import Article
    from qa.answer import Answer, Citation, Passage
    from qa.explain import Explanation

SCORES = ("dense", "late", "sentence", "lexical", "spelling")


class CitationJson(TypedDict):
    """The place of an answer: half-open offsets into the article's text, and what stands there."""

    article: str
    start: int
    end: int
    quote: str


class PassageJson(TypedDict):
    """A piece of an article that bears on the question; scores compare within one question."""

    article: str
    start: int
    end: int
    text: str
    score: float
    rank: int


class StatementJson(TypedDict):
    """A sentence that an LLM wrote; supported if all its citations could be resolved."""

    text: str
    supported: bool
    citations: list[CitationJson]


class AnswerJson(TypedDict):
    """An answer; status is answered or not_in_article, confidences are probabilities."""

    question: str
    completed: str
    sought: str
    status: str
    text: str
    confidence: float
    span: CitationJson | None
    span_confidence: float
    emphasised: bool
    notice: str
    statements: list[StatementJson]
    citations: list[CitationJson]
    passages: list[PassageJson]


class ArticleJson(TypedDict):
    """What is known of an article; language is its ISO 639-1 code, characters its length."""

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
        "sought": answer.sought,
        "status": answer.status,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "span": None if answer.span is None else citation_as_json(answer.span),
        "span_confidence": round(answer.span_confidence, 4),
        "emphasised": answer.emphasis is not None,
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


def explanation_as_json(reason: Explanation) -> dict[str, Any]:
    """Return the explanation as plain values."""
    return {
        "rank": reason.passage.rank,
        "scores": {name: round(getattr(reason, name), 4) for name in (*SCORES, "fused")},
        "pairs": [
            {
                "asked": pair.asked,
                "found": citation_as_json(pair.found),
                "alike": round(pair.alike, 4),
            }
            for pair in reason.pairs
        ],
        "sentences": [
            {
                "sentence": citation_as_json(likelihood.sentence),
                "probability": round(likelihood.probability, 4),
            }
            for likelihood in reason.sentences
        ],
    }


def citation_as_json(citation: Citation) -> CitationJson:
    """Return the citation as plain values, offsets counted in code points."""
    return {
        "article": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
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
    """Return what is known of an article as plain values, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "byline": article.byline,
        "source": file_name(article.source),
        "language": article.language,
        "date": article.date,
        "characters": len(article.text),
    }
