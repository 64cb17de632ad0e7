"""The command's ways to ask: after another question, with reasons, with an LLM."""

from __future__ import annotations

import json
import sys
import time

from tests.conftest import ROOT
from tests.e2e.test_command import QUESTIONS
from tests.llm_server import llm_server
from tests.processes import interrupt, run, started


def test_a_follow_up_is_completed() -> None:
    done = run("ask", "а куда?", "--after", "Кто пригласил президента Алжира?", "--json")
    answer = json.loads(done.stdout)
    assert answer["question"] == "а куда?"
    assert answer["completed"].startswith("а куда? (")
    assert "لزيارة موسكو" in answer["text"]


def test_reasons_are_reported() -> None:
    done = run("ask", QUESTIONS[1], "--explain")
    assert "passage 1: " in done.stdout
    assert "dense +" in done.stdout
    assert "  التبادل ~ التبادل (1.00)" in done.stdout
    reasons = json.loads(run("ask", QUESTIONS[1], "--explain", "--json").stdout)["explanation"]
    assert [reason["rank"] for reason in reasons] == [1, 2, 3]
    assert list(reasons[0]["scores"]) == [
        "dense", "late", "sentence", "lexical", "spelling", "fused",
    ]  # fmt: skip


def test_an_llm_writes_the_answer() -> None:
    with llm_server() as (url, _):
        done = run("ask", QUESTIONS[0], "--llm", url, "--llm-model", "two")
        assert done.returncode == 0
        first, second, sure, place = done.stdout.splitlines()
        assert sure.startswith(("  sure", "  likely", "  not sure"))
        assert first == "Trade is 3 billion dollars. [1]"
        assert second == "Oil costs 90 dollars. (not supported by the passages)"
        assert place.startswith("  [1] بوتين")
        done = run("ask", QUESTIONS[0], "--llm", url, "--llm-model", "missing")
    assert "has no model 'missing'" in done.stderr
    assert "3 مليارات دولار" in done.stdout


def test_what_an_llm_writes_is_printed_as_it_comes_and_can_be_stopped() -> None:
    with llm_server() as (url, _):
        command = [sys.executable, "-m", "qa.cli", "ask", QUESTIONS[0], "--llm", url]
        with started([*command, "--llm-model", "slow"], ROOT) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "Trade is 3 billion dollars. [1]\n"
            assert process.poll() is None
            before = time.monotonic()
            assert interrupt(process) == ("", "interrupted\n")
            assert process.returncode == 130
            assert time.monotonic() - before < 15  # the server sleeps for thirty seconds


def test_an_llm_needs_both_its_names() -> None:
    done = run("ask", QUESTIONS[0], "--llm", "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert done.stderr == ("article-qa: --llm URL and --llm-model NAME go together; give both\n")
