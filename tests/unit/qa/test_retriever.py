from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.embedder import Embedder, TokenTable, TokenVectors, Vector
from index.sentences import cut_roughly
from index.spelling import SpelledTexts, SpelledWords, bundled_spelling
from index.store import Store
from qa.errors import QuestionError
from qa.question_vectors import embed_question
from qa.questions.question import analyse_question
from qa.retriever import (
    Fusion,
    Retriever,
    best_sentence_cosines,
    max_sim,
    max_sim_and_best_sentence,
    remove_length_effect,
    spelling_scores,
)
from tests.texts import mixed_text

_TOKENS = st.integers(0, 5).flatmap(
    lambda n: st.builds(
        TokenVectors,
        arrays(np.float32, (n, 3), elements=st.floats(-1, 1, width=16)),
        arrays(np.float32, n, elements=st.floats(0.125, 2, width=16)),
    )
)


def _table(texts: list[TokenVectors]) -> TokenTable:
    return TokenTable.of(texts, 3)


def _grouped(texts: list[list[TokenVectors]]) -> tuple[TokenTable, list[int]]:
    return _table([sentence for text in texts for sentence in text]), list(map(len, texts))


@given(st.lists(_TOKENS, max_size=6))
def test_a_table_of_tokens_gives_each_text_back(texts: list[TokenVectors]) -> None:
    table = _table(texts)
    assert table.lengths.tolist() == [len(text.weights) for text in texts]
    for found, text in zip(table, texts, strict=True):
        np.testing.assert_array_equal(found.vectors, text.vectors)
        np.testing.assert_array_equal(found.weights, text.weights)
    with pytest.raises(IndexError, match=rf"text {len(texts)} of {len(texts)}"):
        table[len(texts)]


@given(_TOKENS, st.lists(_TOKENS, max_size=5))
def test_max_sim_is_the_double_loop(question: TokenVectors, texts: list[TokenVectors]) -> None:
    expected = []
    for text in texts:
        best = [max((float(q @ t) for t in text.vectors), default=0.0) for q in question.vectors]
        weights = [float(w) for w in question.weights]
        total = sum(w * b for w, b in zip(weights, best, strict=True))
        expected.append(total / sum(weights) if weights else 0.0)
    np.testing.assert_allclose(max_sim(question, _table(texts)), expected, atol=1e-5)


@given(_TOKENS, st.lists(st.lists(_TOKENS, max_size=3), max_size=4))
def test_a_texts_sentences_give_its_own_score_and_that_of_the_best(
    question: TokenVectors, texts: list[list[TokenVectors]]
) -> None:
    whole, best = max_sim_and_best_sentence(question, *_grouped(texts))
    joined = [
        TokenVectors(
            np.concatenate([np.zeros((0, 3), dtype=np.float32), *(s.vectors for s in text)]),
            np.concatenate([np.zeros(0, dtype=np.float32), *(s.weights for s in text)]),
        )
        for text in texts
    ]
    expected = [max_sim(question, _table(text)).max(initial=-np.inf) for text in texts]
    empty = [not text for text in texts]
    np.testing.assert_allclose(best, np.where(empty, 0, expected), atol=1e-5)
    # An empty sentence has cosine 0 where its text has nothing better.
    if not any(len(s.weights) == 0 for text in texts for s in text):
        np.testing.assert_allclose(whole, max_sim(question, _table(joined)), atol=1e-5)


@given(
    arrays(np.float32, 3, elements=st.floats(-1, 1, width=16)),
    st.lists(st.lists(_TOKENS, max_size=3), max_size=4),
)
def test_the_best_sentence_is_the_highest_of_the_cosines(
    question: Vector, texts: list[list[TokenVectors]]
) -> None:
    expected = []
    for text in texts:
        cosines = []
        for sentence in text:
            tokens = zip(sentence.vectors, sentence.weights, strict=True)
            total = sum((vector * weight for vector, weight in tokens), np.zeros(3))
            length = math.sqrt(sum(float(x) ** 2 for x in total))
            cosines.append(float(total @ question) / length if length > 1e-9 else 0.0)
        expected.append(max(cosines, default=0.0))
    found = best_sentence_cosines(question, *_grouped(texts))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_length_is_taken_out_as_ridge_regression_does() -> None:
    lengths = [3, 10, 20, 40, 160]
    scores = np.array([0.1, 0.5, 0.4, 0.7, 0.8], dtype=np.float32)
    x = np.log1p(lengths) - np.log1p(lengths).mean()
    # The ridge row makes numpy's least squares the regression with penalty 1.
    rows, values = np.append(x, 1.0)[:, None], np.append(scores - scores.mean(), 0.0)
    slope = np.linalg.lstsq(rows, values, rcond=None)[0][0]
    found = remove_length_effect(scores, lengths)
    np.testing.assert_allclose(found, scores - slope * x, atol=1e-6)


@given(st.lists(st.integers(0, 50), max_size=6))
def test_texts_of_one_length_keep_their_scores(lengths: list[int]) -> None:
    scores = np.arange(len(lengths), dtype=np.float32)
    np.testing.assert_allclose(remove_length_effect(scores, [7] * len(scores)), scores, atol=1e-6)
    assert np.isfinite(remove_length_effect(scores, lengths)).all()


def test_two_texts_are_too_few_to_tell_a_slope() -> None:
    scores = np.array([0.2, 0.8], dtype=np.float32)
    found = remove_length_effect(scores, [20, 40])
    assert found[1] - found[0] > 0.4  # plain regression would leave 0


