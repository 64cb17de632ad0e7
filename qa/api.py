"""ArticleQA: retrieve passages and answer questions over the articles of a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qa.answer import Answer, Passage

if TYPE_CHECKING:
    from index.articles import Article
    from index.base import AnyStore, Filter, WritableStore
    from index.embedder import Embedder
    from index.readers.scans import OCR
    from qa.reader.reader import ExtractiveNetwork
    from qa.writer import Writer

# Reads the passages retrieved for the second question to answer the first.
ReadPassages = Callable[[str, str], Answer]


@dataclass(frozen=True, slots=True)
class ArticleQA:
    """Answers questions over the articles of a store.

    ``store`` and ``embedder`` belong together. A ``reader`` is used instead of the bundled
    network, without calibration, such as an extractive model of the transformers library
    (`qa.extractive`); a ``writer`` is an LLM that writes answers from the passages (`qa.writer`).
    """

    store: AnyStore
    embedder: Embedder
    reader: ExtractiveNetwork | None = None
    writer: Writer | None = None

    @classmethod
    def demo(cls) -> ArticleQA:
        """Return an ArticleQA over the shipped article."""
        from qa.defaults import default_store, shared_embedder

        return cls(default_store(shared_embedder()), shared_embedder())

    @classmethod
    def open(cls, location: str | Path, *, model: str | None = None) -> ArticleQA:
        """Open a store: a folder, a file of Milvus Lite, or milvus://HOST:PORT/COLLECTION.

        A store names the model it was made with; ``model`` is only needed for one that has moved.
        Raises StoreNotFoundError, StoreMismatchError, StoreDamagedError or another StoreError.
        """
        from index.base import parse_location
        from index.store import open_with_embedder

        return cls(*open_with_embedder(parse_location(str(location)), model))

    @classmethod
    def from_files(
        cls, *paths: str | Path, model: str | None = None, ocr: OCR | None = None
    ) -> ArticleQA:
        """Index files in memory; raise ArticleError if one cannot be read.

        With ``ocr`` (`index.readers.scans.OCR`), scans and pictures are read, too.
        """
        from index.articles import read_article
        from index.models import load_embedder
        from index.store import Store

        articles = [read_article(path, ocr) for path in paths]
        embedder = load_embedder(model)
        return cls(Store.build(articles, embedder), embedder)

    @classmethod
    def from_text(cls, text: str, *, title: str = "", model: str | None = None) -> ArticleQA:
        """Index a text in memory; raise ArticleError if it is blank or too long."""
        from index.articles import Article
        from index.models import load_embedder
        from index.store import Store

        embedder = load_embedder(model)
        return cls(Store.build([Article.of(text, title=title)], embedder), embedder)

    def where(
        self,
        *,
        articles: Collection[str] | None = None,
        languages: Collection[str] | None = None,
        since: str = "",
        until: str = "",
        sources: Collection[str] | None = None,
    ) -> ArticleQA:
        """Return an ArticleQA over the articles that pass a filter; see `index.base.Filter`."""
        from index.base import Filter

        wanted = Filter.of_names(articles, languages, since, until, sources)
        return self if wanted == Filter() else replace(self, store=self.store.where(wanted))

    def add(self, *articles: Article | str | Path) -> ArticleQA:
        """Return an ArticleQA over these articles too, each an Article or a file.

        A store in Milvus changes; one in memory or opened from a folder stays as it was, until
        `save`. Raises ArticleError.
        """
        from index.articles import Article, read_article

        added = [each if isinstance(each, Article) else read_article(each) for each in articles]
        return replace(self, store=self._writable().add(added, self.embedder))

    def remove(self, *article_ids: str) -> ArticleQA:
        """Return an ArticleQA without these articles, as for `add`; raises ArticleNotFoundError."""
        return replace(self, store=self._writable().remove(*article_ids))

    def save(self, folder: str | Path) -> ArticleQA:
        """Write the articles into a folder that `open` opens; return an ArticleQA over the folder.

        Raises StoreError if the folder cannot be written, or if the store is in Milvus.
        """
        from index.errors import StoreError
        from index.store import Store

        if not isinstance(self.store, Store):
            raise StoreError("only a store in memory or in a folder is saved into a folder")
        return replace(self, store=self.store.save(folder))

    def conversation(self) -> Conversation:
        """Begin a conversation, in which a question may depend on those before it."""
        return Conversation(self)

    def _writable(self) -> WritableStore:
        from index.errors import StoreError

        if not hasattr(self.store, "add"):  # a union of two stores
            raise StoreError("these articles are of several stores, and cannot be changed")
        return cast("WritableStore", self.store)

    def retrieve(
        self,
        question: str,
        k: int = 3,
        *,
        rerank: bool = False,
        articles: Collection[str] | None = None,
        languages: Collection[str] | None = None,
        since: str = "",
        until: str = "",
        sources: Collection[str] | None = None,
    ) -> tuple[Passage, ...]:
        """Return the k passages that are most likely to answer the question, best first.

        With ``rerank`` the reader reads the first `qa.reader.reader.MAX_PASSAGES`, or k if that is
        more, and orders them: better, and some forty times slower. The other parameters filter
        the articles, as in `where`. Raises QuestionError for a question that cannot be asked.
        """
        from qa.retriever import Retriever

        chosen = self.where(
            articles=articles, languages=languages, since=since, until=until, sources=sources
        )
        retriever = Retriever(chosen.store, self.embedder)
        if not rerank:
            return retriever.retrieve(question, k)
        from qa.reader.reader import MAX_PASSAGES, Reader
        from qa.retriever import check_question

        check_question(question, k)
        candidates = retriever.retrieve(question, max(k, MAX_PASSAGES))
        return Reader(chosen.store, self.reader).rerank(question, candidates)[:k]

    def ask(
        self,
        question: str,
        k: int = 3,
        *,
        previous: Answer | None = None,
        articles: Collection[str] | None = None,
        languages: Collection[str] | None = None,
        since: str = "",
        until: str = "",
        sources: Collection[str] | None = None,
    ) -> Answer:
        """Answer with the sentence that answers the question, cited, or say that none does.

        The answer has the short answer within the sentence (`Answer.span`, and `Answer.emphasis`
        where it is sure), and the k best passages, with the cited one if it is none of these. With
        a writer, the answer is written; if that fails, `Answer.notice` says why, and the article's
        sentence is the answer. Several questions in one ("who opposed it and why?") are answered
        one after another. A follow-up ("and when?") is completed from the ``previous`` answer,
        and `Answer.completed` is the question as it was understood. The other parameters
        filter the articles, as in `where`.
        """
        chosen = self.where(
            articles=articles, languages=languages, since=since, until=until, sources=sources
        )
        *_, last = chosen.stream(question, k, previous=previous)
        return last

    def stream(
        self, question: str, k: int = 3, *, previous: Answer | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as a writer writes it, sentence by sentence; the last is that of `ask`.

        Without a writer there is only one.
        """
        from qa.questions.compound import combine, split_questions
        from qa.reader.network import load_in_background
        from qa.retriever import check_question

        check_question(question, k)
        parts = split_questions(question)
        if len(parts) > 1 and self.writer is None:  # an LLM reads them together
            yield combine(question, self._ask_all(parts, k, previous))
            return

        direct = self._answer_directly(question)
        if direct is not None and direct.about == "summary" and self.writer is not None:
            yield from self._write_summary(direct, self.writer)
            return
        if direct is not None:
            yield direct
            return

        def read(asked: str, retrieval_question: str) -> Answer:
            return self._read(asked, retrieval_question, k)

        if self.reader is None:
            load_in_background()
        answer = read(question, question)
        if previous is not None:
            answer = _answer_follow_up(question, previous, answer, read, self.writer)
        answer = self._for_asker(answer)
        if self.writer is None or answer.notice:  # do not wait twice for a server that is down
            yield answer
            return
        from qa.writer import write

        yield from write(answer, self.writer, self.store)

    def _ask_all(self, questions: Sequence[str], k: int, previous: Answer | None) -> list[Answer]:
        """Answer questions one after another, each in the light of those before it."""
        answers: list[Answer] = []
        for question in questions:
            previous = self.ask(question, k, previous=previous)
            answers.append(previous)
        return answers

    def _for_asker(self, answer: Answer) -> Answer:
        """Return the answer with its short answer as the asker reads it, where that can be made."""
        from qa.localise import localise
        from qa.questions.question import analyse_question
        from qa.romanise import NAMED, romanise

        question = analyse_question(answer.question)
        answer = replace(answer, is_evidence=question.is_yes_no)
        if answer.span is None:
            return answer
        # "and there?" asks for what the question before asked for.
        completed = analyse_question(answer.completed) if answer.completed else question
        kind = completed.kind if question.kind == "thing" else question.kind
        source = self.store.article(answer.span.article_id).language
        if localised := localise(answer.span.quote, source, question.language, kind):
            return replace(answer, localised=localised)
        names = kind in NAMED and question.script == "Latin"
        return replace(answer, romanised=romanise(answer.span.quote) if names else "")

    def _answer_directly(self, question: str) -> Answer | None:
        """Answer what is not a question, or asks of the article itself; None for all others."""
        from qa.questions.question import analyse_question

        analysed = analyse_question(question)
        if analysed.intent.is_question and analysed.intent.about is None:
            return None
        from qa.about import answer_about, reply_to_small_talk

        if not analysed.intent.is_question:
            return reply_to_small_talk(analysed)
        return answer_about(analysed, self.store, self.embedder)

    def _write_summary(self, answer: Answer, writer: Writer) -> Iterator[Answer]:
        """Yield the summary as the LLM writes it, from the beginning of each article."""
        from qa.about import opening_passages
        from qa.writer import write

        passages = opening_passages(self.store)
        for written in write(replace(answer, passages=passages), writer, self.store):
            yield replace(written, passages=())

    def _read(self, asked: str, retrieval_question: str, k: int) -> Answer:
        from index.errors import ArticleNotFoundError
        from qa.reader.reader import MAX_PASSAGES, Reader

        reader = Reader(self.store, self.reader)
        for last_attempt in (False, True):
            # How many passages are read does not depend on how many the caller wants.
            passages = self.retrieve(retrieval_question, max(k, MAX_PASSAGES))
            try:
                answer = reader.read(asked, passages)
            except ArticleNotFoundError:  # removed from a Milvus collection by another process
                if last_attempt:
                    raise
            else:
                return replace(answer, passages=_shown(passages, k, answer))
        raise AssertionError("unreachable")


