"""The subcommands ask, chat, eval and password. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.concurrency import SINGLE_THREADED
from index.errors import ArticleQAError
from qa.answer import answer_as_json
from qa.command.options import ChatOptions, filter_of, ocr_of

if TYPE_CHECKING:
    from index.base import AnyStore
    from index.embedder import Embedder
    from qa.answer import Answer
    from qa.evaluation import MeanScores
    from qa.explain import Explanation
    from qa.extractive import ExtractiveModel
    from qa.writer import Writer

_EXIT_CODES = {"answered": 0, "not_in_article": 3, "not_a_question": 4}
_UNSUPPORTED = "(not supported by the passages)"


def ask(options: Namespace) -> int:
    """Print the answer to one question."""
    import qa
    from qa.explain import explain, explanation_as_json

    writer = _writer(options)
    whole, embedder = _source(options)
    store = whole.where(filter_of(options))
    if store.is_empty and not whole.is_empty:
        print("no article matches these options", file=sys.stderr)
    reader = _reader(options)
    stream = partial(qa.stream, store=store, embedder=embedder, reader=reader)
    previous = None
    if options.after is not None:
        (previous,) = stream(options.after)
    answers = stream(options.question, options.k, writer=writer, previous=previous)
    *_, answer = answers if options.json else _print_while_written(answers)
    if answer.notice:
        print(answer.notice, file=sys.stderr)
    if options.rerank and answer.passages:
        over = qa.ArticleQA(store, embedder, reader)
        retrieval_question = answer.retrieval_question or answer.question
        passages = over.retrieve(retrieval_question, options.k, rerank=True)
        answer = replace(answer, passages=passages)
    explanations: tuple[Explanation, ...] = ()
    if options.explain:
        retrieval_question = answer.retrieval_question or answer.question
        read_as = answer.completed or answer.question
        explanations = explain(
            retrieval_question, answer.passages, store, embedder, reader=reader, read_as=read_as
        )
    if options.json:
        record: dict[str, Any] = {**answer_as_json(answer)}
        if options.explain:
            record["explanation"] = [explanation_as_json(each) for each in explanations]
        print(json.dumps(record, ensure_ascii=False))
    else:
        _print_answer(answer, store)
    if not options.json:
        _print_explanations(explanations)
    return _EXIT_CODES[answer.status]


def _print_while_written(answers: Iterator[Answer]) -> Iterator[Answer]:
    """Print how a follow-up was understood, then each sentence of an LLM as it comes."""
    shown = 0
    for turn, answer in enumerate(answers):
        if answer.completed and not turn:
            print(f"(understood as: {answer.completed})")
        for statement in answer.statements[shown:]:
            mark = answer.marks(statement) if statement.supported else _UNSUPPORTED
            print(statement.text, mark, flush=True)
        shown = len(answer.statements)
        yield answer


def _print_answer(answer: Answer, store: AnyStore) -> None:
    """Print everything but the sentences of an LLM."""
    from qa.languages import ENGLISH, language_of
    from qa.questions.question import analyse_question

    if answer.status == "not_in_article":
        language = analyse_question(answer.question).language
        print(language_of(language).refusal or ENGLISH.refusal)
    if answer.text and not answer.statements:
        print(answer.text)
    if answer.emphasis is not None:
        print(f"  > {answer.short_answer} ({answer.span_sureness})")
    if answer.answered and answer.about is None:
        print(f"  {answer.sureness} ({answer.confidence:.2f})")
    for number, citation in enumerate(answer.citations, 1):
        article = store.article(citation.article_id)
        print(f"  [{number}] {article.title} ({article.source}, ", end="")
        locator = f"{citation.locator}, " if citation.locator else ""
        print(f"{locator}characters {citation.start}-{citation.end})")


def _print_explanations(explanations: tuple[Explanation, ...]) -> None:
    from qa.explain import SCORE_NAMES

    for each in explanations:
        scores = ", ".join(f"{name} {getattr(each, name):+.2f}" for name in SCORE_NAMES)
        print(f"\npassage {each.passage.rank}: {each.fused:.2f} = {scores}")
        print("  " + " ".join(each.passage.chunk.text.split()))
        for pair in each.pairs:
            print(f"  {pair.question_word} ~ {pair.passage_word.quote} ({pair.similarity:.2f})")
        for sentence in each.sentences:
            quote = " ".join(sentence.sentence.quote.split())
            print(f"  {sentence.probability:6.1%}  {quote}")


def chat(options: Namespace) -> int:
    """Serve the web chat until it is stopped."""
    for name, count in SINGLE_THREADED.items():  # before the libraries that read them are loaded
        os.environ.setdefault(name, count)
    serve = _ui_function("chat")
    store, embedder = _source(options)
    given = ChatOptions(
        store=store,
        embedder=embedder,
        host=options.host,
        port=options.port,
        reader=_reader(options),
        writer=_writer(options),
        library=options.library,
        feedback=options.feedback,
        auth=options.auth,
        mcp=options.mcp,
        max_upload=options.max_upload,
        rate=options.rate,
        log_questions=options.log_questions,
    )
    return int(serve(given))


def password(options: Namespace) -> int:
    """Print the line of an account for `article-qa chat --auth`."""
    from getpass import getpass

    make_line = _ui_function("password")
    if sys.stdin.isatty():
        given = getpass("Password: ")
        if getpass("Again: ") != given:
            raise ArticleQAError("the two passwords differ; no account was made")
    else:
        given = sys.stdin.readline().rstrip("\n")
    print(make_line(options.name, given))
    return 0


def _ui_function(name: str) -> Any:
    """Return a function that ui registers in pyproject.toml: qa never imports ui."""
    from importlib.metadata import entry_points

    found = list(entry_points(group="article_qa.screen", name=name))
    if not found:
        raise ArticleQAError("the chat is not installed; run: pip install article-qa")
    return found[0].load()


def evaluate(options: Namespace) -> int:
    """Print the scores on questions with known answers."""
    from tqdm import tqdm

    from index.articles import read_article
    from index.models import load_embedder
    from index.store import Store
    from qa.datasets import load_dataset
    from qa.evaluation import evaluate as run
    from qa.evaluation import score, score_by_language
    from qa.reader.reader import Reader
    from qa.retriever import Retriever

    article = read_article(options.article) if options.article else None
    dataset = load_dataset(
        options.data, article=article, questions=options.questions, ids=options.ids
    )
    embedder = load_embedder(options.model)
    store = Store.build(dataset.articles, embedder, progress=sys.stderr.isatty())
    questions = tqdm(dataset.questions, desc="asking", unit="q", disable=not sys.stderr.isatty())
    reader = Reader(store, _reader(options))
    outcomes = run(dataset, Retriever(store, embedder).retrieve, reader.read, questions)
    overall, by_language = score(outcomes), score_by_language(outcomes)
    if options.json:
        print(json.dumps(_scores_as_json(overall, by_language)))
    else:
        counts = f"articles: {len(dataset.articles)}, chunks: {len(store.chunks)}"
        print(f"{counts}, model: {embedder.id}")
        _print_table({"all": overall, **by_language})
    return 0


def _reader(options: Namespace) -> ExtractiveModel | None:
    from qa.extractive import ExtractiveModel

    return None if options.reader is None else ExtractiveModel(options.reader)


def _writer(options: Namespace) -> Writer | None:
    from qa.errors import WriterError
    from qa.writer import Writer

    if options.llm is None and options.llm_model is None:
        return None
    if options.llm is None or options.llm_model is None:
        raise WriterError("--llm URL and --llm-model NAME go together; give both")
    return Writer(options.llm, options.llm_model)


def _source(options: Namespace) -> tuple[AnyStore, Embedder]:
    """Return the store that the options name, and its embedder."""
    from index.articles import read_article
    from index.models import load_embedder
    from index.store import Store, open_with_embedder
    from qa.defaults import default_store

    articles: list[Path] | None = options.article
    if getattr(options, "library", None) and not articles and not options.store:
        embedder = load_embedder(options.model)
        return Store.build((), embedder), embedder
    if options.store and not articles:
        return open_with_embedder(options.store, options.model)
    ocr = ocr_of(options)
    read = tuple(read_article(path, ocr) for path in articles or ())
    if getattr(options, "verbose", False):
        for article in read:
            for note in article.notes:
                print(f"{article.source}: {note}", file=sys.stderr)
    embedder = load_embedder(options.model)
    if articles:
        return Store.build(read, embedder, progress=sys.stderr.isatty()), embedder
    return default_store(embedder), embedder


def _scores_as_json(overall: MeanScores, by_language: dict[str, MeanScores]) -> dict[str, Any]:
    found: dict[str, Any] = overall.as_json()
    if by_language:
        found["by_language"] = {name: scores.as_json() for name, scores in by_language.items()}
    return found


def _print_table(rows: dict[str, MeanScores]) -> None:
    names = list(next(iter(rows.values())).as_json())
    print(f"{'':20}" + "".join(f"{row:>9}" for row in rows))
    for name in names:
        cells = [scores.as_json()[name] for scores in rows.values()]
        print(f"{name:20}" + "".join(f"{_cell(cell):>9}" for cell in cells))


def _cell(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
