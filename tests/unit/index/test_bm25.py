from __future__ import annotations

import logging
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import bm25 as module
from index.analysis import analyse
from index.bm25 import BM25, K1, B, Postings, key_of

# A word of a language without a stemmer, of up to five letters, is its own three terms.
WORDS = ["نفط", "غاز", "oil", "gas", "x", "روسيا"]
_DOCUMENTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), min_size=1, max_size=9)
_QUERY = st.lists(st.sampled_from([*WORDS, "none"]), max_size=5)


def _postings(documents: list[list[str]]) -> Postings:
    return Postings.build([" ".join(words) for words in documents], ["xx"] * len(documents))


def _groups(query: list[str]) -> list[tuple[str, ...]]:
    return [(word,) for word in query]


def _bm25(documents: list[list[str]], query: list[str]) -> list[float]:
    """Compute Lucene's BM25 from its formula (Kamphuis et al. 2020), one term at a time."""
    documents = [[word for word in words for _ in range(3)] for words in documents]
    average = sum(max(len(words), 1) for words in documents) / max(len(documents), 1)
    scores = []
    for document in documents:
        total = 0.0
        for term in set(query):
            df = sum(term in other for other in documents)
            tf = document.count(term)
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            total += idf * tf / (tf + K1 * (1 - B + B * max(len(document), 1) / average))
        scores.append(total)
    return scores


def _all_scores(index: BM25, query: list[str], count: int) -> np.ndarray:
    return index.query(_groups(query)).scores(np.arange(count))


@given(_DOCUMENTS, _QUERY)
def test_scores_agree_with_the_formula(documents: list[list[str]], query: list[str]) -> None:
    index = BM25([_postings(documents)], [None])
    found = _all_scores(index, query, len(documents))
    np.testing.assert_allclose(found, _bm25(documents, query), rtol=1e-4, atol=1e-5)


@given(_DOCUMENTS.filter(all), _QUERY)
def test_scores_agree_with_bm25s(documents: list[list[str]], query: list[str]) -> None:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    theirs = bm25s.BM25(k1=K1, b=B, method="lucene")
    theirs.index([[w for w in words for _ in range(3)] for words in documents], show_progress=False)
    known = [word for word in dict.fromkeys(query) if any(word in d for d in documents)]
    expected = theirs.get_scores(known) if known else np.zeros(len(documents))
    found = _all_scores(BM25([_postings(documents)], [None]), query, len(documents))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=200)
@given(_DOCUMENTS, _QUERY, st.integers(1, 9), st.integers(1, 6), st.data())
def test_the_best_are_those_of_all_scores_of_the_live(
    documents: list[list[str]], query: list[str], cut: int, k: int, data: st.DataObject
) -> None:
    """In two segments, some chunks dead, and with every term taken for a common one."""
    live = np.array(data.draw(st.lists(st.booleans(), min_size=9, max_size=9))[: len(documents)])
    cut = min(cut, len(documents))
    pieces = [slice(0, cut), slice(cut, len(documents))]
    alive = [words for words, lives in zip(documents, live, strict=True) if lives]
    expected = np.zeros(len(documents))
    expected[live] = _bm25(alive, query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_COMMON", 0)
        index = BM25([_postings(documents[p]) for p in pieces], [live[p] for p in pieces])
        asked = index.query(_groups(query))
        rows = asked.best(k)
        scores = asked.scores(rows)
    np.testing.assert_allclose(scores, expected[rows], rtol=1e-4, atol=1e-5)
    best = np.sort(expected[expected > 1e-9])[::-1][:k]
    np.testing.assert_allclose(np.sort(scores)[::-1], best, rtol=1e-4, atol=1e-5)
    assert index.count == len(alive)


def test_common_words_are_scored_for_the_best_chunks_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = [["gas"] * (1 + i % 3) + ["oil"] * (i % 50 == 0) for i in range(400)]
    index = BM25([_postings(documents)], [None])
    every = _all_scores(index, ["gas", "oil"], 400)
    monkeypatch.setattr(module, "_COMMON", 100)
    query = index.query(_groups(["gas", "oil"]))
    best = query.best(4)
    assert best.tolist() == sorted(np.argsort(-every, kind="stable")[:4].tolist())
    rows = np.union1d(best, [7])
    np.testing.assert_allclose(query.scores(rows), every[rows], rtol=1e-5)


def test_saved_and_mapped_they_score_the_same(tmp_path: Path) -> None:
    documents = [["نفط", "غاز"], ["gas"], []]
    whole = _postings(documents)
    whole.save(tmp_path)
    mapped = Postings.open(tmp_path)
    assert not mapped.chunks.flags.writeable
    for postings in (whole, mapped):
        index = BM25([postings], [None])
        assert _all_scores(index, ["gas", "غاز"], 3) == pytest.approx(
            _bm25(documents, ["gas", "غاز"])
        )


@given(_DOCUMENTS, _DOCUMENTS, st.data())
def test_merged_postings_are_those_built_together(
    first: list[list[str]], second: list[list[str]], data: st.DataObject
) -> None:
    kept = [[i for i in range(len(own)) if data.draw(st.booleans())] for own in (first, second)]
    rows = [np.array(numbers, dtype=np.int64) for numbers in kept]
    parts = zip(map(_postings, (first, second)), rows, strict=True)
    merged = Postings.merge(list(parts))
    built = _postings([first[i] for i in kept[0]] + [second[i] for i in kept[1]])
    np.testing.assert_array_equal(merged.lengths, built.lengths)
    for word in WORDS:
        for theirs, ours in zip(
            built.lookup(key_of(word)), merged.lookup(key_of(word)), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_an_index_without_terms_finds_nothing(documents: list[list[str]]) -> None:
    index = BM25([_postings(documents)], [None])
    query = index.query([("x",)])
    assert query.best(3).tolist() == []
    assert query.scores(np.arange(len(documents))).tolist() == [0.0] * len(documents)
    assert query.coverage == 0.0


def test_coverage_by_hand() -> None:
    # Three documents; "gas" is in two: idf log(1 + 1.5/2.5); "z" in none: log(1 + 3.5/0.5).
    index = BM25([_postings([["gas"], ["gas", "oil"], ["x"]])], [None])
    known, unknown = math.log(1.6), math.log(8)
    found = index.query([("gas",), ("z",)]).coverage
    assert found == pytest.approx(known / (known + unknown))
    assert index.query([]).coverage == 0.0


def test_a_text_is_indexed_by_the_terms_of_its_words() -> None:
    text, language = "زار الوفد روسيا، وقال: 3 مليارات. 第3章", "ar"
    postings = Postings.build([text], [language])
    terms = [term for group in analyse(text, language) for term in group]
    assert int(postings.lengths[0]) == len(terms)
    for term in set(terms):
        chunks, counts = postings.lookup(key_of(term))
        assert (chunks.tolist(), counts.tolist()) == ([0], [terms.count(term)])
    assert len(postings.keys) == len(set(terms))
    assert len(postings.lookup(key_of("unknown"))[0]) == 0