@dataclass(slots=True)
class Conversation:
    """Questions to an ArticleQA, each completed from the one before where it depends on it."""

    over: ArticleQA
    previous: Answer | None = None

    def ask(self, question: str, k: int = 3) -> Answer:
        """Answer as `ArticleQA.ask` does, and remember the answer for the next question."""
        self.previous = self.over.ask(question, k, previous=self.previous)
        return self.previous

    def stream(self, question: str, k: int = 3) -> Iterator[Answer]:
        """Yield as `ArticleQA.stream` does; the last answer is remembered."""
        for answer in self.over.stream(question, k, previous=self.previous):
            yield answer
        self.previous = answer


def retrieve(
    question: str,
    k: int = 3,
    *,
    rerank: bool = False,
    store: AnyStore | None = None,
    embedder: Embedder | None = None,
    where: Filter | None = None,
) -> tuple[Passage, ...]:
    """Return the k passages that are most likely to answer the question, best first.

    With ``rerank`` the reader orders them, as in `ArticleQA.retrieve`. By default the shipped
    article is searched, with the bundled model; ``store`` and ``embedder`` must belong together.
    ``where`` chooses among the articles. Raises an `index.errors.ArticleQAError`.
    """
    return _one_shot(store, embedder, where).retrieve(question, k, rerank=rerank)


