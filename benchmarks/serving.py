"""How long clients wait for `ask`: one, eight and twenty, and while a large upload is indexed.

python -m benchmarks.serving. The server is a process of its own; the clients are threads here,
on the same cores, each asking its next question as soon as the last one is answered. Each question
is a new one, which the network has to read, but where a line says that they were asked before. The
upload is two million characters, taken in again and again from new sessions, through the page's own
event.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks._report import write
from benchmarks.speed import QUESTIONS
from index.articles import seed_articles

CLIENTS, SECONDS = (1, 8, 20), 20.0
CHARACTERS = 1_900_000
_numbers = itertools.count()


def main() -> None:
    """Measure and write results/serving.json."""
    most = CLIENTS[-1]
    figures: dict[str, Any] = {"seconds": SECONDS}
    with chat_process() as address:
        _asked([address], 2.0, most)  # what is made on the first question
        for clients in CLIENTS:
            figures[f"{clients} clients"] = _summary(_asked([address], SECONDS, clients))
        _asked([address], 2.0, most, new=False)
        again = _asked([address], SECONDS, most, new=False)
        figures[f"{most} clients, questions asked before"] = _summary(again)
        with _uploading(address) as uploads:
            busy = _asked([address], SECONDS, most)
        figures[f"{most} clients, while a large upload is indexed"] = _summary(busy)
        figures["seconds for one such upload"] = (
            round(float(np.median(uploads)), 1) if uploads else None
        )
        with chat_process() as second:
            both = _asked([address, second], SECONDS, most)
        figures[f"{most} clients, two processes"] = _summary(both)
    write("serving", f"the shipped article; the upload has {CHARACTERS:,} characters", figures)


@contextmanager
def chat_process() -> Iterator[str]:
    """Run the command's chat in a process of its own; give its address."""
    command = [
        str(Path(sys.executable).with_name("article-qa")),
        "chat",
        "--port",
        "0",
        "--rate",
        "0",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[4]
    finally:
        process.terminate()
        process.wait(30)


def _asked(
    addresses: Sequence[str], seconds: float, clients: int, *, new: bool = True
) -> list[float]:
    """Return the seconds that each answer took, of all clients, shared out among the servers."""
    taken: list[float] = []
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        address = addresses[number % len(addresses)]
        with httpx.Client(base_url=address, timeout=60) as http:
            turn = number
            while time.monotonic() < end:
                question = QUESTIONS[turn % len(QUESTIONS)]
                if new:  # what the network has not read yet
                    question = f"{question} ({next(_numbers)})"
                started = time.perf_counter()
                _ask(http, question)
                taken.append(time.perf_counter() - started)
                turn += 1

    _together([partial(client, number) for number in range(clients)])
    return taken


def given(question: str) -> list[Any]:
    """Return what a program sends that asks all articles: a value for each parameter."""
    return [question, 3, None, None, "", "", None]


def _ask(http: httpx.Client, question: str) -> None:
    event = http.post("/gradio_api/call/ask", json={"data": given(question)}).json()["event_id"]
    reply = http.get(f"/gradio_api/call/ask/{event}").text
    if "event: complete" not in reply or '"status"' not in reply:
        raise RuntimeError(f"no answer but {reply[:200]!r}")


@contextmanager
def _uploading(address: str) -> Iterator[list[float]]:
    """Upload large texts one after the other in the background; give the seconds of each."""
    taken: list[float] = []
    stop = threading.Event()

    def uploads() -> None:
        number = 0
        while not stop.is_set():
            started = time.perf_counter()
            _upload(address, number)
            taken.append(time.perf_counter() - started)
            number += 1

    thread = threading.Thread(target=uploads)
    thread.start()
    try:
        yield taken
    finally:
        stop.set()
        thread.join(120)


def _upload(address: str, number: int) -> None:
    (article,) = seed_articles()
    lines = article.text.split("\n")
    wanted = CHARACTERS // len(article.text)
    text = "\n".join(f"{line} {number}.{copy}" for copy in range(wanted) for line in lines)
    with httpx.Client(base_url=address, timeout=120) as http:
        http.get("/")  # a session of its own
        file = {"files": ("large.txt", text[:CHARACTERS].encode())}
        (path,) = http.post("/gradio_api/upload", files=file).json()
        session = f"upload{number}"
        data = [{"path": path, "meta": {"_type": "gradio.FileData"}}, []]
        join = {"data": data, "fn_index": _upload_event(http), "session_hash": session}
        http.post("/gradio_api/queue/join", json=join).raise_for_status()
        with http.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": session}
        ) as reply:
            for line in reply.iter_lines():
                if "process_completed" in line and "Added" in line:
                    return
    raise RuntimeError("the upload was not taken in")


def _upload_event(http: httpx.Client) -> int:
    events: list[dict[str, Any]] = http.get("/config").json()["dependencies"]
    return int(
        next(e["id"] for e in events if any(target[1] == "upload" for target in e["targets"]))
    )


def _together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _summary(taken: list[float]) -> dict[str, float]:
    found = {"answers": float(len(taken))}
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        found[f"{name}, milliseconds"] = round(1000 * float(np.quantile(taken, share)), 0)
    return found


if __name__ == "__main__":
    main()
