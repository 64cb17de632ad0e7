"""Answer questions over articles: ``from qa import retrieve, ask``.

>>> from qa import ask
>>> ask("what is the trade volume?").citations[0].quote
'… 3 مليارات دولار …'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer import Answer, Citation, Passage, Statement
from qa.errors import QuestionError

if TYPE_CHECKING:
    from index.base import AnyStore, Filter
    from index.embedder import Embedder
    from qa.reader.reader import ExtractiveNetwork
    from qa.writer import Writer

__all__ = [
    "Answer", "Citation", "Passage", "QuestionError", "Statement", "ask", "retrieve", "stream",
]  # fmt: skip


def retrieve(
    question: str,
    k: int = 3,
    *,
    store: AnyStore | None = None,
    embedder: Embedder | None = None,
    where: Filter | None = None,
) -> tuple[Passage, ...]:
    """Return the k passages that bear most on the question, best first.

    Searches the shipped article with the embedded model unless told otherwise; ``store`` and
    ``embedder`` must belong together. ``where`` chooses among the articles. Raises an
    `index.errors.ArticleQAError`.
    """
    from qa.retriever import Retriever

    return Retriever(*_searched(store, embedder, where)).retrieve(question, k)


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
    """Return the sentence that answers the question, cited, or say that none does.

    The answer carries the words in the sentence that answer best (`Answer.span`, and
    `Answer.emphasis` where they are sure) and the k best passages, with the cited one if it is
    none of these. Parameters and errors as for
    `retrieve`. A ``reader`` is any extractive model of the transformers library, read instead of
    the embedded one. A ``writer`` writes an answer from these passages instead; where it
    cannot, `Answer.notice` says why, and the article's own sentence is the answer. A question
    that leans on the one before it ("and when?") is completed from the ``previous`` answer, and
    `Answer.completed` tells how.
    """
    *_, last = stream(
        question, k, store=store, embedder=embedder, where=where, reader=reader, writer=writer,
        previous=previous,
    )  # fmt: skip
    return last


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
    """Yield the answer as a writer writes it, sentence by sentence; the last is that of `ask`.

    Parameters and errors as for `ask`. Without a writer there is but one.
    """
    from index.errors import NoSuchArticle
    from qa.reader.network import load_in_background
    from qa.reader.reader import DEPTH, Reader
    from qa.retriever import Retriever, check_question

    check_question(question, k)
    if reader is None:
        load_in_background()
    searched = _searched(store, embedder, where)
    retriever, own = Retriever(*searched), Reader(searched[0], reader)

    def read(asked: str, sought: str, again: bool = True) -> Answer:
        # What is read must not depend on how many passages the caller wants to see.
        passages = retriever.retrieve(sought, max(k, DEPTH))
        try:
            answer = own.read(asked, passages)
        except NoSuchArticle:  # others remove articles of a server's collection meanwhile
            if not again:
                raise
            return read(asked, sought, again=False)
        return replace(answer, passages=_shown(passages, k, answer))

    if previous is None:
        answer = read(question, question)
    else:
        answer = _in_talk(question, previous, read, writer)
    if writer is None or answer.notice:  # a server that is down is not waited for twice
        yield answer
        return
    from qa.writer import write

    yield from write(answer, writer, searched[0])


def _shown(passages: tuple[Passage, ...], k: int, answer: Answer) -> tuple[Passage, ...]:
    """Return the k best passages, and the cited one where it stands further down."""
    cited = (p for p in passages if any(map(p.holds, answer.citations)))
    first = next(cited, None)
    return passages[:k] if first is None or first.rank <= k else (*passages[:k], first)


def _in_talk(
    question: str, previous: Answer, read: Callable[[str, str], Answer], writer: Writer | None
) -> Answer:
    """Answer the question as it was meant: of the ways to complete it, the one best answered."""
    from qa.errors import WriterError
    from qa.followups import completions, is_follow_up
    from qa.writer import own_sentence

    if not is_follow_up(question):
        return read(question, question)
    meant = completions(question, previous)
    if writer is None:
        return _best_meant(question, meant, read)
    try:
        rewritten = writer.completed(question, previous)
    except WriterError as error:
        return replace(_best_meant(question, meant, read), notice=own_sentence(error))
    return _best_meant(question, (rewritten,) if rewritten else meant, read)


def _best_meant(
    question: str, meant: tuple[str, ...], read: Callable[[str, str], Answer]
) -> Answer:
    from qa.followups import has_topic, points_back
    from qa.kinds import asked_for
    from qa.retriever import MAX_QUESTION

    alone = read(question, question)
    stands = has_topic(question) and not points_back(question)
    # "What about gas?" has another topic, which says where to seek; how it is asked, the last says.
    topical = stands and asked_for(question).kind in ("thing", "definition")
    if stands and topical == (alone.status == "answered"):
        return alone  # answered; or not, and the last question's words would be answered instead
    answers = [alone] if has_topic(question) else []
    for asked in meant:
        if len(asked) <= MAX_QUESTION:
            sought = question if topical else asked
            found = read(asked, sought)
            answers.append(replace(found, question=question, completed=asked, sought=sought))
    return max(answers, key=lambda answer: answer.confidence, default=alone)


def _searched(
    store: AnyStore | None, embedder: Embedder | None, where: Filter | None
) -> tuple[AnyStore, Embedder]:
    from qa.defaults import default_store, shared_embedder

    embedder = embedder or shared_embedder()
    store = store or default_store(embedder)
    store.check_embedder(embedder)
    return store if where is None else store.where(where), embedder
