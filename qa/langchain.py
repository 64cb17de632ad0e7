"""Retrieval as LangChain takes it: ``from qa.langchain import ArticleRetriever``."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from index.base import AnyStore, Filter
from index.embedder import Embedder
from qa import retrieve
from qa.answer import Passage
from qa.defaults import default_store, shared_embedder


class ArticleRetriever(BaseRetriever):
    """Return the k passages that bear most on a question as LangChain documents, best first.

    ``store`` and ``embedder`` belong together; without them the shipped article is searched.
    ``where`` chooses among the articles. A
    document's metadata hold article (its id), title, source, language, start and end (code points,
    half open), score and rank. Raises what `qa.retrieve` raises.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    k: int = 3
    # Protocols, which pydantic cannot check an object against.
    store: SkipValidation[AnyStore | None] = None
    embedder: SkipValidation[Embedder | None] = None
    where: Filter | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  # its contract
    ) -> list[Document]:
        embedder = self.embedder or shared_embedder()
        store = self.store or default_store(embedder)
        passages = retrieve(query, self.k, store=store, embedder=embedder, where=self.where)
        return [_document(passage, store) for passage in passages]


def _document(passage: Passage, store: AnyStore) -> Document:
    chunk = passage.chunk
    article = store.article(chunk.article_id)
    metadata: dict[str, Any] = {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "language": article.language,
        "start": chunk.start,
        "end": chunk.end,
        "score": passage.score,
        "rank": passage.rank,
    }
    name = f"{article.id}:{chunk.start}-{chunk.end}"
    return Document(id=name, page_content=chunk.text, metadata=metadata)
