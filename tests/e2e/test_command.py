"""The command as a user runs it: its two streams and its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.articles import Article
from qa.answer import EMPHASIS
from tests.conftest import ROOT
from tests.processes import interrupt, run, run_process, started

ARTICLE = ROOT / "seeds" / "putin-invites-tebboune.ar.txt"
QUESTIONS = [
    "what is the trade volume?",
    "ما هو حجم التبادل التجاري؟",
    "quel est le volume des échanges commerciaux ?",
    "каков объём товарооборота?",
]


SEED = "seeds/putin-invites-tebboune.ar.txt"


@pytest.mark.parametrize("question", QUESTIONS)
def test_ask_cites_the_sentence(question: str, article: Article) -> None:
    done = run("ask", question, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert set(answer) == {
        "question", "completed", "retrieval_question", "status", "text", "confidence", "span",
        "span_confidence", "emphasised", "notice", "statements", "citations", "passages", "about",
        "localised",
        "romanised",
        "evidence",
    }  # fmt: skip
    assert answer["question"] == question
    assert answer["status"] == "answered"
    (citation,) = answer["citations"]
    assert set(citation) == {"article", "start", "end", "quote", "locator"}
    assert "3 مليارات دولار" in citation["quote"]
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert answer["emphasised"] == (answer["span_confidence"] >= EMPHASIS)
    assert answer["span"]["quote"].strip(" .،") in citation["quote"]
    assert [p["rank"] for p in answer["passages"]] == [1, 2, 3]
    for passage in answer["passages"]:
        assert set(passage) == {"article", "start", "end", "text", "score", "rank"}
        assert article.text[passage["start"] : passage["end"]] == passage["text"]


def test_ask_for_a_person() -> None:
    done = run_process("ask", QUESTIONS[0])
    assert done.returncode == 0
    sentence, *words, sure, place = done.stdout.splitlines()
    assert re.fullmatch(r"  (sure|likely|not sure) \(0\.\d\d\)", sure)
    assert [line.split(") (")[0] for line in words] == ["  > 3 billion dollars (3 مليارات دولار"]
    assert "3 مليارات دولار" in sentence
    assert place.startswith("  [1] بوتين")
    assert "characters 508-763" in place


def test_a_greeting_exits_4_with_a_line_on_what_can_be_asked() -> None:
    done = run("ask", "مرحبا")
    assert (done.returncode, done.stderr) == (4, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith("اسأل عن شيء")
    answer = json.loads(run("ask", "hello", "--json").stdout)
    assert (answer["status"], answer["citations"], answer["about"]) == ("not_a_question", [], None)


def test_a_question_about_the_article_itself() -> None:
    done = run("ask", "who wrote it?")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "منال.ب"
    assert "characters 43-49" in done.stdout
    unknown = run("ask", "when was it published?", "--json")
    assert unknown.returncode == 3
    assert json.loads(unknown.stdout)["about"] == "date"


def test_what_the_article_does_not_tell_exits_3() -> None:
    done = run_process("ask", "What is the capital of Mongolia?", "--json")
    assert done.returncode == 3
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["citations"]) == ("not_in_article", [])
    done = run("ask", "What is the capital of Mongolia?")
    assert (done.returncode, done.stdout) == (3, "The article does not say.\n")


def test_k_shows_more_but_does_not_change_the_answer() -> None:
    answers = [json.loads(run("ask", QUESTIONS[0], "--json", "--k", k).stdout) for k in "125"]
    assert [len(answer["passages"]) for answer in answers] == [1, 2, 5]
    assert len({answer["text"] for answer in answers}) == 1
    assert len({answer["confidence"] for answer in answers}) == 1


def test_two_who_index_at_once_lose_nothing(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"The river number {number} rose by 3 metres.")
    command = str(Path(sys.executable).with_name("article-qa"))
    started = [
        subprocess.Popen(
            [command, "index", str(tmp_path / f"{number}.txt"), "--store", str(tmp_path / "s")],
            stderr=subprocess.DEVNULL,
        )
        for number in range(4)
    ]
    assert [process.wait(timeout=120) for process in started] == [0, 0, 0, 0]
    done = run("index", tmp_path / "0.txt", "--store", tmp_path / "s")
    assert "articles: 4" in done.stderr


def test_another_chunk_size_is_not_ignored(tmp_path: Path) -> None:
    run("index", ARTICLE, "--store", tmp_path / "s")
    done = run("index", ARTICLE, "--store", tmp_path / "s", "--chunk-size", "300")
    assert done.returncode == 1
    assert "was cut at 800 characters" in done.stderr
    assert "--replace" in done.stderr


def test_k_and_own_files(tmp_path: Path) -> None:
    (tmp_path / "river.txt").write_text(
        "The river rose by 3.2 metres on Monday.\n\nNobody was hurt."
    )
    (tmp_path / "bridge.md").write_text("# Bridge\n\nThe new bridge is 900 metres long.")
    files = ["--article", tmp_path / "river.txt", tmp_path / "bridge.md"]
    done = run("ask", "How long is the bridge?", "--k", "1", "--json", *files)
    answer = json.loads(done.stdout)
    assert answer["citations"][0]["quote"] == "The new bridge is 900 metres long."
    assert len(answer["passages"]) == 1


def test_index_then_ask_the_store(tmp_path: Path) -> None:
    (tmp_path / "river.txt").write_text("The river rose by 3.2 metres on Monday.")
    done = run_process("index", tmp_path / "river.txt", "--store", tmp_path / "s")
    assert (done.returncode, done.stdout) == (0, "")
    assert "articles: 1, chunks: 1, in" in done.stderr
    done = run("index", ARTICLE, "--store", tmp_path / "s")
    assert "articles: 2" in done.stderr
    done = run("ask", "how many metres did the river rise?", "--store", tmp_path / "s")
    assert done.stdout.startswith("The river rose by 3.2 metres")
    done = run("index", ARTICLE, "--store", tmp_path / "s", "--replace")
    assert "articles: 1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "x", "--article", "bad.pdf"], "article-qa: bad.pdf: this PDF is damaged"),
        (["ask", "x" * 10_001], "article-qa: 10,001 characters; the limit is 10,000"),
        (["ask", " "], "article-qa: the question is empty; ask something about the article"),
        (["ask", "x", "--article", "no.txt"], "article-qa: no.txt: there is no such file"),
        (["ask", "x", "--store", "none"], "article-qa: none holds no store; rebuild it with:"),
        (["ask", "x", "--model", "./none"], "article-qa: the model folder ./none does not exist"),
        (
            ["ask", "x", "--model", "no/such"],
            "article-qa: the model 'no/such' is not on this machine",
        ),
        (["index", "no.txt", "--store", "s"], "article-qa: no.txt: there is no such file"),
        (["eval", "no.json"], "article-qa: no.json: cannot be read (No such file or directory)"),
    ],
)
def test_errors_are_one_line_and_exit_1(arguments: list[str], line: str, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"not a pdf")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(line)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ask"],
        ["fly"],
        ["ask", "x", "--k", "0"],
        ["ask", "x", "--k", "three"],
        ["ask", "x", "--store", "s", "--article", "a.txt"],
        ["chat", "--port", "70000"],
        ["index", "a.txt"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    done = run_process(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "article-qa" in done.stderr


@pytest.mark.parametrize("verb", ["", "ask", "index", "chat", "eval"])
def test_help(verb: str) -> None:
    done = run(*filter(None, [verb]), "--help")
    assert done.returncode == 0
    assert "usage: article-qa" in done.stdout
    assert verb or 'article-qa ask "what is the trade volume?"' in done.stdout


def _lines(tmp_path: Path) -> Path:
    rows = [
        {"id": "1", "lang": "en", "question": QUESTIONS[0], "answer": "3 مليارات دولار",
         "answer_start": 584},
        {"id": "2", "lang": "ru", "question": QUESTIONS[3], "answer": "3 مليارات دولار",
         "answer_start": 584},
        {"id": "3", "lang": "en", "question": "What is the capital of Mongolia?", "answer": None},
    ]  # fmt: skip
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


KEYS = [
    "n", "ndcg@10", "recall@1", "recall@3", "recall@5", "recall@10", "mrr@10",
    "sentence_accuracy", "exact_match", "f1", "refusal_precision", "refusal_recall",
]  # fmt: skip


def test_eval_json(tmp_path: Path) -> None:
    done = run("eval", _lines(tmp_path), "--article", ARTICLE, "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert list(found) == [*KEYS, "by_language"]
    assert list(found["by_language"]) == ["en", "ru"]
    assert list(found["by_language"]["en"]) == KEYS
    assert (found["n"], found["recall@1"], found["refusal_recall"]) == (3, 1.0, 1.0)


def test_eval_table(tmp_path: Path) -> None:
    done = run_process("eval", _lines(tmp_path), "--article", ARTICLE)
    head, columns, *rows = done.stdout.splitlines()
    assert head.startswith("articles: 1, chunks: 18, model: article-qa-static@")
    assert columns.split() == ["all", "en", "ru"]
    assert [row.split()[0] for row in rows] == KEYS


@pytest.mark.parametrize("more", [f"--article {SEED}", "--llm http://127.0.0.1:1/v1 --llm-model m"])
def test_a_closed_stderr_leaves_the_answer_whole(more: str) -> None:
    command = f"{Path(sys.executable).with_name('article-qa')} ask '{QUESTIONS[0]}' --json {more}"
    done = subprocess.run(
        ["bash", "-c", f"{command} 2>&-"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "answered"


def test_a_file_name_that_is_not_utf_8_is_shown(tmp_path: Path, article: Article) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(path)).write_text(article.text, encoding="utf-8")
    done = run_process("ask", QUESTIONS[0], "--article", os.fsdecode(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "(\ufffd.txt, characters" in done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{Path(sys.executable).with_name('article-qa')} ask '{QUESTIONS[0]}' | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_answer_is_utf_8_in_any_locale() -> None:
    command = [str(Path(sys.executable).with_name("article-qa")), "ask", QUESTIONS[0]]
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "3 مليارات دولار" in done.stdout.decode("utf-8")


def test_a_bad_host_is_one_line() -> None:
    done = run_process("chat", "--host", "nosuchhost.invalid", "--port", "7951")
    assert done.returncode == 1
    assert done.stderr.startswith("article-qa: cannot serve on nosuchhost.invalid:7951")
    assert done.stderr.count("\n") == 1


def test_control_c_stops_the_chat_cleanly() -> None:
    command = [str(Path(sys.executable).with_name("article-qa")), "chat", "--port", "0"]
    with started(command, ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The chat is at http://127.0.0.1:")
        _, errors = interrupt(process)
    assert "Traceback" not in errors
    assert process.returncode in (0, 130)


def test_a_taken_port_is_one_line() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_process("chat", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"article-qa: cannot serve on 127.0.0.1:{port}")
    assert done.stderr.count("\n") == 1
