"""Joined: two stores asked as one, where they cannot be made one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from index.among import ranked_by_words
from index.articles import Article
from index.candidates import Candidates
from index.chunker import Chunking
from index.contract import AnyStore, Counts
from index.embedder import Embedder, Vector
from index.errors import NoSuchArticle
from index.filters import Filter


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """The articles of two stores of one embedder; what both hold is the first's."""

    first: AnyStore
    second: AnyStore

    @property
    def id(self) -> str:
        """Give a name for these articles."""
        return hashlib.sha256(f"{self.first.id}\n{self.second.id}".encode()).hexdigest()[:16]

    @property
    def embedder_id(self) -> str:
        """Name the embedder that the stores were made with."""
        return self.first.embedder_id

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""
        return self.first.dim

    @property
    def chunking(self) -> Chunking:
        """Tell how the articles of the first were cut."""
        return self.first.chunking

    @property
    def counts(self) -> Counts:
        """Count articles and chunks, those twice that both hold."""
        first, second = self.first.counts, self.second.counts
        return Counts(first.articles + second.articles, first.chunks + second.chunks)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no article."""
        return self.first.is_empty and self.second.is_empty

    @property
    def articles(self) -> Iterator[Article]:
        """Yield the articles of the first, and the second's others."""
        met = set()
        for article in self.first.articles:
            met.add(article.id)
            yield article
        yield from (article for article in self.second.articles if article.id not in met)

    def listed(self, start: int, count: int) -> tuple[Article, ...]:
        """Return so many articles from the start-th on."""
        return tuple(islice(self.articles, start, start + count))

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatch if the stores were made with another embedder."""
        self.first.check_embedder(embedder)
        self.second.check_embedder(embedder)

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises NoSuchArticle if neither holds it."""
        try:
            return self.first.article(article_id)
        except NoSuchArticle:
            return self.second.article(article_id)

    def holds(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that a store holds."""
        return self.first.holds(article_ids) | self.second.holds(article_ids)

    def where(self, wanted: Filter) -> Joined:
        """Return the articles that the filter lets through."""
        return Joined(self.first.where(wanted), self.second.where(wanted))

    def only(self, article_ids: Collection[str]) -> Joined:
        """Return these of the articles; ids that neither store holds are passed over."""
        return Joined(self.first.only(article_ids), self.second.only(article_ids))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return what both stores find, with BM25 among that alone."""
        mine = self.first.candidates(question, vector, k)
        theirs = self.second.candidates(question, vector, k)
        held = {chunk.article_id for chunk in mine.chunks}
        others = [n for n, chunk in enumerate(theirs.chunks) if chunk.article_id not in held]
        theirs = theirs.only(np.array(others, dtype=np.int64))
        return ranked_by_words(
            question,
            (*mine.chunks, *theirs.chunks),
            (*mine.languages, *theirs.languages),
            np.concatenate([mine.dense, theirs.dense]),
        )
