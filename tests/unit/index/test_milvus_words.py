"""Index terms as tokens of the engine."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import index_terms
from index.articles import Article
from index.milvus.words import tokens_of
from index.text import written_words


@pytest.mark.parametrize("language", ["ar", "en", "ru", "zh", "xx"])
@given(text=st.text(max_size=300))
def test_each_term_is_one_token_of_letters_and_digits(language: str, text: str) -> None:
    terms = [term for word in written_words(text) for term in index_terms(word, language)]
    tokens = tokens_of(text, language).split(" ") if terms else []
    assert len(tokens) == len(terms)
    # What any analyzer leaves whole.
    assert all(re.fullmatch("[a-z2-7]{8}", token) for token in tokens)
    assert tokens_of(text, language) == " ".join(tokens)


def test_terms_share_a_token_only_if_they_are_the_same(article: Article) -> None:
    terms = [term for word in written_words(article.text) for term in index_terms(word, "ar")]
    pairs = set(zip(terms, tokens_of(article.text, "ar").split(), strict=True))
    assert len(pairs) == len(set(terms)) == len({token for _, token in pairs})
    assert len(pairs) > 500
