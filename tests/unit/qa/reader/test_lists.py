"""Lists: what introduces them and their items, and when they answer as a whole."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.api import ArticleQA
from qa.reader.lists import find_lists
from tests.conftest import ROOT

WARD = """Visiting the ward

Visitors may come from 2 to 6 in the afternoon.

The following items are allowed in the ward:

- bottled water
- fresh fruit
- mobile phones

Flowers are not allowed."""
PRICES = """Swimming pool prices

Tickets are sold at the desk:

Adults: 8 euros

Children under 12: 4 euros

Season ticket: 120 euros

The pool is open from 9 to 20."""


def lists(text: str) -> list[tuple[str | None, list[str]]]:
    return [
        (
            text[slice(*each.introduction)] if each.introduction else None,
            [text[slice(*i)] for i in each.items],
        )
        for each in find_lists(text)
    ]


def test_items_with_marks_and_the_line_before_them() -> None:
    assert lists(WARD) == [
        (
            "The following items are allowed in the ward:",
            ["- bottled water", "- fresh fruit", "- mobile phones"],
        )
    ]


def test_short_lines_behind_a_colon_as_web_pages_are_read() -> None:
    assert lists(PRICES) == [
        (
            "Tickets are sold at the desk:",
            ["Adults: 8 euros", "Children under 12: 4 euros", "Season ticket: 120 euros"],
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rules\n1. Take a shower.\n2. Put on a cap.", ("Rules", 2)),
        ("القواعد:\n• الاستحمام\n• القبعة", ("القواعد:", 2)),
        ("He left the house early.\n- one\n- two", (None, 2)),
        ("a) one\nb) two\nc) three", (None, 3)),
        ("规定：\n- 洗澡\n- 戴帽子", ("规定：", 2)),
        ("Prices\n\nAdults: 8 euros\nChildren : 4 euros\nDogs: free\n\nIt is open.", ("Prices", 3)),
        (
            "The pool is new. It cost £3. Keep to these hours:\n\n- Monday\n- Friday",
            ("Keep to these hours:", 2),
        ),
    ],
)
def test_marks_of_items(text: str, expected: tuple[str | None, int]) -> None:
    ((lead, items),) = lists(text)
    assert (lead, len(items)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "- only one",
        "He said:\n\nThe bridge is old.\n\nIt was built in 1902.",  # sentences, not items
        "— Are you coming?\n— No, I am not.\n— Why?",  # a dialogue
        "Two lines\nwithout marks",
        "- " + "a long paragraph " * 30 + "\n- " + "another one " * 40,
        "1. one\n- two",
        "Prices\n\nAdults: 8 euros\nDogs: free\n\nIt is open.",
        "One\n\nhttps://a.example/x\nhttps://b.example/y\nhttps://c.example/z",
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert lists(text) == []


@given(st.text(alphabet="ab-•1.: \n", max_size=200))
def test_lists_lie_in_the_text_in_order(text: str) -> None:
    cursor = 0
    for each in find_lists(text):
        assert cursor <= each.span[0]
        assert len(each.items) >= 2
        for start, end in each.items:
            assert cursor <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            cursor = end


def test_a_question_for_all_of_a_list_is_answered_by_the_whole() -> None:
    answer = ArticleQA.from_text(WARD).ask("Which items are allowed in the ward?")
    start = WARD.index("The following")
    whole = WARD[start : WARD.index("phones") + len("phones")]
    assert [citation.quote for citation in answer.citations] == [whole]
    assert answer.citations[0].start == start
    assert answer.span is None
    assert answer.confidence > 0.7


@pytest.mark.slow
def test_questions_about_lists_by_somebody_else() -> None:
    """Of 27 questions for a whole list and 24 for something else, so many are cited rightly."""
    rows = [json.loads(line) for line in (ROOT / "tests/data/lists.jsonl").open(encoding="utf-8")]
    right = Counter[bool]()
    for row in rows:
        answer = ArticleQA.from_text(row["text"]).ask(row["question"])
        quotes = [citation.quote for citation in answer.citations]
        found = any(row["quote"] in quote for quote in quotes)
        right[row["whole"]] += found and (not row["whole"] or any("\n" in q for q in quotes))
    assert len(rows) == 51
    assert right[True] >= 15
    assert right[False] >= 20


def test_a_question_for_one_item_is_answered_by_it() -> None:
    answer = ArticleQA.from_text(PRICES).ask("How much does a season ticket cost?")
    assert answer.text == "Season ticket: 120 euros"
    assert answer.short_answer == "120 euros"


def test_a_list_in_several_passages_is_cited_whole() -> None:
    sides, trees = ("North", "South", "East", "West"), ("Oak", "Elm", "Ash", "Pine", "Lime", "Fir")
    streets = [f"- {side} {tree} Street, from the river to the square"
               for side in sides for tree in trees]  # fmt: skip
    lead = "These streets are closed to cars on Sunday:"
    text = "\n".join(["The market moves in May.", "", lead, *streets])
    answer = ArticleQA.from_text(text).ask("Which streets are closed on Sunday?")
    assert len({passage.chunk.start for passage in answer.passages}) > 1
    assert answer.text == "\n".join([lead, *streets])
