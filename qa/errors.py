"""The errors of questions, evaluation data and writers."""

from __future__ import annotations

from index.errors import ArticleQAError


class QuestionError(ArticleQAError):
    """Raised when a question cannot be asked: it is blank, too long, or for no passages."""


class DataError(ArticleQAError):
    """Raised when evaluation data is malformed."""


class WriterError(ArticleQAError):
    """Raised when the LLM wrote no answer; the message says why."""
