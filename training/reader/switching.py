"""Texts with words of another language in them, by dictionary (CoSDA, Qin et al. 2020)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import regex

from training.data import UNLICENSED
from training.reader.questions import Row, xz_lines

LANGUAGES = {"ar": 4, "ru": 2, "fr": 2, "es": 1, "de": 1, "tr": 1, "zh": 1}  # and how often each
_SHARE = 0.6  # of a question's words, where the dictionary has them
_CONTEXT_SHARE = 0.4
_WORD = regex.compile(r"\p{L}{4,}")  # of shorter ones the dictionaries hold many by accident
Dictionary = dict[str, list[str]]


def switched(rows: Sequence[Row], folder: Path, count: int, seed: int) -> Iterator[Row]:
    """Yield ``count`` of the English rows, some words of each question in one other language."""
    rng = random.Random(seed)
    for row, language, words in _drawn(rows, folder, count, rng):
        question = _switch(row.question, words, _SHARE, rng)
        if question != row.question:
            yield replace(
                row, dataset=f"{row.dataset}+switched", language=language, question=question
            )


def switched_contexts(rows: Sequence[Row], folder: Path, count: int, seed: int) -> Iterator[Row]:
    """Yield ``count`` of the answered English rows, some words of each paragraph in another one.

    The answer's words stay. Every second question is switched, too.
    """
    rng = random.Random(seed)
    answered = [row for row in rows if row.answer is not None]
    for row, language, words in _drawn(answered, folder, count, rng):
        assert row.answer is not None
        start, end = row.answer
        before, after = (
            _switch(text, words, _CONTEXT_SHARE, rng)
            for text in (row.context[:start], row.context[end:])
        )
        question = _switch(row.question, words, _SHARE, rng) if rng.random() < 0.5 else row.question
        yield Row(
            f"{row.dataset}+mixed", language, question, before + row.context[start:end] + after,
            f"{row.dataset}+mixed/{row.title}", (len(before), len(before) + end - start),
        )  # fmt: skip


def _drawn(
    rows: Sequence[Row], folder: Path, count: int, rng: random.Random
) -> Iterator[tuple[Row, str, Dictionary]]:
    words = {language: _dictionary(folder / "train", language) for language in LANGUAGES}
    languages = rng.choices(list(LANGUAGES), list(LANGUAGES.values()), k=count)
    for row, language in zip(rng.sample(list(rows), count), languages, strict=True):
        yield row, language, words[language]


def _switch(text: str, words: Dictionary, share: float, rng: random.Random) -> str:
    def other(match: regex.Match[str]) -> str:
        found = words.get(match[0].lower())
        return rng.choice(found) if found and rng.random() < share else match[0]

    return str(_WORD.sub(other, text))


def _dictionary(folder: Path, language: str) -> Dictionary:
    """Return what each English word is in the language, from every dictionary of the two."""
    words: Dictionary = {}
    for path in sorted(folder.glob(f"dict.{language}-en.*.tsv.xz")):
        if any(source in path.name for source in UNLICENSED):
            continue
        for line in xz_lines(path):
            other, english = line.rstrip("\n").split("\t")[:2]
            words.setdefault(english.lower(), []).append(other)
    return {english: others[:3] for english, others in words.items()}
