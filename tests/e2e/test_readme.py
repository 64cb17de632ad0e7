"""Every command and program of the README, as it stands there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.processes import interrupt, started

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_readme_has_what_these_tests_run() -> None:
    assert COMMANDS[:2] == ["make chat", "make test"]
    assert len(PROGRAMS) == 2
    assert len(PROGRAMS[0].splitlines()) == 5


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
def test_a_program(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 مليارات دولار" in done.stdout


def test_make_chat_serves() -> None:
    if not (ROOT / ".venv" / ".installed").exists():
        pytest.skip("make has not made .venv here; run the tests by `make test`")
    with started(["make", "chat", "CHAT=--port 0"], ROOT) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("The chat is at http://127.0.0.1:") for line in lines)
        interrupt(process)


def test_the_figures_are_those_of_the_benchmark() -> None:
    retrieval, _ = README.split("<!-- figures: benchmarks/results/reading.json")
    figures = json.loads((ROOT / "benchmarks/results/quality.json").read_text("utf-8"))["figures"]
    shown = re.findall(
        r"^\| (?:XQuAD|ARCD) [^|]*?(\w\w) → (\w\w) \|(.*)\|$", retrieval, re.MULTILINE
    )
    assert len(shown) == 10
    for asked, told, cells in shown:
        source = "arcd" if f"| ARCD test {asked} → {told} |{cells}|" in retrieval else "xquad"
        parts = figures[f"{source} {asked}-{told}"]
        everything = parts["all"]
        expected = [
            parts["dense"]["ndcg@10"], parts["late"]["ndcg@10"], parts["bm25"]["ndcg@10"],
            everything["ndcg@10"], everything["recall@1"], everything["sentence_accuracy"],
        ]  # fmt: skip
        assert [cell.strip(" *") for cell in cells.split("|")] == [f"{x:.3f}" for x in expected]


def test_the_figures_of_reading_are_those_of_the_benchmark() -> None:
    _, reading = README.split("<!-- figures: benchmarks/results/reading.json")
    figures = json.loads((ROOT / "benchmarks/results/reading.json").read_text("utf-8"))["figures"]
    rows = re.findall(r"^\| ((?:XQuAD|ARCD)[^|]*?) \| (.*) \|$", reading, re.MULTILINE)
    assert len(rows) == len(figures["reading"])
    for (name, cells), found in zip(rows, figures["reading"].values(), strict=True):
        given, every = found["paragraph given"], found["all paragraphs"]
        scores = ("sentence", "exact_match", "f1")
        expected = [given[s] for s in scores] + [every[s] for s in scores]
        expected += [given["emphasised"], given["emphasised rightly"]]
        assert cells.split(" | ")[:8] == [f"{x:.3f}" for x in expected], name
    for direction, found in figures["refusals"].items():
        (cells,) = re.findall(
            rf"^\| {direction.replace('-', ' → ')} \| (.*) \|$", reading, re.MULTILINE
        )
        scores = [value for key, value in found.items() if key not in ("n", "risk at coverage")]
        assert cells.split(" | ")[:6] == [f"{x:.3f}" for x in scores], direction
