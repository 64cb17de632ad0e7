"""The training's late interaction against the plain one, values and gradients."""

from __future__ import annotations

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only training needs torch itself")

from training.losses import info_nce, max_sim  # noqa: E402
from training.train import Batch, Encoded, Recipe, Texts, _padded, _scores  # noqa: E402


def _plain(units: object, question: np.ndarray, text: np.ndarray, lengths: object) -> object:
    """One question and one text at a time, as ColBERT's paper writes it."""
    rows = []
    for asked in question:
        tokens = [int(i) for i in asked if i >= 0]
        share = lengths[tokens] / lengths[tokens].sum()
        row = []
        for reported in text:
            known = units[[int(i) for i in reported if i >= 0]]
            cosines = units[tokens] @ known.T
            best = cosines.max(dim=1).values
            if (reported < 0).any():  # padding has cosine 0
                best = best.clamp_min(0)
            row.append((share * best).sum())
        rows.append(torch.stack(row))
    return torch.stack(rows)


def test_max_sim_is_the_plain_one_in_value_and_gradient() -> None:
    generator = np.random.default_rng(3)
    question = np.array([[0, 1, -1], [2, 3, 4], [1, 1, 5]])
    text = np.array([[5, 6, 7, -1], [0, 8, 8, 9], [2, -1, -1, -1]])
    gradients = []
    values = []
    start = generator.normal(size=(10, 4)).astype(np.float32)
    for scores in (_scores, None):
        table = torch.tensor(start, requires_grad=True)
        lengths = table.norm(dim=1)
        units = table / lengths.unsqueeze(1)
        if scores is None:
            found = _plain(units, question, text, lengths)
        else:
            found = scores(units, lengths, question, text)
        info_nce(found * 5).backward()
        values.append(found.detach().numpy())
        gradients.append(table.grad.numpy())
    np.testing.assert_allclose(values[0], values[1], atol=1e-6)
    np.testing.assert_allclose(gradients[0], gradients[1], atol=1e-6)


def test_max_sim_by_hand() -> None:
    asked = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    reported = torch.tensor([[0.6, 0.8], [1.0, 0.0]])
    shares = torch.tensor([[0.5, 0.5]])
    found = max_sim(asked, shares, reported, torch.tensor([[0, -1], [0, 1]]))
    # .5 * .6 + .5 * .8, then .5 * 1 + .5 * .8
    assert found.tolist() == [[pytest.approx(0.7), pytest.approx(0.9)]]


def _texts(*lists: list[int]) -> Texts:
    flat = np.array([i for ids in lists for i in ids], dtype=np.int32)
    return Texts(flat, np.cumsum([0, *map(len, lists)]))


def test_a_batch_points_into_its_own_vectors() -> None:
    table = torch.arange(40.0).view(10, 4)
    left, right = _texts([1, 2], [3], [9, 9, 1]), _texts([4], [5, 6], [7])
    encoded = Encoded("x", "parallel", 1.0, left, right, None)
    batch = Batch(table, encoded, 3, random.Random(1))
    rows = batch.vectors[torch.from_numpy(batch.left)][:, 0].tolist()
    order = random.Random(1).sample(range(3), 3)
    assert rows == [4.0 * i for row in order for i in ([1, 2], [3], [9, 9, 1])[row]]
    assert batch.left_lengths.tolist() == [(2, 1, 3)[row] for row in order]


def test_padding_keeps_a_few_tokens_of_each_text() -> None:
    ids, lengths = np.array([10, 11, 12, 20, 30, 31]), np.array([3, 1, 2])
    assert _padded(ids, lengths, 2, None).tolist() == [[10, 11], [20, -1], [30, 31]]
    sampled = _padded(ids, lengths, 2, np.random.default_rng(0))
    assert sampled[1].tolist() == [20, -1]
    assert set(sampled[0]) < {10, 11, 12}
    assert len(set(sampled[0])) == 2


def test_a_recipe_shares_its_batches_out() -> None:
    recipe = Recipe()
    assert recipe.parallel + recipe.document + recipe.dictionary == pytest.approx(1.0)
