"""Requests that the page would never send, to a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.embedder import Embedder
from index.store import Store
from tests.serving import served

JSON = {"Content-Type": "application/json"}
SECRET = "The secret of the house is 42 metres."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with something that nobody uploaded."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "secret.txt").write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def address(store: Store, embedder: Embedder, place: Path) -> Iterator[str]:
    with (
        pytest.MonkeyPatch.context() as patch,
        served(store, embedder, feedback=place / "feedback.jsonl") as where,
    ):
        patch.setenv("GRADIO_TEMP_DIR", str(place / "uploads"))
        yield where


@pytest.fixture(scope="module")
def http(address: str) -> Iterator[httpx.Client]:
    """One client for all: to make one takes 30 ms."""
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def events(http: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get("/config").json()["dependencies"]
    return found


def joined(http: httpx.Client, event: int, data: list[Any], **more: Any) -> tuple[int, str]:
    """Run an event as a browser does; return the status and all that was said."""
    session = f"hostile{threading.get_ident()}"
    asked = {"data": data, "fn_index": event, "session_hash": session, **more}
    sent = http.post("/gradio_api/queue/join", content=json.dumps(asked), headers=JSON)
    if sent.status_code != 200:
        return sent.status_code, sent.text
    said = ""
    with http.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as reported:
        for line in reported.iter_lines():
            said += line
            if "process_completed" in line or "close_stream" in line:
                break
    return 200, said


def file(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **more}


def test_no_event_reads_or_deletes_what_was_not_uploaded(http: httpx.Client, place: Path) -> None:
    path = str(place / "secret.txt")
    for event in events(http):
        count = len(event["inputs"])
        for hostile in (file(path), file(path, is_stream=True), {"path": path}, [file(path)]):
            status, said = joined(http, event["id"], [hostile, *[[]] * (count - 1)][:count])
            assert SECRET[:10] not in said
            assert count == 0 or (status, json.loads(said)["detail"]) == (
                400, "this file was not uploaded",
            )  # fmt: skip
    assert (place / "secret.txt").read_text() == SECRET


@pytest.mark.parametrize("path", ["/dev/zero", "/etc/passwd", "http://127.0.0.1:1/x.txt"])
def test_devices_and_addresses_are_not_read(http: httpx.Client, path: str) -> None:
    (adding,) = (e["id"] for e in events(http) if any(t[1] == "upload" for t in e["targets"]))
    assert joined(http, adding, [file(path), []])[0] == 400
    assert http.get("/healthz", timeout=5).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["file=http://127.0.0.1:1/", "file=/etc/passwd", "file/etc/passwd", "proxy=http://127.0.0.1:1/",
     "run/predict", "api/ask", "run/ask", "component_server", "process_recording", "stream/x",
     "vibe-code", "custom_component/a/b/c/d", "profiling/summary", "dev/reload", "runs", "../x"],
)  # fmt: skip
def test_of_gradios_ways_those_that_are_needed_are_open(http: httpx.Client, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        assert http.request(method, f"/gradio_api/{path}").status_code == 404


BAD: tuple[Any, ...] = (
    None, -1, 1.5, True, "", "x" * 5_000, "\ud800", "\0", "\u202e", [], [None], [[["x"]]], {},
    {"a": 1},
    {"user": None, "kept": [{}]}, {"user": None, "kept": "x"}, [{"question": 1}], float("1e308"),
)  # fmt: skip


def test_nonsense_harms_nobody(http: httpx.Client) -> None:
    """Events with every kind of nonsense: nothing is reported of the server's inside."""
    # Each event gets every other kind, and each kind goes to every other event. Events that run in
    # the browser alone are the same code to the server: a sixth is enough.
    tries = [
        (event, bad)
        for event in events(http)
        for every in [2 if event["backend_fn"] else 6]
        for bad in BAD[event["id"] % every :: every]
    ]

    def send(event: dict[str, Any], bad: Any) -> tuple[int, str]:
        data = [bad] * len(event["inputs"])
        return joined(http, event["id"], data, event_data={"index": bad, "value": bad})

    with ThreadPoolExecutor(8) as pool:  # Gradio answers an event a twentieth of a second late
        for (event, bad), (status, said) in zip(
            tries, pool.map(lambda one: send(*one), tries), strict=True
        ):
            assert status in (200, 400, 500), (event["id"], bad, said)
            assert "Traceback" not in said
            assert "/ui/" not in said
    asked = ["what is the trade volume?", 3, *[None] * 5]
    sent = http.post("/gradio_api/call/ask", json={"data": asked}).json()
    assert "answered" in http.get(f"/gradio_api/call/ask/{sent['event_id']}").text


def test_half_a_character_is_refused_and_a_whole_one_is_not(http: httpx.Client) -> None:
    asked = "/gradio_api/call/ask"
    half = http.post(asked, content=b'{"data": ["what \\ud800 is it?", 3, null]}', headers=JSON)
    assert (half.status_code, half.json()["detail"]) == (400, "this is not JSON in valid Unicode")
    whole = http.post(asked, content=b'{"data": ["\\ud83d\\ude00 ?", 3, null]}', headers=JSON)
    assert whole.status_code == 200


def test_what_the_page_itself_asks_for_is_open(http: httpx.Client) -> None:
    for path in ("info", "openapi.json", "app_id", "startup-events"):
        assert http.get(f"/gradio_api/{path}").status_code == 200
