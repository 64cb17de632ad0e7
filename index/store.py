"""Store: articles made searchable, in memory or in one folder; `open_store` opens one anywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.analysis import analyse_query
from index.articles import Article
from index.base import (
    AnyStore,
    Candidates,
    Counts,
    Filter,
    MilvusAddress,
    Scores,
    StoreLocation,
    WritableStore,
    check_embedder,
)
from index.bm25 import BM25, Rows
from index.chunker import Chunk, Chunking
from index.concurrency import run_in_background
from index.documents import ARTICLE, keys_of
from index.embedder import Embedder, Vector
from index.errors import ArticleNotFoundError, StoreDamagedError, StoreMismatchError
from index.folder import (
    FORMAT,
    Manifest,
    is_current,
    read_manifest,
    rebuild_hint,
    replace_version,
    writer_lock,
)
from index.models import load_embedder
from index.readers.base import PARSER_ERRORS
from index.segment import LazySequence, Segment, SegmentView, chunk_batches, compact
from index.vectors import VECTOR_FORMATS, VectorFormat

Views = tuple[SegmentView, ...]

_LARGE = 65_536  # chunks; from here on, searching the vectors is worth a thread of its own


@dataclass(frozen=True, eq=False)  # no slots: cached properties need a dictionary
class Store:
    """An immutable set of searchable articles; methods that change it return another store.

    Stores compare by identity, so that a cache can tell a changed one at once. A store of some of
    another's articles answers as if it were built of these alone. ``vector_format`` is how vectors
    are kept, None to choose by their number. ``model`` loads the embedder again. Any number of
    threads may search at once.
    """

    views: Views
    embedder_id: str
    dim: int
    chunking: Chunking
    vector_format: VectorFormat | None = None
    model: str | None = None

    @classmethod
    def build(
        cls,
        articles: Iterable[Article],
        embedder: Embedder,
        chunking: Chunking | None = None,
        *,
        vector_format: VectorFormat | None = None,
        progress: bool = False,
    ) -> Store:
        """Chunk, embed and index the articles; one given twice is taken once."""
        chunking = chunking or Chunking()
        empty = cls((), embedder.id, embedder.dim, chunking, vector_format, embedder.model)
        return empty.add(articles, embedder, progress=progress)

    @cached_property
    def id(self) -> str:
        """A digest of these articles, and of how they were cut and embedded."""
        digest = hashlib.sha256(f"{self.embedder_id}\n{self.chunking}\n{FORMAT}".encode())
        for view in self.views:
            digest.update(view.segment.documents.keys[view.article_numbers].tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the articles."""
        found = (v.segment.documents.ids[v.article_numbers].tolist() for v in self.views)
        return frozenset(name for names in found for name in names)

    @property
    def counts(self) -> Counts:
        """The numbers of articles and chunks."""
        return Counts(len(self.articles), len(self.chunks))

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self.views

    def page(self, start: int, count: int) -> tuple[Article, ...]:
        """Return up to ``count`` articles from place ``start`` on, in the order of adding."""
        return self.articles[start : start + count]

    @cached_property
    def characters(self) -> int:
        """The total length of the articles, each up to the end of its last chunk."""
        return sum(view.characters for view in self.views)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The distinct languages of the articles, sorted."""
        found = (v.segment.documents.languages[v.article_numbers] for v in self.views)
        return tuple(sorted({str(name) for names in found for name in np.unique(names)}))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The first and the last day of the articles that have a date, or nothing."""
        found = [v.segment.documents.dates[v.article_numbers] for v in self.views]
        every = np.concatenate([np.zeros(0, dtype="U10"), *found])
        days = np.sort(every[every != ""])
        return (str(days[0]), str(days[-1])) if len(days) else ()

    @cached_property
    def articles(self) -> LazySequence[Article]:
        """The articles in the order of adding, each read when it is asked for."""
        counts = [len(view.article_numbers) for view in self.views]
        return LazySequence.concatenate(counts, lambda n, place: self.views[n].article(place))

    @cached_property
    def chunks(self) -> LazySequence[Chunk]:
        """The chunks in order, each read when it is asked for."""
        counts = [len(view.chunk_rows) for view in self.views]
        return LazySequence.concatenate(counts, lambda n, place: self.views[n].chunk(place))

    @cached_property
    def _first_rows(self) -> Rows:
        """The first row of each segment. A row counts the chunks of all segments, live or not."""
        return np.cumsum([0, *(len(view.segment) for view in self.views)])

    @cached_property
    def _bm25(self) -> BM25:
        postings = [view.segment.postings for view in self.views]
        return BM25(postings, [view.live_chunks for view in self.views])

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise StoreMismatchError if the store was made with another embedder."""
        check_embedder(self.embedder_id, embedder.id, "this store")

    def article(self, article_id: str) -> Article:
        """Return the article of an id; raise ArticleNotFoundError if it is not in the store."""
        for view in self.views:
            number = view.segment.documents.number(article_id)
            if number is not None and (view.live is None or view.live[number]):
                return view.segment.documents.article(number)
        raise ArticleNotFoundError(article_id)

    def held_ids(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids whose articles are in the store."""
        keys = keys_of(list(article_ids))
        found = set()
        for view in self.views:
            documents, numbers = view.segment.documents, view.article_numbers
            same_key = numbers[np.isin(documents.keys[numbers], keys)]
            found |= {documents.id(number) for number in same_key.tolist()}
        return found.intersection(article_ids)

    def add(
        self, articles: Iterable[Article], embedder: Embedder, *, progress: bool = False
    ) -> Store:
        """Return a store with these articles too; only new ones are embedded.

        Raises StoreMismatchError if the embedder is not the one that the store was made with.
        """
        self.check_embedder(embedder)
        given = {article.id: article for article in articles}
        held = self.held_ids(given.keys())
        new = [article for name, article in given.items() if name not in held]
        added = []
        for batch, chunks in chunk_batches(new, self.chunking):
            texts = [chunk.text for own in chunks for chunk in own]
            vectors = embedder.embed_passages(texts, progress=progress)
            added.append(SegmentView(Segment.build(batch, chunks, vectors, self.vector_format)))
        return replace(self, views=compact((*self.views, *added), self.vector_format))

    @property
    def details(self) -> dict[str, object]:
        """Languages, dates, vectors and segments, for `article-qa info`."""
        folders = [view.segment.folder for view in self.views]
        files = [path for folder in folders if folder for path in folder.iterdir()]
        return {
            "languages": list(self.languages),
            "dates": list(self.dates),
            "vectors": dict(Counter(view.segment.vectors.format for view in self.views)),
            "vectors_wanted": self.vector_format or "by the number in each segment",
            "segments": len(self.views),
            "articles_removed_but_kept": sum(len(view.removed) for view in self.views),
            "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 2),
        }

    def refresh(self) -> Store:
        """Return the store itself: it never changes."""
        return self

    def union(self, other: Store) -> Store:
        """Return a store with the other's articles too, as they were cut and embedded there.

        Raises StoreMismatchError if the stores were made with different embedders.
        """
        check_embedder(other.embedder_id, self.embedder_id, "the other store")
        if not self.views and self.chunking == other.chunking:
            return other
        both = self.ids & other.ids
        rest = other.remove(*both) if both else other
        return replace(self, views=self.views + rest.views)

    def with_vector_format(self, vector_format: VectorFormat) -> Store:
        """Return a store with its vectors in this format."""
        views = tuple(view.with_vector_format(vector_format) for view in self.views)
        return replace(self, views=views, vector_format=vector_format)

    def remove(self, *article_ids: str) -> Store:
        """Return a store without these articles; raise ArticleNotFoundError if one is not in it."""
        if missing := set(article_ids) - self.held_ids(article_ids):
            raise ArticleNotFoundError(min(missing))
        keys = keys_of(article_ids)
        kept = [v.restrict(~np.isin(v.segment.documents.keys, keys)) for v in self.views]
        return self.with_views(kept)

    def purge(self) -> Store:
        """Return a store whose segments no longer contain removed articles.

        Once it is saved, its folder has no text of these. Vectors are moved, not made again.
        """
        views = [v if v.live is None else v.rewrite(self.vector_format) for v in self.views]
        return replace(self, views=tuple(views))

    def select(self, article_ids: Collection[str]) -> Store:
        """Return a store of the articles of these ids; unknown ids are ignored."""
        return self.where(Filter(articles=frozenset(article_ids)))

    def where(self, wanted: Filter) -> Store:
        """Return a store of the articles that the filter lets through; this one if it is all."""
        kept = [view.filter(wanted) for view in self.views]
        same = all(
            len(new.article_numbers) == len(old.article_numbers)
            for new, old in zip(kept, self.views, strict=True)
        )
        return self if same else self.with_views(kept)

    def with_views(self, views: Sequence[SegmentView]) -> Store:
        """Return a store of these segments, without those that have no live article."""
        return replace(self, views=tuple(view for view in views if len(view.article_numbers)))

    def candidates(self, question: str, vector: Vector, k: int) -> Candidates:
        """Return the k chunks nearest to the question's vector and the k best by BM25.

        The two may share chunks.
        """
        # FAISS releases the GIL: in a large store it runs while the words are looked up.
        search = partial(self._nearest, vector, k)
        nearest = run_in_background(search) if len(self.chunks) >= _LARGE else search
        query = self._bm25.query(analyse_query(question, self.languages))
        best = query.best(k)
        rows = np.union1d(best, nearest()[0])
        chunks, languages, cosines = [], [], [np.zeros(0, dtype=np.float32)]
        for segment, local in self._by_segment(rows):
            documents = segment.documents
            chunks += [documents.chunk(row) for row in local.tolist()]
            languages += documents.languages[documents.spans[local, ARTICLE]].tolist()
            cosines.append(np.asarray(segment.vectors.rows(local) @ vector, dtype=np.float32))
        dense = np.concatenate(cosines)
        return Candidates(
            tuple(chunks), tuple(languages), dense, query.scores(rows), query.coverage
        )

    def search(self, vector: Vector, k: int) -> tuple[tuple[Chunk, float], ...]:
        """Return the k nearest chunks and their cosines, best first, ties in the order of adding.

        ``k`` is clamped to the number of chunks.
        """
        rows, cosines = self._nearest(vector, k)
        numbers = np.searchsorted(self._first_rows, rows, side="right") - 1
        chunks = [
            self.views[number].segment.documents.chunk(row - int(self._first_rows[number]))
            for number, row in zip(numbers.tolist(), rows.tolist(), strict=True)
        ]
        return tuple(zip(chunks, cosines.tolist(), strict=True))

    def _nearest(self, vector: Vector, k: int) -> tuple[Rows, Scores]:
        """Return rows and cosines of the nearest live chunks, best first."""
        rows, cosines = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
        for first_row, view in zip(self._first_rows, self.views, strict=False):
            share = len(view.chunk_rows) / len(self.chunks)
            local, own = view.segment.vectors.search(vector, k, view.live_chunks, share)
            rows.append(local + first_row)
            cosines.append(own)
        row, cosine = np.concatenate(rows), np.concatenate(cosines)
        order = np.lexsort((row, -cosine))[: max(k, 0)]
        return row[order], cosine[order]

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, Rows]]:
        """Yield each segment with the rows that are in it, counted from its first."""
        ends = np.searchsorted(rows, self._first_rows)
        for number, view in enumerate(self.views):
            own = rows[ends[number] : ends[number + 1]]
            yield view.segment, own - self._first_rows[number]

    def save(self, folder: str | Path) -> Store:
        """Write the store into a folder; the previous version stays whole until the new one is.

        Segments that were opened from this folder are not written again. Returns the store as
        saved, mapped into memory. Raises StoreError if the folder cannot be written or holds
        something else.
        """
        return replace(self, views=_write(self, Path(folder)))

    @classmethod
    def open(cls, folder: str | Path, embedder: Embedder | None = None) -> Store:
        """Open a saved store after checking every checksum, and that it fits the embedder.

        Without an embedder it can be read and changed but not searched. Its files are mapped into
        memory. Raises StoreNotFoundError, StoreDamagedError or StoreMismatchError, each naming the
        command that mends it.
        """
        return cls(*_read(Path(folder), None if embedder is None else embedder.id))


