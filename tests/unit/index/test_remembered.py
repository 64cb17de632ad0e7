from __future__ import annotations

from index._remembered import LONGEST, Remembered


def test_a_word_is_worked_out_once_while_it_is_remembered() -> None:
    asked: list[str] = []
    lengths = Remembered(lambda word: asked.append(word) or len(word), 9)
    assert [lengths[word] for word in ("a", "bb", "a", "bb")] == [1, 2, 1, 2]
    assert asked == ["a", "bb"]


def test_it_forgets_what_was_not_met_for_longest() -> None:
    asked: list[str] = []
    lengths = Remembered(lambda word: asked.append(word) or len(word), 4)
    for word in "abcaad":
        assert lengths[word] == 1
    # "a" was met while it was an elder; "b" was not, and went when "d" came.
    assert asked == list("abcd")
    assert lengths["a"] == lengths["c"] == lengths["b"] == 1
    assert asked == list("abcdb")


def test_it_holds_no_more_than_it_may_and_nothing_long() -> None:
    lengths = Remembered(len, 6)
    for number in range(100):
        assert lengths[str(number)] == len(str(number))
        assert len(lengths) + len(lengths._elders) <= 6
    lengths.clear()
    assert lengths["x" * (LONGEST + 1)] == LONGEST + 1
    assert len(lengths) == 0
    assert lengths["x" * LONGEST] == LONGEST
    assert list(lengths) == ["x" * LONGEST]
