"""Progress: a bar on stderr with the rate and the time left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tqdm import tqdm

_PAGE = 50_000  # bytes that a page counts for before it is read


class Bar:
    """Counts what was read, in bytes, and tells how many articles came of it."""

    def __init__(self, bar: tqdm[None]) -> None:
        self._bar = bar
        self.articles = 0

    def expect(self, size: int) -> None:
        """Count a source more that will be read."""
        self._bar.total += size or _PAGE
        self._bar.refresh()

    def done(self, size: int, articles: int) -> None:
        """Count a source that was read."""
        self.articles += articles
        self._bar.set_postfix_str(f"{self.articles:,} articles", refresh=False)
        self._bar.update(size or _PAGE)


@contextmanager
def bar(shown: bool) -> Iterator[Bar]:
    """Show a bar while what is inside runs."""
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())  # its own starts a process beside us
    form = (
        "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} "
        "[{elapsed}<{remaining}, {rate_fmt}{postfix}]"
    )
    with tqdm(
        total=0, desc="indexing", unit="B", unit_scale=True, disable=not shown, bar_format=form
    ) as made:
        yield Bar(made)
