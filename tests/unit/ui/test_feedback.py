from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ArticleQAError
from ui.logs import Feedback
from ui.talk import CitedPlace, Turn

TURN = Turn("كم؟", "ar", "answered", "3", places=(CitedPlace("a", "t", "s", 1, 0, 1, "3"),),
            store="store1")  # fmt: skip


def test_a_line_holds_question_answer_citations_and_store(tmp_path: Path) -> None:
    Feedback(tmp_path / "new" / "f.jsonl").keep(TURN, True)
    (row,) = map(json.loads, (tmp_path / "new" / "f.jsonl").read_text("utf-8").splitlines())
    assert row.pop("time").startswith("20")
    assert row == {
        "liked": True, "question": "كم؟", "status": "answered", "answer": "3", "store": "store1",
        "citations": [{"article": "a", "title": "t", "source": "s", "paragraph": 1, "start": 0,
                       "end": 1, "quote": "3", "kind": "", "locator": "", "language": ""}],
    }  # fmt: skip


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"before": 1}\n')
    feedback = Feedback(path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: feedback.keep(replace(TURN, store=str(n)), n % 2 == 0), range(200)))
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {row.get("store") for row in rows} == {None, *map(str, range(200))}


def test_a_file_that_cannot_be_written_is_reported_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ArticleQAError, match="cannot be written .*; name another file"):
        Feedback(tmp_path)
