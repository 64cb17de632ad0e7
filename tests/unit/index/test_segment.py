"""Stores of several segments: views, filters and merges against a store built at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import segment as module
from index.articles import Article, site
from index.base import Filter
from index.documents import Documents
from index.embedder import Embedder
from index.errors import ArticleNotFoundError
from index.models import load_embedder
from index.segment import LazySequence
from index.store import Store
from tests.texts import mixed_text

_EMBEDDER = load_embedder()
_TEXTS = [
    "The river rose by three metres.\n\nThe mayor of the town opened the flood gate.",
    "ارتفع حجم التبادل التجاري إلى 3 مليارات دولار.\n\nقال الوزير إن الاتفاق جديد.",
    "Река поднялась на три метра, сообщил мэр города.",
    "La rivière a débordé. Le maire a ouvert les vannes.",
    "图书馆有3层楼。2019年9月开放。",
    "The river and the town, again.",
]
_SOURCES = ["https://www.a.example/1", "https://a.example/2", "b.txt", "https://c.example/x"]
_ARTICLES = [
    replace(
        Article.of(text, title=f"t{number}", source=_SOURCES[number % 4], language=language),
        date=date,
    )
    for number, (text, language, date) in enumerate(
        zip(
            _TEXTS,
            ["en", "ar", "ru", "fr", "zh", "en"],
            ["2020-01-01", "2021-06-30", "", "2022-02-02", "2021-06-30", "2023-12-31"],
            strict=True,
        )
    )
]
_QUESTIONS = ["the river town", "حجم التبادل", "maire", "图书馆", "река мэр"]


def _same(one: Store, other: Store) -> None:
    assert one.articles == other.articles
    assert one.chunks == other.chunks
    assert one.languages == other.languages
    assert one.id == other.id
    assert one.ids == {article.id for article in one.articles}
    assert one.characters == sum(len(article.text.rstrip()) for article in one.articles)
    for question in _QUESTIONS:
        vector = _EMBEDDER.embed_query(question)
        found, expected = (store.candidates(question, vector, 3) for store in (one, other))
        assert found.chunks == expected.chunks
        assert found.languages == expected.languages
        np.testing.assert_allclose(found.dense, expected.dense, atol=1e-6)
        np.testing.assert_allclose(found.lexical, expected.lexical, rtol=1e-5)
        assert found.coverage == pytest.approx(expected.coverage)
        nearest, wanted = one.search(vector, 4), other.search(vector, 4)
        assert [chunk for chunk, _ in nearest] == [chunk for chunk, _ in wanted]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=14), st.booleans())
def test_any_adds_and_removes_are_as_if_built_at_once(
    steps: list[tuple[bool, int]], merging: bool
) -> None:
    store, kept = Store.build([], _EMBEDDER), dict[str, Article]()
    with pytest.MonkeyPatch.context() as patch:
        if not merging:
            patch.setattr(module, "MAX_CHUNKS", 0)
        for adding, number in steps:
            article = _ARTICLES[number]
            if adding:
                store = store.add([article], _EMBEDDER)
                kept.setdefault(article.id, article)
            elif article.id in kept:
                store = store.remove(article.id)
                del kept[article.id]
            else:
                with pytest.raises(ArticleNotFoundError, match=article.id):
                    store.remove(article.id)
    assert store.held_ids([a.id for a in _ARTICLES]) == set(kept)
    _same(store, Store.build(kept.values(), _EMBEDDER))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [0, 1, 2, 3, 4, 5]),
        (Filter(languages=frozenset({"en", "zh"})), [0, 4, 5]),
        (Filter(languages=frozenset()), []),
        (Filter(since="2021-06-30"), [1, 3, 4, 5]),
        (Filter(until="2021-06-30"), [0, 1, 4]),
        (Filter(since="2021-01-01", until="2022-02-02"), [1, 3, 4]),
        (Filter(sources=frozenset({"a.example"})), [0, 1, 4, 5]),
        (Filter(sources=frozenset({"https://a.example/2", "b.txt"})), [1, 2, 5]),
        (Filter(articles=frozenset({_ARTICLES[2].id, "no such"})), [2]),
        (Filter(languages=frozenset({"en"}), since="2021-01-01"), [5]),
    ],
)
def test_a_filtered_store_is_as_if_built_of_what_it_lets_through(
    wanted: Filter, numbers: Sequence[int]
) -> None:
    whole = Store.build(_ARTICLES[:3], _EMBEDDER).union(Store.build(_ARTICLES[3:], _EMBEDDER))
    assert len(whole.views) == 2
    _same(whole.where(wanted), Store.build([_ARTICLES[n] for n in numbers], _EMBEDDER))


def test_a_filter_that_lets_all_through_is_the_store_itself() -> None:
    whole = Store.build(_ARTICLES, _EMBEDDER)
    assert whole.where(Filter(until="2099-01-01", languages=None)) is not whole  # one has no date
    assert whole.where(Filter(languages=frozenset(whole.languages))) is whole


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"since": "2021-13-01"}, "since is '2021-13-01', not a day"),
        ({"until": "yesterday"}, "until is 'yesterday', not a day"),
        ({"since": "2022-01-02", "until": "2022-01-01"}, "since 2022-01-02 is after until"),
    ],
)
def test_days_that_are_none_are_refused(days: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Filter(**days)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://www.aps.dz/economie/1", "aps.dz"),
        ("http://news.example:8080/a?b", "news.example"),
        ("story.txt", "story.txt"),
        ("https://", "https://"),
    ],
)
def test_the_site_of_a_source(source: str, expected: str) -> None:
    assert site(source) == expected


@given(st.lists(mixed_text(20).filter(str.strip), min_size=1, max_size=4), st.data())
def test_texts_come_back_as_they_were_and_merged_in_part(
    texts: list[str], data: st.DataObject
) -> None:
    articles = list({a.id: a for a in (Article.of(t, language="xx") for t in texts)}.values())
    store = Store.build(articles, _EMBEDDER)
    assert store.articles == articles
    for chunk in store.chunks:
        assert store.article(chunk.article_id).text[chunk.start : chunk.end] == chunk.text
    (part,) = store.views
    kept = [n for n in range(len(articles)) if data.draw(st.booleans())]
    rows = np.array(kept, dtype=np.int64)
    merged = Documents.merge(
        [(part.segment.documents, rows), (part.segment.documents, part.article_numbers)]
    )
    assert [merged.article(n) for n in range(len(merged.keys))] == [
        *(articles[n] for n in kept), *articles,
    ]  # fmt: skip
    ids = {articles[n].id for n in kept}
    expected = [c for c in store.chunks if c.article_id in ids] + list(store.chunks)
    assert [merged.chunk(row) for row in range(len(merged.spans))] == expected


def test_small_segments_are_merged_and_large_ones_left(embedder: Embedder) -> None:
    store = Store.build([], embedder)
    for article in _ARTICLES:
        store = store.add([article], embedder)
    assert len(store.views) <= 2
    more = store.union(store)
    assert more.views == store.views  # nothing that it does not hold


def test_a_lazy_sequence_is_a_sequence() -> None:
    asked: list[int] = []
    lazy = LazySequence.concatenate(
        [2, 0, 3], lambda part, place: asked.append(part) or (part, place)
    )
    assert asked == []
    assert len(lazy) == 5
    assert lazy == [(0, 0), (0, 1), (2, 0), (2, 1), (2, 2)]
    assert (lazy[-1], lazy[1:3], lazy[5:]) == ((2, 2), ((0, 1), (2, 0)), ())
    assert hash(lazy) == hash(tuple(lazy))
    assert lazy != (1, 2, 3, 4, 5)
    for place in (5, -6):
        with pytest.raises(IndexError, match=f"{place} of 5"):
            lazy[place]