def ask(
    question: str,
    k: int = 3,
    *,
    store: AnyStore | None = None,
    embedder: Embedder | None = None,
    where: Filter | None = None,
    reader: ExtractiveNetwork | None = None,
    writer: Writer | None = None,
    previous: Answer | None = None,
) -> Answer:
    """Answer one question as `ArticleQA.ask` does.

    Other parameters and errors as for `retrieve`.
    """
    one = replace(_one_shot(store, embedder, where), reader=reader, writer=writer)
    return one.ask(question, k, previous=previous)


def stream(
    question: str,
    k: int = 3,
    *,
    store: AnyStore | None = None,
    embedder: Embedder | None = None,
    where: Filter | None = None,
    reader: ExtractiveNetwork | None = None,
    writer: Writer | None = None,
    previous: Answer | None = None,
) -> Iterator[Answer]:
    """Answer one question as `ArticleQA.stream` does.

    Other parameters and errors as for `retrieve`.
    """
    one = replace(_one_shot(store, embedder, where), reader=reader, writer=writer)
    return one.stream(question, k, previous=previous)


def _one_shot(store: AnyStore | None, embedder: Embedder | None, where: Filter | None) -> ArticleQA:
    from qa.defaults import default_store, shared_embedder

    embedder = embedder or shared_embedder()
    store = store or default_store(embedder)
    store.check_embedder(embedder)
    one = ArticleQA(store, embedder)
    return one if where is None else replace(one, store=store.where(where))


