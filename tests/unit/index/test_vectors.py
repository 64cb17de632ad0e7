from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import vectors as module
from index.vectors import VECTOR_FORMATS, VectorFormat, Vectors, default_format


def _units(count: int, dim: int = 32, seed: int = 5) -> np.ndarray:
    matrix = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.mark.parametrize("kind", VECTOR_FORMATS)
@pytest.mark.parametrize("alive", [1.0, 0.7, 0.05])
def test_the_nearest_are_those_of_brute_force(
    kind: VectorFormat, alive: float, tmp_path: Path
) -> None:
    matrix, query = _units(2000), _units(1, seed=6)[0]
    live = np.random.default_rng(7).random(2000) < alive if alive < 1 else None
    kept = matrix if kind == "flat" else matrix.astype(np.float16).astype(np.float32)
    scores = kept @ query
    expected = np.argsort(-(scores if live is None else np.where(live, scores, -9)))[:10]
    built = Vectors.build(matrix, kind)
    built.save(tmp_path)
    for vectors in (built, Vectors.open(tmp_path)):
        assert (vectors.format, len(vectors), vectors.dim) == (kind, 2000, 32)
        rows, found = vectors.search(query, 10, live)
        order = np.argsort(-found)
        assert rows[order][:10].tolist() == expected.tolist()
        np.testing.assert_allclose(found, scores[rows], atol=1e-6)
        np.testing.assert_array_equal(vectors.rows(rows), kept[rows])


@given(st.sampled_from(VECTOR_FORMATS), st.integers(0, 40), st.integers(-1, 60), st.data())
def test_dead_rows_are_never_found(
    kind: VectorFormat, count: int, k: int, data: st.DataObject
) -> None:
    live = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=bool)
    rows, scores = Vectors.build(_units(count), kind).search(_units(1)[0], k, live)
    assert len(rows) == len(scores) >= min(max(k, 0), int(live.sum()))
    assert len(set(rows.tolist())) == len(rows)
    assert live[rows].all()


def test_codes_shortlist_by_the_share_of_the_vectors() -> None:
    vectors = Vectors.build(_units(3000), "codes")
    query = _units(1, seed=6)[0]
    exact = set(np.argsort(-(_units(3000) @ query))[:10].tolist())
    whole, _ = vectors.search(query, 10, None)
    little, _ = vectors.search(query, 10, None, 0.01)
    assert len(whole) == len(little) == 10
    assert len(exact & set(little.tolist())) <= len(exact & set(whole.tolist()))


def test_the_kind_is_chosen_by_the_number() -> None:
    assert [default_format(n) for n in (0, module.HALF - 1, module.HALF, module.CODES)] == [
        "flat", "flat", "half", "codes",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "dim"), [(623, 32), (700, 3)])
def test_what_cannot_be_coded_is_kept_in_half(count: int, dim: int) -> None:
    assert Vectors.build(_units(count, dim), "codes").format == "half"


def test_another_index_is_refused(tmp_path: Path) -> None:
    Vectors.build(_units(700), "codes").save(tmp_path)
    exact, codes = tmp_path / "vectors.faiss", tmp_path / "codes.faiss"
    whole = exact.read_bytes()
    exact.write_bytes(codes.read_bytes())
    with pytest.raises(ValueError, match=r"vectors.faiss holds a IndexPQFastScan"):
        Vectors.open(tmp_path)
    exact.write_bytes(whole)
    codes.write_bytes(whole)
    with pytest.raises(ValueError, match=r"codes.faiss holds a IndexScalarQuantizer of 700"):
        Vectors.open(tmp_path)
