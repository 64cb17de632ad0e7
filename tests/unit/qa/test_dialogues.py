"""Dialogues of two and three turns in four languages over five articles, with gold sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.api import ArticleQA
from tests.conftest import ROOT

FOLDER = Path(__file__).parents[2] / "data" / "dialogues"
LEAST = 0.8  # of the follow-ups cite the gold sentence

pytestmark = pytest.mark.slow


def read() -> list[dict[str, Any]]:
    lines = (FOLDER / "dialogues.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def open_article(name: str) -> ArticleQA:
    folder = FOLDER if (FOLDER / name).exists() else ROOT / "seeds"
    return ArticleQA.from_files(folder / name)


def test_golds_stand_in_their_articles() -> None:
    names = {row["article"] for row in read()}
    texts = {name: open_article(name).store.articles[0].text for name in names}
    assert len(texts) == 5
    for row in read():
        for _, gold in row["turns"]:
            assert any(words in texts[row["article"]] for words in gold.split("|")), gold


def test_follow_ups_find_their_sentences() -> None:
    articles: dict[str, ArticleQA] = {}
    missed, asked = [], 0
    for row in read():
        name = row["article"]
        articles.setdefault(name, open_article(name))
        talk = articles[name].conversation()
        for turn, (question, gold) in enumerate(row["turns"]):
            answer = talk.ask(question)
            found = any(words in c.quote for c in answer.citations for words in gold.split("|"))
            if turn:
                asked += 1
                missed += [] if found else [(question, answer.text[:60])]
    assert asked >= 40
    assert 1 - len(missed) / asked >= LEAST, missed
