"""Answer questions over articles, and cite exactly where the answer is.

>>> from qa import ArticleQA
>>> ArticleQA.demo().ask("what is the trade volume?").citations[0].quote
'… 3 مليارات دولار …'
"""

from __future__ import annotations

from index.base import Filter
from index.errors import ArticleQAError
from qa.answer import Answer, Citation, Passage, Statement
from qa.api import ArticleQA, Conversation, ask, retrieve, stream
from qa.errors import QuestionError

__all__ = [
    "Answer", "ArticleQA", "ArticleQAError", "Citation", "Conversation", "Filter", "Passage",
    "QuestionError", "Statement", "ask", "retrieve", "stream",
]  # fmt: skip
