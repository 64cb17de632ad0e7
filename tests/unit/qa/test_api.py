from dataclasses import replace
from pathlib import Path

import pytest

import qa
from index.articles import Article
from index.embedder import Embedder
from index.errors import ArticleError, ArticleNotFoundError, StoreError, StoreNotFoundError
from index.store import Store
from index.union import UnionStore
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
    assert both.retrieve(QUESTION, languages=["fr"]) == french.retrieve(QUESTION)
    assert both.ask(QUESTION, sources=["nowhere"]).status == "not_in_article"
    assert both.ask(QUESTION, articles=[articles[0].id]).answered
    with pytest.raises(ValueError, match="since is 'May', not a day"):
        both.where(since="May")


def test_what_cannot_be_opened_or_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError, match="holds no store"):
        ArticleQA.open(tmp_path / "none")
    with pytest.raises(ArticleError, match="there is no such file"):
        ArticleQA.from_files(tmp_path / "none.txt")


def test_articles_are_added_removed_and_saved(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "fire.txt").write_text(FIRE, encoding="utf-8")
    river = ArticleQA.from_text(RIVER)
    both = river.add(tmp_path / "fire.txt")
    assert both.store.counts.articles == 2
    assert river.store.counts.articles == 1, "the first stays as it was"
    saved = both.save(tmp_path / "s")
    opened = ArticleQA.open(tmp_path / "s")
    assert opened.ask(QUESTION).text == saved.ask(QUESTION).text == river.ask(QUESTION).text
    assert both.remove(Article.of(RIVER).id).store.held_ids({Article.of(RIVER).id}) == set()
    with pytest.raises(ArticleNotFoundError, match="no article"):
        river.remove("none")
    joined = replace(river, store=UnionStore(river.store, both.store))
    with pytest.raises(StoreError, match="are of several stores, and cannot be changed"):
        joined.add(tmp_path / "fire.txt")
    with pytest.raises(StoreError, match="only a store in memory or in a folder"):
        joined.save(tmp_path / "t")


def test_a_conversation_completes_a_follow_up_from_the_question_before() -> None:
    talk = ArticleQA.demo().conversation()
    first = talk.ask("متى زار لعمامرة موسكو؟")
    assert not first.completed
    second = talk.ask("ومع من؟")
    assert second.completed.startswith("ومع من؟ (")
    assert talk.previous is second
    (streamed,) = talk.stream("متى زار لعمامرة موسكو؟")
    assert streamed.text == first.text
    assert talk.previous is streamed


def test_an_answer_prints_its_words_and_its_place() -> None:
    answer = ArticleQA.from_text(RIVER).ask(QUESTION)
    assert answer.answered
    (cited,) = answer.citations
    printed = str(answer).splitlines()
    assert printed[-1] == f"«{cited.quote}» [{cited.article_id}, {cited.start}-{cited.end}]"
    assert printed[:-1] == ([answer.emphasis.quote] if answer.emphasis else [])
    assert repr(answer).startswith("Answer('answered', 'The river Ouse rose by")
    refused = replace(answer, status="not_in_article", text="", citations=(), span=None)
    assert str(refused) == "The article does not say."
    assert not refused.answered


def test_a_follow_up_is_answered_in_its_own_language() -> None:
    talk = ArticleQA.demo().conversation()
    talk.ask("who invited Tebboune?")
    answer = talk.ask("where to?")
    assert (answer.localised, answer.romanised) == ("Moscow", "")
