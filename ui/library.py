"""What may be asked: the server's articles, and those that each browser session added."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.embedder import Embedder
from index.errors import ArticleError
from index.store import Store, writer_lock

Clock = Callable[[], float]
_VIEWS = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may keep, and how many and how long sessions are kept at all."""

    articles: int = 20
    characters: int = 4_000_000
    sessions: int = 500
    all_characters: int = 100_000_000  # of all sessions, or of the shared library
    seconds: float = 12 * 3600.0  # after its last use, and at the next use of another
    sure: float = 3600.0  # within these no other session can push it out


@dataclass(slots=True)
class _Shelf:
    """A session's own articles, and when they were last asked about."""

    store: Store
    used: float

    @property
    def characters(self) -> int:
        return sum(len(article.text) for article in self.store.articles)


class Library:
    """The articles of a server: shared ones, and a shelf for each browser session.

    With a ``folder`` what is added is shared and kept there; without one it is its session's, in
    memory, and gone some hours after the last question. Any number of threads may use it.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        folder: Path | None = None,
        limits: Limits | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self.embedder = embedder
        self.folder = folder
        self.limits = limits or Limits()
        self._shared = store
        self._clock = clock
        self._empty = store.only(())
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        # Stores of what was chosen to ask about, made once for many questions.
        self._views: OrderedDict[tuple[Store, Store, frozenset[str]], Store] = OrderedDict()
        self._lock = threading.RLock()
        self._adding = threading.Lock()  # one article is indexed at a time; questions go on
        # Called when an article is gone, so that nobody remembers what it said.
        self.when_gone: list[Callable[[], None]] = []

    @property
    def shared(self) -> Store:
        """Give the articles that everybody sees."""
        return self._shared

    def articles(self, session: str) -> tuple[Article, ...]:
        """Return what a session may ask about, its own articles first, the newest of them first."""
        own = self._own(session)
        return (*reversed(own.articles), *self._shared.articles)

    def removable(self, session: str) -> tuple[Article, ...]:
        """Return the articles that a session may remove."""
        store = self._shared if self.folder is not None else self._own(session)
        return tuple(store.articles)

    def article(self, session: str, article_id: str) -> Article | None:
        """Return an article that the session may see, or None."""
        return next((a for a in self.articles(session) if a.id == article_id), None)

    def add(self, session: str, article: Article) -> bool:
        """Index an article for the session, or for all; return False if it was there already.

        Raises ArticleError if that is more than may be kept.
        """
        with self._adding:
            if self.article(session, article.id) is not None:
                return False
            if self.folder is not None:
                self._change(self.folder, lambda store: self._with(store, article))
                return True
            self._make_room(session, article)
            self._put(session, self._own(session).add([article], self.embedder))
        return True

    def remove(self, session: str, article_id: str) -> bool:
        """Remove an article that the session may remove; return whether it was there."""
        with self._adding:
            if all(article.id != article_id for article in self.removable(session)):
                return False
            if self.folder is not None:
                self._change(self.folder, lambda store: store.only(_ids(store) - {article_id}))
            else:
                self._put(session, self._own(session).remove(article_id))
        self._tell()
        return True

    def chosen(self, session: str, article_ids: tuple[str, ...]) -> Store:
        """Return the store of these of a session's articles; of all of them if none is named."""
        own, shared = self._own(session), self._shared
        both = _ids(own) | _ids(shared)
        wanted = frozenset(article_ids) & both or frozenset(both)
        if wanted == _ids(shared):
            return shared
        key = (own, shared, wanted)
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]
        # Not under the lock: others need not wait until this is indexed, if it must be.
        view = _view(own, shared, wanted)
        with self._lock:
            self._views[key] = view
            if len(self._views) > _VIEWS:
                self._views.popitem(last=False)
        return view

    def _change(self, folder: Path, change: Callable[[Store], Store]) -> None:
        """Change the shared store on disk, on top of what another process may have done to it."""
        with writer_lock(folder):
            store = change(Store.open(folder, self.embedder))
            store.save(folder)
        with self._lock:
            self._shared = store
            self._views.clear()

    def _with(self, store: Store, article: Article) -> Store:
        characters = len(article.text) + sum(len(a.text) for a in store.articles)
        if characters > self.limits.all_characters:
            raise ArticleError(
                f"that would make {characters:,} characters; this library may keep "
                f"{self.limits.all_characters:,}: remove an article first"
            )
        return store.add([article], self.embedder)

    def _tell(self) -> None:
        for tell in self.when_gone:
            tell()

    def _own(self, session: str) -> Store:
        with self._lock:
            self._forget_idle()
            shelf = self._shelves.get(session)
            if shelf is None:
                return self._empty
            shelf.used = self._clock()
            self._shelves.move_to_end(session)
            return shelf.store

    def _put(self, session: str, store: Store) -> None:
        with self._lock:
            before = self._shelves.get(session)
            self._shelves[session] = _Shelf(store, self._clock())
            self._shelves.move_to_end(session)
            self._drop_views(before)

    def _make_room(self, session: str, article: Article) -> None:
        own = self._own(session).articles
        if len(own) >= self.limits.articles:
            raise ArticleError(
                f"there are {len(own)} articles already, the most one browser may keep; "
                "remove one first"
            )
        characters = len(article.text) + sum(len(a.text) for a in own)
        if characters > self.limits.characters:
            raise ArticleError(
                f"that would make {characters:,} characters; one browser may keep "
                f"{self.limits.characters:,}: remove an article first"
            )
        with self._lock:
            while self._is_full(session, characters):
                if not self._push_out(session):
                    raise ArticleError("too many people keep articles here now; try again later")

    def _is_full(self, session: str, characters: int) -> bool:
        others = [shelf for name, shelf in self._shelves.items() if name != session]
        together = sum(shelf.characters for shelf in others) + characters
        return len(others) >= self.limits.sessions or together > self.limits.all_characters

    def _push_out(self, session: str) -> bool:
        """Drop the shelf that was not used for longest, if that is long enough ago."""
        for name, shelf in self._shelves.items():
            if name != session:
                return self._clock() - shelf.used > self.limits.sure and self._drop(name)
        return False

    def _forget_idle(self) -> None:
        oldest = self._clock() - self.limits.seconds
        while self._shelves:
            name, shelf = next(iter(self._shelves.items()))
            if shelf.used >= oldest:
                return
            self._drop(name)

    def _drop(self, session: str) -> bool:
        self._drop_views(self._shelves.pop(session))
        self._tell()
        return True

    def _drop_views(self, shelf: _Shelf | None) -> None:
        if shelf is not None:
            for key in [key for key in self._views if key[0] is shelf.store]:
                del self._views[key]


def _ids(store: Store) -> set[str]:
    return {article.id for article in store.articles}


def _view(own: Store, shared: Store, wanted: frozenset[str]) -> Store:
    if not wanted & _ids(shared):
        return own.only(wanted)
    if not wanted & _ids(own):
        return shared.only(wanted)
    return own.only(wanted).joined(shared.only(wanted - _ids(own)))
