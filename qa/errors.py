"""The branches of the error tree that belong to questions and their evaluation."""

from __future__ import annotations

from index.errors import ArticleQAError


class QuestionError(ArticleQAError):
    """Tell that a question cannot be asked: it is blank, or for no passages."""


class DataError(ArticleQAError):
    """Tell that evaluation data is not in the form it should have."""


class WriterError(ArticleQAError):
    """Tell why the LLM wrote no answer."""
