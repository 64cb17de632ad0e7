from __future__ import annotations

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from index.embedder import Embedder
from index.store import Store
from qa import QuestionError, retrieve
from qa.langchain import ArticleRetriever
from tests.loops import run

QUESTION = "what is the trade volume?"


def test_documents_are_the_passages(library: Store, embedder: Embedder) -> None:
    found = ArticleRetriever(k=4, store=library, embedder=embedder).invoke(QUESTION)
    passages = retrieve(QUESTION, 4, store=library, embedder=embedder)
    assert [document.page_content for document in found] == [p.chunk.text for p in passages]
    for document, passage in zip(found, passages, strict=True):
        facts = document.metadata
        text = library.article(facts["article"]).text
        assert text[facts["start"] : facts["end"]] == document.page_content
        assert (facts["rank"], facts["score"]) == (passage.rank, passage.score)
        assert document.id == f"{facts['article']}:{facts['start']}-{facts['end']}"


def test_without_a_store_the_shipped_article_is_searched() -> None:
    (best, *_) = run(ArticleRetriever().ainvoke(QUESTION))
    assert "3 مليارات دولار" in best.page_content
    assert best.metadata["source"] == "putin-invites-tebboune.ar.txt"


def test_it_works_in_a_chain(library: Store, embedder: Embedder) -> None:
    seen = []

    def together(documents: list[Document]) -> str:
        return "\n".join(document.page_content for document in documents)

    def watch(prompt: object) -> object:
        seen.append(str(prompt))
        return prompt

    retriever = ArticleRetriever(k=1, store=library, embedder=embedder)
    prompt = ChatPromptTemplate.from_template("{passages}\n\n{question}")
    model = FakeListChatModel(responses=["3 billion dollars"])
    chain = (
        {"passages": retriever | together, "question": RunnablePassthrough()}
        | prompt | watch | model | StrOutputParser()
    )  # fmt: skip
    assert chain.invoke(QUESTION) == "3 billion dollars"
    assert "3 مليارات دولار" in seen[0]
    assert QUESTION in seen[0]


def test_a_bad_question_raises_ours() -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        ArticleRetriever().invoke(" ")
    with pytest.raises(QuestionError, match="k is 0"):
        ArticleRetriever(k=0).invoke(QUESTION)
