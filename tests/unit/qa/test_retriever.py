from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.embedder import Embedder, TokenVectors
from index.store import Store
from qa.errors import QuestionError
from qa.late import best_cosines, max_sim
from qa.retriever import Fusion, Retriever
from qa.words import content_words
from tests.texts import mixed_text

_TOKENS = st.integers(0, 5).flatmap(
    lambda n: st.builds(
        TokenVectors,
        arrays(np.float32, (n, 3), elements=st.floats(-1, 1, width=16)),
        arrays(np.float32, n, elements=st.floats(0.125, 2, width=16)),
    )
)


@given(_TOKENS, st.lists(_TOKENS, max_size=5))
def test_max_sim_is_the_double_loop(question: TokenVectors, texts: list[TokenVectors]) -> None:
    expected = []
    for text in texts:
        best = [max((float(q @ t) for t in text.vectors), default=0.0) for q in question.vectors]
        weights = [float(w) for w in question.weights]
        total = sum(w * b for w, b in zip(weights, best, strict=True))
        expected.append(total / sum(weights) if weights else 0.0)
    np.testing.assert_allclose(max_sim(question, texts), expected, atol=1e-5)
    assert best_cosines(question, texts).shape == (len(texts), len(question.weights))


def test_passages_are_ranked_by_the_fused_z_scores(library: Store, embedder: Embedder) -> None:
    """Recompute from the three lists of scores; everything is a candidate here."""
    question = "ما هو حجم التبادل التجاري؟"
    fusion = Fusion()
    chunks = [chunk.text for chunk in library.chunks]
    dense = embedder.embed_passages(chunks) @ embedder.embed_query(question)
    asked, *texts = embedder.token_vectors([content_words(question), *chunks])
    late = np.array([(asked.vectors @ t.vectors.T).max(1) @ asked.weights for t in texts])
    lexical, coverage = library.lexical_scores(question)
    fused = sum(
        weight * (scores - np.mean(scores)) / np.std(scores)
        for weight, scores in (
            (fusion.dense, dense),
            (fusion.late, late),
            (fusion.lexical * coverage, lexical),
        )
    )
    found = Retriever(library, embedder).retrieve(question, k=100)
    assert [p.chunk for p in found] == [library.chunks[i] for i in np.argsort(-fused)]
    np.testing.assert_allclose([p.score for p in found], np.sort(fused)[::-1], atol=1e-3)
    assert [p.rank for p in found] == list(range(1, len(chunks) + 1))


@pytest.mark.parametrize(
    "question",
    [
        "what is the trade volume?",
        "ما هو حجم التبادل التجاري؟",
        "quel est le volume des échanges commerciaux ?",
        "каков объём товарооборота?",
    ],
)
def test_the_trade_volume_is_found_first(store: Store, embedder: Embedder, question: str) -> None:
    first, *_ = Retriever(store, embedder).retrieve(question)
    assert "3 مليارات دولار" in first.chunk.text


def test_fewer_candidates_bring_fewer_passages(library: Store, embedder: Embedder) -> None:
    narrow = Retriever(library, embedder, Fusion(candidates=2))
    assert 2 <= len(narrow.retrieve("flood gate", k=100)) <= 4


@settings(max_examples=60)
@given(question=mixed_text(10))
def test_any_question_gives_passages_or_one_error(
    question: str, library: Store, embedder: Embedder
) -> None:
    try:
        found = Retriever(library, embedder).retrieve(question, k=4)
    except QuestionError as error:
        assert "empty" in str(error)
        assert not question.strip()
    else:
        assert len(found) == 4
        assert all(np.isfinite(p.score) for p in found)


@pytest.mark.parametrize(
    ("question", "k", "reason"),
    [
        ("", 3, "the question is empty"),
        (" \n", 3, "the question is empty"),
        ("x", 0, "k is 0; ask for at least 1"),
        ("what \ud800", 3, "not valid Unicode"),
    ],
)
def test_what_cannot_be_asked(
    store: Store, embedder: Embedder, question: str, k: int, reason: str
) -> None:
    with pytest.raises(QuestionError, match=reason):
        Retriever(store, embedder).retrieve(question, k)


def test_an_empty_store_has_no_passages(store: Store, embedder: Embedder) -> None:
    assert Retriever(store.remove(store.articles[0].id), embedder).retrieve("x") == ()


def test_a_store_of_one_chunk_answers(embedder: Embedder, store: Store) -> None:
    from index.articles import Article

    one = Store.build([Article.of("The gate was closed.", language="en")], embedder)
    (passage,) = Retriever(one, embedder).retrieve("which gate?")
    assert passage.score == 0.0  # nothing to compare it with
