"""The one error tree: every failure a caller can meet, with a message that names the fix."""

from __future__ import annotations


class ArticleQAError(Exception):
    """Be the root of all errors raised on purpose; its message is one line for a person."""


class ArticleError(ArticleQAError):
    """Tell that an article cannot be read, and why."""


class NotPublicError(ArticleError):
    """Tell that an address lies in a private network."""


class ModelError(ArticleQAError):
    """Tell that an embedding model cannot be loaded, and what to use instead."""


class StoreError(ArticleQAError):
    """Tell that a store cannot be used; its subclasses say how."""


class NoSuchArticle(StoreError):
    """Tell that the store holds no article of this id, or no more."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article {article_id} is in the store; if it was removed, ask again")


class StoreMissing(StoreError):
    """Tell that the folder holds no store."""


class StoreDamaged(StoreError):
    """Tell that a file of the store is absent, changed or not what its manifest says."""


class StoreMismatch(StoreError):
    """Tell that the store was made with another embedder or in another format."""
