"""The command line: subcommands, options and help."""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.command import answering, indexing
from qa.command.options import (
    Subcommands,
    add_filter,
    add_model,
    add_ocr,
    library,
    megabytes,
    non_negative,
    port,
    positive,
    store_location,
)  # fmt: skip

VECTOR_FORMATS = ("flat", "half", "codes")  # of index.vectors, which would load FAISS

_INDEX_EXAMPLES = """examples:
  article-qa index news/ --store news.store
  article-qa index 'archive/**/*.jsonl' --store news.store --prune
  article-qa index https://example.org/feed.xml --store news.store --watch
  article-qa index letters/ --store letters.store --ocr
  article-qa index archive/ --store milvus://127.0.0.1:19530/news
"""


def add_index(subcommands: Subcommands) -> None:
    """Add the verb index."""
    index = subcommands.add_parser(
        "index",
        help="bring a store up to date with files, folders and addresses",
        description="Add the articles of PATHs to a store. Articles that it has already, by their "
        "content, are not indexed again; those of a file or page that has changed are replaced. "
        "What cannot be read is reported at the end, and does not stop the rest. Without PATH, "
        "index the shipped article.",
        epilog=_INDEX_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    index.add_argument(
        "articles", nargs="*", metavar="PATH",
        help="a file (.txt, .md, .html, .pdf, .docx, .odt, .rtf, .epub, .pptx, .xlsx, .csv, .eml, "
        ".srt, .vtt; .jsonl or .json of records with a text and, where known, title, url, date, "
        "author and language; .xml, a feed or sitemap), a folder of such, a glob in quotes, or "
        "the address of a page, a feed or a sitemap",
    )  # fmt: skip
    index.add_argument("--store", type=store_location, metavar="STORE",
                       help="a folder to keep it in, a file NAME.db (Milvus Lite), or "
                       "milvus://HOST:PORT/NAME")  # fmt: skip
    index.add_argument(
        "--replace", action="store_true", help="remove all articles that the store had before"
    )
    index.add_argument(
        "--prune", action="store_true",
        help="remove articles of the store that the PATHs do not contain, whoever added them",
    )  # fmt: skip
    index.add_argument(
        "--watch", action="store_true", help="keep running, and update whenever something changes"
    )
    index.add_argument(
        "--every", type=positive, default=600, metavar="SECONDS",
        help="how often --watch fetches addresses (default 600)",
    )  # fmt: skip
    index.add_argument(
        "-v", "--verbose", action="store_true", help="say what was left out of each article, too"
    )
    index.add_argument(
        "--jobs", type=positive, metavar="N",
        help="processes that read and index (default: depends on the work and the machine)",
    )  # fmt: skip
    index.add_argument(
        "--vectors", choices=VECTOR_FORMATS,
        help="how vectors are stored: flat (exact, 4 bytes a number), half (exact, 2 bytes), codes "
        "(shortlisted by product codes); default: depends on their number in each segment",
    )  # fmt: skip
    index.add_argument(
        "--chunk-size",
        type=positive,
        metavar="N",
        help="length of the longest chunk, in characters",
    )
    add_model(index)
    add_ocr(index)
    index.set_defaults(run=indexing.index)


def add_list(subcommands: Subcommands) -> None:
    """Add the verb list."""
    listed = subcommands.add_parser(
        "list",
        help="print the articles of a store",
        description="Print id, date, language, title and source of a store's articles.",
    )
    listed.add_argument(
        "--store", type=store_location, metavar="DIR", help="(default: the shipped article)"
    )
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_filter(listed)
    listed.set_defaults(run=indexing.list_articles)


def add_remove(subcommands: Subcommands) -> None:
    """Add the verb remove."""
    remove = subcommands.add_parser(
        "remove", help="remove articles of a store", description="Remove articles of a store."
    )
    remove.add_argument("articles", nargs="+", metavar="ARTICLE",
                        help="an id or a source, as list prints them")  # fmt: skip
    remove.add_argument("--store", type=store_location, required=True, metavar="DIR")
    remove.set_defaults(run=indexing.remove)


def add_info(subcommands: Subcommands) -> None:
    """Add the verb info."""
    info = subcommands.add_parser(
        "info",
        help="print facts about a store",
        description="Print the numbers of articles and chunks of a store, its languages, dates and "
        "model, and how its vectors are stored.",
    )
    info.add_argument(
        "--store", type=store_location, metavar="DIR", help="(default: the shipped article)"
    )
    info.add_argument("--json", action="store_true", help="print one JSON object")
    info.set_defaults(run=indexing.info)


_EXAMPLES = """examples:
  article-qa ask "what is the trade volume?"
  article-qa ask "ما هو حجم التبادل التجاري؟" --json
  article-qa ask "quel est le volume des échanges ?" --explain
  article-qa ask "and who invited him?" --after "Where is the Algerian president invited?"
  article-qa ask "who signed it?" --article report.pdf minutes.docx
  article-qa ask "what does it cost?" --article scan.pdf --ocr --ocr-languages en
  article-qa index news/ --store news.store
  article-qa ask "what is the trade volume?" --store news.store --language ar --since 2023-01-01
  article-qa chat --store news.store
  article-qa chat --host 0.0.0.0 --library news.store --auth accounts
  article-qa ask "what is the trade volume?" --llm http://127.0.0.1:11434/v1 --llm-model qwen3
  article-qa eval questions.jsonl --article seeds/putin-invites-tebboune.ar.txt
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command; ``run`` of the parsed options is the verb's function."""
    command = argparse.ArgumentParser(
        prog="article-qa",
        description="Answer questions over articles and show exactly where the answer stands.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--debug", action="store_true", help="show the traceback of a failure, too"
    )
    subcommands = command.add_subparsers(
        title="commands",
        required=True,
        metavar="chat | ask | index | list | remove | info | eval | password",
    )
    _add_ask(subcommands)
    add_index(subcommands)
    add_list(subcommands)
    add_remove(subcommands)
    add_info(subcommands)
    _add_chat(subcommands)
    _add_eval(subcommands)
    _add_password(subcommands)
    return command


def _add_ask(subcommands: Subcommands) -> None:
    ask = subcommands.add_parser(
        "ask",
        help="answer one question",
        description="Print the sentence that answers, with its place. Exit code 3: none does; "
        "4: it is not a question.",
    )
    ask.add_argument("question")
    ask.add_argument("--k", type=positive, default=3, help="passages to return (default 3)")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    ask.add_argument(
        "--rerank", action="store_true",
        help="order the passages of --json and --explain by the reader, not by the retrieval",
    )  # fmt: skip
    _add_reader(ask)
    ask.add_argument("--after", metavar="QUESTION",
                     help="the previous question, if this one is a follow-up")  # fmt: skip
    ask.add_argument("--explain", action="store_true", help="print why each passage was chosen")
    _add_source(ask)
    _add_llm(ask)
    add_filter(ask)
    ask.set_defaults(run=answering.ask)


def _add_chat(subcommands: Subcommands) -> None:
    chat = subcommands.add_parser(
        "chat", help="serve the web chat", description="Serve the web chat."
    )
    chat.add_argument("--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1)")
    chat.add_argument("--port", type=port, default=7860, help="port to serve on (default 7860)")
    _add_source(chat)
    chat.add_argument(
        "--library", type=library, metavar="DIR",
        help="keep added articles there, for everybody; without it each browser has its own. A "
        "new library starts with the articles of --article or --store, or empty",
    )  # fmt: skip
    _add_reader(chat)
    _add_llm(chat)
    _add_serving(chat)
    chat.set_defaults(run=answering.chat)


def _add_serving(chat: argparse.ArgumentParser) -> None:
    serving = chat.add_argument_group("serving others")
    serving.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        help="allow only the accounts of this file (article-qa password NAME)",
    )
    serving.add_argument(
        "--feedback",
        type=Path,
        metavar="FILE",
        help="show thumbs up and down, and append each click to this file as a JSON line",
    )
    serving.add_argument(
        "--mcp",
        action="store_true",
        help="offer ask, retrieve and list_articles to assistants, at "
        "/mcp; needs: pip install 'article-qa[mcp]'",
    )
    serving.add_argument(
        "--max-upload",
        type=megabytes,
        default=20,
        metavar="MB",
        help="largest file accepted, 1 to 20 (default 20)",
    )
    serving.add_argument(
        "--rate",
        type=non_negative,
        default=120,
        metavar="N",
        help="requests per minute of one client (default 120; 0 for no limit)",
    )
    serving.add_argument(
        "--log-questions",
        action="store_true",
        help="log the text of questions",
    )


