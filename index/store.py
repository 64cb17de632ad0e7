"""Store: chunks, their FAISS index and BM25 index in one folder that is whole or not there."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index import _folder
from index.articles import Article
from index.chunker import Chunk, Chunking, chunk_article
from index.embedder import Embedder, Matrix, Vector
from index.errors import StoreDamaged, StoreMismatch
from index.lexical import LexicalIndex, stem_groups, stems

__all__ = ["FORMAT", "Store", "writer_lock"]

writer_lock = _folder.writer_lock

FORMAT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """An immutable set of articles made searchable; `add` and `remove` return another one.

    Two stores are equal if they are the same object: a cache can tell a changed one at once.

    ``vectors`` holds row i for ``chunks[i]``. Any number of threads may search at once.
    """

    articles: tuple[Article, ...]
    chunks: tuple[Chunk, ...]
    embedder_id: str
    chunking: Chunking
    vectors: faiss.IndexFlatIP
    lexical: LexicalIndex
    _by_id: dict[str, Article] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not len(self.chunks) == self.vectors.ntotal:
            raise ValueError(f"{len(self.chunks)} chunks but {self.vectors.ntotal} vectors")
        by_id = {article.id: article for article in self.articles}
        for chunk in self.chunks:
            if by_id[chunk.article_id].text[chunk.start : chunk.end] != chunk.text:
                raise ValueError(f"chunk [{chunk.start}:{chunk.end}] is not in its article")
        object.__setattr__(self, "_by_id", by_id)

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        embedder: Embedder,
        chunking: Chunking | None = None,
        *,
        progress: bool = False,
    ) -> Store:
        """Chunk, embed and index the articles; one given twice is taken once."""
        chunking = chunking or Chunking()
        unique = tuple({article.id: article for article in articles}.values())
        chunks = tuple(chunk for article in unique for chunk in chunk_article(article, chunking))
        vectors = embedder.embed_passages([chunk.text for chunk in chunks], progress=progress)
        return cls._of(unique, chunks, embedder.id, chunking, vectors)

    @classmethod
    def _of(
        cls,
        articles: tuple[Article, ...],
        chunks: tuple[Chunk, ...],
        embedder_id: str,
        chunking: Chunking,
        vectors: Matrix,
    ) -> Store:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        languages = {article.id: article.language for article in articles}
        documents = [stems(chunk.text, languages[chunk.article_id]) for chunk in chunks]
        lexical = LexicalIndex.build(documents)
        return cls(articles, chunks, embedder_id, chunking, index, lexical)

    @property
    def id(self) -> str:
        """Give a name for just these articles, cut and embedded in this way."""
        parts = (*(a.id for a in self.articles), self.embedder_id, repr(self.chunking), str(FORMAT))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def dim(self) -> int:
        """Give the length of the vectors."""
        return int(self.vectors.d)

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the distinct languages of the articles, sorted."""
        return tuple(sorted({article.language for article in self.articles}))

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatch if the store was made with another embedder."""
        _check_embedder(self.embedder_id, embedder.id, "this store")

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises KeyError if it is not in the store."""
        return self._by_id[article_id]

    def add(self, articles: Sequence[Article], embedder: Embedder) -> Store:
        """Return a store with these articles too; only the new ones are embedded.

        Raises StoreMismatch if the embedder is not the one the store was made with.
        """
        self.check_embedder(embedder)
        new = [article for article in articles if article.id not in self._by_id]
        return self.joined(Store.build(new, embedder, self.chunking))

    def joined(self, other: Store) -> Store:
        """Return a store with the other's articles too, as they were cut and embedded there.

        Raises StoreMismatch if they were made with different embedders.
        """
        _check_embedder(other.embedder_id, self.embedder_id, "the other store")
        if not self.articles and self.chunking == other.chunking:
            return other
        more = other.only(other._by_id.keys() - self._by_id.keys())
        vectors = np.concatenate([self._matrix(), more._matrix()])
        together = self.articles + more.articles, self.chunks + more.chunks
        return Store._of(*together, self.embedder_id, self.chunking, vectors)

    def remove(self, article_id: str) -> Store:
        """Return a store without the article; raises KeyError if it is not in the store."""
        return self.only(self._by_id.keys() - {self.article(article_id).id})

    def only(self, article_ids: Collection[str]) -> Store:
        """Return a store of these of its articles; ids that it does not hold are passed over."""
        if self._by_id.keys() <= set(article_ids):
            return self
        kept = [row for row, chunk in enumerate(self.chunks) if chunk.article_id in article_ids]
        articles = tuple(article for article in self.articles if article.id in article_ids)
        chunks = tuple(self.chunks[row] for row in kept)
        return Store._of(articles, chunks, self.embedder_id, self.chunking, self._matrix()[kept])

    def search(self, vector: Vector, k: int) -> tuple[tuple[int, float], ...]:
        """Return the (row, cosine) of the k nearest chunks, best first, equals in row order.

        Exact. ``k`` is clamped to the number of chunks.
        """
        count = len(self.chunks)
        k = min(k, count)
        if k < 1:
            return ()
        wanted = k
        query = np.ascontiguousarray(vector, dtype=np.float32)[None, :]
        while True:
            scores, rows = self.vectors.search(query, wanted)
            # Rows that tie with the last may lie beyond it: fetch until the tie is broken.
            if wanted == count or scores[0, k - 1] > scores[0, -1]:
                break
            wanted = min(count, wanted * 2)
        order = np.lexsort((rows[0], -scores[0]))[:k]
        return tuple((int(rows[0, i]), float(scores[0, i])) for i in order)

    def cosines(self, vector: Vector, rows: Sequence[int]) -> npt.NDArray[np.float32]:
        """Return the (rows,) cosines of the vector with the chunks of these rows."""
        if not rows:
            return np.zeros(0, dtype=np.float32)
        matrix = self.vectors.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return np.asarray(matrix @ vector, dtype=np.float32)

    def lexical_scores(self, question: str) -> tuple[npt.NDArray[np.float32], float]:
        """Return the (chunks,) BM25 scores of a question and the share of its words known."""
        by_language = [stem_groups(question, language) for language in self.languages]
        groups = [
            tuple(dict.fromkeys(stem for group in word for stem in group))
            for word in zip(*by_language, strict=True)
        ]
        known = self.lexical.scores([stem for group in groups for stem in group])
        return known, self.lexical.coverage(groups)

    def save(self, folder: str | Path) -> None:
        """Write the store into a folder; what was there stays whole until the new one is.

        Raises StoreError if the folder cannot be written or holds something else.
        """
        facts = {
            "format": FORMAT,
            "embedder": self.embedder_id,
            "dim": self.dim,
            "chunking": {"size": self.chunking.size, "joined": self.chunking.joined},
            "counts": {"articles": len(self.articles), "chunks": len(self.chunks)},
        }
        with _folder.replacing(Path(folder), facts) as new:
            _folder.write_rows(new / "articles.jsonl", map(_article_row, self.articles))
            _folder.write_rows(new / "chunks.jsonl", map(_chunk_row, self.chunks))
            (new / "vectors.faiss").write_bytes(faiss.serialize_index(self.vectors).tobytes())
            self.lexical.save(new / "lexical")

    @classmethod
    def open(cls, folder: str | Path, embedder: Embedder) -> Store:
        """Open a saved store, every checksum of it, for the embedder it was made with.

        Raises StoreMissing, StoreDamaged or StoreMismatch, each naming the command that mends it.
        """
        folder = Path(folder)
        while True:
            manifest, data = _folder.read(folder)
            try:
                return cls._open(folder, manifest, data, embedder)
            except StoreDamaged:
                # A writer may have swept this version away while it was read.
                if _folder.in_force(folder, data):
                    raise

    @classmethod
    def _open(
        cls, folder: Path, manifest: _folder.Manifest, data: Path, embedder: Embedder
    ) -> Store:
        if manifest["format"] != FORMAT:
            raise StoreMismatch(
                f"{folder} is a store of format {manifest['format']}, this version reads {FORMAT}; "
                f"{_folder.rebuild(folder)}"
            )
        _check_embedder(manifest["embedder"], embedder.id, str(folder))
        try:
            return cls._read(manifest, data)
        except (KeyError, ValueError, TypeError, RuntimeError, AssertionError, OSError) as error:
            raise StoreDamaged(
                f"{folder} does not hold what its manifest says ({error}); "
                f"{_folder.rebuild(folder)}"
            ) from error

    @classmethod
    def _read(cls, manifest: _folder.Manifest, data: Path) -> Store:
        articles = tuple(Article(**row) for row in _folder.read_rows(data / "articles.jsonl"))
        texts = {article.id: article.text for article in articles}
        chunks = tuple(
            Chunk(article, start, end, texts[article][start:end])
            for article, start, end in map(tuple, _folder.read_rows(data / "chunks.jsonl"))
        )
        raw = np.frombuffer((data / "vectors.faiss").read_bytes(), dtype=np.uint8)
        vectors = faiss.deserialize_index(raw)
        if not isinstance(vectors, faiss.IndexFlatIP):
            raise ValueError(f"vectors.faiss holds a {type(vectors).__name__}")
        if vectors.d != manifest["dim"] or len(chunks) != manifest["counts"]["chunks"]:
            raise ValueError(f"{vectors.d} dimensions, {len(chunks)} chunks")
        lexical = LexicalIndex.load(data / "lexical", len(chunks))
        chunking = Chunking(**manifest["chunking"])
        return cls(articles, chunks, manifest["embedder"], chunking, vectors, lexical)

    def _matrix(self) -> Matrix:
        return np.asarray(self.vectors.reconstruct_n(0, self.vectors.ntotal), dtype=np.float32)


def _check_embedder(made_with: str, given: str, name: str) -> None:
    if made_with != given:
        raise StoreMismatch(
            f"{name} was made with {made_with}, not {given}: give the same --model, or make it "
            "anew with: article-qa index ARTICLE… --store DIR --replace"
        )


def _article_row(article: Article) -> dict[str, str]:
    names = ("id", "title", "text", "source", "language", "byline")
    return {name: getattr(article, name) for name in names}


def _chunk_row(chunk: Chunk) -> list[str | int]:
    return [chunk.article_id, chunk.start, chunk.end]
