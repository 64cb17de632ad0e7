from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.suggestions import _candidates, suggest

RIVER = Article.of(
    "River levels\n\nThe river Ouse rose by 3.2 metres in York.\n\n"
    'The flood of 4 March 2024 was the worst so far. "We never saw it so high before", said the '
    "mayor.\n\nEngineers closed 7 gates.",
    source="river.txt",
    language="en",
)


def test_the_shipped_articles_numbers_dates_and_quotes(store: Store, embedder: Embedder) -> None:
    (article,) = store.articles
    found = suggest(article, store, embedder)
    assert len(found) == 4
    assert found[0] == "إلامَ يشير «3 مليارات دولار»؟"
    assert any(question.startswith("من قال «") for question in found)


def test_each_is_answered_with_the_sentence_that_names_it(store: Store, embedder: Embedder) -> None:
    for question in suggest(store.articles[0], store, embedder):
        named = question.split("«")[1].split("»")[0].rstrip("…")
        assert named in ask(question, store=store, embedder=embedder).text


def test_what_is_asked_of_an_english_text() -> None:
    assert [question for question, _ in _candidates(RIVER)] == [
        "What does “3.2 metres” refer to?",
        "Who said “We never saw it so high before”?",
        "What happened in “4 March 2024”?",
        "What does “7 gates” refer to?",
    ]


def test_an_article_without_any_has_none(embedder: Embedder) -> None:
    plain = Article.of("The river rose. Nobody was hurt.", language="en")
    assert suggest(plain, Store.build([plain], embedder), embedder) == ()


def test_in_a_language_without_words_here_it_is_asked_in_english(embedder: Embedder) -> None:
    swedish = Article.of("Floden steg med 3,2 meter i går kväll.", language="sv")
    assert [q for q, _ in _candidates(swedish)] == ["What does “3,2 meter” refer to?"]


@settings(max_examples=100)
@given(
    st.text('ab 1945,.٣«»"“” \nمايو%', min_size=1, max_size=80).filter(str.strip),
    st.sampled_from(["ar", "en", "zh", "xx"]),
)
def test_what_is_named_stands_in_its_sentence(text: str, language: str) -> None:
    article = Article.of(text, language=language)
    for question, (start, end) in _candidates(article):
        sentence = " ".join(article.text[start:end].split())
        inner = question.split("«" if language == "ar" else "“", 1)[1].rsplit("”", 1)[0]
        assert inner.rsplit("»", 1)[0].rstrip("…") in sentence


@pytest.mark.parametrize("n", [0, 1])
def test_no_more_than_asked_for(store: Store, embedder: Embedder, n: int) -> None:
    assert len(suggest(store.articles[0], store, embedder, n)) == n


@pytest.mark.parametrize(
    "text",
    [
        "The digits are " + "3" * 5_000 + " and so on.",
        'He said "' + " " * 100_000 + "x.",
        'He said "' + "x " * 100_000,
        '"' * 100_000,
        "«" * 50_000 + "»" * 50_000,
        "3 " * 100_000,
    ],
)
def test_no_text_takes_longer_than_it_is_long(text: str) -> None:
    started = time.process_time()
    list(_candidates(Article.of(text, language="en")))
    assert time.process_time() - started < 20  # minutes, were it quadratic
