"""Answer questions over articles, and cite exactly where the answer is.

>>> from qa import ArticleQA
>>> ArticleQA.demo().ask("what is the trade volume?").citations[0].quote
'… 3 مليارات دولار …'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import ArticleQAError
from qa.answer import Answer, Citation, Passage, Statement
from qa.api import ArticleQA, Conversation, ask, retrieve, stream
from qa.errors import QuestionError

if TYPE_CHECKING:
    from index.base import Filter

__all__ = [
    "Answer", "ArticleQA", "ArticleQAError", "Citation", "Conversation", "Filter", "Passage",
    "QuestionError", "Statement", "ask", "retrieve", "stream",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import `Filter` when it is used: numpy comes with it, whose threads the chat sets first."""
    if name == "Filter":
        from index.base import Filter

        return Filter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
