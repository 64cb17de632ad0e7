"""The command's verbs and their options."""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.command import asking
from qa.command.archive_parser import add_index, add_info, add_list, add_remove
from qa.command.options import (
    Verbs,
    add_filter,
    add_model,
    library,
    megabytes,
    place,
    port,
    positive,
    rate,
)  # fmt: skip

_EXAMPLES = """examples:
  article-qa ask "what is the trade volume?"
  article-qa ask "ما هو حجم التبادل التجاري؟" --json
  article-qa ask "quel est le volume des échanges ?" --explain
  article-qa ask "and who invited him?" --after "Where is the Algerian president invited?"
  article-qa ask "who signed it?" --article report.pdf minutes.docx
  article-qa index news/ --store news.store
  article-qa ask "what is the trade volume?" --store news.store --language ar --since 2023-01-01
  article-qa chat --store news.store
  article-qa chat --host 0.0.0.0 --library news.store --auth accounts
  article-qa ask "what is the trade volume?" --llm http://127.0.0.1:11434/v1 --llm-model qwen3
  article-qa eval questions.jsonl --article seeds/putin-invites-tebboune.ar.txt
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command; the options of a verb carry what runs it."""
    made = argparse.ArgumentParser(
        prog="article-qa",
        description="Answer questions over articles and show exactly where the answer stands.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = made.add_subparsers(
        title="commands",
        required=True,
        metavar="chat | ask | index | list | remove | info | eval | password",
    )
    _add_ask(verbs)
    add_index(verbs)
    add_list(verbs)
    add_remove(verbs)
    add_info(verbs)
    _add_chat(verbs)
    _add_eval(verbs)
    _add_password(verbs)
    return made


def _add_ask(verbs: Verbs) -> None:
    ask = verbs.add_parser(
        "ask",
        help="answer one question",
        description="Print the sentence that answers, with its place. Exit code 3: none does.",
    )
    ask.add_argument("question")
    ask.add_argument("--k", type=positive, default=3, help="passages to return (default 3)")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    _add_reader(ask)
    ask.add_argument("--after", metavar="QUESTION",
                     help="the question asked before, which this one leans on")  # fmt: skip
    ask.add_argument("--explain", action="store_true", help="tell why each passage was chosen")
    _add_source(ask)
    _add_llm(ask)
    add_filter(ask)
    ask.set_defaults(run=asking.ask)


def _add_chat(verbs: Verbs) -> None:
    chat = verbs.add_parser("chat", help="serve the web chat", description="Serve the web chat.")
    chat.add_argument("--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1)")
    chat.add_argument("--port", type=port, default=7860, help="port to serve on (default 7860)")
    _add_source(chat)
    chat.add_argument(
        "--library", type=library, metavar="DIR",
        help="keep what is added there, for everybody; without it each browser sees its own. A "
        "new library begins with --article or --store, or empty",
    )  # fmt: skip
    _add_reader(chat)
    _add_llm(chat)
    _add_serving(chat)
    chat.set_defaults(run=asking.chat)


def _add_serving(chat: argparse.ArgumentParser) -> None:
    serving = chat.add_argument_group("being run for others")
    serving.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        help="let in only the accounts of this file (article-qa password NAME)",
    )
    serving.add_argument(
        "--feedback",
        type=Path,
        metavar="FILE",
        help="offer thumbs up and down, and append them there as JSON lines",
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
        help="largest file taken, 1 to 20 (default 20)",
    )
    serving.add_argument(
        "--rate",
        type=rate,
        default=120,
        metavar="N",
        help="requests a minute of one client (default 120; 0 is no limit)",
    )
    serving.add_argument(
        "--log-questions",
        action="store_true",
        help="write into the log what was asked, not only that",
    )


def _add_password(verbs: Verbs) -> None:
    password = verbs.add_parser(
        "password",
        help="make an account for the chat",
        description="Print an account's line for --auth, its password asked for and hashed: "
        "article-qa password amel >> accounts",
    )
    password.add_argument("name")
    password.set_defaults(run=asking.password)


def _add_eval(verbs: Verbs) -> None:
    evaluate = verbs.add_parser(
        "eval",
        help="score retrieval, sentences and refusals",
        description="Score on SQuAD JSON (one article per paragraph), or on JSON lines of "
        "questions about one article (--article).",
    )
    evaluate.add_argument(
        "data", type=Path, metavar="DATA", help="SQuAD JSON or JSON lines, may be .xz"
    )
    evaluate.add_argument("--article", type=Path, metavar="FILE", help="what the lines ask about")
    evaluate.add_argument(
        "--questions",
        type=Path,
        metavar="OTHER",
        help="ask the questions of another SQuAD file, matched by id",
    )
    evaluate.add_argument(
        "--ids",
        type=Path,
        metavar="FILE",
        help="keep the questions this file names; all articles stay",
    )
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    add_model(evaluate)
    _add_reader(evaluate)
    evaluate.set_defaults(run=asking.evaluate)


def _add_source(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--article", type=Path, nargs="+", metavar="FILE",
                        help="ask about these files instead of the shipped article")  # fmt: skip
    source.add_argument("--store", type=place, metavar="DIR",
                        help="ask about what was indexed there")  # fmt: skip
    add_model(parser)


def _add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reader",
        metavar="M",
        help="an extractive question-answering model of the transformers library, hub id or "
        "folder, reads the passages (default: the embedded networks)",
    )


def _add_llm(parser: argparse.ArgumentParser) -> None:
    llm = parser.add_argument_group(
        "an LLM writes the answer",
        "from the passages alone, every citation checked; needs: pip install 'article-qa[llm]'",
    )
    llm.add_argument(
        "--llm",
        metavar="URL",
        help="base of an OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1; "
        "its key is read from OPENAI_API_KEY",
    )
    llm.add_argument("--llm-model", metavar="NAME", help="the model's name there")