def _shown(passages: tuple[Passage, ...], k: int, answer: Answer) -> tuple[Passage, ...]:
    """Return the k best passages, and the cited one if it is not among them."""
    cited = next((p for p in passages if any(map(p.contains, answer.citations))), None)
    return passages[:k] if cited is None or cited.rank <= k else (*passages[:k], cited)


def _answer_follow_up(
    question: str, previous: Answer, alone: Answer, read: ReadPassages, writer: Writer | None
) -> Answer:
    """Answer the question as it was meant in the conversation.

    ``alone`` is the answer to the question by itself.
    """
    from qa.errors import WriterError
    from qa.questions.follow_ups import rewrite_follow_up
    from qa.questions.question import analyse_question
    from qa.writer import fallback_notice

    analysed = analyse_question(question)
    if not analysed.is_follow_up:
        return alone
    completed = rewrite_follow_up(analysed, previous)
    if writer is None:
        return _best_reading(question, alone, completed, read)
    try:
        rewritten = writer.rewrite_follow_up(question, previous)
    except WriterError as error:
        answer = _best_reading(question, alone, completed, read)
        return replace(answer, notice=fallback_notice(error))
    return _best_reading(question, alone, (rewritten,) if rewritten else completed, read)


def _best_reading(
    question: str, alone: Answer, completed: tuple[str, ...], read: ReadPassages
) -> Answer:
    """Return the most confident of the answers to the question and to its completions."""
    from qa.questions.question import analyse_question
    from qa.retriever import MAX_QUESTION

    analysed = analyse_question(question)
    is_complete = bool(analysed.topic) and not analysed.refers_back
    # "What about gas?" names the topic to retrieve, but asks what the previous question asked.
    names_topic = is_complete and analysed.kind in ("thing", "definition")
    # A complete question that is not answered is refused, not replaced by the previous one.
    if is_complete and names_topic == (alone.status == "answered"):
        return alone
    answers = [alone] if analysed.topic else []
    for meant in completed:
        if len(meant) <= MAX_QUESTION:
            retrieval_question = question if names_topic else meant
            answer = read(meant, retrieval_question)
            answers.append(
                replace(
                    answer,
                    question=question,
                    completed=meant,
                    retrieval_question=retrieval_question,
                )
            )
    return max(answers, key=lambda answer: answer.confidence, default=alone)
