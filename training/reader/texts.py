"""The texts whose words decide which pieces of the vocabulary stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from training.reader.questions import xz_lines


def training_texts(folder: Path) -> Iterator[str]:
    """Yield every text of ``folder``/train and the questions and paragraphs of ``folder``/qa."""
    for path in sorted((folder / "train").glob("*.xz")):
        for line in xz_lines(path):
            if path.name.endswith(".tsv.xz"):
                yield line.rstrip("\n").replace("\t", " ")
            else:
                yield from (value for value in json.loads(line).values() if _is_text(value))
    seen: set[str] = set()
    for path in sorted((folder / "qa").glob("*.jsonl.xz")):
        for line in xz_lines(path):
            row = json.loads(line)
            yield row["question"]
            if row["context"] not in seen:
                seen.add(row["context"])
                yield row["context"]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
