"""Texts, each with a passage that it should find: what the question encoder learns from.

Sentences with their translations, words with those of the dictionaries, questions with their
paragraphs. The text is in the reader's pieces, the passage in those of the table (index/model).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qa.reader.windows import BEGIN, END, PAD, QUESTION
from training.data import PairSet
from training.leakage import Leakage
from training.reader.questions import Row, training_rows
from training.reader.switching import switched
from training.train import Texts

Ints = npt.NDArray[np.int64]
_PASSAGE = 512  # pieces of the table
_LONGEST, _SHORTEST = 400, 15  # characters of a sentence
_NAMES, _NAME_CHARS = 8_000, 60  # rows of a dictionary, characters of one
_SWITCHED = 16_000
# Questions on passages of the languages that the table knows.
QUESTION_DATASETS = (
    "ar.arcd-train", "en.covidqa", "en.newwiki", "en.qed-nq", "en.squad11-train", "fr.piaf11",
    "mul.afriqa", "tr.enelpi", "tr.tquad", "zh.cmrc2018",
)  # fmt: skip
_RUN = 8  # rows that follow each other: of one article, so that its other paragraphs are near
# One row of these counts as so many; sets are then drawn by the square root of their rows.
WEIGHTS = {
    "parallel.": 1.0, "dict.": 0.15, "question.": 3.2, "question.en.squad11-train": 8.0,
    "question.en.squad11-train+switched": 5.0, "question.mul.afriqa": 1.0,
    "question.en.covidqa": 1.2, "document.": 0.5,
}  # fmt: skip
_BY_SOURCE = {"quran": 0.25, "tatoeba": 0.5, "mtgeneval": 0.7}
_ARABIC = 1.5  # times as often, where one side is


@dataclass(frozen=True, slots=True)
class QuestionPairs:
    """Rows of sets one after the other: set i has the rows ``starts[i] : starts[i + 1]``.

    Row j asks ``asked`` text j for the text ``passage[j]`` of ``found``.
    """

    asked: Texts
    found: Texts
    passage: Ints
    starts: Ints
    names: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.passage)

    @classmethod
    def pack(cls, sets: Sequence[PairSet], reader: Tokenizer, table: Tokenizer) -> QuestionPairs:
        """Tokenise both sides."""
        numbers = {
            text: i for i, text in enumerate(dict.fromkeys(t for s in sets for t in s.right))
        }
        return cls(
            Texts.of([text for pairs in sets for text in pairs.left], reader, QUESTION),
            Texts.of(list(numbers), table, _PASSAGE),
            np.array([numbers[text] for pairs in sets for text in pairs.right], dtype=np.int64),
            np.cumsum([0, *(len(pairs.left) for pairs in sets)]),
            np.array([pairs.name for pairs in sets]),
        )

    def save(self, path: Path) -> None:
        """Write them, compressed."""
        np.savez_compressed(
            path, asked=self.asked.ids, asked_starts=self.asked.starts, found=self.found.ids,
            found_starts=self.found.starts, passage=self.passage, starts=self.starts,
            names=self.names,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> QuestionPairs:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                Texts(stored["asked"], stored["asked_starts"]),
                Texts(stored["found"], stored["found_starts"]),
                stored["passage"], stored["starts"], stored["names"],
            )  # fmt: skip

    def question(self, row: int) -> Ints:
        """Return the ids of a text with the marks around it, as the network reads it."""
        ids = self.asked.ids[self.asked.starts[row] : self.asked.starts[row + 1]]
        return np.concatenate([[BEGIN], ids, [END]]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Questions (batch, tokens) of one set, and the pieces of their passages end to end.

    ``lengths`` (batch,) are the passages'. ``same`` (batch, batch) marks other questions of the
    same passage.
    """

    ids: Ints
    mask: npt.NDArray[np.float32]
    pieces: Ints
    lengths: Ints
    same: npt.NDArray[np.bool_]


