from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from index.folder import map_arrays, write_arrays

_DTYPES = st.sampled_from(["u1", "<u2", "<i4", "<i8", "<u8", "<U3"])
_ARRAYS = _DTYPES.flatmap(
    lambda dtype: arrays(np.dtype(dtype), array_shapes(min_dims=1, max_dims=2, min_side=0))
)


@given(st.dictionaries(st.text(max_size=5), _ARRAYS, max_size=4))
def test_what_is_mapped_is_what_was_written(given: dict[str, np.ndarray]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        write_arrays(path, given)
        found = map_arrays(path)
        assert list(found) == list(given)
        for name, array in given.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize(
    "content", [b"{", b"[]\n", b'{"a": 1}\n', b'{"a": ["<i8", [2]]}\n', b'{"a": ["<i8", [-1]]}\n']
)
def test_what_is_not_of_this_form_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises((ValueError, TypeError, AttributeError), match=r"."):
        map_arrays(tmp_path / "a")


def test_python_objects_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"a": ["|O", [1]]}\n' + b"\0" * 128)
    with pytest.raises(ValueError, match="a holds an array of "):
        map_arrays(tmp_path / "a")
