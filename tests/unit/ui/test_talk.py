from __future__ import annotations

import json
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.explain import explain
from ui.talk import (
    TALKS,
    TURNS,
    Turn,
    kept,
    kept_all,
    talk_from,
    talks_from,
    turn_of,
    without,
)


def _turn(store: Store, embedder: Embedder, question: str) -> Turn:
    answer = ask(question, store=store, embedder=embedder)
    (reason, *_) = explain(question, answer.passages[:1], store, embedder)
    return turn_of(answer, {a.id: a for a in store.articles}, "en", reason)


def test_a_conversation_comes_back_from_the_browser_as_it_went(
    store: Store, embedder: Embedder
) -> None:
    talk = tuple(_turn(store, embedder, q) for q in ("what is the trade volume?", "who won?"))
    sent = json.loads(json.dumps(kept(talk)))
    assert talk_from(sent) == talk
    assert talks_from(json.loads(json.dumps(kept_all((talk, talk[:1]))))) == (talk, talk[:1])


def test_a_turn_tells_what_the_answer_tells(store: Store, embedder: Embedder) -> None:
    (article,) = store.articles
    told = _turn(store, embedder, "what is the trade volume?")
    (place,) = told.places
    assert article.text[place.start : place.end] == place.quote == told.text
    assert (place.paragraph, place.title, place.source) == (4, article.title, article.source)
    assert told.nearest is None
    refused = _turn(store, embedder, "Who invented the telephone?")
    assert refused.status == "not_in_article"
    assert refused.nearest is not None
    assert article.text[refused.nearest.start : refused.nearest.end] == refused.nearest.quote


FIELDS = asdict(Turn("q", "en", "failed"))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*asdict(Turn("q", "en", "failed")), "x"]), inner, max_size=5
        )
    ),
)


@given(PLAIN)
def test_whatever_the_browser_sends_is_a_conversation_or_none(sent: object) -> None:
    assert all(isinstance(turn, Turn) for turn in talk_from(sent))
    assert all(isinstance(turn, Turn) for talk in talks_from(sent) for turn in talk)


def test_what_is_too_long_is_forgotten() -> None:
    turn = kept((Turn("q", "en", "failed", "no"),))[0]
    assert talk_from([turn | {"text": "x" * 20_001}]) == ()
    assert talk_from([turn] * (TURNS + 1)) == ()
    assert talks_from([[turn]] * (TALKS + 1)) == ()
    assert len(kept((Turn("q", "en", "failed"),) * (TURNS + 9))) == TURNS
    assert len(kept_all(((Turn("q", "en", "failed"),),) * (TALKS + 9))) == TALKS


def test_what_is_said_of_an_article_goes_with_it(library: Store, embedder: Embedder) -> None:
    talk = tuple(
        _turn(library, embedder, q)
        for q in ("what is the trade volume?", "How many metres did the river rise?")
    )
    arabic, river, _ = (article.id for article in library.articles)
    assert without(talk, river) == talk[:1]
    assert without(talk, arabic) == talk[1:]
    refused = replace(talk[0], places=(), nearest=talk[0].places[0], status="not_in_article")
    assert without((refused,), arabic) == ()


def test_a_place_in_a_title_has_no_paragraph(article: Article) -> None:
    assert _paragraph(article, 0) == 0


def _paragraph(article: Article, start: int) -> int:
    from ui.paragraphs import paragraph_of

    return paragraph_of(article, start)
