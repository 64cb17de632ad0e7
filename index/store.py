"""Store: articles made searchable, as parts of unchanging segments, in memory or in one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from index import _folder, _manifest, _saved
from index._apart import begun
from index.articles import Article
from index.bm25 import BM25
from index.candidates import Candidates, Scores
from index.chunker import Chunk, Chunking
from index.contract import Counts
from index.embedder import Embedder, Vector
from index.errors import NoSuchArticle
from index.filters import Filter
from index.lexical import merged_groups
from index.parts import Lazy, Part, compacted
from index.postings import Rows
from index.segment import Segment, batches
from index.texts import keys_of
from index.vectors import Kind

__all__ = ["FORMAT", "Store", "building", "writer_lock"]

writer_lock, building = _folder.writer_lock, _folder.building
FORMAT = _manifest.FORMAT
_LARGE = 65_536  # chunks, from which a search of its vectors is worth a thread


@dataclass(frozen=True, eq=False)  # no slots: what is worked out once is kept in its dictionary
class Store:
    """An immutable set of articles made searchable; what changes it returns another one.

    Two stores are equal if they are the same object: a cache can tell a changed one at once. One
    of some of another's articles answers as if it were built of them alone. ``kind`` is how
    vectors are kept, None to choose by number. Any number of threads may search at once.
    """

    parts: tuple[Part, ...]
    embedder_id: str
    dim: int
    chunking: Chunking
    kind: Kind | None = None

    @classmethod
    def build(
        cls,
        articles: Iterable[Article],
        embedder: Embedder,
        chunking: Chunking | None = None,
        *,
        kind: Kind | None = None,
        progress: bool = False,
    ) -> Store:
        """Chunk, embed and index the articles; one given twice is taken once."""
        empty = cls((), embedder.id, embedder.dim, chunking or Chunking(), kind)
        return empty.add(articles, embedder, progress=progress)

    @cached_property
    def id(self) -> str:
        """Give a name for just these articles, cut and embedded in this way."""
        digest = hashlib.sha256(f"{self.embedder_id}\n{self.chunking}\n{FORMAT}".encode())
        for part in self.parts:
            digest.update(part.segment.texts.keys[part.articles].tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def ids(self) -> frozenset[str]:
        """Give the ids of the articles."""
        found = (part.segment.texts.ids[part.articles].tolist() for part in self.parts)
        return frozenset(name for names in found for name in names)

    @property
    def counts(self) -> Counts:
        """Count articles and chunks."""
        return Counts(len(self.articles), len(self.chunks))

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no article."""
        return not self.parts

    def listed(self, start: int, count: int) -> tuple[Article, ...]:
        """Return so many articles from the start-th on, in the order they were added."""
        return self.articles[start : start + count]

    @cached_property
    def characters(self) -> int:
        """Give the length of the articles together, up to where the last chunk of each ends."""
        return sum(part.characters for part in self.parts)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Give the distinct languages of the articles, sorted."""
        found = (part.segment.texts.languages[part.articles] for part in self.parts)
        return tuple(sorted({str(name) for names in found for name in np.unique(names)}))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Give the first and the last day of the articles that have one, or nothing."""
        found = np.concatenate(
            [np.zeros(0, dtype="U10"), *(p.segment.texts.dates[p.articles] for p in self.parts)]
        )
        days = np.sort(found[found != ""])
        return (str(days[0]), str(days[-1])) if len(days) else ()

    @cached_property
    def articles(self) -> Lazy[Article]:
        """Give the articles in the order they were added, each read when it is asked for."""
        counts = [len(part.articles) for part in self.parts]
        return Lazy.of_parts(counts, lambda part, place: self.parts[part].article(place))

    @cached_property
    def chunks(self) -> Lazy[Chunk]:
        """Give the chunks, row by row, each read when it is asked for."""
        counts = [len(part.rows) for part in self.parts]
        return Lazy.of_parts(counts, lambda part, place: self.parts[part].chunk(place))

    @cached_property
    def _firsts(self) -> Rows:
        """Give the first row of each part, and the number of all."""
        return np.cumsum([0, *(len(part.rows) for part in self.parts)])

    @cached_property
    def _bm25(self) -> BM25:
        postings = [part.segment.postings for part in self.parts]
        return BM25(postings, [part.live_chunks for part in self.parts])

    @cached_property
    def _bases(self) -> Rows:
        """Give where each segment's own rows start."""
        return np.cumsum([0, *(len(part.segment) for part in self.parts)])

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatch if the store was made with another embedder."""
        _saved.check_embedder(self.embedder_id, embedder.id, "this store")

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises NoSuchArticle if it is not in the store."""
        for part in self.parts:
            number = part.segment.texts.number(article_id)
            if number is not None and (part.live is None or part.live[number]):
                return part.segment.texts.article(number)
        raise NoSuchArticle(article_id)

    def holds(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that are in the store."""
        keys = keys_of(list(article_ids))
        return {
            found
            for part in self.parts
            for number in part.articles[np.isin(part.segment.texts.keys[part.articles], keys)]
            if (found := part.segment.texts.id(int(number))) in article_ids
        }

    def add(
        self, articles: Iterable[Article], embedder: Embedder, *, progress: bool = False
    ) -> Store:
        """Return a store with these articles too; only the new ones are embedded.

        Raises StoreMismatch if the embedder is not the one the store was made with.
        """
        self.check_embedder(embedder)
        given = {article.id: article for article in articles}
        held = self.holds(given.keys())
        new = [article for name, article in given.items() if name not in held]
        made = []
        for batch, chunks in batches(new, self.chunking):
            texts = [chunk.text for own in chunks for chunk in own]
            vectors = embedder.embed_passages(texts, progress=progress)
            made.append(Part(Segment.build(batch, chunks, vectors, self.kind)))
        return replace(self, parts=compacted((*self.parts, *made), self.kind))

    def joined(self, other: Store) -> Store:
        """Return a store with the other's articles too, as they were cut and embedded there.

        Raises StoreMismatch if they were made with different embedders.
        """
        _saved.check_embedder(other.embedder_id, self.embedder_id, "the other store")
        if not self.parts and self.chunking == other.chunking:
            return other
        both = self.ids & other.ids
        more = other.remove(*both) if both else other
        return replace(self, parts=self.parts + more.parts)

    def kept_as(self, kind: Kind) -> Store:
        """Return a store whose vectors are kept in this way."""
        parts = tuple(part.kept_as(kind) for part in self.parts)
        return replace(self, parts=parts, kind=kind)

    def remove(self, *article_ids: str) -> Store:
        """Return a store without the articles; raises NoSuchArticle if one is not in the store."""
        if missing := set(article_ids) - self.holds(article_ids):
            raise NoSuchArticle(min(missing))
        keys = keys_of(article_ids)
        kept = [part.narrowed(~np.isin(part.segment.texts.keys, keys)) for part in self.parts]
        return self.of_parts(kept)

    def purged(self) -> Store:
        """Return a store whose segments hold nothing more of what was removed.

        Saved, it leaves no text of that in its folder. Vectors are moved, not made anew.
        """
        merged = Segment.merged
        parts = [
            part if part.live is None else Part(merged([(part.segment, part.articles)], self.kind))
            for part in self.parts
        ]
        return replace(self, parts=tuple(parts))

    def only(self, article_ids: Collection[str]) -> Store:
        """Return a store of these of its articles; ids that it does not hold are passed over."""
        return self.where(Filter(articles=frozenset(article_ids)))

    def where(self, wanted: Filter) -> Store:
        """Return a store of the articles that the filter lets through; itself if all are."""
        kept = [part.matching(wanted) for part in self.parts]
        same = all(
            len(a.articles) == len(b.articles) for a, b in zip(kept, self.parts, strict=True)
        )
        return self if same else self.of_parts(kept)

    def of_parts(self, parts: Sequence[Part]) -> Store:
        """Return a store of these parts, but for those without articles."""
        return replace(self, parts=tuple(part for part in parts if len(part.articles)))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the k nearest chunks of the vector and the k best by BM25, which may be the same.

        ``vector`` is the question's.
        """
        # FAISS lets go of the interpreter: in a large store it searches while words are looked for.
        search = partial(self._nearest, vector, k)
        nearest = begun(search) if len(self.chunks) >= _LARGE else search
        groups = merged_groups(question, self.languages)
        found = self._bm25.find(groups, k, lambda: np.sort(nearest()[0]))
        chunks, languages, cosines = [], [], [np.zeros(0, dtype=np.float32)]
        for part, rows in self._by_part(found.rows):
            texts = part.segment.texts
            chunks += [texts.chunk(row) for row in rows.tolist()]
            languages += texts.languages[texts.spans[rows, 0]].tolist()
            cosines.append(np.asarray(part.segment.vectors.rows(rows) @ vector, dtype=np.float32))
        dense = np.concatenate(cosines)
        return Candidates(tuple(chunks), tuple(languages), dense, found.scores, found.coverage)

    def search(self, vector: Vector, k: int) -> tuple[tuple[int, float], ...]:
        """Return the (row, cosine) of the k nearest chunks, best first, equals in row order.

        ``k`` is clamped to the number of chunks.
        """
        rows, scores = self._nearest(vector, k)
        places = np.zeros(len(rows), dtype=np.int64)
        for number, part in enumerate(self.parts):
            own = (self._bases[number] <= rows) & (rows < self._bases[number + 1])
            local = rows[own] - self._bases[number]
            places[own] = self._firsts[number] + np.searchsorted(part.rows, local)
        return tuple(zip(places.tolist(), scores.tolist(), strict=True))

    def _nearest(self, vector: Vector, k: int) -> tuple[Rows, Scores]:
        """Return rows, counted over whole segments, and cosines, best first."""
        rows, scores = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
        for base, part in zip(self._bases, self.parts, strict=False):
            share = len(part.rows) / len(self.chunks)
            found, cosines = part.segment.vectors.search(vector, k, part.live_chunks, share)
            rows.append(found + base)
            scores.append(cosines)
        every, cosine = np.concatenate(rows), np.concatenate(scores)
        order = np.lexsort((every, -cosine))[: max(k, 0)]
        return every[order], cosine[order]

    def _by_part(self, rows: Rows) -> Iterator[tuple[Part, Rows]]:
        ends = np.searchsorted(rows, self._bases)
        for number, part in enumerate(self.parts):
            yield part, rows[ends[number] : ends[number + 1]] - self._bases[number]

    def save(self, folder: str | Path) -> Store:
        """Write the store into a folder; what was there stays whole until the new one is.

        Segments that were opened from this folder are not written again. Returns the store as it
        lies there, mapped into memory. Raises StoreError if the folder cannot be written or holds
        something else.
        """
        return replace(self, parts=_saved.write(self, Path(folder)))

    @classmethod
    def open(cls, folder: str | Path, embedder: Embedder | None = None) -> Store:
        """Open a saved store, every checksum of it, for the embedder it was made with.

        Without an embedder it can be looked at and changed but not asked. Its files are mapped
        into memory. Raises StoreMissing, StoreDamaged or StoreMismatch, each naming the command
        that mends it.
        """
        return cls(*_saved.read(Path(folder), None if embedder is None else embedder.id))
