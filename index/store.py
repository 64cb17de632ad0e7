"""Store: articles made searchable, as parts of unchanging segments, in memory or in one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from index import _folder
from index.articles import Article
from index.bm25 import BM25
from index.candidates import Candidates, Scores
from index.chunker import Chunk, Chunking
from index.embedder import Embedder, Vector
from index.errors import StoreDamaged, StoreMismatch
from index.filters import Filter
from index.lexical import merged_groups
from index.parts import Lazy, Part, compacted
from index.postings import Rows
from index.segment import Segment, batches
from index.texts import keys_of
from index.vectors import KINDS, Kind

__all__ = ["FORMAT", "Store", "writer_lock"]

writer_lock = _folder.writer_lock
FORMAT = _folder.FORMAT


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
    def languages(self) -> tuple[str, ...]:
        """Give the distinct languages of the articles, sorted."""
        found = (part.segment.texts.languages[part.articles] for part in self.parts)
        return tuple(sorted({str(name) for names in found for name in np.unique(names)}))

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
        _check_embedder(self.embedder_id, embedder.id, "this store")

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raises KeyError if it is not in the store."""
        for part in self.parts:
            number = part.segment.texts.number(article_id)
            if number is not None and (part.live is None or part.live[number]):
                return part.segment.texts.article(number)
        raise KeyError(article_id)

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
        _check_embedder(other.embedder_id, self.embedder_id, "the other store")
        if not self.parts and self.chunking == other.chunking:
            return other
        ids = {article.id for article in other.articles}
        more = other.only(ids - self.holds(ids))
        return replace(self, parts=self.parts + more.parts)

    def remove(self, article_id: str) -> Store:
        """Return a store without the article; raises KeyError if it is not in the store."""
        self.article(article_id)
        keys = keys_of([article_id])
        kept = [part.narrowed(~np.isin(part.segment.texts.keys, keys)) for part in self.parts]
        return self._of_parts(kept)

    def only(self, article_ids: Collection[str]) -> Store:
        """Return a store of these of its articles; ids that it does not hold are passed over."""
        return self.where(Filter(articles=frozenset(article_ids)))

    def where(self, wanted: Filter) -> Store:
        """Return a store of the articles that the filter lets through; itself if all are."""
        kept = [part.matching(wanted) for part in self.parts]
        same = all(
            len(a.articles) == len(b.articles) for a, b in zip(kept, self.parts, strict=True)
        )
        return self if same else self._of_parts(kept)

    def _of_parts(self, parts: Sequence[Part]) -> Store:
        return replace(self, parts=tuple(part for part in parts if len(part.articles)))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the k nearest chunks of the vector and the k best by BM25, which may be the same.

        ``vector`` is the question's.
        """
        nearest, _ = self._nearest(vector, k)
        found = self._bm25.find(merged_groups(question, self.languages), k, np.sort(nearest))
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

    def save(self, folder: str | Path) -> None:
        """Write the store into a folder; what was there stays whole until the new one is.

        Segments that were opened from this folder are not written again. Raises StoreError if
        the folder cannot be written or holds something else.
        """
        folder = Path(folder)
        facts = {
            "format": FORMAT,
            "embedder": self.embedder_id,
            "dim": self.dim,
            "chunking": {"size": self.chunking.size, "joined": self.chunking.joined},
            "vectors": self.kind or "auto",
            "counts": {"articles": len(self.articles), "chunks": len(self.chunks)},
        }
        with _folder.replacing(folder, facts) as draft:
            for part in self.parts:
                data = part.segment.folder
                if data is None or data.parent != folder.resolve():
                    data = draft.new()
                    part.segment.save(data)
                draft.put(data, part.removed)

    @classmethod
    def open(cls, folder: str | Path, embedder: Embedder) -> Store:
        """Open a saved store, every checksum of it, for the embedder it was made with.

        Its files are mapped into memory. Raises StoreMissing, StoreDamaged or StoreMismatch, each
        naming the command that mends it.
        """
        folder = Path(folder)
        while True:
            manifest = _folder.read(folder)
            try:
                return cls._open(folder, manifest, embedder)
            except StoreDamaged:
                # A writer may have swept this version away while it was read.
                if _folder.in_force(folder, manifest):
                    raise

    @classmethod
    def _open(cls, folder: Path, manifest: _folder.Manifest, embedder: Embedder) -> Store:
        if manifest["format"] != FORMAT:
            raise StoreMismatch(
                f"{folder} is a store of format {manifest['format']}, this version reads {FORMAT}; "
                f"{_folder.rebuild(folder)}"
            )
        _check_embedder(manifest["embedder"], embedder.id, str(folder))
        try:
            return cls._read(folder.resolve(), manifest)
        except (KeyError, ValueError, TypeError, RuntimeError, AssertionError, OSError) as error:
            raise StoreDamaged(
                f"{folder} does not hold what its manifest says ({error}); "
                f"{_folder.rebuild(folder)}"
            ) from error

    @classmethod
    def _read(cls, folder: Path, manifest: _folder.Manifest) -> Store:
        parts = tuple(
            Part.of(Segment.open(folder / entry["data"]), entry["removed"])
            for entry in manifest["segments"]
        )
        kind = next((kind for kind in KINDS if kind == manifest["vectors"]), None)
        chunking = Chunking(**manifest["chunking"])
        store = cls(parts, manifest["embedder"], manifest["dim"], chunking, kind)
        found = {"articles": len(store.articles), "chunks": len(store.chunks)}
        if found != manifest["counts"] or any(p.segment.vectors.dim != store.dim for p in parts):
            raise ValueError(f"{found}, not {manifest['counts']}")
        return store


def _check_embedder(made_with: str, given: str, name: str) -> None:
    if made_with != given:
        raise StoreMismatch(
            f"{name} was made with {made_with}, not {given}: give the same --model, or make it "
            "anew with: article-qa index ARTICLE… --store DIR --replace"
        )
