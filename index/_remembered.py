"""A function of words whose results are remembered, for texts that repeat most of their words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LONGEST = 64  # characters; what is longer is no word that is met again


class Remembered(dict[str, T]):
    """A dictionary that fills itself by a function, and keeps the ``most`` words met last.

    When half as many are in it they become its elders, and those before are forgotten: not quite
    the least used go, but a look-up is a tenth of a call of `functools.lru_cache`, and an archive
    asks for a hundred million words. Any number of threads may use it.
    """

    def __init__(self, function: Callable[[str], T], most: int) -> None:
        super().__init__()
        self._function = function
        self._half = most // 2
        self._elders: dict[str, T] = {}

    def __missing__(self, word: str) -> T:
        elders = self._elders
        value = elders[word] if word in elders else self._function(word)
        if len(word) <= LONGEST:
            if len(self) >= self._half:
                self._elders = dict(self)
                self.clear()
            self[word] = value
        return value
