"""Keep text of the test sets out of the training data."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass, field
from pathlib import Path

from index.text import terms

NGRAM = 8  # words in a row; shorter runs are phrases that any two texts may share


def _ngrams(text: str) -> set[tuple[str, ...]]:
    words = [term.text for term in terms(text)]
    return {tuple(words[i : i + NGRAM]) for i in range(len(words) - NGRAM + 1)}


@dataclass(slots=True)
class Leakage:
    """The word 8-grams of all evaluation texts, and a count of the rows they threw out."""

    ngrams: set[tuple[str, ...]] = field(default_factory=set)
    removed: int = 0

    @classmethod
    def of(cls, files: list[Path]) -> Leakage:
        """Collect the contexts and questions of SQuAD files and the lines of plain texts."""
        found = cls()
        for path in files:
            opener = lzma.open if path.suffix == ".xz" else open
            with opener(path, "rt", encoding="utf-8") as stream:
                content = stream.read()
            for text in _texts(content):
                found.ngrams |= _ngrams(text)
        return found

    def hits(self, *texts: str) -> bool:
        """Tell whether a row shares an 8-gram with the evaluation data, and count it."""
        hit = any(not self.ngrams.isdisjoint(_ngrams(text)) for text in texts)
        self.removed += hit
        return hit


def _texts(content: str) -> list[str]:
    if not content.startswith("{"):
        return content.splitlines()
    texts: list[str] = []
    for line in [content] if '"data"' in content[:2000] else content.splitlines():
        row = json.loads(line)
        for article in row.get("data", []):
            for paragraph in article["paragraphs"]:
                texts.append(paragraph["context"])
                texts += [qa["question"] for qa in paragraph["qas"]]
        texts += [row["question"]] if "question" in row else []
    return texts
