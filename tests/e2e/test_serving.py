"""The server as somebody runs it for others."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen, run

import httpx
import pytest
from gradio_client import Client

from tests.conftest import ROOT
from tests.processes import started
from ui.auth import account_line
from ui.server import STOPPING

COMMAND = str(Path(sys.executable).with_name("article-qa"))
QUESTION = "what is the trade volume?"


@contextmanager
def chat(*options: str) -> Iterator[tuple[str, Popen[str]]]:
    with started([COMMAND, "chat", "--port", "0", *options], ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            assert process.stderr is not None
            pytest.fail(process.stderr.read())
        yield line.split()[4], process


def stopped(process: Popen[str], how: int = signal.SIGTERM) -> list[dict[str, object]]:
    """Stop the server and return what it logged."""
    process.send_signal(how)
    _, log = process.communicate(timeout=30)
    return [json.loads(line) for line in log.splitlines()]


def test_health_log_and_a_graceful_stop() -> None:
    with chat() as (address, process):
        health = httpx.get(f"{address}/healthz")
        assert (health.status_code, health.json()) == (200, {"status": "ok"})
        answer = Client(address, verbose=False).predict(QUESTION, api_name="/ask")
        assert answer["status"] == "answered"
        log = stopped(process)
        assert process.returncode == 0
    questions = [row for row in log if row["message"] == "question"]
    assert [(q["status"], q["characters"]) for q in questions] == [("answered", len(QUESTION))]
    assert QUESTION not in json.dumps(log)


def test_what_is_being_answered_is_finished_when_it_is_stopped() -> None:
    with chat("--log-questions") as (address, process):
        job = Client(address, verbose=False).submit("trade " * 800, api_name="/ask")
        while job.status().code.name in ("STARTING", "JOINING_QUEUE"):
            time.sleep(0.001)
        started_at = time.monotonic()
        log = stopped(process, signal.SIGINT)
        assert time.monotonic() - started_at < STOPPING  # it was not cut off
        assert process.returncode == 0
    (question,) = [row for row in log if row["message"] == "question"]
    assert question["question"] == "trade " * 800
    assert question["status"] in ("answered", "not_in_article")
    assert job.result(timeout=1)["question"] == question["question"]


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("auth") / "accounts"
    path.write_text(account_line("amel", "open sesame") + "\n")
    return path


def test_accounts(accounts: Path) -> None:
    with chat("--auth", str(accounts)) as (address, _):
        assert httpx.get(f"{address}/healthz").status_code == 200
        for path in ("gradio_api/info", "gradio_api/openapi.json", "config"):
            assert httpx.get(f"{address}/{path}").status_code == 401, path
        joined = httpx.post(
            f"{address}/gradio_api/queue/join",
            json={"data": [QUESTION, 3, None], "fn_index": 0, "session_hash": "x"},
        )
        assert joined.status_code == 401
        assert httpx.post(f"{address}/gradio_api/upload", files={"files": b"x"}).status_code == 401
        client = Client(address, auth=("amel", "open sesame"), verbose=False)
        assert client.predict(QUESTION, api_name="/ask")["status"] == "answered"
        wrong = {"username": "amel", "password": "wrong"}
        codes = [httpx.post(f"{address}/login", data=wrong).status_code for _ in range(11)]
        assert codes == [400] * 10 + [429]


def test_a_client_that_asks_too_often_is_reported() -> None:
    with chat("--rate", "2") as (address, _):
        codes = [
            httpx.post(f"{address}/gradio_api/call/ask", json={"data": [QUESTION]}).status_code
            for _ in range(3)
        ]
        assert codes == [200, 200, 429]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--auth", "no such file"), "--auth no such file cannot be read"),
        (("--feedback", "/dev/null/x"), "--feedback /dev/null/x cannot be written"),
        (("--library", "README.md"), "README.md is a file; --store names a folder"),
        (("--host", "192.0.2.1"), "cannot serve on 192.0.2.1:0"),  # of documentation: nobody's
    ],
)
def test_what_cannot_be_served_is_reported_in_one_line(
    options: tuple[str, ...], reason: str
) -> None:
    done = run([COMMAND, "chat", "--port", "0", *options], capture_output=True, text=True,
               cwd=ROOT, check=False)  # fmt: skip
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--rate", "-1"),
        ("--max-upload", "21"),
        ("--store", "x", "--article", "y"),
        ("--library", "milvus://127.0.0.1:1/news"),
    ],
)
def test_options_that_cannot_be(options: tuple[str, ...]) -> None:
    done = run([COMMAND, "chat", *options], capture_output=True, text=True, check=False)
    assert done.returncode == 2


@pytest.mark.parametrize(("given", "expected"), [("", 1), ("2", 2)])
def test_each_question_is_answered_in_one_thread_unless_set_otherwise(
    given: str, expected: int
) -> None:
    """Asked of the libraries themselves, in a process where nothing was loaded before the chat."""
    program = """
import sys
from qa.command import answering

def serve(*_, **__):
    import faiss, numpy, threadpoolctl, torch
    found = {pool["num_threads"] for pool in threadpoolctl.threadpool_info()}
    print(faiss.omp_get_max_threads(), torch.get_num_threads(), *found)
    return 0

answering._ui_function = lambda name: serve
from qa.cli import main
sys.exit(main(["chat"]))
"""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
    own = {name: value for name, value in os.environ.items() if name not in names}
    own |= {name: given for name in names if given}
    done = run([sys.executable, "-c", program], capture_output=True, text=True, env=own, check=True)
    assert set(map(int, done.stdout.split())) == {expected}


def test_a_library_is_kept(tmp_path: Path) -> None:
    seed = str(ROOT / "seeds" / "putin-invites-tebboune.ar.txt")
    folder = str(tmp_path / "lib")
    with chat("--library", folder) as (address, _):
        assert Client(address, verbose=False).predict(api_name="/articles") == []
    run([COMMAND, "index", seed, "--store", folder], check=True, capture_output=True)
    with chat("--library", folder) as (address, _):
        (listed,) = Client(address, verbose=False).predict(api_name="/articles")
        assert listed["language"] == "ar"


def test_a_large_file_is_refused() -> None:
    with chat("--max-upload", "1") as (address, _):
        sent = httpx.post(
            f"{address}/gradio_api/upload", files={"files": ("a.txt", b"x" * 1_100_000)}
        )
        assert sent.status_code == 413


def test_uploads_stay_in_their_folder_and_are_nobodys_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    with chat() as (address, _):
        for name in (
            "../../evil.txt",
            "/etc/evil.txt",
            "..\\..\\evil.txt",
            "%2e%2e%2fevil.txt",
        ):
            sent = httpx.post(f"{address}/gradio_api/upload", files={"files": (name, b"a text")})
            assert sent.status_code == 200
            (path,) = sent.json()
            assert Path(path).resolve().is_relative_to(tmp_path / "uploads")
            assert httpx.get(f"{address}/gradio_api/file={path}").status_code == 404
        assert not list(tmp_path.glob("*evil*"))
        assert httpx.get(f"{address}/gradio_api/file=/etc/passwd").status_code == 404


def test_a_password_is_hashed_for_the_file(tmp_path: Path) -> None:
    done = run([COMMAND, "password", "amel"], input="open sesame\n", capture_output=True, text=True,
               check=True)  # fmt: skip
    assert done.stdout.startswith("amel:$2b$")
    assert "sesame" not in done.stdout
    short = run([COMMAND, "password", "amel"], input="short\n", capture_output=True, text=True,
                check=False)  # fmt: skip
    assert (short.returncode, short.stderr) == (1, "article-qa: a password has 8 to 72 bytes\n")
