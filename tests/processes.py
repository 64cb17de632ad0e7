"""Run the command, in this process or in one of its own that is gone afterwards."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from qa.cli import main


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run article-qa in this process, which spares a second; `run_process` is the real thing."""
    out, errors, before = io.StringIO(), io.StringIO(), Path.cwd()
    command = [*map(str, arguments)]
    try:
        os.chdir(cwd or before)
        with redirect_stdout(out), redirect_stderr(errors):
            try:
                code = main(command)
            except SystemExit as left:  # argparse: --help, or wrong usage
                code = left.code if isinstance(left.code, int) else 1
    finally:
        os.chdir(before)
    return subprocess.CompletedProcess(command, code, out.getvalue(), errors.getvalue())


def run_process(
    *arguments: str | Path, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run article-qa as a user does."""
    command = [str(Path(sys.executable).with_name("article-qa")), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=180, cwd=cwd, check=False
    )


def _heed_interrupts() -> None:
    # A background job of a script is started with SIGINT ignored, and its children with it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(command: Sequence[str], cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process group of its own, which does not outlive the block."""
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=_heed_interrupts,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def interrupt(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Send Control-C to the whole group, as a terminal does; return the last of its streams."""
    os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=30)
