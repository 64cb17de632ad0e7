"""UnionStore: two stores searched as one, where they cannot be merged."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from index.articles import Article
from index.base import AnyStore, Candidates, Counts, Filter
from index.bm25 import rescore_candidates
from index.chunker import Chunking
from index.embedder import Embedder, Vector
from index.errors import ArticleNotFoundError
from index.store import Store


@dataclass(frozen=True, eq=False, slots=True)
class UnionStore:
    """The articles of two stores with the same embedder; the first answers for what both hold."""

    first: AnyStore
    second: AnyStore

    @property
    def id(self) -> str:
        """A digest of the two stores."""
        return hashlib.sha256(f"{self.first.id}\n{self.second.id}".encode()).hexdigest()[:16]

    @property
    def embedder_id(self) -> str:
        """The id of the embedder that the stores were made with."""
        return self.first.embedder_id

    @property
    def model(self) -> str | None:
        """What loads that embedder again."""
        return self.first.model

    @property
    def dim(self) -> int:
        """The length of the vectors."""
        return self.first.dim

    @property
    def chunking(self) -> Chunking:
        """How the articles of the first store were cut."""
        return self.first.chunking

    @property
    def counts(self) -> Counts:
        """The numbers of articles and chunks; those in both stores count twice."""
        first, second = self.first.counts, self.second.counts
        return Counts(first.articles + second.articles, first.chunks + second.chunks)

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return self.first.is_empty and self.second.is_empty

    @property
    def languages(self) -> frozenset[str] | None:
        """The codes of the articles' languages, None where they are not counted."""
        if self.first.languages is None or self.second.languages is None:
            return None
        return frozenset(self.first.languages) | frozenset(self.second.languages)

    @property
    def details(self) -> dict[str, object]:
        """Those of the first store."""
        return self.first.details

    @property
    def articles(self) -> Iterator[Article]:
        """The articles of the first store, then those only in the second."""
        seen = set()
        for article in self.first.articles:
            seen.add(article.id)
            yield article
        yield from (article for article in self.second.articles if article.id not in seen)

    def page(self, start: int, count: int) -> tuple[Article, ...]:
        """Return up to ``count`` articles from place ``start`` on."""
        return tuple(islice(self.articles, start, start + count))

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatchError if the stores were made with another embedder."""
        self.first.check_embedder(embedder)
        self.second.check_embedder(embedder)

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raise ArticleNotFoundError if neither store holds it."""
        try:
            return self.first.article(article_id)
        except ArticleNotFoundError:
            return self.second.article(article_id)

    def held_ids(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids whose articles are in either store."""
        return self.first.held_ids(article_ids) | self.second.held_ids(article_ids)

    def where(self, wanted: Filter) -> UnionStore:
        """Return a view of the articles that the filter lets through."""
        return UnionStore(self.first.where(wanted), self.second.where(wanted))

    def select(self, article_ids: Collection[str]) -> UnionStore:
        """Return a view of the articles of these ids; unknown ids are ignored."""
        return UnionStore(self.first.select(article_ids), self.second.select(article_ids))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the candidates of both stores, with BM25 among these alone."""
        ours = self.first.candidates(question, vector, k)
        theirs = self.second.candidates(question, vector, k)
        seen = {chunk.article_id for chunk in ours.chunks}
        others = [n for n, chunk in enumerate(theirs.chunks) if chunk.article_id not in seen]
        theirs = theirs.take(np.array(others, dtype=np.int64))
        return rescore_candidates(
            question,
            (*ours.chunks, *theirs.chunks),
            (*ours.languages, *theirs.languages),
            np.concatenate([ours.dense, theirs.dense]),
        )

    def refresh(self) -> UnionStore:
        """Return the two stores as they are now."""
        return UnionStore(self.first.refresh(), self.second.refresh())


def unite(first: Store, second: AnyStore) -> AnyStore:
    """Return the articles of both as one store; those of a server stay there, beside the others."""
    if isinstance(second, Store):
        return first.union(second)
    return second if first.is_empty else UnionStore(first, second)
