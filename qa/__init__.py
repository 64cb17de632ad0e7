"""Answer questions over articles, and cite exactly where the answer is.

>>> from qa import ArticleQA
>>> ArticleQA.demo().ask("what is the trade volume?").citations[0].quote
'… 3 مليارات دولار …'
"""

from __future__ import annotations

from qa.answer import Answer, Citation, Passage, Statement
from qa.api import ArticleQA, ask, retrieve, stream
from qa.errors import QuestionError

__all__ = [
    "Answer", "ArticleQA", "Citation", "Passage", "QuestionError", "Statement", "ask", "retrieve",
    "stream",
]  # fmt: skip
