from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.articles import Article
from index.base import AnyStore
from index.embedder import Embedder
from index.errors import ArticleError
from index.segment import Segment
from index.store import Store
from ui.article_events import _articles
from ui.bar import bar_html
from ui.intake import Intake
from ui.library import Library, Limits, select_from_both
from ui.request import Visitor

RIVER = Article.of("The river rose by 3 metres.", title="River", language="en")
FIRE = Article.of("The fire burnt 5 houses.", title="Fire", language="en")


def titles(library: Library, session: str) -> list[str]:
    return [article.title for article in library.listed(session)]


def test_one_session_does_not_see_anothers_article(store: Store, embedder: Embedder) -> None:
    library = Library(store, embedder)
    assert library.add("amel", RIVER)
    assert not library.add("amel", RIVER)
    assert titles(library, "amel") == ["River", store.articles[0].title]
    assert titles(library, "boris") == [store.articles[0].title]
    assert library.article("boris", RIVER.id) is None
    assert library.chosen("boris", (RIVER.id,)) is library.shared
    assert not library.remove("boris", RIVER.id)
    assert library.article("amel", RIVER.id) == RIVER


def test_what_is_chosen_is_asked(store: Store, embedder: Embedder) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)
    library.add("s", FIRE)
    shipped = store.articles[0]
    for chosen, expected in (
        ((RIVER.id,), {RIVER}),
        ((RIVER.id, FIRE.id), {RIVER, FIRE}),
        ((RIVER.id, shipped.id), {RIVER, shipped}),
        ((), {RIVER, FIRE, shipped}),
        (("no such id",), {RIVER, FIRE, shipped}),
    ):
        assert set(library.chosen("s", chosen).articles) == expected
    assert library.chosen("s", (RIVER.id,)) is library.chosen("s", (RIVER.id,))
    assert library.chosen("s", (shipped.id,)) is store


def test_what_is_removed_is_gone_everywhere(store: Store, embedder: Embedder) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)
    library.chosen("s", (RIVER.id,))
    assert library.remove("s", RIVER.id)
    assert titles(library, "s") == [store.articles[0].title]
    assert RIVER not in library.chosen("s", (RIVER.id,)).articles
    assert not library.remove("s", store.articles[0].id)  # the server's own


def test_a_shared_library_is_everybodys_and_stays(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "lib")
    library = Library(store, embedder, folder=tmp_path / "lib")
    library.add("amel", RIVER)
    assert RIVER in library.listed("boris")
    assert Store.open(tmp_path / "lib", embedder).articles == (*store.articles, RIVER)
    assert library.remove("boris", RIVER.id)
    assert library.remove("boris", store.articles[0].id)
    assert library.listed("amel") == ()
    assert Store.open(tmp_path / "lib", embedder).articles == ()


