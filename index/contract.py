"""Contract: what is asked of a store, wherever it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from index.articles import Article
from index.candidates import Candidates
from index.chunker import Chunking
from index.embedder import Embedder, Vector
from index.filters import Filter


class Counts(NamedTuple):
    """How much a store holds."""

    articles: int
    chunks: int


class AnyStore(Protocol):
    """A store in memory or a folder (`index.store.Store`), or in Milvus (`index.scale`).

    Failures are StoreErrors. Any number of threads may ask at once.
    """

    def __hash__(self) -> int:
        """Allow a store to be a key of a cache."""

    @property
    def id(self) -> str:
        """Give a name for these articles, cut and embedded in this way."""

    @property
    def embedder_id(self) -> str:
        """Name the embedder that the store was made with."""

    @property
    def dim(self) -> int:
        """Give the length of its vectors."""

    @property
    def chunking(self) -> Chunking:
        """Tell how articles were cut."""

    @property
    def counts(self) -> Counts:
        """Count articles and chunks."""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no article."""

    @property
    def articles(self) -> Iterable[Article]:
        """Give the articles, in an order of the store's, each read when it is asked for."""

    def listed(self, start: int, count: int) -> tuple[Article, ...]:
        """Return so many articles from the start-th on, in the same order."""

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatch if the store was made with another embedder."""

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises NoSuchArticle if it is not in the store."""

    def holds(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that are in the store."""

    def where(self, wanted: Filter) -> AnyStore:
        """Return a store of the articles that the filter lets through."""

    def only(self, article_ids: Collection[str]) -> AnyStore:
        """Return a store of these of its articles; ids that it does not hold are passed over."""

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the chunks that may answer: k or more by nearness, and by words.

        ``vector`` is the question's.
        """
