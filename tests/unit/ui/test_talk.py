from __future__ import annotations

import json
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.answer import Answer, Citation, Statement
from qa.explain import explain
from ui.talk import (
    TALKS,
    TURNS,
    SavedTalk,
    Turn,
    dump_talk,
    dump_talks,
    load_talk,
    load_talks,
    talk_id,
    turn_of,
    without_article,
)

ID, OTHER = "0123456789abcdef", "f" * 16


def _turn(store: Store, embedder: Embedder, question: str) -> Turn:
    answer = ask(question, store=store, embedder=embedder)
    (reason, *_) = explain(question, answer.passages[:1], store, embedder)
    return turn_of(answer, store, "en", reason)


def test_a_conversation_comes_back_from_the_browser_as_it_went(
    store: Store, embedder: Embedder
) -> None:
    talk = tuple(_turn(store, embedder, q) for q in ("what is the trade volume?", "who won?"))
    sent = json.loads(json.dumps(dump_talk(talk, ID)))
    assert (load_talk(sent), talk_id(sent)) == (talk, ID)
    kept = (SavedTalk(OTHER, 9, talk[:1]), SavedTalk(ID, 7, talk))
    assert load_talks(json.loads(json.dumps(dump_talks(reversed(kept))))) == kept


def test_a_conversation_without_an_id_gets_one_of_its_own() -> None:
    for sent in (None, [], {}, {"id": 7}, {"id": "<script>"}):
        assert talk_id(sent) != talk_id(sent)
        assert len(talk_id(sent)) == 16


def test_a_turn_tells_what_the_answer_tells(store: Store, embedder: Embedder) -> None:
    (article,) = store.articles
    reported = _turn(store, embedder, "what is the trade volume?")
    (place,) = reported.places
    assert article.text[place.start : place.end] == place.quote == reported.text
    assert (place.paragraph, place.title, place.source) == (4, article.title, article.source)
    assert reported.nearest is None
    refused = _turn(store, embedder, "What is the capital of Mongolia?")
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
    assert all(isinstance(turn, Turn) for turn in load_talk(sent))
    assert all(isinstance(turn, Turn) for kept in load_talks(sent) for turn in kept.talk)


def test_a_turn_that_is_none_is_left_out_and_the_others_stay() -> None:
    turn = Turn("q", "en", "failed", "no")
    stored = dump_talk((turn, turn, turn), ID)
    stored["kept"][1]["text"] = "x" * 20_001
    assert load_talk(stored) == (turn, turn)
    stored["kept"] *= TURNS
    assert len(load_talk(stored)) < TURNS
    assert len(dump_talk((turn,) * (TURNS + 9), ID)["kept"]) == TURNS
    many = [SavedTalk(f"{n:016x}", n, (turn,)) for n in range(TALKS + 9)]
    assert load_talks(dump_talks(many)) == tuple(reversed(many))[:TALKS]


def test_what_an_llm_wrote_is_cut_to_what_can_be_kept(store: Store) -> None:
    (article,) = store.articles
    cited = tuple(Citation.of(article, n, n + 5) for n in range(30))
    statements = tuple(Statement("x" * 30_000, (c,), True) for c in cited) * 5
    answer = Answer("q", "answered", "y" * 30_000, 0.9, cited, (), statements=statements)
    talk = (turn_of(answer, store, "en"),)
    assert load_talk(json.loads(json.dumps(dump_talk(talk, ID)))) == talk


def test_an_account_does_not_see_anothers_conversation() -> None:
    talk = (Turn("q", "en", "failed", "no"),)
    assert load_talk(dump_talk(talk, ID, "amel"), "amel") == talk
    assert (
        load_talk(dump_talk(talk, ID, "amel"), "boris")
        == load_talk(dump_talk(talk, ID, "amel"))
        == ()
    )
    assert load_talks(dump_talks((SavedTalk(ID, 1, talk),), "amel"), "boris") == ()


def test_what_is_said_of_an_article_goes_with_it(library: Store, embedder: Embedder) -> None:
    talk = tuple(
        _turn(library, embedder, q)
        for q in ("what is the trade volume?", "How many metres did the river rise?")
    )
    arabic, river, _ = (article.id for article in library.articles)
    assert without_article(talk, river) == talk[:1]
    assert without_article(talk, arabic) == talk[1:]
    refused = replace(talk[0], places=(), nearest=talk[0].places[0], status="not_in_article")
    assert without_article((refused,), arabic) == ()


def test_a_place_in_a_title_has_no_paragraph(article: Article) -> None:
    assert _paragraph(article, 0) == 0


def _paragraph(article: Article, start: int) -> int:
    from ui.paragraphs import paragraph_of

    return paragraph_of(article, start)