def _add_password(subcommands: Subcommands) -> None:
    password = subcommands.add_parser(
        "password",
        help="make an account for the chat",
        description="Print an account's line for --auth, its password asked for and hashed: "
        "article-qa password amel >> accounts",
    )
    password.add_argument("name")
    password.set_defaults(run=answering.password)


def _add_eval(subcommands: Subcommands) -> None:
    evaluate = subcommands.add_parser(
        "eval",
        help="score retrieval, sentences and refusals",
        description="Score on SQuAD JSON (one article per paragraph), or on JSON lines of "
        "questions about one article (--article).",
    )
    evaluate.add_argument(
        "data", type=Path, metavar="DATA", help="SQuAD JSON or JSON lines, may be .xz"
    )
    evaluate.add_argument(
        "--article", type=Path, metavar="FILE", help="the article of the questions, for JSON lines"
    )
    evaluate.add_argument(
        "--questions",
        type=Path,
        metavar="OTHER",
        help="take the questions from another SQuAD file, matched by id",
    )
    evaluate.add_argument(
        "--ids",
        type=Path,
        metavar="FILE",
        help="ask only the questions of these ids; all articles are searched",
    )
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    add_model(evaluate)
    _add_reader(evaluate)
    evaluate.set_defaults(run=answering.evaluate)


def _add_source(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--article", type=Path, nargs="+", metavar="FILE",
                        help="search these files instead of the shipped article")  # fmt: skip
    source.add_argument("--store", type=store_location, metavar="DIR",
                        help="search this store")  # fmt: skip
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="say what was left out of the files read"
    )
    add_model(parser)
    add_ocr(parser)


def _add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reader",
        metavar="M",
        help="an extractive question-answering model of the transformers library, hub id or "
        "folder, that reads the passages (default: the bundled network)",
    )


def _add_llm(parser: argparse.ArgumentParser) -> None:
    llm = parser.add_argument_group(
        "an LLM writes the answer",
        "from the passages only, with checked citations; needs: pip install 'article-qa[llm]'",
    )
    llm.add_argument(
        "--llm",
        metavar="URL",
        help="base of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1; "
        "its key is read from OPENAI_API_KEY",
    )
    llm.add_argument("--llm-model", metavar="NAME", help="the model's name there")
