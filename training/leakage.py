"""Keep text of the test sets out of the training data."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.text import find_words

NGRAM = 8  # words in a row; shorter runs are phrases that any two texts may share


def _ngrams(text: str) -> set[tuple[str, ...]]:
    words = [term.text for term in find_words(text)]
    return {tuple(words[i : i + NGRAM]) for i in range(len(words) - NGRAM + 1)}


@dataclass(slots=True)
class Leakage:
    """The word 8-grams of the evaluation texts, and a count of the rows they threw out.

    ``removed`` counts by training set and evaluation set, named as `Leakage.of` names it.
    """

    ngrams: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    removed: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, files: list[Path]) -> Leakage:
        """Collect the contexts and questions of SQuAD files and the lines of plain texts.

        An evaluation set is named by what stands before the first dot of its files.
        """
        found = cls()
        for path in files:
            opener = lzma.open if path.suffix == ".xz" else open
            with opener(path, "rt", encoding="utf-8") as stream:
                content = stream.read()
            known = found.ngrams.setdefault(path.name.split(".")[0], set())
            for text in _texts(content):
                known |= _ngrams(text)
        return found

    def hits(self, name: str, *texts: str) -> bool:
        """Tell whether a row of a training set shares an 8-gram with evaluation data; count it."""
        row = set().union(*map(_ngrams, texts))
        hit = [test for test, known in self.ngrams.items() if not known.isdisjoint(row)]
        self.removed.update((name, test) for test in hit)
        return bool(hit)


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
