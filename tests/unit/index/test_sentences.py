"""Sentence ends: hard cases in eight languages, and texts that have no marks at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import cut_roughly, sentence_spans
from tests.conftest import ROOT


def cases(name: str) -> list[tuple[str, str, list[str]]]:
    lines = (ROOT / "tests/data/sentences" / name).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    space = {"zh": ""}
    return [
        (row["language"], row.get("join", space.get(row["language"], " ")), row["sentences"])
        for row in rows
    ]


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


# The second and the third were written by people who had not seen the rules.
@pytest.mark.parametrize(
    ("name", "count", "most_wrong"),
    [("first.jsonl", 117, 3), ("second.jsonl", 166, 16), ("third.jsonl", 96, 2)],
)
def test_hard_cases(name: str, count: int, most_wrong: int) -> None:
    found = [
        sentences(join.join(parts), language) == parts for language, join, parts in cases(name)
    ]
    assert len(found) == count
    assert found.count(False) <= most_wrong


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [  # words that are abbreviations elsewhere
        ("He said no. She left.", "en", ["He said no.", "She left."]),
        ("I like art. He does not.", "en", ["I like art.", "He does not."]),
        ("He sat. She stood.", "en", ["He sat.", "She stood."]),
        ("It was in March. 40 people came.", "en", ["It was in March.", "40 people came."]),
        ("Er ging 1990. Sie blieb.", "de", ["Er ging 1990.", "Sie blieb."]),
        ("Он пришёл в 9. Она ушла.", "ru", ["Он пришёл в 9.", "Она ушла."]),
        (
            "They lack vitamin D. The rest is fine.",
            "en",
            ["They lack vitamin D.", "The rest is fine."],
        ),
        ("It is over. iPhone sales fell.", "en", ["It is over.", "iPhone sales fell."]),
        ("C'est le siècle XIX. On l'oublie.", "fr", ["C'est le siècle XIX.", "On l'oublie."]),
        ("انتهى الاجتماع.غادر الوزراء.", "ar", ["انتهى الاجتماع.", "غادر الوزراء."]),
        ("投票结束了。14个政党未能过线。", "zh", ["投票结束了。", "14个政党未能过线。"]),
    ],
)
def test_ends_that_are_ends(text: str, language: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Selon J. Le Goff, tout change.", "fr"),
        ("“Are you coming?” Mrs. Ivory asked.", "en"),
        ("Роман «Что делать?» Чернышевский написал в крепости.", "ru"),
        ("她写道：“我不去。他也不去。”", "zh"),
        ("كتاب «ماذا خسر العالم؟» في القاهرة.", "ar"),
        ("She worked for Yahoo! Japan.", "en"),
        ("1. Wait 5 min.", "en"),
    ],
)
def test_marks_that_end_no_sentence(text: str, language: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize("mark", ["", ",", "،"])
def test_a_text_without_sentence_marks_is_cut_into_readable_pieces(mark: str) -> None:
    text = f"the reservoir above dunmere is now only eleven percent full{mark} " * 40
    found = sentences(text, "en")
    assert max(map(len, found)) <= 500
    assert min(map(len, found)) >= 40
    assert " ".join(found) == text.strip()
    if mark:
        assert all(piece.endswith(mark) for piece in found)


@given(st.text(alphabet="ab. و،\n", max_size=3_000))
def test_pieces_are_whole_and_in_order(text: str) -> None:
    cursor = 0
    for start, end in sentence_spans(text, "ar"):
        assert cursor <= start < end <= start + 500
        assert not text[cursor:start].strip()
        cursor = end
    assert not text[cursor:].strip()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("She said “No.” He left.", ("She said “No.”", "He left.")),
        ("ما الحجم؟ ثلاثة…\nعنوان", ("ما الحجم؟", "ثلاثة…", "عنوان")),
        ("第一句。第二句！「第三句。」", ("第一句。", "第二句！", "「第三句。」")),
        ("Dr. No has 3.5 m.", ("Dr.", "No has 3.5 m.")),  # roughly: a cut too many
        (" \n ", ()),
    ],
)
def test_a_rough_cut_is_behind_every_mark(text: str, pieces: tuple[str, ...]) -> None:
    assert cut_roughly(text) == pieces


@given(st.text())
def test_a_rough_cut_loses_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(cut_roughly(text)).split()) == "".join(text.split())
