"""The reader's reliability and its risk at each coverage, as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOCS = Path(__file__).parent.parent / "docs"
_BINS = 10
Floats = npt.NDArray[np.float64]
Labelled = tuple[Floats, Floats, Floats]  # confidence, right, weight


def plot(every: dict[str, Labelled]) -> None:
    """Write docs/reliability.svg and docs/risk-coverage.svg, a line a direction."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "article-qa"  # the same picture from the same figures
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.8")
    for name, labelled in every.items():
        axes.plot(*_reliability(*labelled), marker="o", label=name.replace("-", " → "))
    axes.set(xlabel="confidence", ylabel="share of cited sentences that are right")
    _save(figure, axes, "reliability.svg")
    figure, axes = plt.subplots(figsize=(5, 5))
    for name, (confidence, right, weight) in every.items():
        order = np.argsort(-confidence, kind="stable")
        total = np.cumsum(weight[order])
        risk = np.cumsum((weight * (1 - right))[order]) / total
        axes.plot(total / total[-1], risk, label=name.replace("-", " → "))
    axes.set(xlabel="coverage: the surest share of questions", ylabel="share of wrong sentences")
    _save(figure, axes, "risk-coverage.svg")


def _reliability(
    confidence: Floats, right: Floats, weight: Floats
) -> tuple[list[float], list[float]]:
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    used = [place for place in range(_BINS) if (places == place).any()]

    def means(values: Floats) -> list[float]:
        return [
            float(np.average(values[places == place], weights=weight[places == place]))
            for place in used
        ]

    return means(confidence), means(right)


def _save(figure: Figure, axes: Axes, name: str) -> None:
    axes.legend()
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(_DOCS / name, metadata={"Date": None})
