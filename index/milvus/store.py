"""MilvusStore: articles made searchable in Milvus, for archives that outgrow one machine."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from index.articles import Article
from index.base import Candidates, Counts, Filter, MilvusAddress, Scores, check_embedder
from index.bm25 import rescore_candidates
from index.chunker import Chunk, Chunking
from index.embedder import Embedder, Matrix, Vector
from index.errors import (
    ArticleNotFoundError,
    StoreDamagedError,
    StoreMismatchError,
    StoreNotFoundError,
)
from index.milvus import schema
from index.milvus.client import BATCH, WITH_WORDS, WRITE_TIMEOUT, Connection, Row
from index.milvus.words import WordSearch, tokens_of
from index.segment import chunk_batches

logger = logging.getLogger(__name__)

FORMAT = 1
_REMEDY = "index into another collection"
_CHUNK_FIELDS = ("id", "article", "start", "end", "text")
_PIECE_FIELDS = ("article", "part", "pieces", "text", "facts")
_FIRST_PIECE = "part == 0"  # an article exists if its first piece does
_ARTICLES = 200  # in one query or deletion
_REACH = 2  # candidates for each result: BM25 ranks only chunks that are near
# The search parameter of each index type that says how thorough the search is.
_EFFORT = {"HNSW": "ef", "IVF_FLAT": "nprobe", "IVF_SQ8": "nprobe", "DISKANN": "search_list"}


@dataclass(frozen=True, eq=False, slots=True)
class MilvusStore:
    """The articles of a collection, or those of them that pass all the filters.

    Unlike `index.store.Store` it is mutable: changes of other processes show within seconds, those
    of this one at once. Nothing is locked, and many processes may add to one collection: rows are
    identified by their article, so adding is idempotent.
    """

    connection: Connection
    embedder_id: str
    dim: int
    chunking: Chunking
    index: str
    searches_words: bool
    model: str | None = None
    filters: tuple[Filter, ...] = ()

    @classmethod
    def open(cls, address: MilvusAddress, embedder: Embedder | None = None) -> MilvusStore:
        """Open a collection for the embedder it was made with; without one it cannot be searched.

        Raises StoreNotFoundError, StoreMismatchError, or StoreError if the server cannot be
        reached.
        """
        if address.is_file and not Path(address.uri).exists():  # Milvus Lite would create it
            raise _missing(address)
        return cls._open(Connection(address), embedder)

    @classmethod
    def _open(cls, connection: Connection, embedder: Embedder | None) -> MilvusStore:
        address = connection.address
        chunks, articles = address.collection, f"{address.collection}_articles"
        facts: Row | None = None
        if connection.has(chunks) and connection.has(articles):
            connection.load(chunks)
            connection.load(articles)
            about = schema.ids_expression([schema.ABOUT_ID])
            found = connection.rows(articles, about, ["facts"], consistency="Strong")
            facts = json.loads(found[0]["facts"]) if found else None
        if facts is None:
            raise _missing(address)
        if facts.get("format") != FORMAT:
            raise StoreMismatchError(
                f"{address} is of format {facts.get('format')}, this version reads {FORMAT}; "
                f"{_REMEDY}"
            )
        if embedder is not None:
            check_embedder(facts["embedder"], embedder.id, str(address), _REMEDY)
        words = facts.get("words", False)
        _check_words(connection, words=words)
        index = connection.index_of(chunks)
        chunking = Chunking(**facts["chunking"])
        return cls(
            connection, facts["embedder"], facts["dim"], chunking, index, words, facts.get("model")
        )

    @classmethod
    def open_or_create(
        cls, address: MilvusAddress, embedder: Embedder, chunking: Chunking
    ) -> MilvusStore:
        """Open a collection, or create an empty one."""
        connection = Connection(address, WRITE_TIMEOUT)
        try:
            return cls._open(connection, embedder)
        except StoreNotFoundError:
            pass
        names = address.collection, f"{address.collection}_articles"
        schemas = schema.collection_schemas(
            embedder.dim, words=connection.searches_words, is_file=address.is_file
        )
        for name, fields in zip(names, schemas, strict=True):
            connection.create(name, fields)
        facts = {
            "format": FORMAT, "embedder": embedder.id, "model": embedder.model,
            "dim": embedder.dim, "chunking": asdict(chunking), "words": connection.searches_words,
        }  # fmt: skip
        connection.write(names[1], [schema.about_row(json.dumps(facts))])
        return cls._open(connection, embedder)

    @property
    def _chunks(self) -> str:
        return self.connection.address.collection

    @property
    def _articles(self) -> str:
        return f"{self.connection.address.collection}_articles"

    @property
    def id(self) -> str:
        """A digest of the address, of how the collection was made, and of the filters."""
        facts = f"{self.connection.address}\n{self.embedder_id}\n{self.chunking}\n"
        return hashlib.sha256((facts + self._expression()).encode()).hexdigest()[:16]

    @property
    def counts(self) -> Counts:
        """The numbers of articles and chunks, also of articles that are not complete yet."""
        articles = self.connection.count(self._articles, self._expression(_FIRST_PIECE), "Strong")
        return Counts(articles, self.connection.count(self._chunks, self._expression(), "Strong"))

    @property
    def languages(self) -> None:
        """None: a collection's languages are not counted."""

    @property
    def details(self) -> dict[str, object]:
        """The kind of index, the server, and which chunks BM25 finds, for `article-qa info`."""
        found = "all chunks" if self.searches_words else "the nearest chunks alone"
        return {"vectors": self.index, "words": found, "milvus": self.connection.version}

    def refresh(self) -> MilvusStore:
        """Return another object over the same collection, which others may have changed."""
        return replace(self)

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self.connection.rows(
            self._articles, self._expression(_FIRST_PIECE), ["id"], limit=1
        )

    @property
    def articles(self) -> Iterator[Article]:
        """The articles, in the order of their rows, which has no meaning."""
        found = self.connection.batches(
            self._articles, self._expression(_FIRST_PIECE), ["id", *_PIECE_FIELDS]
        )
        for batch in found:
            yield from _read_articles(self.connection, self._articles, batch)

    def page(self, start: int, count: int) -> tuple[Article, ...]:
        """Return up to ``count`` articles from place ``start`` on, in the same order."""
        firsts = self._expression(_FIRST_PIECE)
        ids = self.connection.batches(self._articles, firsts, ["article"])
        wanted = list(islice((row["article"] for own in ids for row in own), start, start + count))
        return tuple(_find_articles(self.connection, self._articles, wanted))

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatchError if the store was made with another embedder."""
        check_embedder(self.embedder_id, embedder.id, str(self.connection.address), _REMEDY)

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raise ArticleNotFoundError if it is not in the store."""
        of_it = schema.articles_expression([schema.digest_of(article_id)])
        found = self.connection.rows(self._articles, self._expression(of_it), _PIECE_FIELDS)
        article = schema.article_of(found)
        if article is None:
            raise ArticleNotFoundError(article_id)
        return article

    def held_ids(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids whose articles are in the store."""
        digests = {schema.digest_of(name): name for name in article_ids}
        return {digests[digest] for digest in self._facts(digests)}

    def complete_ids(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids whose articles are in the store with all their chunks.

        A process that removes an article while another writes it deletes the chunks written so
        far; the first chunk is written first, so its row shows whether that happened.
        """
        digests = {schema.digest_of(name): name for name in article_ids}
        there = self._facts(digests)
        firsts = {schema.chunk_id(digest, facts["at"]): digest for digest, facts in there.items()}
        every, found = sorted(firsts), set()
        for at in range(0, len(every), BATCH):
            ids = schema.ids_expression(every[at : at + BATCH])
            found |= {row["id"] for row in self.connection.rows(self._chunks, ids, ["id"])}
        return {digests[firsts[name]] for name in found}

    def add(self, articles: Iterable[Article], embedder: Embedder) -> MilvusStore:
        """Add articles; only new ones are embedded. Returns the store.

        If it is interrupted, the articles written so far are complete, and a second call adds the
        others.
        """
        self.check_embedder(embedder)
        given = {article.id: article for article in articles}
        held = self.complete_ids(given.keys())
        new = [article for name, article in given.items() if name not in held]
        for batch, chunks in chunk_batches(new, self.chunking):
            texts = [chunk.text for own in chunks for chunk in own]
            self.put(batch, chunks, embedder.embed_passages(texts))
        self.wait_until_visible()
        return self

    def put(
        self, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]], vectors: Matrix
    ) -> None:
        """Write articles, each with its chunks, and the vectors of these.

        The first row of an article, with which it exists, is written last.
        """
        texts = [
            schema.article_rows(article, own[0].start if own else 0)
            for article, own in zip(articles, chunks, strict=True)
        ]
        rows = schema.chunk_rows(
            articles, chunks, vectors, tokens_of if self.searches_words else None
        )
        for batch in schema.batched(rows):
            self.connection.write(self._chunks, batch)
        for batch in schema.batched([row for own in texts for row in own[1:]]):
            self.connection.write(self._articles, batch)
        for batch in schema.batched([own[0] for own in texts]):
            self.connection.write(self._articles, batch)

    def remove(self, *article_ids: str) -> MilvusStore:
        """Remove articles and return the store; raise ArticleNotFoundError if one is not in it."""
        if missing := set(article_ids) - self.held_ids(article_ids):
            raise ArticleNotFoundError(min(missing))
        self.delete_rows([schema.digest_of(name) for name in article_ids])
        return self

    def delete_rows(self, digests: Sequence[str]) -> None:
        """Delete all rows of articles, first those without which an article does not exist."""
        for at in range(0, len(digests), _ARTICLES):
            some = digests[at : at + _ARTICLES]
            self.connection.delete(
                self._articles, schema.ids_expression(map(schema.first_piece_id, some))
            )
            # A deletion finds visible rows only, and must not be overtaken by the next ones.
            self.wait_until_visible()
            self.connection.delete(self._articles, schema.articles_expression(some))
            self.connection.delete(self._chunks, schema.articles_expression(some))
        self.wait_until_visible()

    def wait_until_visible(self) -> None:
        """Wait until all that was written is visible to every client."""
        for collection in (self._chunks, self._articles):
            self.connection.settle(collection)

    def select(self, article_ids: Collection[str]) -> MilvusStore:
        """Return a view of the articles of these ids; unknown ids are ignored."""
        return self.where(Filter(articles=frozenset(article_ids)))

    def where(self, wanted: Filter) -> MilvusStore:
        """Return a view of the articles that the filter lets through."""
        return replace(self, filters=(*self.filters, wanted))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the k chunks nearest to the question's vector and the k best by the engine's BM25.

        A server without a BM25 function finds the 2k nearest, and BM25 counts among these alone.
        Chunks whose article is not complete yet, or was removed, are left out.
        """
        limit = k if self.searches_words else _REACH * k
        effort = {_EFFORT[self.index]: limit} if self.index in _EFFORT else {}
        found = self.connection.search(
            self._chunks, vector.tolist(), self._expression(), _CHUNK_FIELDS, limit, effort
        )
        there = self._facts({row["article"] for row in found})
        found = [row for row in found if row["article"] in there]
        if self.searches_words:
            return self._with_words(question, vector, k, found, there)
        chunks, languages, cosines = _candidate_columns(found, there)
        return rescore_candidates(question, chunks, languages, cosines)

    def _with_words(
        self, question: str, vector: Vector, k: int, near: list[Row], there: dict[str, Row]
    ) -> Candidates:
        """Return the nearest chunks and the k best by words, scored by the engine."""
        languages = {str(facts["language"]) for facts in there.values()}
        search = WordSearch.of(
            self.connection, self._chunks, self._expression(), question, languages
        )
        best = search.best([*_CHUNK_FIELDS, "vector"], k)
        scores = {row["id"]: row["distance"] for row in best}
        known = {row["id"] for row in near}
        new = [row for row in best if row["id"] not in known]
        there = there | self._facts({row["article"] for row in new} - there.keys())
        for row in new:
            row["distance"] = float(np.asarray(row["vector"], dtype=np.float32) @ vector)
        found = near + [row for row in new if row["article"] in there]
        scores |= search.scores([row["id"] for row in near if row["id"] not in scores])
        lexical = np.array([scores.get(row["id"], 0.0) for row in found], dtype=np.float32)
        coverage = search.coverage(self.connection.count(self._chunks, "", "Bounded"))
        chunks, of_chunks, cosines = _candidate_columns(found, there)
        return Candidates(chunks, of_chunks, cosines, lexical, coverage)

    def articles_of_sources(self, keys: Collection[int]) -> Iterator[tuple[str, str]]:
        """Yield digest and id of the articles of these sources."""
        of_them = self._expression(_FIRST_PIECE, schema.keys_expression("source", keys))
        for batch in self.connection.batches(self._articles, of_them, ["article", "facts"]):
            yield from ((row["article"], json.loads(row["facts"])["id"]) for row in batch)

    def all_articles(self) -> Iterator[tuple[str, str, int]]:
        """Yield digest, id and the key of the source of all articles."""
        fields = ["article", "facts", "source"]
        for batch in self.connection.batches(
            self._articles, self._expression(_FIRST_PIECE), fields
        ):
            for row in batch:
                yield row["article"], json.loads(row["facts"])["id"], int(row["source"])

    def _expression(self, *more: str) -> str:
        return " and ".join(filter(None, (schema.filter_expression(self.filters), *more)))

    def _facts(self, digests: Collection[str]) -> dict[str, Row]:
        """Return the metadata of those of the articles that exist."""
        every, found = sorted(digests), {}
        for at in range(0, len(every), BATCH):
            ids = schema.ids_expression(map(schema.first_piece_id, every[at : at + BATCH]))
            for row in self.connection.rows(
                self._articles, self._expression(ids), ["article", "facts"]
            ):
                found[row["article"]] = json.loads(row["facts"])
        return found


def _missing(address: MilvusAddress) -> StoreNotFoundError:
    return StoreNotFoundError(
        f"{address} holds no store; make one with: article-qa index ARTICLE… --store {address}"
    )


def _check_words(connection: Connection, *, words: bool) -> None:
    """Raise StoreMismatchError where the server could search words and the collection cannot.

    Where the server cannot, this is logged.
    """
    address = connection.address
    if connection.searches_words and not words:
        raise StoreMismatchError(
            f"{address} has no index of words, which Milvus {connection.version} keeps; make it "
            f"anew in another place: article-qa index ARTICLE… --store {_other(address)}"
        )
    if not connection.searches_words:
        _log_nearest_alone(address, connection.version)


@cache  # once in a process
def _log_nearest_alone(address: MilvusAddress, version: str) -> None:
    logger.warning(
        "%s is Milvus %s, which finds chunks by their vectors alone; %s.%s and later find them by "
        "words too", address, version, *WITH_WORDS,
    )  # fmt: skip


def _other(address: MilvusAddress) -> MilvusAddress:
    """Return an address beside this one."""
    if address.is_file:
        return replace(address, uri=str(Path(address.uri).with_stem(f"{Path(address.uri).stem}2")))
    return replace(address, collection=f"{address.collection}2")


def _candidate_columns(
    rows: Sequence[Row], there: Mapping[str, Row]
) -> tuple[tuple[Chunk, ...], tuple[str, ...], Scores]:
    """Return the chunks of rows, their languages, and their cosines."""
    chunks = tuple(
        Chunk(str(there[row["article"]]["id"]), int(row["start"]), int(row["end"]), row["text"])
        for row in rows
    )
    languages = tuple(str(there[row["article"]]["language"]) for row in rows)
    return chunks, languages, np.array([row["distance"] for row in rows], dtype=np.float32)


def _read_articles(
    connection: Connection, collection: str, firsts: Sequence[Row]
) -> Iterator[Article]:
    """Yield the articles of these first rows; raise StoreDamagedError where pieces are missing."""
    for first in firsts:
        rows = [first]
        if first["pieces"] > 1:
            others = f"{schema.articles_expression([first['article']])} and part > 0"
            rows += connection.rows(collection, others, _PIECE_FIELDS)
        article = schema.article_of(rows) or _read_again(connection, collection, first)
        if article is not None:
            yield article


def _find_articles(
    connection: Connection, collection: str, digests: Sequence[str]
) -> Iterator[Article]:
    """Yield the articles of these digests that exist, in the order of their rows."""
    for at in range(0, len(digests), _ARTICLES):
        of_them = f"{schema.articles_expression(digests[at : at + _ARTICLES])} and {_FIRST_PIECE}"
        rows = connection.rows(collection, of_them, ["id", *_PIECE_FIELDS])
        rows.sort(key=lambda row: str(row["id"]))
        yield from _read_articles(connection, collection, rows)


def _read_again(connection: Connection, collection: str, first: Row) -> Article | None:
    """Return the article of a row, reading its latest pieces; None if it was removed."""
    of_it = schema.articles_expression([first["article"]])
    rows = connection.rows(collection, of_it, _PIECE_FIELDS, consistency="Strong")
    if not any(row["part"] == 0 for row in rows):
        return None  # removed by another process
    article = schema.article_of(rows)
    if article is None:
        raise StoreDamagedError(
            f"{connection.address}: pieces of {json.loads(first['facts'])['id']} are missing; "
            "remove it and index it again"
        )
    return article
