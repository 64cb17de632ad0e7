"""Undo of a removal: what was taken out comes back, and what was said since stays."""

from __future__ import annotations

import time

from index.articles import Article
from ui.article_events import Gone, Undoable
from ui.talk import Kept, Place, Turn, without

RIVER = Article.of("The river rose.", title="River")
A, B, C = "a" * 16, "b" * 16, "c" * 16


def turn(question: str, article: str = "") -> Turn:
    places = (Place(article, "t", "s", 1, 0, 3, "The"),) if article else ()
    return Turn(question, "en", "answered", "x", places=places)


def test_turns_come_back_where_they_were_taken_from() -> None:
    about, other, later = turn("rose?", RIVER.id), turn("who?"), turn("and then?")
    gone = Gone(RIVER, Kept(A, 0, (about, other)), (Kept(B, 5, (other, about)),))
    cleaned = without((about, other), RIVER.id)
    assert gone.restored(Kept(A, 0, (*cleaned, later))).talk == (about, other, later)
    assert gone.restored(Kept(B, 9, (other,))) == Kept(B, 9, (other, about))
    # Another conversation is left alone.
    assert gone.restored(Kept(C, 0, (later,))).talk == (later,)


def test_what_is_undoable_is_forgotten_after_its_time() -> None:
    undoable, gone = Undoable(0.2), Gone(RIVER, Kept(A, 0, ()), ())
    name = undoable.put(gone)
    assert undoable.take("other") is None
    assert undoable.take(name) is gone
    assert undoable.take(name) is None
    name = undoable.put(gone)
    time.sleep(0.5)
    assert undoable.take(name) is None
