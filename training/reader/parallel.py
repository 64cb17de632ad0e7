"""Sentences to find by their translation: what a reader across languages has to be able to do.

The question is a piece of a sentence in one language; the passage holds the sentence in the other
among its neighbours. They are learned by a head of their own, which is not shipped: questions are
answered by some words, these by whole sentences.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.data import UNLICENSED
from training.reader.questions import Row, xz_lines

PREFIX = "parallel."
_LEFT_OUT = (*UNLICENSED, "quran")  # verses: another Arabic than what is read today
_LONGEST = 700  # characters of a passage
_SHORTEST_SENTENCE = 15
_UNSPACED = ("zh",)


def parallel_rows(folder: Path, count: int, seed: int) -> Iterator[Row]:
    """Yield up to ``count`` rows of each set of ``folder`` in each of its two directions."""
    rng = random.Random(seed)
    for path in sorted(folder.glob(f"{PREFIX}*.tsv.xz")):
        if any(source in path.name for source in _LEFT_OUT):
            continue
        languages = path.name.split(".")[1].split("-")
        pairs = [line.rstrip("\n").split("\t")[:2] for line in xz_lines(path)]
        pairs = [pair for pair in pairs if min(map(len, pair)) >= _SHORTEST_SENTENCE]
        source = path.name.removesuffix(".tsv.xz")
        for asked, written in ((0, 1), (1, 0)):
            name = f"{PREFIX}{languages[asked]}-{languages[written]}"
            found = 0
            for block in _blocks([pair[written] for pair in pairs], rng):
                context = " ".join(pairs[i][written] for i in block)
                for i in rng.sample(block, min(2, len(block))):
                    start = context.index(pairs[i][written])
                    span = start, start + len(pairs[i][written])
                    question = _piece(pairs[i][asked], languages[asked], rng)
                    title = f"{source}.{languages[written]}/{block[0]}"
                    yield Row(name, languages[asked], question, context, title, span)
                    found += 1
                if found >= count:
                    break


def _blocks(sentences: Sequence[str], rng: random.Random) -> Iterator[list[int]]:
    """Yield runs of three to eight neighbours, no longer than a passage, in a random order."""
    blocks: list[list[int]] = []
    block: list[int] = []
    size, wanted = 0, rng.randint(3, 8)
    for i, sentence in enumerate(sentences):
        if block and (len(block) == wanted or size + len(sentence) > _LONGEST):
            blocks.append(block)
            block, size, wanted = [], 0, rng.randint(3, 8)
        block.append(i)
        size += len(sentence) + 1
    rng.shuffle(blocks)
    yield from (block for block in blocks if len(block) > 1)


def _piece(sentence: str, language: str, rng: random.Random) -> str:
    """Return some words of the sentence that follow each other, a third of them at least."""
    words: Sequence[str] = sentence if language in _UNSPACED else sentence.split()
    size = rng.randint(min(len(words), max(3, len(words) // 3)), len(words))
    start = rng.randint(0, len(words) - size)
    return ("" if language in _UNSPACED else " ").join(words[start : start + size])
