"""Questions that a paragraph no longer answers: a name or a number in them is another one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import regex

from training.reader.questions import Row, xz_lines

# Names are capitalised words after a question's first word; in Arabic, which has no capitals,
# those of a list. In Chinese and others numbers alone are replaced.
_NAME = regex.compile(r"(?<=\p{L}\S* )\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+)*")
_NUMBER = regex.compile(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)")
_WORD = regex.compile(r"[\p{L}\p{M}'’-]+")
_TRIES = 8
Names = frozenset[str]  # of a language without capitals


def swapped(
    rows: Sequence[Row],
    count: int,
    seed: int,
    paragraphs: Sequence[str] | None = None,
    names: Names = frozenset(),
) -> Iterator[Row]:
    """Yield up to ``count`` of the answered rows with another name or number, and no answer.

    What is replaced stands in the paragraph, and what it is replaced by does not. Names come from
    another question on the same article. ``paragraphs`` are the rows' in the question's language,
    where they are written in another.
    """
    rng = random.Random(seed)
    of_title = _names(rows, names)
    answered = [
        (row, paragraph)
        for row, paragraph in zip(rows, paragraphs or [r.context for r in rows], strict=True)
        if row.answer is not None
    ]
    rng.shuffle(answered)
    found = 0
    for row, paragraph in answered:
        question = _swap(row.question, paragraph, of_title[row.title], names, rng)
        if question is None:
            continue
        yield replace(row, dataset=f"{row.dataset}+swapped", question=question, answer=None)
        found += 1
        if found == count:
            return


def arabic_names(folder: Path) -> Names:
    """Return the Arabic names of ``folder``/train: of two words, or of one long one."""
    names = set()
    for line in xz_lines(folder / "train" / "dict.ar-en.hkiri-ne.tsv.xz"):
        name = line.split("\t")[0].strip()
        # Shorter ones, and those with an article, are often common words, too.
        if " " in name or (len(name) > 4 and not name.startswith("ال")):
            names.add(name)
    return frozenset(names)


def _names(rows: Sequence[Row], names: Names) -> dict[str, list[str]]:
    """Return the names in the questions on each title."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        spans = _name_spans(row.question, names)
        of_title = found.setdefault(row.title, {})
        of_title.update(dict.fromkeys(row.question[start:end] for start, end in spans))
    return {title: list(of_title) for title, of_title in found.items()}


def _name_spans(question: str, names: Names) -> list[tuple[int, int]]:
    if not names:
        return [match.span() for match in _NAME.finditer(question)]
    words = [match.span() for match in _WORD.finditer(question)]
    spans = [(a[0], b[1]) for a, b in pairwise(words)] + words  # the longer ones first
    return [(start, end) for start, end in spans if question[start:end] in names]


def _swap(
    question: str, paragraph: str, others: Sequence[str], names: Names, rng: random.Random
) -> str | None:
    """Return the question with one name or number replaced, None where none can be."""
    lower = paragraph.lower()
    spans = _name_spans(question, names) + [m.span() for m in _NUMBER.finditer(question)]
    spans = [span for span in spans if question[slice(*span)].lower() in lower]
    if not spans:
        return None
    start, end = rng.choice(spans)
    for _ in range(_TRIES):
        replaced = question[start:end]
        other = _number(replaced, rng) if replaced.isdigit() else rng.choice(others)
        if other.lower() not in lower and other.lower() not in question.lower():
            return question[:start] + other + question[end:]
    return None


def _number(number: str, rng: random.Random) -> str:
    """Return another number of as many digits, not far from it."""
    lowest, highest = 10 ** (len(number) - 1), 10 ** len(number) - 1
    reach = max(5, min(40, int(number) // 4))
    return str(min(max(int(number) + rng.randint(-reach, reach), lowest), highest))
