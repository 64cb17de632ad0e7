"""The growth curves of `benchmarks.scale` as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

PANELS = (
    ("milliseconds to retrieve, p50", "retrieve, p50 (ms)"),
    ("seconds to open", "open (s)"),
    ("megabytes at most, mapped files and all", "memory (MB)"),
    ("chunks indexed a second", "indexed (chunks/s)"),
)


def plot(growth: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw what grows with the number of chunks, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(PANELS), figsize=(13, 3), layout="constrained")
    chunks = [row["chunks"] for row in growth]
    for axis, (name, label) in zip(axes, PANELS, strict=True):
        axis.loglog(chunks, [max(row[name], 1e-3) for row in growth], "o-", color="#1f5f8b")
        axis.set_xlabel("chunks")
        axis.set_title(label, fontsize=10)
        axis.grid(visible=True, which="both", alpha=0.2)
        for row in growth:
            axis.annotate(
                f"{row[name]:,}", (row["chunks"], max(row[name], 1e-3)),
                textcoords="offset points", xytext=(0, 6), fontsize=7, ha="center",
            )  # fmt: skip
    figure.savefig(path, metadata={"Date": None})
