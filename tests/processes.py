"""Start a command that Control-C stops, and be sure that it is gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


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
