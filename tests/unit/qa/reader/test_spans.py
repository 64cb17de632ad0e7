import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.spans import (
    MASKED_LOGIT,
    MAX_SPAN_TOKENS,
    PassageLogits,
    merge_windows,
    read_spans,
    span_scores,
    token_places,
)


def random_logits(tokens, seed=1):
    return np.random.default_rng(seed).normal(size=(tokens, 2)).astype(np.float32)


def letters(tokens):
    """One token a character."""
    return np.array([(i, i + 1) for i in range(tokens)], dtype=np.int32)


def test_span_scores_are_those_of_brute_force():
    logits = random_logits(60)
    scores = span_scores(logits)
    assert scores.shape == (60, MAX_SPAN_TOKENS)
    for first in range(60):
        for extra in range(MAX_SPAN_TOKENS):
            last = first + extra
            right = logits[first, 0] + logits[last, 1] if last < 60 else -np.inf
            assert scores[first, extra] == right


def test_log_odds_are_the_sum_over_the_spans_of_one_sentence():
    logits = random_logits(12)
    (one, two) = read_spans(PassageLogits(logits, letters(12)), ((0, 5), (5, 12)))
    for found, first, last in ((one, 0, 5), (two, 5, 12)):
        odds = [
            np.exp(logits[i, 0] + logits[j, 1]) for i in range(first, last) for j in range(i, last)
        ]
        assert found.log_odds == pytest.approx(np.log(sum(odds)), abs=1e-5)
        assert first <= found.best_span[0] < found.best_span[1] <= last


def test_the_short_answer_has_the_most_expected_overlap_by_hand():
    # odds: tokens 0-1 .4, 1 alone 1, 1-2 .35, 0-2 .14 = .4 * .35; all others next to nothing
    start = [np.log(0.4), 0.0, -30.0]
    end = [-30.0, 0.0, np.log(0.35)]
    logits = np.array([start, end], dtype=np.float32).T
    (found,) = read_spans(PassageLogits(logits, letters(3)), ((0, 3),))
    assert found.best_span == (1, 2)
    # F1 of token 1 with a span of two is 2/3, with the span of three 1/2
    expected = (1 + (0.4 + 0.35) * 2 / 3 + 0.14 * 1 / 2) / (0.4 + 1 + 0.35 + 0.14)
    assert found.overlap == pytest.approx(expected, abs=1e-4)


def test_a_sentence_without_tokens_has_no_spans():
    passage = PassageLogits(random_logits(3), letters(3))
    assert read_spans(passage, ((0, 3), (3, 5)))[1] is None


def test_a_sentence_of_blank_tokens_has_no_spans():
    passage = PassageLogits(np.full((3, 2), MASKED_LOGIT, dtype=np.float32), letters(3))
    assert read_spans(passage, ((0, 3),)) == (None,)


def test_a_token_that_reaches_over_a_sentence_is_cut_at_its_end():
    offsets = np.array([(0, 3), (3, 5), (5, 6)], dtype=np.int32)  # the second is a mark and a quote
    logits = np.array([[3.0, 0.0], [0.0, 3.0], [0.0, 0.0]], dtype=np.float32)
    (found, rest) = read_spans(PassageLogits(logits, offsets), ((0, 4), (4, 6)))
    assert found.best_span == (0, 4)
    assert rest.best_span == (5, 6)


def test_a_token_of_two_windows_counts_where_it_has_more_context():
    left, right = np.zeros((6, 2), dtype=np.float32), np.ones((6, 2), dtype=np.float32)
    merged = merge_windows([(left, 0), (right, 3)], letters(9)).logits[:, 0]
    # tokens 3, 4, 5 are in both: 3 has 2 and 0 beside it, 4 has 1 and 1, 5 has 0 and 2
    assert merged.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_one_window_is_kept_as_it_is():
    logits = random_logits(20)
    assert (merge_windows([(logits, 0)], letters(20)).logits == logits).all()


def test_blank_tokens_are_no_answers():
    places = token_places("a  b", [(0, 1), (1, 3), (2, 4)])
    assert places.tolist() == [[0, 1], [3, 3], [3, 4]]
    merged = merge_windows([(np.zeros((3, 2), dtype=np.float32), 0)], places)
    assert merged.logits[:, 0].tolist() == [0.0, MASKED_LOGIT, 0.0]


@given(st.text(max_size=30), st.data())
def test_places_are_slices_without_space_at_their_ends(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    offsets = list(itertools.pairwise(cuts))
    for (start, end), (first, last) in zip(offsets, token_places(text, offsets), strict=True):
        assert text[first:last] == text[start:end].strip()


def test_logits_and_places_must_be_as_many():
    with pytest.raises(ValueError, match=r"\(3, 2\) logits for 2 tokens"):
        PassageLogits(random_logits(3), letters(2))
