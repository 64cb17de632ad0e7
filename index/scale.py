"""MilvusStore: articles made searchable in Milvus, for archives that outgrow one machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from index import _milvus_rows as rows_of
from index._milvus import BATCH, WRITE, Connection, Row
from index._milvus_rows import chunk_id, digest_of, first_of, of_articles
from index._milvus_texts import FIRST, PIECES, articles_named, articles_of
from index._saved import check_embedder
from index.addresses import MilvusAddress
from index.among import ranked_by_words
from index.articles import Article
from index.candidates import Candidates
from index.chunker import Chunk, Chunking
from index.contract import Counts
from index.embedder import Embedder, Matrix, Vector
from index.errors import NoSuchArticle, StoreMismatch, StoreMissing
from index.filters import Filter
from index.segment import batches

FORMAT = 1
_ANOTHER = "index into another collection"
_FIELDS = ("article", "start", "end", "text")
_AT_ONCE = 200  # articles that are removed together
_REACH = 2  # candidates are so many times as many as asked for: BM25 ranks what is near, alone
# What search needs besides, by index: how far it looks around.
_EFFORT = {"HNSW": "ef", "IVF_FLAT": "nprobe", "IVF_SQ8": "nprobe", "DISKANN": "search_list"}


@dataclass(frozen=True, eq=False, slots=True)
class MilvusStore:
    """The articles of a collection, or those of them that pass all the filters.

    Unlike `index.store.Store` it is not fixed: what another process adds or removes is seen within
    seconds. What this one did is seen at once. Nothing is locked: adding is idempotent, since rows
    are known by the id of their article, and many processes may add to one collection.
    """

    connection: Connection
    embedder_id: str
    dim: int
    chunking: Chunking
    index: str
    filters: tuple[Filter, ...] = ()

    @classmethod
    def open(cls, address: MilvusAddress, embedder: Embedder | None = None) -> MilvusStore:
        """Open a collection for the embedder it was made with; without one it cannot be asked.

        Raises StoreMissing, StoreMismatch, or StoreError if the server cannot be reached.
        """
        if address.is_file and not Path(address.uri).exists():  # the engine would make it
            raise _missing(address)
        return cls._of(Connection(address), embedder)

    @classmethod
    def _of(cls, connection: Connection, embedder: Embedder | None) -> MilvusStore:
        address = connection.address
        chunks, articles = address.collection, f"{address.collection}_articles"
        facts: Row | None = None
        if connection.has(chunks) and connection.has(articles):
            connection.load(chunks)
            connection.load(articles)
            about = rows_of.with_ids([rows_of.ABOUT])
            found = connection.rows(articles, about, ["facts"], consistency="Strong")
            facts = json.loads(found[0]["facts"]) if found else None
        if facts is None:
            raise _missing(address)
        if facts.get("format") != FORMAT:
            raise StoreMismatch(
                f"{address} is of format {facts.get('format')}, this version reads {FORMAT}; "
                f"{_ANOTHER}"
            )
        if embedder is not None:
            check_embedder(facts["embedder"], embedder.id, str(address), _ANOTHER)
        index = connection.index_of(chunks)
        return cls(
            connection, facts["embedder"], facts["dim"], Chunking(**facts["chunking"]), index
        )

    @classmethod
    def make(cls, address: MilvusAddress, embedder: Embedder, chunking: Chunking) -> MilvusStore:
        """Make an empty collection to write to; if there is one, open it."""
        connection = Connection(address, WRITE)
        try:
            return cls._of(connection, embedder)
        except StoreMissing:
            pass
        names = address.collection, f"{address.collection}_articles"
        for name, table in zip(names, rows_of.tables(embedder.dim), strict=True):
            connection.make(name, table)
        facts = {
            "format": FORMAT, "embedder": embedder.id, "dim": embedder.dim,
            "chunking": asdict(chunking),
        }  # fmt: skip
        connection.write(names[1], [rows_of.about_row(json.dumps(facts))])
        return cls._of(connection, embedder)

    @property
    def _chunks(self) -> str:
        return self.connection.address.collection

    @property
    def _articles(self) -> str:
        return f"{self.connection.address.collection}_articles"

    @property
    def id(self) -> str:
        """Give a name for the collection, how it was made, and the filters."""
        told = f"{self.connection.address}\n{self.embedder_id}\n{self.chunking}\n"
        return hashlib.sha256((told + self._expression()).encode()).hexdigest()[:16]

    @property
    def counts(self) -> Counts:
        """Count articles and chunks; while others write, chunks of articles to come too."""
        articles = self.connection.count(self._articles, self._expression(FIRST), "Strong")
        return Counts(articles, self.connection.count(self._chunks, self._expression(), "Strong"))

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no article."""
        return not self.connection.rows(self._articles, self._expression(FIRST), ["id"], limit=1)

    @property
    def articles(self) -> Iterator[Article]:
        """Yield the articles in the order of their rows, which is none that means anything."""
        found = self.connection.batches(self._articles, self._expression(FIRST), ["id", *PIECES])
        for batch in found:
            yield from articles_of(self.connection, self._articles, batch)

    def listed(self, start: int, count: int) -> tuple[Article, ...]:
        """Return so many articles from the start-th on, in the same order."""
        firsts = self._expression(FIRST)
        ids = self.connection.batches(self._articles, firsts, ["article"])
        wanted = list(islice((row["article"] for own in ids for row in own), start, start + count))
        return tuple(articles_named(self.connection, self._articles, wanted))

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatch if the store was made with another embedder."""
        check_embedder(self.embedder_id, embedder.id, str(self.connection.address), _ANOTHER)

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises NoSuchArticle if it is not in the store."""
        of_it = of_articles([digest_of(article_id)])
        found = self.connection.rows(self._articles, self._expression(of_it), PIECES)
        article = rows_of.article_of(found)
        if article is None:
            raise NoSuchArticle(article_id)
        return article

    def holds(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that are in the store."""
        digests = {digest_of(name): name for name in article_ids}
        return {digests[digest] for digest in self._facts(digests)}

    def whole(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that are in the store with all that they are found by.

        Who removed an article while another process wrote it took the chunks that were there
        then, the first of them first.
        """
        digests = {digest_of(name): name for name in article_ids}
        there = self._facts(digests)
        firsts = {chunk_id(digest, facts["at"]): digest for digest, facts in there.items()}
        every, found = sorted(firsts), set()
        for at in range(0, len(every), BATCH):
            ids = rows_of.with_ids(every[at : at + BATCH])
            found |= {row["id"] for row in self.connection.rows(self._chunks, ids, ["id"])}
        return {digests[firsts[name]] for name in found}

    def add(self, articles: Iterable[Article], embedder: Embedder) -> MilvusStore:
        """Add articles; only the new ones are embedded. Returns the store.

        What is broken off leaves whole articles, and goes on when it is done again.
        """
        self.check_embedder(embedder)
        given = {article.id: article for article in articles}
        held = self.whole(given.keys())
        new = [article for name, article in given.items() if name not in held]
        for batch, chunks in batches(new, self.chunking):
            texts = [chunk.text for own in chunks for chunk in own]
            self.put(batch, chunks, embedder.embed_passages(texts))
        self.settle()
        return self

    def put(
        self, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]], vectors: Matrix
    ) -> None:
        """Write articles, each with its chunks, and the vectors of these.

        An article is there once all else of it is written: its first row comes last.
        """
        texts = [
            rows_of.article_rows(article, own[0].start if own else 0)
            for article, own in zip(articles, chunks, strict=True)
        ]
        for batch in rows_of.sent(rows_of.chunk_rows(articles, chunks, vectors)):
            self.connection.write(self._chunks, batch)
        for batch in rows_of.sent([row for own in texts for row in own[1:]]):
            self.connection.write(self._articles, batch)
        for batch in rows_of.sent([own[0] for own in texts]):
            self.connection.write(self._articles, batch)

    def remove(self, *article_ids: str) -> MilvusStore:
        """Remove articles; raises NoSuchArticle if one is not in the store. Returns the store."""
        if missing := set(article_ids) - self.holds(article_ids):
            raise NoSuchArticle(min(missing))
        self.drop([digest_of(name) for name in article_ids])
        return self

    def drop(self, digests: Sequence[str]) -> None:
        """Remove all rows of articles, those first that make them be there."""
        for at in range(0, len(digests), _AT_ONCE):
            some = digests[at : at + _AT_ONCE]
            self.connection.delete(self._articles, rows_of.with_ids(map(first_of, some)))
            self.settle()  # a delete takes what is seen, and later ones must not be seen before
            self.connection.delete(self._articles, of_articles(some))
            self.connection.delete(self._chunks, of_articles(some))
        self.settle()

    def settle(self) -> None:
        """Wait until all that was written is seen by whoever asks."""
        for collection in (self._chunks, self._articles):
            self.connection.rows(
                collection, "id == ''", ["id"], consistency="Strong", seconds=WRITE
            )

    def only(self, article_ids: Collection[str]) -> MilvusStore:
        """Return a store of these of its articles; ids that it does not hold are passed over."""
        return self.where(Filter(articles=frozenset(article_ids)))

    def where(self, wanted: Filter) -> MilvusStore:
        """Return a store of the articles that the filter lets through."""
        return replace(self, filters=(*self.filters, wanted))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the nearest chunks of the vector, twice k of them, with BM25 among them alone.

        Chunks of articles that are not there yet, or no more, are left out.
        """
        limit = _REACH * k
        effort = {_EFFORT[self.index]: limit} if self.index in _EFFORT else {}
        found = self.connection.nearest(
            self._chunks, vector.tolist(), self._expression(), _FIELDS, limit, effort
        )
        there = self._facts({row["article"] for row in found})
        found = [row for row in found if row["article"] in there]
        chunks = tuple(_chunk(row, there[row["article"]]) for row in found)
        languages = tuple(str(there[row["article"]]["language"]) for row in found)
        cosines = np.array([row["distance"] for row in found], dtype=np.float32)
        return ranked_by_words(question, chunks, languages, cosines)

    def sources(self, keys: Collection[int]) -> Iterator[tuple[str, str]]:
        """Yield digest and id of the articles of these sources."""
        of_them = self._expression(FIRST, rows_of.named("source", keys))
        for batch in self.connection.batches(self._articles, of_them, ["article", "facts"]):
            yield from ((row["article"], json.loads(row["facts"])["id"]) for row in batch)

    def every(self) -> Iterator[tuple[str, str, int]]:
        """Yield digest, id and the key of the source of all articles."""
        fields = ["article", "facts", "source"]
        for batch in self.connection.batches(self._articles, self._expression(FIRST), fields):
            for row in batch:
                yield row["article"], json.loads(row["facts"])["id"], int(row["source"])

    def _expression(self, *more: str) -> str:
        return " and ".join(filter(None, (rows_of.expression(self.filters), *more)))

    def _facts(self, digests: Collection[str]) -> dict[str, Row]:
        """Return the facts of those of the articles that are there."""
        every, found = sorted(digests), {}
        for at in range(0, len(every), BATCH):
            ids = rows_of.with_ids(map(first_of, every[at : at + BATCH]))
            for row in self.connection.rows(
                self._articles, self._expression(ids), ["article", "facts"]
            ):
                found[row["article"]] = json.loads(row["facts"])
        return found


def _missing(address: MilvusAddress) -> StoreMissing:
    return StoreMissing(
        f"{address} holds no store; make one with: article-qa index ARTICLE… --store {address}"
    )


def _chunk(row: Row, facts: Row) -> Chunk:
    return Chunk(str(facts["id"]), int(row["start"]), int(row["end"]), str(row["text"]))
