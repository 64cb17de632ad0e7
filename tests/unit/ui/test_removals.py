"""Undo of a removal: what was taken out comes back, and what was said since stays."""

from __future__ import annotations

import time

from index.articles import Article
from ui.removals import Removal, Removals
from ui.talk import CitedPlace, SavedTalk, Turn, without_article

RIVER = Article.of("The river rose.", title="River")
A, B, C = "a" * 16, "b" * 16, "c" * 16


def turn(question: str, article: str = "") -> Turn:
    places = (CitedPlace(article, "t", "s", 1, 0, 3, "The"),) if article else ()
    return Turn(question, "en", "answered", "x", places=places)


def test_turns_come_back_where_they_were_taken_from() -> None:
    about, other, later = turn("rose?", RIVER.id), turn("who?"), turn("and then?")
    removal = Removal(RIVER, SavedTalk(A, 0, (about, other)), (SavedTalk(B, 5, (other, about)),))
    cleaned = without_article((about, other), RIVER.id)
    assert removal.restore(SavedTalk(A, 0, (*cleaned, later))).talk == (about, other, later)
    assert removal.restore(SavedTalk(B, 9, (other,))) == SavedTalk(B, 9, (other, about))
    # Another conversation is left alone.
    assert removal.restore(SavedTalk(C, 0, (later,))).talk == (later,)


def test_removals_are_forgotten_after_their_time() -> None:
    removals, removal = Removals(0.2), Removal(RIVER, SavedTalk(A, 0, ()), ())
    name = removals.put(removal)
    assert removals.take("other") is None
    assert removals.take(name) is removal
    assert removals.take(name) is None
    name = removals.put(removal)
    time.sleep(0.5)
    assert removals.take(name) is None
