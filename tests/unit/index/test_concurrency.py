from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from index.concurrency import LoadedOnce, run_in_background


def test_work_in_the_background_gives_its_result_or_its_exception():
    assert run_in_background(lambda: 3)() == 3
    with pytest.raises(ZeroDivisionError, match="by zero"):
        run_in_background(lambda: 1 // 0)()


def test_many_threads_load_once():
    calls, start = [], Barrier(8)

    @LoadedOnce
    def load() -> object:
        """Return something."""
        calls.append(1)
        return object()

    def wait_and_load(_: int) -> object:
        start.wait()
        return load()

    assert not load.is_loaded
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(wait_and_load, range(8)))
    assert load.is_loaded
    assert len(calls) == len({id(one) for one in found}) == 1
    assert load.__doc__ == "Return something."


def test_what_could_not_be_loaded_is_tried_again():
    files = iter([OSError("missing"), "content"])

    @LoadedOnce
    def load() -> str:
        found = next(files)
        if isinstance(found, OSError):
            raise found
        return found

    with pytest.raises(OSError, match="missing"):
        load()
    assert not load.is_loaded
    assert load() == "content"
