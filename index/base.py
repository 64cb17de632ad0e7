"""What all stores share: their protocol, locations, filters, and the candidates they return."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from index.articles import Article, is_date
from index.chunker import Chunk, Chunking
from index.embedder import Embedder, Vector
from index.errors import StoreError, StoreMismatchError

Scores = npt.NDArray[np.float32]

_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}", re.ASCII)
_SCHEME, _LITE, _PORT = "milvus://", ".db", 19530
_FORM = "milvus://HOST:PORT/COLLECTION"
_REBUILD = "rebuild it with: article-qa index ARTICLE… --store DIR --replace"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles of a store are searched: by id, language, date and source.

    A field of None, or an empty date, lets every article through. ``since`` and ``until``
    (YYYY-MM-DD, both days included) let through only articles that have a date. ``sources`` are
    whole paths or addresses, the last part of an absolute path, or the host of addresses
    (example.org).
    """

    articles: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    since: str = ""
    until: str = ""
    sources: frozenset[str] | None = None

    @classmethod
    def of_names(
        cls,
        articles: Collection[str] | None = None,
        languages: Collection[str] | None = None,
        since: str = "",
        until: str = "",
        sources: Collection[str] | None = None,
    ) -> Filter:
        """Return the filter of these ids, languages, days and sources; None is no restriction."""

        def as_set(names: Collection[str] | None) -> frozenset[str] | None:
            return None if names is None else frozenset(names)

        return cls(as_set(articles), as_set(languages), since, until, as_set(sources))

    @property
    def source_names(self) -> frozenset[str]:
        """The sources, and their hosts in lower case without www."""
        given = self.sources or frozenset()
        return given | {name.lower().removeprefix("www.") for name in given}

    def __post_init__(self) -> None:
        for name, day in (("since", self.since), ("until", self.until)):
            if day and not is_date(day):
                raise ValueError(f"{name} is {day!r}, not a day (YYYY-MM-DD)")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The chunks that a store finds for a question, in the store's own order.

    ``dense`` (chunks,) are cosines, ``lexical`` (chunks,) BM25 scores; ``coverage`` is the share
    of the question's words, weighted by idf, that occur in the store at all.
    """

    chunks: tuple[Chunk, ...]
    languages: tuple[str, ...]
    dense: Scores
    lexical: Scores
    coverage: float

    def take(self, places: npt.NDArray[np.int64]) -> Candidates:
        """Return the candidates at these places."""
        return Candidates(
            tuple(self.chunks[place] for place in places.tolist()),
            tuple(self.languages[place] for place in places.tolist()),
            self.dense[places],
            self.lexical[places],
            self.coverage,
        )


class Counts(NamedTuple):
    """How much a store holds."""

    articles: int
    chunks: int


class AnyStore(Protocol):
    """A store in memory or in a folder (`index.store`), or in Milvus (`index.milvus.store`).

    Failures are StoreErrors. Any number of threads may ask at once.
    """

    def __hash__(self) -> int:
        """Return a hash, so that a store can be a key of a cache."""

    @property
    def id(self) -> str:
        """A digest of these articles, and of how they were cut and embedded."""

    @property
    def embedder_id(self) -> str:
        """The id of the embedder that the store was made with."""

    @property
    def model(self) -> str | None:
        """What loads that embedder again (`Embedder.model`); None, too, for older stores."""

    @property
    def dim(self) -> int:
        """The length of the vectors."""

    @property
    def chunking(self) -> Chunking:
        """How articles are cut."""

    @property
    def counts(self) -> Counts:
        """The numbers of articles and chunks."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""

    @property
    def languages(self) -> Collection[str] | None:
        """The codes of the articles' languages, None where they are not counted."""

    @property
    def details(self) -> dict[str, object]:
        """Details of this kind of store, for `article-qa info`."""

    @property
    def articles(self) -> Iterable[Article]:
        """The articles in the store's own order, each read when it is asked for."""

    def page(self, start: int, count: int) -> tuple[Article, ...]:
        """Return up to ``count`` articles from place ``start`` on, in the same order."""

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatchError if the store was made with another embedder."""

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raise ArticleNotFoundError if it is not in the store."""

    def held_ids(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids whose articles are in the store."""

    def where(self, wanted: Filter) -> AnyStore:
        """Return a view of the articles that the filter lets through."""

    def select(self, article_ids: Collection[str]) -> AnyStore:
        """Return a view of the articles of these ids; unknown ids are ignored."""

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the chunks that may answer: at least the k nearest to the question's vector."""

    def refresh(self) -> AnyStore:
        """Return the store with the changes of others, or itself if nobody else can change it."""


class WritableStore(AnyStore, Protocol):
    """A store that articles can be added to and removed from.

    Use what the methods return: one in memory stays as it was, one in Milvus changes.
    """

    def add(self, articles: Iterable[Article], embedder: Embedder) -> WritableStore:
        """Return a store with these articles too; only new ones are embedded."""

    def remove(self, *article_ids: str) -> WritableStore:
        """Return a store without these articles; raise ArticleNotFoundError if one is not in it."""


def check_embedder(made_with: str, given: str, name: str, remedy: str = _REBUILD) -> None:
    """Raise StoreMismatchError if a store made with one embedder is to be used with another."""
    if made_with != given:
        raise StoreMismatchError(
            f"{name} was made with {made_with}, not {given}: give the same --model, or {remedy}"
        )


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """A collection of a server, ``uri`` HOST:PORT, or of a file of Milvus Lite."""

    uri: str
    collection: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file of Milvus Lite."""
        return self.uri.endswith(_LITE)

    def __str__(self) -> str:
        return self.uri if self.is_file else f"{_SCHEME}{self.uri}/{self.collection}"

    @classmethod
    def parse(cls, text: str) -> MilvusAddress:
        """Parse milvus://HOST:PORT/COLLECTION, or the name of a file that ends in .db.

        Raises StoreError.
        """
        if not _is_milvus(text):
            return cls(text, "articles")
        if set("@?#") & set(text):  # never repeat what may be a password
            raise StoreError(
                f"an address is {_FORM}, without a user or a password, which other users of this "
                "machine can see: set MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD"
            )
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError as error:
            raise StoreError(f"{text}: {error}; it is {_FORM}") from None
        collection = parts.path.strip("/")
        if not host or not _COLLECTION.fullmatch(collection):
            raise StoreError(
                f"{text} is not {_FORM}; a collection is named in letters, digits and _"
            )
        return cls(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", collection)


StoreLocation: TypeAlias = "Path | MilvusAddress"


def parse_location(text: str) -> StoreLocation:
    """Return the location of a store: a folder, a Milvus collection, or a file that ends in .db.

    Raises StoreError for a malformed address.
    """
    folder = Path(text)
    if _is_milvus(text):
        return MilvusAddress.parse(text)
    if "://" in text:
        raise StoreError(f"a store is a folder, a file NAME{_LITE} or {_FORM}")
    if text.endswith(_LITE) and not (folder / "manifest.json").exists():  # a folder named so
        return MilvusAddress.parse(os.path.abspath(text))  # noqa: PTH100  # keeps symbolic links
    return folder


def _is_milvus(text: str) -> bool:
    return text[: len(_SCHEME)].lower() == _SCHEME
