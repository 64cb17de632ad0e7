"""A calibrated probability by boosted trees (Friedman 2001), kept as plain arrays."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

# What numpy raises for a file that is not whole.
DAMAGED = (
    OSError, LookupError, ValueError, TypeError, EOFError, NotImplementedError, BadZipFile,
    zlib.error,
)  # fmt: skip
_FIELDS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """Trees over numbered features: left where a node's feature is at most its threshold.

    A node whose ``left`` is negative is a leaf. The log odds are ``bias`` and the reached leaves'
    values.
    """

    bias: float
    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> BoostedTrees:
        """Read what `save` wrote; raise ModelError if it cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                trees = cls(float(stored["bias"]), *(stored[name] for name in _FIELDS))
            trees._check()
            return trees
        except DAMAGED as error:
            raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error

    def _check(self) -> None:
        """Raise ValueError for trees that would never end, or give no number."""
        places = np.arange(len(self.left))
        for children in (self.left, self.right):
            if ((children >= 0) & (children <= places)).any() or (children >= len(places)).any():
                raise ValueError("a tree leads back to where it was")
        if not np.isfinite(self.value).all():
            raise ValueError("a value is no number")

    def save(self, path: Path) -> None:
        """Write the arrays as one .npz file."""
        arrays = {name: getattr(self, name) for name in _FIELDS}
        np.savez_compressed(path, bias=np.float64(self.bias), **arrays)

    def probability(self, evidence: npt.NDArray[np.float64]) -> float:
        """Return the probability, strictly between 0 and 1, for the features' values."""
        node = self.roots
        while (inner := self.left[node] >= 0).any():
            low = evidence[self.feature[node]] <= self.threshold[node]
            below = np.where(low, self.left[node], self.right[node])
            node = np.where(inner, below, node)
        return logistic(self.bias + float(self.value[node].sum()))


def logistic(log_odds: float) -> float:
    """Return the probability, strictly between 0 and 1, of log odds."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))
