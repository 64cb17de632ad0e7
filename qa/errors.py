"""The branch of the error tree that belongs to questions."""

from __future__ import annotations

from index.errors import ArticleQAError


class QuestionError(ArticleQAError):
    """Tell that a question cannot be asked: it is blank, or for no passages."""
