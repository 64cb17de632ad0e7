"""Removed articles that can be brought back for some minutes, with what was said of them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article
from ui.talk import SavedTalk, without_article


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that was removed, and the conversations as they were before.

    ``shown`` is the one that the page showed, ``talks`` are all that the browser kept.
    """

    article: Article
    shown: SavedTalk
    talks: tuple[SavedTalk, ...]

    def talks_left(self) -> tuple[SavedTalk, tuple[SavedTalk, ...]]:
        """Return the conversation shown and all kept ones without what was said of the article."""
        shown, *talks = (
            one._replace(talk=without_article(one.talk, self.article.id))
            for one in (self.shown, *self.talks)
        )
        return shown, tuple(talks)

    def restore_all(self, talks: Sequence[SavedTalk]) -> tuple[SavedTalk, ...]:
        """Return the conversations kept now, restored, and those that the removal emptied."""
        kept = {one.id for one in talks}
        lost = (one for one in self.talks if one.id not in kept)
        return (*map(self.restore, talks), *lost)

    def restore(self, now: SavedTalk) -> SavedTalk:
        """Return a conversation with the turns that the removal took out, and those since then."""
        before = next((one for one in (self.shown, *self.talks) if one.id == now.id), None)
        if before is None:
            return now
        since = now.talk[len(without_article(before.talk, self.article.id)) :]
        return now._replace(talk=(*before.talk, *since))


class Removals:
    """The last removals, each under a secret that only its page knows."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._removals: dict[str, Removal] = {}

    def put(self, removal: Removal) -> str:
        """Keep a removal for some seconds; return its secret."""
        name = secrets.token_hex(8)
        self._removals[name] = removal
        timer = threading.Timer(self._seconds, self.take, [name])
        timer.daemon = True
        timer.start()
        return name

    def take(self, name: str) -> Removal | None:
        """Return a removal and forget it; None if it is not kept any more."""
        return self._removals.pop(name, None)
