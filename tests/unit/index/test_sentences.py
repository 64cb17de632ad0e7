"""Sentence ends: hard cases in eight languages, and texts that have no marks at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans
from tests.conftest import ROOT


def cases() -> list[tuple[str, list[str]]]:
    lines = (ROOT / "tests/data/sentences.tsv").read_text("utf-8").splitlines()
    return [(language, rest.split("|")) for language, _, rest in (x.partition("\t") for x in lines)]


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


def test_hard_cases() -> None:
    wrong = []
    for language, parts in cases():
        text = ("" if language == "zh" else " ").join(parts)
        if (found := sentences(text, language)) != parts:
            wrong.append(found)
    assert len(cases()) == 117
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [  # words that are abbreviations elsewhere
        ("He said no. She left.", "en", ["He said no.", "She left."]),
        ("I like art. He does not.", "en", ["I like art.", "He does not."]),
        ("He sat. She stood.", "en", ["He sat.", "She stood."]),
        ("It was in March. 40 people came.", "en", ["It was in March.", "40 people came."]),
        ("Er ging 1990. Sie blieb.", "de", ["Er ging 1990.", "Sie blieb."]),
        ("Он пришёл в 9. Она ушла.", "ru", ["Он пришёл в 9.", "Она ушла."]),
    ],
)
def test_ends_that_are_ends(text: str, language: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


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
