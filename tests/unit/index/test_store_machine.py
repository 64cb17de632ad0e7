"""A store against a plain dictionary and brute force, through any order of what may be done."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index import segment as parts
from index.articles import Article
from index.base import Filter
from index.chunker import chunk_article
from index.errors import ArticleNotFoundError
from index.store import Store
from tests.writer import Stub, article

NUMBERS = st.sets(st.integers(0, 11), min_size=1, max_size=4)


class StoreMachine(RuleBasedStateMachine):
    """The store, and what it should hold in the order in which it was added."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.store = Store.build((), Stub())
        self.held: dict[str, Article] = {}

    @initialize(largest=st.sampled_from([0, 4, 65_536]))
    def begin(self, largest: int) -> None:
        self.patch.setattr(parts, "MAX_CHUNKS", largest)

    @rule(numbers=NUMBERS)
    def add(self, numbers: set[int]) -> None:
        new = [article(number) for number in sorted(numbers)]
        self.store = self.store.add(new, Stub())
        for one in new:
            self.held.setdefault(one.id, one)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        ids = data.draw(st.sets(st.sampled_from(sorted(self.held)), min_size=1))
        self.store = self.store.remove(*ids)
        for one in ids:
            del self.held[one]

    @rule(number=st.integers(100, 105))
    def remove_what_is_not_there(self, number: int) -> None:
        with pytest.raises(ArticleNotFoundError, match=article(number).id):
            self.store.remove(article(number).id)

    @rule()
    def save(self) -> None:
        self.store = self.store.save(self.folder / "s")

    @rule()
    def save_and_open(self) -> None:
        self.store.save(self.folder / "s")
        self.store = Store.open(self.folder / "s", Stub())

    @rule(kind=st.sampled_from(["flat", "half"]))
    def keep_otherwise(self, kind: object) -> None:
        self.store = self.store.with_vector_format(kind)  # type: ignore[arg-type]

    @rule(numbers=NUMBERS)
    def join(self, numbers: set[int]) -> None:
        new = [article(number) for number in sorted(numbers)]
        self.store = self.store.union(Store.build(new, Stub()))
        for one in new:
            self.held.setdefault(one.id, one)

    @rule(numbers=NUMBERS)
    def look_at_some(self, numbers: set[int]) -> None:
        sources = frozenset(f"{number}.txt" for number in numbers)
        some = self.store.where(Filter(sources=sources))
        _check(some, [one for one in self.held.values() if one.source in sources])

    @invariant()
    def is_what_it_should_be(self) -> None:
        _check(self.store, list(self.held.values()))

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder)


def _check(store: Store, held: list[Article]) -> None:
    assert list(store.articles) == held
    chunks = [chunk for one in held for chunk in chunk_article(one)]
    assert list(store.chunks) == chunks
    assert all(store.article(one.id) == one for one in held)
    vector = Stub().embed_query("question")
    # Whole numbers up to 8: exact in two bytes too.
    cosines = Stub().embed_passages([chunk.text for chunk in chunks]) @ vector
    expected = np.argsort(-cosines, kind="stable")[:6].tolist()
    found = store.search(vector, 6)
    assert [chunk for chunk, _ in found] == [chunks[row] for row in expected]
    assert [score for _, score in found] == cosines[expected].tolist()


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
