"""The articles that visitors see and add: shared ones and each session's own."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.articles import Article
from index.base import AnyStore, Filter
from index.embedder import Embedder
from index.errors import ArticleError, ArticleNotFoundError
from index.folder import writer_lock
from index.store import Store
from index.union import unite
from ui.i18n import known_languages

Clock = Callable[[], float]
LISTED = 200  # articles that are shown one by one
_VIEWS = 16
_REMEMBERED = 60.0  # seconds, of what others may change


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may keep, and how many and how long sessions are kept at all."""

    articles: int = 20
    characters: int = 4_000_000
    sessions: int = 500
    all_characters: int = 100_000_000  # of all sessions, or of the shared library
    idle_seconds: float = 12 * 3600.0  # unused for so long, it goes when any other is used next
    protected_seconds: float = 3600.0  # used more recently, it is never evicted


@dataclass(slots=True)
class _Session:
    """A session's own articles, and when they were last asked about."""

    store: Store
    used: float

    @property
    def characters(self) -> int:
        return self.store.characters


class Library:
    """The articles of a server: shared ones, and those of each browser session.

    With a ``folder`` what is added is shared and kept there; without one it is its session's, in
    memory, and gone some hours after the last question. Any number of threads may use it.
    """

    def __init__(
        self,
        store: AnyStore,
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
        self._renewed = clock()
        self._clock = clock
        self._empty = Store((), store.embedder_id, store.dim, store.chunking)
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        # Stores of what was chosen to ask about, made once for many questions.
        self._views: OrderedDict[Choice, AnyStore] = OrderedDict()
        self._lock = threading.RLock()
        self._adding = threading.Lock()  # one article is indexed at a time; questions go on
        # Called when an article is removed, so that no cache holds its text.
        self.when_removed: list[Callable[[], None]] = []

    @property
    def shared(self) -> AnyStore:
        """The articles that everybody sees.

        Refreshed each minute: a store that other processes may have changed is another object
        then, so that answers remembered from the old one are not shown.
        """
        with self._lock:
            if self._clock() - self._renewed > _REMEMBERED:
                self._shared, self._renewed = self._shared.refresh(), self._clock()
            return self._shared

    def languages(self, session: str) -> tuple[str, ...]:
        """Return the languages of a session's articles; all known where they are not counted."""
        shared = self._shared.languages
        if shared is None:
            shared = known_languages()
        return tuple(sorted({*shared, *self._own(session).languages}))

    def listed(self, session: str) -> tuple[Article, ...]:
        """Return the first LISTED that a session may ask about, its own first, newest first."""
        own = self._own(session)
        shared = (a for a in self._shared.page(0, LISTED) if a.id not in own.ids)
        return (*reversed(own.articles), *shared)[:LISTED]

    def count(self, session: str) -> int:
        """Return how many articles a session may ask about."""
        own = self._own(session).ids
        return self._shared.counts.articles + len(own - self._shared.held_ids(own))

    def removable(self, session: str) -> tuple[Article, ...]:
        """Return the last LISTED articles that a session may remove."""
        return self._removable(session).articles[-LISTED:]

    def article(self, session: str, article_id: str) -> Article | None:
        """Return an article that the session may see, or None."""
        for store in (self._own(session), self._shared):
            try:
                return store.article(article_id)
            except ArticleNotFoundError:
                continue
        return None

    def add(self, session: str, article: Article) -> bool:
        """Index an article for the session, or for all; return False if it was there already.

        Raises ArticleError if that is more than may be kept.
        """
        with self._adding:
            if self.article(session, article.id) is not None:
                return False
            if self.folder is not None:
                self._change(self.folder, lambda store: self._add_within_limit(store, article))
                return True
            self._make_room(session, article)
            self._put(session, self._own(session).add([article], self.embedder))
        return True

    def remove(self, session: str, article_id: str) -> bool:
        """Remove an article that the session may remove; return whether it was there."""
        with self._adding:
            if article_id not in self._removable(session).ids:
                return False
            if self.folder is not None:
                self._change(self.folder, lambda store: _without(store, article_id))
            else:
                self._put(session, self._own(session).remove(article_id))
        self._notify_removed()
        return True

    def chosen(
        self, session: str, article_ids: tuple[str, ...], where: Filter | None = None
    ) -> AnyStore:
        """Return the store of these of a session's articles; of all of them if none is named.

        ``where`` chooses among them.
        """
        own, shared = self._own(session), self.shared
        held = shared.held_ids(article_ids)
        wanted = frozenset(own.held_ids(article_ids) | held) or None
        if where is None and covers_all(own, shared, wanted):
            return shared
        if wanted is not None and not held:
            shared = self._empty  # so that a view of own ones stays when the shared ones change
        key = Choice(own, shared, wanted, where)
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]
        # Not under the lock: others need not wait until this is indexed, if it must be.
        view = select_from_both(own, shared, wanted)
        view = view if where is None else view.where(where)
        with self._lock:
            # Not of what was removed meanwhile: its text is in the view.
            now = key.shared is self._shared or key.shared is self._empty
            if now and key.own is self._own(session):
                self._views[key] = view
                if len(self._views) > _VIEWS:
                    self._views.popitem(last=False)
        return view

    def _change(self, folder: Path, change: Callable[[Store], Store]) -> None:
        """Change the shared store on disk, on top of what another process may have done to it."""
        with writer_lock(folder):
            store = change(Store.open(folder, self.embedder)).save(folder)
        with self._lock:
            self._shared = store
            self._views.clear()

    def _add_within_limit(self, store: Store, article: Article) -> Store:
        characters = len(article.text) + store.characters
        if characters > self.limits.all_characters:
            raise ArticleError(
                f"that would make {characters:,} characters; this library may keep "
                f"{self.limits.all_characters:,}: remove an article first"
            )
        return store.add([article], self.embedder)

    def _removable(self, session: str) -> Store:
        if self.folder is None:
            return self._own(session)
        assert isinstance(self._shared, Store), "a library's folder holds one"
        return self._shared

    def _notify_removed(self) -> None:
        for forget in self.when_removed:
            forget()

    def _own(self, session: str) -> Store:
        with self._lock:
            self._forget_idle()
            entry = self._sessions.get(session)
            if entry is None:
                return self._empty
            entry.used = self._clock()
            self._sessions.move_to_end(session)
            return entry.store

    def _put(self, session: str, store: Store) -> None:
        with self._lock:
            before = self._sessions.get(session)
            self._sessions[session] = _Session(store, self._clock())
            self._sessions.move_to_end(session)
            self._drop_views(before)

    def _make_room(self, session: str, article: Article) -> None:
        own = self._own(session)
        if len(own.articles) >= self.limits.articles:
            raise ArticleError(
                f"there are {len(own.articles)} articles already, the most one browser may keep; "
                "remove one first"
            )
        characters = len(article.text) + own.characters
        if characters > self.limits.characters:
            raise ArticleError(
                f"that would make {characters:,} characters; one browser may keep "
                f"{self.limits.characters:,}: remove an article first"
            )
        with self._lock:
            while self._is_full(session, characters):
                if not self._evict_oldest(session):
                    raise ArticleError("too many people keep articles here now; try again later")

    def _is_full(self, session: str, characters: int) -> bool:
        others = [entry for name, entry in self._sessions.items() if name != session]
        together = sum(entry.characters for entry in others) + characters
        return len(others) >= self.limits.sessions or together > self.limits.all_characters

    def _evict_oldest(self, session: str) -> bool:
        """Drop the session that was not used for longest, if that is long enough ago."""
        for name, entry in self._sessions.items():
            if name != session:
                idle = self._clock() - entry.used
                return idle > self.limits.protected_seconds and self._drop(name)
        return False

    def _forget_idle(self) -> None:
        oldest = self._clock() - self.limits.idle_seconds
        while self._sessions:
            name, entry = next(iter(self._sessions.items()))
            if entry.used >= oldest:
                return
            self._drop(name)

    def _drop(self, session: str) -> bool:
        self._drop_views(self._sessions.pop(session))
        self._notify_removed()
        return True

    def _drop_views(self, entry: _Session | None) -> None:
        if entry is not None:
            for key in [key for key in self._views if key.own is entry.store]:
                del self._views[key]


def _without(store: Store, article_id: str) -> Store:
    return store.remove(article_id).purge() if article_id in store.ids else store


class Choice(NamedTuple):
    """What was chosen to ask about."""

    own: Store
    shared: AnyStore
    articles: frozenset[str] | None
    where: Filter | None


def covers_all(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> bool:
    """Return whether exactly the shared articles are wanted; None wants all there are."""
    if wanted is None:
        return shared.held_ids(own.ids) == own.ids
    return len(wanted) == shared.counts.articles and wanted == shared.held_ids(wanted)


def select_from_both(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> AnyStore:
    """Return the store of these articles of both; None is all."""
    if wanted is None:
        return unite(own, shared)
    if not shared.held_ids(wanted):
        return own.select(wanted)
    if not wanted & own.ids:
        return shared.select(wanted)
    return unite(own.select(wanted), shared.select(wanted - own.ids))
