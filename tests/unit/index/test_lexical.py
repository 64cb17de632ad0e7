from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import K1, B, LexicalIndex, stem_groups, stems

WORDS = ["نفط", "غاز", "روسيا", "oil", "gas", "x"]


def _bm25(documents: list[list[str]], query: list[str]) -> list[float]:
    """Compute Lucene's BM25 from its formula (Kamphuis et al. 2020), one term at a time."""
    average = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        total = 0.0
        for term in set(query):
            df = sum(term in other for other in documents)
            tf = document.count(term)
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            total += idf * tf / (tf + K1 * (1 - B + B * len(document) / average))
        scores.append(total)
    return scores


@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), min_size=1, max_size=8),
    st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=5),
)
def test_scores_agree_with_the_formula(documents: list[list[str]], query: list[str]) -> None:
    found = LexicalIndex.build(documents).scores(query)
    np.testing.assert_allclose(found, _bm25(documents, query), rtol=1e-4, atol=1e-5)


def test_saved_and_loaded_it_scores_the_same(tmp_path: Path) -> None:
    documents = [["نفط", "غاز"], ["gas"], []]
    index = LexicalIndex.build(documents)
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path, 3)
    np.testing.assert_array_equal(loaded.scores(["gas", "غاز"]), index.scores(["gas", "غاز"]))
    assert loaded.coverage([("gas",), ("no",)]) == index.coverage([("gas",), ("no",)])


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_an_index_without_terms_scores_zero(documents: list[list[str]]) -> None:
    index = LexicalIndex.build(documents)
    assert index.scores(["x"]).tolist() == [0.0] * len(documents)
    assert index.coverage([("x",)]) == 0.0


def test_coverage_by_hand() -> None:
    # Three documents; "a" is in two: idf log(1 + 1.5/2.5); "z" in none: log(1 + 3.5/0.5).
    index = LexicalIndex.build([["a"], ["a", "b"], ["c"]])
    known, unknown = math.log(1.6), math.log(8)
    assert index.coverage([("a",), ("z",)]) == pytest.approx(known / (known + unknown))
    assert index.coverage([]) == 0.0


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("ar", "والتعاون", "التعاون"),
        ("ar", "روسيا", "رُوسيا"),
        ("ar", "للاجتماع", "اجتماعات"),
        ("ar", "وثائق", "وثيقة"),
        ("en", "invited", "invites"),
        ("fr", "echanges", "échange"),
        ("ru", "товарооборота", "товарооборот"),
        ("de", "Verträge", "Vertrag"),
        ("tr", "kitaplar", "kitap"),
        ("xx", "Tèst", "test"),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, asked: str, written: str) -> None:
    assert set(stems(asked, language)) & set(stems(written, language))


def test_chinese_has_characters_and_pairs() -> None:
    assert stem_groups("图书馆 3", "zh") == (("图", "书", "馆", "图书", "书馆"), ("3", "3", "3"))


def test_unrelated_words_share_none() -> None:
    assert not set(stems("الطاقة", "ar")) & set(stems("الوزير", "ar"))
    assert not set(stems("trade", "en")) & set(stems("travel", "en"))


def test_chinese_words_are_found_beside_digits_and_letters() -> None:
    written = set(stems("图书馆有3层楼2019年9月开放WTO成员", "zh"))
    assert set(stems("图书馆", "zh")) <= written
    assert {"2019", "wto", "成员"} <= written
    assert set(stems("サーバー", "ja")) >= {"ー", "サー"}