def open_store(location: StoreLocation, embedder: Embedder | None = None) -> WritableStore:
    """Open the store at a location, as `Store.open` and `MilvusStore.open` do."""
    if isinstance(location, MilvusAddress):
        from index.milvus.store import MilvusStore

        return MilvusStore.open(location, embedder)
    return Store.open(location, embedder)


def open_with_embedder(
    location: StoreLocation, model: str | None = None
) -> tuple[WritableStore, Embedder]:
    """Open the store at a location, and load the embedder that it was made with.

    ``model`` is loaded instead, if given. Raises StoreMismatchError where that is another one.
    """
    store = open_store(location)
    embedder = load_embedder(model or store.model)
    store.check_embedder(embedder)
    return store, embedder


def remove_articles(
    location: StoreLocation, choose: Callable[[AnyStore], set[str]]
) -> WritableStore:
    """Remove the articles that ``choose`` returns the ids of from the store at a location.

    In a folder nothing of their texts stays, and no other process writes meanwhile.
    """
    store = open_store(location)  # raises before a lock file would create the folder
    if isinstance(location, MilvusAddress):
        return store.remove(*choose(store))
    with writer_lock(location):
        folder = Store.open(location)
        return folder.remove(*choose(folder)).purge().save(location)


def _write(store: Store, folder: Path) -> Views:
    """Write those segments that the folder does not have; return views of the saved ones."""
    facts = {
        "format": FORMAT,
        "embedder": store.embedder_id,
        "model": store.model,
        "dim": store.dim,
        "chunking": {"size": store.chunking.size, "joined": store.chunking.joined},
        "vectors": store.vector_format or "auto",
        "counts": _counts(store.views),
    }
    saved = []
    with replace_version(folder, facts) as draft:
        for view in store.views:
            data, segment = view.segment.write_into(draft)
            draft.append(data, view.removed)
            saved.append(SegmentView(segment, view.live))
    return tuple(saved)


