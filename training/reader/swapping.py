"""Questions that a paragraph no longer answers: a name or a number in them is another one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from training.reader.questions import Row

# Names are capitalised words behind a question's first word: in Arabic, Chinese and others, which
# have no capitals, numbers alone are replaced.
_NAME = regex.compile(r"(?<=\p{L}\S* )\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+)*")
_NUMBER = regex.compile(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)")
_TRIES = 8


def swapped(rows: Sequence[Row], count: int, seed: int) -> Iterator[Row]:
    """Yield up to ``count`` of the answered rows with another name or number, and no answer.

    What is replaced stands in the paragraph, and what it is replaced by does not. Names come from
    another question on the same article.
    """
    rng = random.Random(seed)
    names = _names(rows)
    answered = [row for row in rows if row.answer is not None]
    rng.shuffle(answered)
    found = 0
    for row in answered:
        question = _swap(row, names.get(row.title, []), rng)
        if question is None:
            continue
        yield replace(row, dataset=f"{row.dataset}+swapped", question=question, answer=None)
        found += 1
        if found == count:
            return


def _names(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return the names in the questions on each title."""
    names: dict[str, dict[str, None]] = {}
    for row in rows:
        names.setdefault(row.title, {}).update(dict.fromkeys(_NAME.findall(row.question)))
    return {title: list(found) for title, found in names.items()}


def _swap(row: Row, names: Sequence[str], rng: random.Random) -> str | None:
    """Return the question with one name or number replaced, None where none can be."""
    context = row.context.lower()
    places = [
        match
        for pattern in (_NAME, _NUMBER)
        for match in pattern.finditer(row.question)
        if match[0].lower() in context
    ]
    if not places:
        return None
    match = rng.choice(places)
    for _ in range(_TRIES):
        other = _number(match[0], rng) if match[0].isdigit() else rng.choice(names)
        if other.lower() not in context and other.lower() not in row.question.lower():
            return row.question[: match.start()] + other + row.question[match.end() :]
    return None


def _number(number: str, rng: random.Random) -> str:
    """Return another number of as many digits, not far from it."""
    lowest, highest = 10 ** (len(number) - 1), 10 ** len(number) - 1
    reach = max(5, min(40, int(number) // 4))
    return str(min(max(int(number) + rng.randint(-reach, reach), lowest), highest))
