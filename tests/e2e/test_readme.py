"""Every command and program of the README, as it stands there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.tables import renewed
from index.embedder import Embedder
from index.store import Store
from tests.conftest import ROOT
from tests.processes import interrupt, started
from tests.serving import served

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_readme_has_what_these_tests_run() -> None:
    assert COMMANDS[:2] == ["make chat", "make test"]
    assert len(PROGRAMS) == 4
    lines = [line for line in PROGRAMS[0].splitlines() if line]
    assert len(lines) == 5, "five lines of Python"
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command(command: str) -> None:
    words = shlex.split(command)
    if words[0] == "make":
        # `make test` is what runs this; `make chat` has a test of its own.
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return
    words[0] = str(Path(sys.executable).with_name(words[0]))
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    if words[1] == "ask":
        assert "3 مليارات دولار" in done.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program(program: str, chat: str) -> None:
    program = program.replace("http://127.0.0.1:7860", chat)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    if "trade volume" in program:
        assert "3 مليارات دولار" in done.stdout


@pytest.fixture(scope="module")
def chat(store: Store, embedder: Embedder) -> Iterator[str]:
    with served(store, embedder) as address:
        yield address


def test_make_chat_serves() -> None:
    if not (ROOT / ".venv" / ".installed").exists():
        pytest.skip("make has not made .venv here; run the tests by `make test`")
    with started(["make", "chat", "CHAT=--port 0"], ROOT) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("The chat is at http://127.0.0.1:") for line in lines)
        interrupt(process)


@pytest.mark.parametrize(
    ("page", "tables"),
    [
        ("README.md", ["summary"]),
        (
            "docs/benchmarks.md",
            [
                "retrieval",
                "rerank",
                "languages",
                "reading",
                "kinds",
                "refusals",
                "article",
                "speed",
            ],
        ),
        ("docs/serving.md", ["fuzz", "serving", "page"]),
        ("docs/scale.md", ["growth", "vectors", "load", "engine"]),
        ("docs/formats.md", ["formats"]),
    ],
)
def test_the_tables_are_made_of_the_benchmarks_figures(page: str, tables: list[str]) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert re.findall(r"<!-- table: (\w+) -->\n\|", text) == tables
    assert renewed(text) == text


def test_a_figure_of_the_table_is_that_of_the_file() -> None:
    """By another way than the tables are made."""
    figures = json.loads((ROOT / "benchmarks/results/quality.json").read_text("utf-8"))["figures"]
    page = (ROOT / "docs/benchmarks.md").read_text("utf-8")
    (row,) = re.findall(r"^\| XQuAD ru → ar \|(.*)\|$", page.split("table: rerank")[0], re.M)
    components = figures["xquad ru-ar"]
    expected = [components[part]["ndcg@10"] for part in ("dense", "late", "bm25", "all")]
    expected += [components["all"]["recall@1"], components["all"]["recall@5"]]
    assert [cell.strip(" *") for cell in row.split("|")] == [f"{x:.3f}" for x in expected]
