"""What everybody may be told of a failure."""

from __future__ import annotations

import logging

from index.errors import ArticleQAError, NoSuchArticle, StoreError

AWAY = "the articles cannot be asked now; try again later"  # for programs

logger = logging.getLogger(__name__)


def message_of(error: Exception) -> str:
    """Return what went wrong, for whoever asked; nothing, and it is logged, if that is our affair.

    A store's failures name where it lies.
    """
    ours = isinstance(error, StoreError) and not isinstance(error, NoSuchArticle)
    if isinstance(error, ArticleQAError) and not ours:
        return str(error)
    logger.error("this could not be done", exc_info=error)
    return ""
