"""Run work that releases the GIL in a background thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

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
