"""Answers as plain values, for JSON and for the endpoints; offsets count code points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answer import Answer, Citation, Passage
    from qa.explain import Explanation

SCORES = ("dense", "late", "sentence", "lexical", "spelling")


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, offsets counted in code points."""
    return {
        "question": answer.question,
        "completed": answer.completed,
        "sought": answer.sought,
        "status": answer.status,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "span": answer.span and citation_as_json(answer.span),
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
    }


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """Return the citation as plain values, offsets counted in code points."""
    return {
        "article": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def passage_as_json(passage: Passage) -> dict[str, Any]:
    """Return the passage as plain values, offsets counted in code points."""
    return {
        "article": passage.chunk.article_id,
        "start": passage.chunk.start,
        "end": passage.chunk.end,
        "text": passage.chunk.text,
        "score": round(passage.score, 4),
        "rank": passage.rank,
    }
