"""How often something may happen, in a moving window of time, kept in memory."""

from __future__ import annotations

from threading import Lock


class Rate:
    """A rate such as "120 per minute", counted for each name on its own; "" has no limit.

    Any number of threads may count.
    """

    def __init__(self, rate: str) -> None:
        from limits import parse
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._item = parse(rate) if rate else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._lock = Lock()  # the storage looks and then counts

    def count(self, name: str) -> bool:
        """Count it, and tell whether it may happen."""
        with self._lock:
            return self._item is None or self._limiter.hit(self._item, name)

    def clear(self, name: str) -> None:
        """Forget what was counted for a name."""
        if self._item is not None:
            self._limiter.clear(self._item, name)

    @property
    def seconds(self) -> int:
        """Give the length of the window."""
        return 0 if self._item is None else self._item.get_expiry()
