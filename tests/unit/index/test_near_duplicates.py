"""Near-duplicates against brute force over all pairs."""

from __future__ import annotations

import random

import numpy as np

from index.near_duplicates import SIZE, candidate_pairs, jaccard, minhash

WORDS = [f"word{number}" for number in range(2000)]


def _texts(seed: int) -> list[str]:
    """Return texts of 100 words; every third is the one before it with some words changed."""
    rng = random.Random(seed)
    texts: list[list[str]] = []
    for number in range(90):
        if number % 3 == 1:
            text = list(texts[-1])
            for place in rng.sample(range(100), rng.choice([0, 2, 5, 60])):
                text[place] = rng.choice(WORDS)
        else:
            text = rng.sample(WORDS, 100)
        texts.append(text)
    return [" ".join(text) for text in texts]


def test_overlap_is_that_of_the_sets_of_words() -> None:
    assert jaccard("a river, a flood", "a river!") == 2 / 3
    assert jaccard("", "") == 0.0


def test_all_near_pairs_of_many_are_found() -> None:
    for seed in range(5):
        texts = _texts(seed)
        sketches = minhash(texts)
        assert sketches.shape == (len(texts), SIZE)
        found = set(
            candidate_pairs([sketches[:40], sketches[40:]], np.ones(len(texts), dtype=np.bool_))
        )
        near = {
            (row, other)
            for row in range(len(texts))
            for other in range(row)
            if jaccard(texts[row], texts[other]) >= 0.85
        }
        assert len(near) > 10
        assert near <= found
        assert len(found) < 3 * len(near)  # it is worth looking at those alone


def test_only_the_new_are_compared() -> None:
    sketches = minhash(["one two three", "one two three", "one two three"])
    assert list(candidate_pairs([sketches], np.array([False, False, True]))) == [(2, 0)]
    assert list(candidate_pairs([], np.zeros(0, dtype=np.bool_))) == []
