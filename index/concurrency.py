"""Threads: work in the background, and what is loaded once for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, update_wrapper
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

# Environment of a process that runs many calls into FAISS, torch, OpenBLAS and the tokenizers at
# once: one thread a call, since teams of threads would wait for each other on the same cores. The
# libraries read it as they load.
SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="article-qa")


def run_in_background(work: Callable[[], T]) -> Callable[[], T]:
    """Start the work; return a function that waits for its result, or raises its exception."""
    return _pool().submit(work).result


class LoadedOnce(Generic[T]):
    """Decorate a function that loads something: it runs once in a process.

    Threads that call it meanwhile wait. Where it raises, the next call tries again.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self._load, self._lock = lru_cache(maxsize=1)(load), Lock()
        update_wrapper(self, load)

    def __call__(self) -> T:
        """Return what was loaded."""
        with self._lock:
            return self._load()

    @property
    def is_loaded(self) -> bool:
        """Whether a call has loaded it."""
        return self._load.cache_info().currsize > 0
