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
from training.reader.questions import Row, training_rows, xquad_rows
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
# Times as often, where they ask: hardly any question of data/qa does.
_ASKED = {"ar": 1.6, "tr": 1.4, "zh": 1.4}


@dataclass(frozen=True, slots=True)
class QuestionPairs:
    """Rows of sets one after the other: set i has the rows ``starts[i] : starts[i + 1]``.

    Row j asks ``asked`` text j, in the reader's pieces and in the table's, for the text
    ``passage[j]`` of ``found``.
    """

    asked: Texts
    asked_pieces: Texts
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
        asked = [text for pairs in sets for text in pairs.left]
        return cls(
            Texts.of(asked, reader, QUESTION),
            Texts.of(asked, table, QUESTION),
            Texts.of(list(numbers), table, _PASSAGE),
            np.array([numbers[text] for pairs in sets for text in pairs.right], dtype=np.int64),
            np.cumsum([0, *(len(pairs.left) for pairs in sets)]),
            np.array([pairs.name for pairs in sets]),
        )

    def save(self, path: Path) -> None:
        """Write them, compressed."""
        np.savez_compressed(
            path, asked=self.asked.ids, asked_starts=self.asked.starts,
            asked_pieces=self.asked_pieces.ids, asked_pieces_starts=self.asked_pieces.starts,
            found=self.found.ids, found_starts=self.found.starts, passage=self.passage,
            starts=self.starts, names=self.names,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> QuestionPairs:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                Texts(stored["asked"], stored["asked_starts"]),
                Texts(stored["asked_pieces"], stored["asked_pieces_starts"]),
                Texts(stored["found"], stored["found_starts"]),
                stored["passage"], stored["starts"], stored["names"],
            )  # fmt: skip

    def question(self, row: int) -> Ints:
        """Return the ids of a text with the marks around it, as the network reads it."""
        ids = self.asked.ids[self.asked.starts[row] : self.asked.starts[row + 1]]
        return np.concatenate([[BEGIN], ids, [END]]).astype(np.int64)

    def questions(self, rows: Sequence[int]) -> Ints:
        """Return the (rows, tokens) ids of texts, padded at their ends."""
        found = [self.question(row) for row in rows]
        ids = np.full((len(rows), max(map(len, found), default=0)), PAD, dtype=np.int64)
        for row, question in enumerate(found):
            ids[row, : len(question)] = question
        return ids

    def to_english(self, number: int) -> int | None:
        """Return how many rows after those of a set their English translations are.

        None for a set of English texts, and for one whose other side is not English.
        """
        kind, languages, source = self.names[number].split(".", 2)
        asked, _, found = languages.partition("-")
        mirrored = np.flatnonzero(self.names == f"{kind}.{found}-{asked}.{source}")
        if found != "en" or not len(mirrored):
            return None
        return int(self.starts[mirrored[0]] - self.starts[number])


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Questions (batch, tokens) of one set, and the passages that they are compared with.

    The first ``batch`` passages are the right ones, the others any of the set. ``asked`` and
    ``found`` are both sides in pieces of the table. ``same`` (batch, passages) marks the right
    passage of a question where it stands for another one. ``english`` (batch, tokens) are the
    English translations of the questions, where the set has them; else it has no rows.
    """

    ids: Ints
    english: Ints
    asked: Pieces
    found: Pieces
    same: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Texts in pieces of the table, end to end, and the length of each."""

    ids: Ints
    lengths: Ints


def pair_batches(
    pairs: QuestionPairs, size: int, seed: int, start: int = 0, *, others: int = 0
) -> Iterator[PairBatch]:
    """Yield batches without end, the same for the same seed, from batch ``start`` on.

    ``others`` passages of the set, at random, are wrong for every question of a batch.
    """
    chances = np.array([
        _weight(name) * count**0.5
        for name, count in zip(pairs.names.tolist(), np.diff(pairs.starts).tolist(), strict=True)
    ])  # fmt: skip
    for step in range(start, 1 << 30):
        rng = np.random.default_rng((seed, step))
        chosen = int(rng.choice(len(chances), p=chances / chances.sum()))
        first, last = int(pairs.starts[chosen]), int(pairs.starts[chosen + 1])
        rows = _draw(first, last, size, rng)
        others_rows = rng.integers(first, last, others).tolist()
        yield _stack(pairs, rows, others_rows, pairs.to_english(chosen))


def _weight(name: str) -> float:
    fitting = [start for start in WEIGHTS if name.startswith(start)]
    weight = WEIGHTS[max(fitting, key=len)] if fitting else 1.0
    kind, languages, source = name.split(".", 2)
    if kind == "parallel":
        asked, found = languages.split("-")
        weight *= _ARABIC if "ar" in (asked, found) else 1.0
        weight *= _ASKED.get(asked, 1.0)
    return weight * _BY_SOURCE.get(source, 1.0)


def _draw(first: int, last: int, size: int, rng: np.random.Generator) -> list[int]:
    """Return rows of a set, in runs that follow each other."""
    runs = rng.permutation(np.arange(first, last, _RUN))[: max(1, size // _RUN)]
    return [row for run in runs.tolist() for row in range(run, min(run + _RUN, last))]


def _stack(
    pairs: QuestionPairs, rows: list[int], others: list[int], english: int | None
) -> PairBatch:
    """Lay out rows of a set; their translations are ``english`` rows after them."""
    passages = pairs.passage[[*rows, *others]]
    same = pairs.passage[rows][:, None] == passages[None, :]
    np.fill_diagonal(same, False)
    return PairBatch(
        pairs.questions(rows),
        pairs.questions([] if english is None else [row + english for row in rows]),
        Pieces(*pairs.asked_pieces.pick(rows)),
        Pieces(*pairs.found.pick(passages.tolist())),
        same,
    )


def question_sets(
    folder: Path,
    sets: Sequence[PairSet],
    leakage: Leakage,
    seed: int,
    *,
    switched_rows: int = _SWITCHED,
) -> list[PairSet]:
    """Return the sets to learn from: of ``sets`` (`training.data`), and of ``folder``/qa.

    ``switched_rows`` of SQuAD come once more with words of another language in the question. Of
    XQuAD's tuning half there are the translations of the questions, without their paragraphs:
    with them its 80 paragraphs are learned by heart.
    """
    rng = random.Random(seed)
    translated = _xquad_questions(folder / "eval")
    found = [made for pairs in (*sets, *translated) for made in _both_ways(pairs, rng)]
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


def _xquad_questions(folder: Path) -> list[PairSet]:
    """Return the questions in each language with the same in English."""
    asked: dict[str, list[str]] = {}
    for row in xquad_rows(folder, "train"):
        if row.dataset.endswith("-en"):
            asked.setdefault(row.dataset, []).append(row.question)
    english = tuple(asked.pop("xquad.en-en", ()))
    return [
        _pair_set(f"parallel.{name.removeprefix('xquad.')}.xquad", "parallel", tuple(own), english)
        for name, own in asked.items()
    ]


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
