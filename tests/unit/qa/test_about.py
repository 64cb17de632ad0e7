"""Answers about articles as such, and replies to what is no question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import Answer, ArticleQA
from qa.answer import answer_as_json
from qa.summary import summarise

TEXT = """The river Ouse rises

By Amel Haddad

The river Ouse rose by 3.2 metres in York on Monday, and the lower town was evacuated at noon.
Engineers closed seven gates before the water came. The mayor thanked the volunteers. Nobody was
hurt when the water came over the walls of the lower town. The railway to Leeds stayed open.
Rain is forecast until Thursday, and the water is expected to rise again in the lower town."""
RIVER = Article.of(TEXT, source="/news/river.txt", date="2024-03-04")
BARE = Article.of("Le feu a brûlé cinq maisons mardi près de Lyon.", title="Feu", language="fr")


def one_of(*articles: Article, embedder: Embedder) -> ArticleQA:
    return ArticleQA(Store.build(articles, embedder), embedder)


def cited(answer: Answer, *articles: Article) -> list[str]:
    texts = {article.id: article.text for article in articles}
    return [texts[c.article_id][c.start : c.end] for c in answer.citations]


@pytest.mark.parametrize(
    ("question", "about", "text"),
    [
        ("what is the title?", "title", "The river Ouse rises"),
        ("who wrote it?", "byline", RIVER.byline),
        ("when was it published?", "date", "2024-03-04"),
        ("what is the source of the article?", "source", "river.txt"),
        ("what language is it in?", "language", "English"),
        ("quelle est la langue de l'article ?", "language", "anglais"),
        ("بأي لغة كتب المقال؟", "language", "الإنجليزية"),
    ],
)
def test_what_the_article_holds_is_said(
    question: str, about: str, text: str, embedder: Embedder
) -> None:
    answer = one_of(RIVER, embedder=embedder).ask(question)
    assert (answer.status, answer.about, answer.text) == ("answered", about, text)
    stands = [text] if text in RIVER.text else []
    assert cited(answer, RIVER) == stands
    assert answer_as_json(answer)["about"] == about


def test_the_length_is_counted(embedder: Embedder) -> None:
    answer = one_of(RIVER, embedder=embedder).ask("how long is the article?")
    assert answer.text == f"{len(TEXT.split())} words, {len(TEXT)} characters"


def test_what_the_article_does_not_hold_is_not_in_it(embedder: Embedder) -> None:
    for question, about in (("when was it published?", "date"), ("who is the author?", "byline")):
        answer = one_of(BARE, embedder=embedder).ask(question)
        assert (answer.status, answer.about) == ("not_in_article", about)


def test_of_several_articles_each_is_named(embedder: Embedder) -> None:
    both = one_of(RIVER, BARE, embedder=embedder)
    assert both.ask("what is the title?").text.splitlines() == [RIVER.title, "Feu"]
    assert both.ask("what language is it in?").text.splitlines() == [
        f"{RIVER.title}: English",
        "Feu: French",
    ]
    many = [replace(BARE, id=f"{number:016x}") for number in range(6)]
    answer = one_of(*many, embedder=embedder).ask("what is the title?")
    assert answer.about is None, "too many to be described: a question of the text"


def test_a_summary_is_sentences_of_the_article_in_order(embedder: Embedder) -> None:
    answer = one_of(RIVER, embedder=embedder).ask("summarise the article in three sentences")
    assert answer.about == "summary"
    assert len(answer.citations) == 3
    quotes = cited(answer, RIVER)
    assert quotes == [citation.quote for citation in answer.citations]
    assert answer.text == "\n".join(quotes)
    assert quotes[0].startswith("The river Ouse rose by 3.2 metres"), "the lead, no heading"
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(set(starts))


def test_a_summary_does_not_repeat_itself(embedder: Embedder) -> None:
    first = "The river Ouse rose by 3.2 metres in York on Monday."
    text = f"{first} {first} {first} The harvest was lost in the north of the county."
    spans = summarise(Article.of(text, title="T"), embedder, 2)
    assert [text[slice(*span)] for span in spans] == [first, text[-48:]]


def test_a_text_of_headings_alone_has_a_summary(embedder: Embedder) -> None:
    spans = summarise(Article.of("River\n\nFire"), embedder)
    assert 1 <= len(spans) <= 2


@pytest.mark.parametrize(
    ("text", "begins"),
    [("hello", "Ask something"), ("merci", "Demandez"), ("شكرا", "اسأل"), ("???", "")],
)
def test_what_is_no_question_gets_a_line_on_what_can_be_asked(
    text: str, begins: str, embedder: Embedder
) -> None:
    answer = one_of(RIVER, embedder=embedder).ask(text)
    assert answer.status == "not_a_question"
    assert not answer.answered
    assert not answer.citations
    assert answer.text.startswith(begins)
    assert str(answer) == answer.text
