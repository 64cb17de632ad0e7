"""The command: article-qa and its subcommands."""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from index.errors import ArticleQAError
from qa.command.parser import parser

EXIT_ERROR, EXIT_INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 answered, 1 error, 2 usage, 3 not in the article, 4 no question.
    """
    if sys.stderr is None:  # closed, as by a daemon: what is printed there must not reach stdout
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until the end
    options = parser().parse_args(argv)
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
    except Exception as error:  # the last line of defence: one line, not a traceback
        if options.debug:
            traceback.print_exc()
        return _fail(_message(error))


def _message(error: Exception) -> str:
    if isinstance(error, ArticleQAError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'the answer'} cannot be written or read ({error})"
    return f"unexpected {type(error).__name__}: {error} (article-qa --debug … shows where)"


def _fail(message: str) -> int:
    print("article-qa: " + " ".join(message.split()), file=sys.stderr)
    return EXIT_ERROR


if __name__ == "__main__":
    sys.exit(main())
