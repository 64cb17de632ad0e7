"""The command: article-qa chat | ask | index | eval | password."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from index.errors import ArticleQAError
from qa import commands

EXIT_ERROR, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

_EXAMPLES = """examples:
  article-qa ask "what is the trade volume?"
  article-qa ask "ما هو حجم التبادل التجاري؟" --json
  article-qa ask "quel est le volume des échanges ?" --explain
  article-qa ask "and who invited him?" --after "Where is the Algerian president invited?"
  article-qa ask "who signed it?" --article report.pdf minutes.docx
  article-qa index news/*.html --store news.store
  article-qa chat --store news.store
  article-qa chat --host 0.0.0.0 --library news.store --auth accounts
  article-qa ask "what is the trade volume?" --llm http://127.0.0.1:11434/v1 --llm-model qwen3
  article-qa eval questions.jsonl --article seeds/putin-invites-tebboune.ar.txt
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 error, 2 usage, 3 not in the article."""
    if sys.stderr is None:  # closed, as by a daemon: what is printed there must not reach stdout
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until the end
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    if sys.stdout is None:
        return _fail("standard output is closed; there is nowhere to answer")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The answer is in the article's script, whatever the terminal's locale says.
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of the pipe (head, less) has seen enough; nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ArticleQAError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or 'the answer'} cannot be written or read ({error})")
    except Exception as error:  # the last line of defence: one line, not a traceback
        return _fail(f"unexpected {type(error).__name__}: {error}")


def _fail(message: str) -> int:
    print("article-qa: " + " ".join(message.split()), file=sys.stderr)
    return EXIT_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="article-qa",
        description="Answer questions over articles and show exactly where the answer stands.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(
        title="commands", required=True, metavar="chat | ask | index | eval | password"
    )
    _add_ask(verbs)
    _add_index(verbs)
    _add_chat(verbs)
    _add_eval(verbs)
    _add_password(verbs)
    return parser


_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add_ask(verbs: _Verbs) -> None:
    ask = verbs.add_parser(
        "ask",
        help="answer one question",
        description="Print the sentence that answers, with its place. Exit code 3: none does.",
    )
    ask.add_argument("question")
    ask.add_argument("--k", type=_positive, default=3, help="passages to return (default 3)")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    _add_reader(ask)
    ask.add_argument("--after", metavar="QUESTION",
                     help="the question asked before, which this one leans on")  # fmt: skip
    ask.add_argument("--explain", action="store_true", help="tell why each passage was chosen")
    _add_source(ask)
    _add_llm(ask)
    ask.set_defaults(run=commands.ask)


def _add_index(verbs: _Verbs) -> None:
    index = verbs.add_parser(
        "index",
        help="make a store of articles",
        description="Add articles to a store folder; with none, index the shipped article.",
    )
    index.add_argument("articles", nargs="*", type=Path, metavar="ARTICLE",
                       help=".txt, .md, .html, .pdf or .docx")  # fmt: skip
    index.add_argument("--store", type=Path, metavar="DIR", help="where to keep it")
    index.add_argument("--replace", action="store_true", help="drop what the store held before")
    index.add_argument(
        "--chunk-size", type=_positive, metavar="N", help="longest chunk, characters"
    )
    _add_model(index)
    index.set_defaults(run=commands.index)


def _add_chat(verbs: _Verbs) -> None:
    chat = verbs.add_parser("chat", help="serve the web chat", description="Serve the web chat.")
    chat.add_argument("--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1)")
    chat.add_argument("--port", type=_port, default=7860, help="port to serve on (default 7860)")
    _add_source(chat)
    chat.add_argument(
        "--library", type=Path, metavar="DIR",
        help="keep what is added there, for everybody; without it each browser sees its own. A "
        "new library begins with --article or --store, or empty",
    )  # fmt: skip
    _add_reader(chat)
    _add_llm(chat)
    _add_serving(chat)
    chat.set_defaults(run=commands.chat)


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
        type=_megabytes,
        default=20,
        metavar="MB",
        help="largest file taken, 1 to 20 (default 20)",
    )
    serving.add_argument(
        "--rate",
        type=_rate,
        default=120,
        metavar="N",
        help="requests a minute of one client (default 120; 0 is no limit)",
    )
    serving.add_argument(
        "--log-questions",
        action="store_true",
        help="write into the log what was asked, not only that",
    )


def _add_password(verbs: _Verbs) -> None:
    password = verbs.add_parser(
        "password",
        help="make an account for the chat",
        description="Print an account's line for --auth, its password asked for and hashed: "
        "article-qa password amel >> accounts",
    )
    password.add_argument("name")
    password.set_defaults(run=commands.password)


def _add_eval(verbs: _Verbs) -> None:
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
    _add_model(evaluate)
    _add_reader(evaluate)
    evaluate.set_defaults(run=commands.evaluate)


def _add_source(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--article", type=Path, nargs="+", metavar="FILE",
                        help="ask about these files instead of the shipped article")  # fmt: skip
    source.add_argument("--store", type=Path, metavar="DIR", help="ask about an indexed store")
    _add_model(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="M",
        help="a sentence-transformers model, hub id or folder (default: the embedded one)",
    )


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


def _positive(text: str) -> int:
    number = _number(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _megabytes(text: str) -> int:
    number = _number(text)
    if not 1 <= number <= 20:
        raise argparse.ArgumentTypeError(f"{number} is not 1 to 20")
    return number


def _rate(text: str) -> int:
    number = _number(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than 0")
    return number


def _port(text: str) -> int:
    number = _number(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not a port (0 to 65535)")
    return number


if __name__ == "__main__":
    sys.exit(main())
