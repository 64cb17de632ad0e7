"""Work in a thread beside the caller's, where most of it lets go of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="article-qa")


def begun(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work; return what waits for its result, or raises what it raised."""
    return _threads().submit(work).result
