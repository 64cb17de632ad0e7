from pathlib import Path

import pytest

import qa
from index.articles import Article
from index.embedder import Embedder
from index.errors import ArticleError, StoreMissing
from index.store import Store
from qa import ArticleQA

RIVER = "River levels\n\nThe river Ouse rose by 3.2 metres in York."
FIRE = "Un incendie\n\nLe feu près de Lyon a brûlé cinq maisons mardi, et personne n'est blessé."
QUESTION = "by how much did the river rise?"


def test_over_the_shipped_article_it_answers_as_the_one_shots_do() -> None:
    question = "ما منصب ديمتري شوڨاييف؟"
    assert ArticleQA.demo().ask(question) == qa.ask(question)
    assert ArticleQA.demo().retrieve(question, 2) == qa.retrieve(question, 2)


def test_files_a_text_and_a_store_give_the_same_answer(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "river.txt").write_text(RIVER, encoding="utf-8")
    Store.build([Article.of(RIVER)], embedder).save(tmp_path / "s")
    made = (
        ArticleQA.from_text(RIVER),
        ArticleQA.from_files(tmp_path / "river.txt"),
        ArticleQA.open(tmp_path / "s"),
    )
    first, *others = (one.ask(QUESTION) for one in made)
    assert "3.2 metres" in first.text
    assert all((other.text, other.citations) == (first.text, first.citations) for other in others)


def test_it_searches_only_the_articles_that_are_chosen(embedder: Embedder) -> None:
    articles = [Article.of(RIVER, language="en"), Article.of(FIRE, language="fr")]
    both = ArticleQA(Store.build(articles, embedder), embedder)
    french = both.where(languages=["fr"])
    assert {p.chunk.article_id for p in french.retrieve(QUESTION)} == {articles[1].id}
    assert len(both.retrieve(QUESTION)) > len(french.retrieve(QUESTION))
    with pytest.raises(ValueError, match="since is 'May', not a day"):
        both.where(since="May")


def test_what_cannot_be_opened_or_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="holds no store"):
        ArticleQA.open(tmp_path / "none")
    with pytest.raises(ArticleError, match="there is no such file"):
        ArticleQA.from_files(tmp_path / "none.txt")
