import numpy as np
import pytest

from index.text import sentence_spans
from qa.features import Told
from qa.reader import embedded_reading
from training.network import fold_of
from training.reader import overlaps, words_of


def test_overlaps_are_f1_by_hand():
    found = overlaps([(1, 2)], 4)
    assert found[1, 1] == 1.0
    assert found[1, 0] == pytest.approx(2 / 3)  # one of two words: P 1, R 1/2
    assert found[0, 3] == pytest.approx(2 * 2 / (4 + 2))
    assert found[3, 0] == 0.0


def test_words_of_an_answer():
    text = "They met in Moscow in April 2022. Nothing was signed."
    told = Told(text, sentence_spans(text, "en"), "en")
    _, (passage,) = embedded_reading().read("When did they meet?", [told])
    start = text.index("April 2022")
    assert words_of(passage, (start, start + len("April 2022"))) == (5, 2)
    assert words_of(passage, (start, text.index(" was"))) is None  # over a sentence's end


def test_a_title_has_one_fold():
    assert {fold_of(title) for title in ("Tesla", "تسلا", "Normans", "Oxygen")} <= set(range(4))
    assert fold_of("Tesla") == fold_of("Tesla")


def test_the_loss_falls_where_the_gold_rises():
    import torch

    from training.reader import span_loss

    gold = torch.from_numpy(overlaps([(1, 2)], 3))[None]
    flat = torch.zeros(1, 3, gold.shape[2])
    right = flat.clone()
    right[0, 1, 1] = 3.0
    assert float(span_loss(right, gold)) < float(span_loss(flat, gold))
    # Of n equal spans one is exact: -log(1/n) - log(mean F1).
    expected = np.log(flat.numel()) - np.log(float(gold.mean()))
    assert float(span_loss(flat, gold)) == pytest.approx(expected, rel=1e-5)
