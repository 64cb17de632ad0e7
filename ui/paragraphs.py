"""The paragraphs of an article as they are numbered in its margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.articles import Article
from index.text import Span, block_spans

MAX_PARAGRAPH = 5_000  # characters


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the text; the title and the byline have the number 0."""

    span: Span
    number: int
    kind: Literal["title", "byline", "text"]


@lru_cache(maxsize=64)
def paragraphs(article: Article) -> tuple[Paragraph, ...]:
    """Return the blocks of an article in order, numbered as a reader would count them."""
    found, number = [], 0
    for position, span in enumerate(_short(article.text)):
        line = " ".join(article.text[slice(*span)].split())
        kind: Literal["title", "byline", "text"] = "text"
        if position == 0 and line == article.title:
            kind = "title"
        elif position <= 1 and article.is_byline(line):
            kind = "byline"
        else:
            number += 1
        found.append(Paragraph(span, number if kind == "text" else 0, kind))
    return tuple(found)


def _short(text: str) -> Iterator[Span]:
    """Yield the blocks, those longer than MAX_PARAGRAPH in pieces."""
    for start, end in block_spans(text):
        while end - start > MAX_PARAGRAPH:
            space = text.rfind(" ", start + 1, start + MAX_PARAGRAPH)
            cut = space + 1 if space > 0 else start + MAX_PARAGRAPH
            yield start, cut
            start = cut
        yield start, end


def paragraph_of(article: Article, start: int) -> int:
    """Return the number of the paragraph in which an offset lies, 0 for the title."""
    return max((p.number for p in paragraphs(article) if p.span[0] <= start), default=0)
