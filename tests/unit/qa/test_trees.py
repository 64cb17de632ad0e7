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
    model = GradientBoostingClassifier(n_estimators=20, random_state=0).fit(rows, labels)
    as_arrays(model).save(tmp_path / "trees.npz")
    trees = BoostedTrees.load(tmp_path / "trees.npz")
    ours = [trees.probability(row.astype(np.float64)) for row in rows]
    np.testing.assert_allclose(ours, model.predict_proba(rows)[:, 1], atol=1e-6)


def test_one_stump_by_hand():
    whole = np.array([0], dtype=np.int32)
    stump = BoostedTrees(
        0.5, whole, np.array([1, -2, -2]), np.array([2.0, 0, 0]), np.array([1, -1, -1]),
        np.array([2, -1, -1]), np.array([0.0, -0.5, np.log(3) - 0.5]),
    )  # fmt: skip
    assert stump.probability(np.array([9.0, 2.0])) == pytest.approx(0.5)
    assert stump.probability(np.array([9.0, 2.1])) == pytest.approx(0.75)


@given(st.binary(max_size=200))
def test_a_damaged_file_says_so(data):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.npz"
        path.write_bytes(data)
        with pytest.raises(ModelError, match=r"answers.npz cannot be read .* reinstall"):
            BoostedTrees.load(path)
