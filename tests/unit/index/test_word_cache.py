from __future__ import annotations

from index.text import LONGEST_CACHED, WordCache


def test_a_word_is_worked_out_once_while_it_is_remembered() -> None:
    asked: list[str] = []
    lengths = WordCache(lambda word: asked.append(word) or len(word), 9)
    assert [lengths[word] for word in ("a", "bb", "a", "bb")] == [1, 2, 1, 2]
    assert asked == ["a", "bb"]


def test_it_forgets_what_was_not_used_for_longest() -> None:
    asked: list[str] = []
    lengths = WordCache(lambda word: asked.append(word) or len(word), 4)
    for word in "abcaad":
        assert lengths[word] == 1
    # "a" was used while it was in the old generation; "b" was not, and went when "d" came.
    assert asked == list("abcd")
    assert lengths["a"] == lengths["c"] == lengths["b"] == 1
    assert asked == list("abcdb")


def test_it_holds_no_more_than_it_may_and_nothing_long() -> None:
    lengths = WordCache(len, 6)
    for number in range(100):
        assert lengths[str(number)] == len(str(number))
        assert len(lengths) + len(lengths._old) <= 6
    lengths.clear()
    assert lengths["x" * (LONGEST_CACHED + 1)] == LONGEST_CACHED + 1
    assert len(lengths) == 0
    assert lengths["x" * LONGEST_CACHED] == LONGEST_CACHED
    assert list(lengths) == ["x" * LONGEST_CACHED]
