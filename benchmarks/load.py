"""Fifty clients for five minutes, while articles are added and removed; no answer may be wrong.

python -m benchmarks.load [--seconds 300]. The server is a process of its own with a shared library
of FACTS; half of the clients `ask`, half `retrieve`, each its next question as soon as the last one
is answered. What they get must be, word for word, what a quiet server gave before; meanwhile one
visitor adds and removes articles through the page's own events without a pause.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks._report import write
from benchmarks.serving import _summary, _together, given

CLIENTS, FACTS = 50, 200
_TOWNS = ("Ardent", "Belmor", "Corvane", "Dunwich", "Elsing", "Farrow", "Galdor", "Hexham")
_SAID = {"add-text": "Added", "remove": "Removed"}  # by the page, if it was done
_THINGS = ("bridge", "harbour", "library", "stadium", "theatre")


@dataclass(slots=True)
class Observed:
    """What the clients saw: seconds of each answer by verb, and what was wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"ask": [], "retrieve": []})
    wrong: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    megabytes: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and write results/load.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-") as folder, _served(Path(folder)) as chat:
        address, process = chat
        with httpx.Client(base_url=address, timeout=60) as http:
            expected = {
                (verb, place): _called(http, verb, place)
                for verb in ("ask", "retrieve")
                for place in range(FACTS)
            }
        right = sum(_is_right(verb, place, reply) for (verb, place), reply in expected.items())
        reply = _loaded(address, process.pid, expected, options.seconds)
    half = reply.megabytes[len(reply.megabytes) // 2 :]
    figures = {
        "clients": CLIENTS,
        "seconds": options.seconds,
        "articles": FACTS,
        "of the quiet server's answers, right": f"{right} of {len(expected)}",
        "articles added and removed": reply.changes,
        "errors and answers that differ": dict(reply.wrong),
        "ask": _summary(reply.seconds["ask"]),
        "retrieve": _summary(reply.seconds["retrieve"]),
        "megabytes at the start, the middle, the end": [
            reply.megabytes[0], half[0], reply.megabytes[-1],
        ],
    }  # fmt: skip
    write("load", f"{FACTS} made articles of one fact each", figures)


def _town(place: int) -> str:
    return f"{_TOWNS[place % len(_TOWNS)]}{chr(97 + place // len(_TOWNS))}"


def _thing(place: int) -> str:
    return _THINGS[place % len(_THINGS)]


def _record(place: int) -> dict[str, str]:
    town, thing = _town(place), _thing(place)
    text = (
        f"The {thing} of {town} was opened on Monday by the mayor.\n\n"
        f"The {thing} of {town} cost {17 + 3 * place} million euros, the council said.\n\n"
        f"People of {town} waited {2 + place % 9} years for it."
    )
    return {"title": f"A new {thing} for {town}", "text": text, "language": "en"}


def _question(place: int) -> str:
    return f"How much did the {_thing(place)} of {_town(place)} cost?"


def _is_right(verb: str, place: int, reply: Any) -> bool:
    fact = f"{_thing(place)} of {_town(place)} cost {17 + 3 * place} million"
    return fact in (reply["text"] if verb == "ask" else reply[0]["text"])


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = str(Path(sys.executable).with_name("article-qa"))
    lines = folder / "facts.jsonl"
    lines.write_text("".join(json.dumps(_record(place)) + "\n" for place in range(FACTS)))
    library = str(folder / "library")
    subprocess.run([command, "index", str(lines), "--store", library], check=True)
    chat = [command, "chat", "--port", "0", "--rate", "0", "--library", library]
    process = subprocess.Popen(chat, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[4], process
    finally:
        process.terminate()
        process.wait(30)


def _called(http: httpx.Client, verb: str, place: int) -> Any:
    data = {"data": given(_question(place))}
    event = http.post(f"/gradio_api/call/{verb}", json=data).json()["event_id"]
    reply = http.get(f"/gradio_api/call/{verb}/{event}").text
    if "event: complete" not in reply:
        raise RuntimeError(f"no answer but {reply[:200]!r}")
    return json.loads(reply.split("data: ", 1)[1])[0]


def _loaded(
    address: str, server: int, expected: dict[tuple[str, int], Any], seconds: float
) -> Observed:
    reply, end = Observed(), time.monotonic() + seconds

    def client(number: int) -> None:
        verb, place = ("ask", "retrieve")[number % 2], number
        with httpx.Client(base_url=address, timeout=60) as http:
            while time.monotonic() < end:
                place = (place + 7) % FACTS
                started = time.perf_counter()
                try:
                    found = _called(http, verb, place)
                except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
                    reply.wrong[type(error).__name__] += 1
                    continue
                reply.seconds[verb].append(time.perf_counter() - started)
                if _cited(verb, found) != _cited(verb, expected[verb, place]):
                    reply.wrong[f"{verb} answers another thing"] += 1

    def visitor() -> None:
        with httpx.Client(base_url=address, timeout=60) as http:
            page, tries = _Page(http), 0
            while time.monotonic() < end:
                # Each a visitor of an address of its own: one may add twenty in ten minutes.
                tries += 1
                http.headers["X-Forwarded-For"] = f"10.0.{tries // 250}.{tries % 250 + 1}"
                try:
                    page.add(tries)
                    page.remove_newest()
                    reply.changes += 1
                except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
                    reply.wrong[f"visitor: {error}"[:80]] += 1

    def watcher() -> None:
        while time.monotonic() < end:
            reply.megabytes.append(_megabytes(server))
            time.sleep(min(5.0, seconds / 4))

    _together([*(partial(client, number) for number in range(CLIENTS)), visitor, watcher])
    return reply


def _cited(verb: str, reply: Any) -> Any:
    """Return what must not change while articles come and go: scores are of the whole store."""
    if verb == "ask":
        return reply["status"], reply["citations"]
    return reply[0]["article"], reply[0]["start"], reply[0]["text"]


class _Page:
    """A visitor who adds and removes articles as the page does."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        http.get("/")  # a session of its own
        config = http.get("/config").json()
        named = {c["props"].get("elem_id"): c["id"] for c in config["components"]}
        self._events = {
            name: next(
                event["id"]
                for event in config["dependencies"]
                if [named[name], "click"] in event["targets"]
            )
            for name in ("add-text", "remove")
        }
        self._session = ""

    def add(self, number: int) -> None:
        """Add an article, of which there is none like it."""
        text = f"Visitor {number} walked through the forest of Quillon for {number} hours. " * 3
        self._session = f"load-{number}"  # its lists are those that what follows may choose from
        self._done("add-text", [text, f"A walk {number}", []])

    def remove_newest(self) -> None:
        """Remove the article that was added last."""
        listed = self._http.post("/gradio_api/call/articles", json={"data": [FACTS, 10]}).json()
        reply = self._http.get(f"/gradio_api/call/articles/{listed['event_id']}").text
        for article in json.loads(reply.split("data: ", 1)[1])[0]:
            self._done("remove", [article["id"], {}, {}])

    def _done(self, name: str, data: list[Any]) -> None:
        session = self._session
        join = {"data": data, "fn_index": self._events[name], "session_hash": session}
        self._http.post("/gradio_api/queue/join", json=join).raise_for_status()
        path, parameters = "/gradio_api/queue/data", {"session_hash": session}
        with self._http.stream("GET", path, params=parameters) as reply:
            for line in reply.iter_lines():
                if "process_completed" in line:
                    if _SAID[name] not in line:
                        raise RuntimeError(f"{name} was not done: {line[:200]}")
                    return
        raise RuntimeError(f"{name} was not done")


def _megabytes(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return float(np.nan)


if __name__ == "__main__":
    main()