def test_what_another_process_added_is_kept(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    store.save(tmp_path / "lib")
    library = Library(store, embedder, folder=tmp_path / "lib")
    store.add([FIRE], embedder).save(tmp_path / "lib")
    library.add("s", RIVER)
    assert {FIRE, RIVER} < set(library.shared.articles)


def test_limits_of_a_session(store: Store, embedder: Embedder) -> None:
    library = Library(store, embedder, limits=Limits(articles=1))
    library.add("s", RIVER)
    with pytest.raises(ArticleError, match="there are 1 articles already, .*; remove one first"):
        library.add("s", FIRE)
    library = Library(store, embedder, limits=Limits(characters=30))
    library.add("s", RIVER)
    with pytest.raises(ArticleError, match="would make 51 characters; one browser may keep 30"):
        library.add("s", FIRE)
    library.add("other", FIRE)


@pytest.mark.parametrize(
    "limits",
    [Limits(sessions=2, protected_seconds=5), Limits(all_characters=60, protected_seconds=5)],
)
def test_the_session_that_asked_longest_ago_makes_room(
    store: Store, embedder: Embedder, limits: Limits
) -> None:
    now = 0.0
    library = Library(store, embedder, limits=limits, clock=lambda: now)
    library.add("first", RIVER)
    library.add("second", RIVER)
    now = 4.0
    library.chosen("first", ())
    with pytest.raises(ArticleError, match="too many people keep articles here now; try again"):
        library.add("third", RIVER)
    now = 6.0
    library.add("third", RIVER)
    assert [RIVER in library.listed(s) for s in ("first", "second", "third")] == [
        True, False, True,
    ]  # fmt: skip


def test_a_shared_library_has_a_limit_too(store: Store, embedder: Embedder, tmp_path: Path) -> None:
    store.save(tmp_path / "lib")
    library = Library(store, embedder, folder=tmp_path / "lib", limits=Limits(all_characters=4_000))
    with pytest.raises(ArticleError, match="this library may keep 4,000: remove an article first"):
        library.add("s", RIVER)


def test_that_something_is_gone_is_reported(store: Store, embedder: Embedder) -> None:
    now, reported = 0.0, []
    library = Library(store, embedder, limits=Limits(idle_seconds=10), clock=lambda: now)
    library.when_removed.append(lambda: reported.append(now))
    library.add("s", RIVER)
    library.remove("s", RIVER.id)
    library.add("s", RIVER)
    now = 11.0
    library.listed("other")
    assert reported == [0.0, 11.0]


def test_ones_own_articles_are_not_indexed_again(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)
    monkeypatch.setattr(Segment, "build", lambda *_: pytest.fail("indexed again"))
    assert library.chosen("s", (RIVER.id,)).articles == (RIVER,)


def test_a_session_is_forgotten_some_time_after_its_last_question(
    store: Store, embedder: Embedder
) -> None:
    now = 0.0
    library = Library(store, embedder, limits=Limits(idle_seconds=10), clock=lambda: now)
    library.add("s", RIVER)
    now = 9.0
    library.chosen("s", ())
    now = 18.0
    assert RIVER in library.listed("s")
    now = 29.0
    assert RIVER not in library.listed("s")


def test_of_a_large_library_the_first_are_listed_and_all_are_asked(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.library.LISTED", 3)
    texts = [f"Report {number} of the harvest." for number in range(5)]
    shared = Store.build([Article.of(text, language="en") for text in texts], embedder)
    library = Library(shared, embedder)
    library.add("s", RIVER)
    assert titles(library, "s") == ["River", texts[0], texts[1]]
    assert (library.count("s"), library.count("t")) == (6, 5)
    assert library.article("t", shared.articles[4].id) == shared.articles[4]
    assert library.chosen("t", ()) is shared
    assert set(library.chosen("s", ()).articles) == {RIVER, *shared.articles}
    assert [a.title for a in Library(shared, embedder, folder=Path("none")).removable("s")] == (
        texts[2:]
    )


def test_what_is_chosen_is_shown_though_the_list_does_not_reach_it(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ui.library.LISTED", 3)
    texts = [f"Report {number} of the harvest." for number in range(5)]
    shared = Store.build([Article.of(text, language="en") for text in texts], embedder)
    library = Library(shared.save(tmp_path / "s"), embedder, folder=tmp_path / "s")
    library.add("s", RIVER)
    (head, boxes, *_) = _articles(Intake(library), Visitor("s", "en"), (RIVER.id,))
    assert "River" in head
    assert boxes["value"] == [RIVER.id]
    assert [name for name, _ in boxes["choices"]] == ["River", *texts[:3]]


def test_nothing_of_a_removed_article_stays_in_the_folder(
    store: Store, embedder: Embedder, tmp_path: Path
) -> None:
    """Though its segment holds another, which alone was no reason to write it anew."""
    store.add([RIVER, FIRE], embedder).save(tmp_path / "s")
    library = Library(Store.open(tmp_path / "s", embedder), embedder, folder=tmp_path / "s")

    def holding(text: str) -> list[Path]:
        return [p for p in tmp_path.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]

    assert len(holding(RIVER.text)) == 1
    assert library.remove("s", RIVER.id)
    assert holding(RIVER.text) == []
    assert len(holding(FIRE.text)) == 1
    again = Store.open(tmp_path / "s", embedder)
    assert set(again.articles) == {FIRE, *store.articles}
    query = embedder.embed_query("What burnt?")
    assert again.search(query, 9) == store.add([FIRE], embedder).search(query, 9)


def test_what_is_removed_while_it_is_chosen_is_not_remembered(
    store: Store, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)

    def slowly(own: Store, *others: Any) -> AnyStore:
        library.remove("s", RIVER.id)
        return select_from_both(own, *others)

    monkeypatch.setattr("ui.library.select_from_both", slowly)
    assert RIVER in library.chosen("s", (RIVER.id,)).articles
    assert not library._views


def test_an_article_that_others_index_too_is_listed_once(store: Store, embedder: Embedder) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)
    library._shared = store.add([RIVER], embedder)
    assert titles(library, "s") == ["River", store.articles[0].title]
    assert library.count("s") == 2
    assert "<h1" in bar_html([RIVER, FIRE], "en", 1)


def test_a_view_of_own_articles_stays_when_the_shared_ones_change(
    store: Store, embedder: Embedder
) -> None:
    library = Library(store, embedder)
    library.add("s", RIVER)
    view = library.chosen("s", (RIVER.id,))
    library._shared = store.add([FIRE], embedder)
    assert library.chosen("s", (RIVER.id,)) is view
    assert set(library.chosen("s", (RIVER.id, FIRE.id)).articles) == {RIVER, FIRE}