def test_spelled_alike_by_hand() -> None:
    """Two words, the second in two spellings; three texts."""
    question = SpelledWords(
        np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32), np.array([0, 1])
    )
    vectors = np.array([[1, 0], [0.8, 0.6], [0, -1]], dtype=np.float32)
    texts = SpelledTexts(vectors, np.array([0, 1, 2]), np.array([0, 1, 3, 3]))
    # Best cosines: word one 1, .8, 0; word two max(0, .6) and max(.6, .96), 0.
    # As likeness above one half: word one 1, .6, 0; word two .2, .92, 0.
    idf = [np.log(1 + (3 - f + 0.5) / (f + 0.5)) for f in (1.6, 1.12)]
    expected = [1 * idf[0] + 0.2 * idf[1], 0.6 * idf[0] + 0.92 * idf[1], 0]
    np.testing.assert_allclose(spelling_scores(question, texts), expected, atol=1e-5)
    nothing = SpelledWords(np.zeros((0, 2), dtype=np.float32), np.zeros(0, dtype=np.int64))
    assert spelling_scores(nothing, texts).tolist() == [0, 0, 0]
    assert spelling_scores(
        question, SpelledTexts(vectors[:0], np.zeros(0, int), np.zeros(2, int))
    ).tolist() == [0]
    none = SpelledTexts(vectors[:0], np.zeros(0, int), np.zeros(1, int))
    assert spelling_scores(question, none).tolist() == []


def test_only_the_best_candidates_are_compared(library: Store, embedder: Embedder) -> None:
    question = "How far did the river rise?"
    found = library.candidates(question, embed_question(question, embedder, Fusion().encoder), 200)
    rough = sum(
        weight * (scores - scores.mean()) / scores.std()
        for weight, scores in ((1, found.dense), (found.coverage, found.lexical))
    )
    nearest, order = np.argsort(-found.dense).tolist(), np.argsort(-rough).tolist()
    by_words = Retriever(library, embedder, Fusion(rescored=8, spared=0.5, near=0))
    passages = by_words.retrieve(question)
    assert len(by_words.signals(question)[0]) == round(8 * (1 - 0.5 * found.coverage)) < 8
    assert set(by_words.signals(question)[0]) == {
        found.chunks[i] for i in order[: round(8 * (1 - 0.5 * found.coverage))]
    }
    assert len(passages) == 3
    assert len(by_words.retrieve(question, 7)) == 7  # as many as are asked for
    kept, _ = Retriever(library, embedder, Fusion(rescored=4, spared=0, near=0.5)).signals(question)
    two = [i for i in order if i not in nearest[:2]][:2]
    assert set(kept) == {found.chunks[i] for i in nearest[:2] + two}


def test_passages_are_ranked_by_the_fused_scores(library: Store, embedder: Embedder) -> None:
    """Recompute from the five lists of scores; everything is a candidate here."""
    question = "ما هو حجم التبادل التجاري؟"
    fusion = Fusion()
    chunks = [chunk.text for chunk in library.chunks]
    languages = [library.article(chunk.article_id).language for chunk in library.chunks]
    (asked,) = embedder.token_vectors([analyse_question(question).content])
    vector = embed_question(question, embedder, Fusion().encoder)
    dense = embedder.embed_passages(chunks) @ vector
    late, sentence, lengths = [], [], []
    for row, text in enumerate(chunks):
        tokens = embedder.token_vectors(cut_roughly(text))
        means = [(one.vectors * one.weights[:, None]).sum(axis=0) for one in tokens]
        dense[row] += max(mean @ vector / np.sqrt(mean @ mean) for mean in means)
        cosines = [asked.vectors @ one.vectors.T for one in tokens]
        late.append(np.hstack(cosines).max(axis=1) @ asked.weights / asked.weights.sum())
        sentence.append(max(c.max(axis=1) @ asked.weights for c in cosines) / asked.weights.sum())
        lengths.append(sum(c.shape[1] for c in cosines))
    found_by_words = library.candidates(question, vector, 1000)
    assert found_by_words.chunks == tuple(library.chunks)
    lexical, coverage = found_by_words.lexical, found_by_words.coverage
    words = bundled_spelling().words(analyse_question(question).content)
    spelling = spelling_scores(words, bundled_spelling().texts(chunks))

    def centred(scores: np.ndarray, language: str) -> np.ndarray:
        own = np.array([s for s, one in zip(scores, languages, strict=True) if one == language])
        return own - (own.sum() + 5 * np.mean(scores)) / (len(own) + 5)

    def standard(scores: np.ndarray, row: int) -> float:
        """Five texts with the mean of all and twenty with their spread, beside a language's."""
        language = languages[row]
        place = languages[:row].count(language)
        own = centred(scores, language)
        spread = np.sqrt(np.mean(own**2))
        drawn = (len(own) * spread + 20 * np.std(scores)) / (len(own) + 20)
        return float(own[place] / drawn)

    rows = range(len(chunks))
    names = np.array([centred(spelling, one)[languages[:i].count(one)]
                      for i, one in enumerate(languages)])  # fmt: skip
    fused = fusion.spelling * names + sum(
        weight * np.array([standard(scores, row) for row in rows])
        for weight, scores in (
            (fusion.dense, dense),
            (fusion.late, remove_length_effect(np.array(late), lengths)),
            (fusion.sentence, remove_length_effect(np.array(sentence), lengths)),
            (fusion.lexical * coverage, lexical),
        )
    )
    assert len(set(languages)) > 1
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
    (passage,) = Retriever(one, embedder).retrieve("which barrier?")
    assert passage.score == 0.0  # nothing to compare it with, and no word of it