class _SavedStore(NamedTuple):
    """The fields of a saved store."""

    views: Views
    embedder_id: str
    dim: int
    chunking: Chunking
    vector_format: VectorFormat | None
    model: str | None


def _read(folder: Path, embedder_id: str | None) -> _SavedStore:
    while True:
        manifest = read_manifest(folder)
        try:
            return _open_version(folder, manifest, embedder_id)
        except StoreDamagedError:
            # A writer may have removed this version while it was read.
            if is_current(folder, manifest):
                raise


def _open_version(folder: Path, manifest: Manifest, embedder_id: str | None) -> _SavedStore:
    if manifest["format"] != FORMAT:
        raise StoreMismatchError(
            f"{folder} is a store of format {manifest['format']}, this version reads {FORMAT}; "
            f"{rebuild_hint(folder)}"
        )
    if embedder_id is not None:
        check_embedder(manifest["embedder"], embedder_id, str(folder))
    try:
        views = tuple(
            SegmentView.without(Segment.open(folder / entry["data"]), entry["removed"])
            for entry in manifest["segments"]
        )
        _check_counts(views, manifest)
        chunking = Chunking(**manifest["chunking"])
    except PARSER_ERRORS as error:
        raise StoreDamagedError(
            f"{folder} does not hold what its manifest says ({error}); {rebuild_hint(folder)}"
        ) from error
    vector_format = next((name for name in VECTOR_FORMATS if name == manifest["vectors"]), None)
    return _SavedStore(
        views, manifest["embedder"], manifest["dim"], chunking, vector_format,
        manifest.get("model"),
    )  # fmt: skip


def _check_counts(views: Views, manifest: Manifest) -> None:
    counts, dims = _counts(views), {view.segment.vectors.dim for view in views}
    if counts != manifest["counts"] or dims - {manifest["dim"]}:
        raise ValueError(f"{counts} of {sorted(dims)}, not {manifest['counts']}")


def _counts(views: Views) -> dict[str, int]:
    return {
        "articles": sum(len(view.article_numbers) for view in views),
        "chunks": sum(len(view.chunk_rows) for view in views),
    }
