"""Errors, whose messages name the fix; those of questions and writers are in `qa.errors`."""

from __future__ import annotations


class ArticleQAError(Exception):
    """Base of all errors raised on purpose; the message is one line for a person."""


class ArticleError(ArticleQAError):
    """Raised when an article cannot be read; the message says why."""


class NotPublicError(ArticleError):
    """Raised when an address lies in a private network."""


class ModelError(ArticleQAError):
    """Raised when a model cannot be loaded; the message says what to use instead."""


class StoreError(ArticleQAError):
    """Raised when a store cannot be used; the subclasses name the common reasons."""


class ArticleNotFoundError(StoreError):
    """Raised when the store holds no article of this id, or no longer does."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article {article_id} is in the store; if it was removed, ask again")


class StoreNotFoundError(StoreError):
    """Raised when there is no store at a location."""


class StoreDamagedError(StoreError):
    """Raised when a file of the store is missing, changed, or not what its manifest says."""


class StoreMismatchError(StoreError):
    """Raised when the store was made with another embedder or in another format."""
