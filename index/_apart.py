"""Work in a thread beside the caller's, where most of it lets go of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

# One thread for each call into FAISS, torch, OpenBLAS and the tokenizers, for a process that does
# many at once: teams of threads would wait for each other on the same cores. Read as they load.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="article-qa")


def begun(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work; return what waits for its result, or raises what it raised."""
    return _threads().submit(work).result
