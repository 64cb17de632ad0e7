import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelError
from qa.trees import BoostedTrees


def test_the_probability_is_scikit_learns(tmp_path):
    from sklearn.ensemble import GradientBoostingClassifier

    from training.fit import as_arrays

    random = np.random.default_rng(2)
    rows = random.normal(size=(400, 5)).astype(np.float32)
    labels = rows[:, 0] * rows[:, 1] + random.normal(0, 0.3, 400) > 0
    models = [
        GradientBoostingClassifier(n_estimators=20, subsample=0.5, random_state=seed).fit(
            rows, labels
        )
        for seed in range(3)
    ]
    as_arrays(models).save(tmp_path / "trees.npz")
    trees = BoostedTrees.load(tmp_path / "trees.npz")
    ours = [trees.probability(row.astype(np.float64)) for row in rows]
    odds = np.mean([model.decision_function(rows) for model in models], axis=0)
    np.testing.assert_allclose(ours, 1 / (1 + np.exp(-odds)), atol=1e-6)


def test_one_stump_by_hand():
    whole = np.array([0], dtype=np.int32)
    stump = BoostedTrees(
        0.5, whole, np.array([1, -2, -2]), np.array([2.0, 0, 0]), np.array([1, -1, -1]),
        np.array([2, -1, -1]), np.array([0.0, -0.5, np.log(3) - 0.5]),
    )  # fmt: skip
    assert stump.probability(np.array([9.0, 2.0])) == pytest.approx(0.5)
    assert stump.probability(np.array([9.0, 2.1])) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("left", "value", "why"), [(0, 0.0, "leads back"), (9, 0.0, "leads"), (1, np.nan, "no number")]
)
def test_trees_that_never_end_or_give_no_number_are_refused(tmp_path, left, value, why):
    BoostedTrees(
        0.5, np.array([0]), np.array([1, -2, -2]), np.array([2.0, 0, 0]), np.array([left, -1, -1]),
        np.array([2, -1, -1]), np.array([0.0, value, 0.5]),
    ).save(tmp_path / "answers.npz")  # fmt: skip
    with pytest.raises(ModelError, match=why):
        BoostedTrees.load(tmp_path / "answers.npz")


@given(st.binary(max_size=200))
def test_a_damaged_file_says_so(data):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.npz"
        path.write_bytes(data)
        with pytest.raises(ModelError, match=r"answers.npz cannot be read .* reinstall"):
            BoostedTrees.load(path)
