"""Eighty pages as publishing systems make them, by someone who did not know the reader.

The reader was mended by the first two sets, and only measured by the third.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article, read_article

FOLDER = Path(__file__).parents[3] / "data" / "pages"


@pytest.fixture(scope="module", params=["first", "second", "third"])
def read(request: pytest.FixtureRequest) -> list[tuple[dict[str, Any], Article]]:
    folder = FOLDER / str(request.param)
    rows = map(json.loads, (folder / "pages.jsonl").read_text("utf-8").splitlines())
    return [(row, read_article(folder / row["file"])) for row in rows]


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold().replace(", ", " and ")


def test_no_day_and_no_author_is_made_up(read: list[tuple[dict[str, Any], Article]]) -> None:
    days = [
        (row["file"], page.date) for row, page in read if page.date and page.date != row["date"]
    ]
    assert days == []
    names = [(row["file"], page.byline) for row, page in read if page.byline and not row["byline"]]
    assert len(names) <= 1, names  # a newspaper that signs as itself


def test_what_the_publisher_says_is_found(read: list[tuple[dict[str, Any], Article]]) -> None:
    right: Counter[str] = Counter()
    for row, page in read:
        right["title"] += _flat(page.title) == _flat(row["title"])
        right["date"] += page.date == row["date"]
        right["byline"] += _flat(page.byline) == _flat(row["byline"])
    assert right["title"] >= len(read) - 1, right
    assert right["date"] >= len(read) - (1 if len(read) == 30 else 4), right
    assert right["byline"] >= len(read) - 3, right


def test_the_text_is_kept_and_the_rest_is_not(read: list[tuple[dict[str, Any], Article]]) -> None:
    lost = [
        (row["file"], words)
        for row, page in read
        for words in row["has"]
        if _flat(words) not in _flat(page.text)
    ]
    assert lost == []
    unwanted = [
        words for row, page in read for words in row["lacks"] if _flat(words) in _flat(page.text)
    ]
    assert len(unwanted) <= (3 if len(read) == 30 else 9), unwanted