def pair_batches(pairs: QuestionPairs, size: int, seed: int, start: int = 0) -> Iterator[PairBatch]:
    """Yield batches without end, the same for the same seed, from batch ``start`` on."""
    chances = np.array([
        _weight(name) * count**0.5
        for name, count in zip(pairs.names.tolist(), np.diff(pairs.starts).tolist(), strict=True)
    ])  # fmt: skip
    for step in range(start, 1 << 30):
        rng = np.random.default_rng((seed, step))
        chosen = int(rng.choice(len(chances), p=chances / chances.sum()))
        yield _stack(pairs, _draw(pairs.starts[chosen], pairs.starts[chosen + 1], size, rng))


def _weight(name: str) -> float:
    fitting = [start for start in WEIGHTS if name.startswith(start)]
    weight = WEIGHTS[max(fitting, key=len)] if fitting else 1.0
    kind, languages, source = name.split(".", 2)
    arabic = _ARABIC if kind == "parallel" and "ar" in languages.split("-") else 1.0
    return weight * arabic * _BY_SOURCE.get(source, 1.0)


def _draw(first: int, last: int, size: int, rng: np.random.Generator) -> list[int]:
    """Return rows of a set, in runs that follow each other."""
    runs = rng.permutation(np.arange(first, last, _RUN))[: max(1, size // _RUN)]
    return [row for run in runs.tolist() for row in range(run, min(run + _RUN, last))]


def _stack(pairs: QuestionPairs, rows: list[int]) -> PairBatch:
    questions = [pairs.question(row) for row in rows]
    ids = np.full((len(rows), max(map(len, questions))), PAD, dtype=np.int64)
    for row, question in enumerate(questions):
        ids[row, : len(question)] = question
    passages = pairs.passage[rows]
    pieces, lengths = pairs.found.pick(passages.tolist())
    same = (passages[:, None] == passages[None, :]) & ~np.eye(len(rows), dtype=np.bool_)
    return PairBatch(ids, (ids != PAD).astype(np.float32), pieces, lengths, same)


def question_sets(
    folder: Path,
    sets: Sequence[PairSet],
    leakage: Leakage,
    seed: int,
    *,
    switched_rows: int = _SWITCHED,
) -> list[PairSet]:
    """Return the sets to learn from: of ``sets`` (`training.data`), and of ``folder``/qa.

    ``switched_rows`` of SQuAD come once more with words of another language in the question.
    """
    rng = random.Random(seed)
    found = [made for pairs in sets for made in _both_ways(pairs, rng)]
    rows: dict[str, list[Row]] = {}
    for row in training_rows(folder):
        if row.dataset in QUESTION_DATASETS and row.answer is not None:
            rows.setdefault(row.dataset, []).append(row)
    squad = rows["en.squad11-train"]
    rows["en.squad11-train+switched"] = list(switched(squad, folder, switched_rows, seed))
    for name, own in rows.items():
        kept = [row for row in own if not leakage.hits(name, row.question, row.context)]
        kept.sort(key=lambda row: row.title)  # as they stand in the set, by article
        left, right = tuple(r.question for r in kept), tuple(r.context for r in kept)
        found.append(_pair_set(f"question.{name}", "question", left, right))
    return found


def _both_ways(pairs: PairSet, rng: random.Random) -> Iterator[PairSet]:
    """Yield a set of translations in both directions, a set of titles in its own."""
    if pairs.kind == "document":
        if pairs.name.endswith(".title"):
            name = f"document.{pairs.name.split('.', 1)[1]}"
            yield _pair_set(name, "document", pairs.left, pairs.right)
        return
    _, languages, source = pairs.name.split(".", 2)
    both = list(zip(pairs.left, pairs.right, strict=True))
    if pairs.kind == "dict":
        both = [pair for pair in both if max(map(len, pair)) <= _NAME_CHARS]
        both = rng.sample(both, min(_NAMES, len(both)))
    else:
        both = [p for p in both if all(_SHORTEST <= len(text) <= _LONGEST for text in p)]
    left, right = tuple(pair[0] for pair in both), tuple(pair[1] for pair in both)
    one, other = languages.split("-")
    yield _pair_set(f"{pairs.kind}.{one}-{other}.{source}", pairs.kind, left, right)
    yield _pair_set(f"{pairs.kind}.{other}-{one}.{source}", pairs.kind, right, left)


def _pair_set(name: str, kind: str, left: tuple[str, ...], right: tuple[str, ...]) -> PairSet:
    return PairSet(name, kind, left, right, passes=1.0, taught=False)
