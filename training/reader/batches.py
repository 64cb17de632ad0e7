"""Batches of windows: questions drawn by the weight of their set, texts about as long together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.reader.windows import PAD, QUESTION, Ids, join_window
from training.reader.examples import NONE, Examples
from training.reader.parallel import PREFIX

POOL = 32  # batches that are sorted by length together
_MULTIPLE = 8  # of tokens, padding among them: what GPUs multiply fast


@dataclass(frozen=True, slots=True)
class Mixture:
    """How often each set is drawn, and how long its windows are.

    ``weights`` are by the beginning of a set's name: one of its rows counts as so many. Sets are
    then drawn by the square root of their rows, so that large ones do not drown small ones.
    """

    weights: dict[str, float]
    batch: int = 128  # windows
    tokens: int = 256  # of a window at most, question and marks among them
    shortened: float = 0.6  # of the windows are cut shorter than they need be
    shortest: int = 64
    beside: float = 0.4  # of the questions have other windows, too, which do not answer
    others: int = 2  # that many at most
    instead: float = 0.1  # have only such a one
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows (batch, tokens); ``group`` (batch,) numbers their questions.

    ``answers`` marks the tokens that may be answers. ``first`` and ``last`` (batch,) are the
    answer's, NONE in a window without. ``parallel`` (batch,) says that a sentence's translation is
    looked for.
    """

    ids: npt.NDArray[np.int64]
    mask: npt.NDArray[np.float32]
    answers: npt.NDArray[np.bool_]
    group: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    parallel: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Window:
    ids: Ids
    begin: int
    first: int
    last: int
    parallel: bool


def batches(examples: Examples, mixture: Mixture, start: int = 0) -> Iterator[Batch]:
    """Yield batches without end, the same for the same seed, from batch ``start`` on."""
    chances = _chances(examples, mixture)
    for pool in range(start // POOL, 1 << 30):
        rng = np.random.default_rng((mixture.seed, pool))
        made = _pool(examples, mixture, chances, rng)
        skipped = start % POOL if pool == start // POOL else 0
        for place in rng.permutation(POOL)[skipped:]:
            yield _stack(made[place])


def _chances(examples: Examples, mixture: Mixture) -> npt.NDArray[np.float64]:
    counts = np.bincount(examples.dataset, minlength=len(examples.names))
    weight = np.ones(len(counts))
    for number, name in enumerate(examples.names.tolist()):
        fitting = [start for start in mixture.weights if name.startswith(start)]
        if fitting:
            weight[number] = mixture.weights[max(fitting, key=len)]
    of_set = weight * np.sqrt(counts)
    chances = (of_set / counts.clip(1))[examples.dataset]
    return np.asarray(chances / chances.sum())


def _pool(
    examples: Examples,
    mixture: Mixture,
    chances: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> list[list[list[_Window]]]:
    """Return POOL batches of questions, each question a list of its windows."""
    size = POOL * mixture.batch
    # A question's windows stay together in one batch.
    groups: list[list[_Window]] = []
    filled = 0
    for row in rng.choice(len(examples), size, p=chances).tolist():
        windows = _windows(examples, mixture, row, rng)
        groups.append(windows)
        filled += len(windows)
        if filled >= size:
            break
    groups.sort(key=lambda windows: max(len(w.ids) for w in windows))
    made: list[list[list[_Window]]] = [[] for _ in range(POOL)]
    seen = 0
    for windows in groups:
        made[min(seen * POOL // filled, POOL - 1)].append(windows)
        seen += len(windows)
    return made


def _windows(
    examples: Examples, mixture: Mixture, row: int, rng: np.random.Generator
) -> list[_Window]:
    first, last = int(examples.first[row]), int(examples.last[row])
    negatives = examples.negatives[row]
    negatives = negatives[negatives != NONE]
    chance = rng.random()
    own = _window(examples, mixture, row, int(examples.context[row]), (first, last), rng)
    if not len(negatives) or chance > mixture.beside + mixture.instead:
        return [own]
    size = 1 if chance < mixture.instead else int(rng.integers(1, mixture.others + 1))
    wrong = [
        _window(examples, mixture, row, int(other), (NONE, NONE), rng)
        for other in rng.permutation(negatives)[:size]
    ]
    return wrong if chance < mixture.instead else [own, *wrong]


def _window(
    examples: Examples,
    mixture: Mixture,
    row: int,
    context: int,
    answer: tuple[int, int],
    rng: np.random.Generator,
) -> _Window:
    question = examples.question_tokens(row)[:QUESTION]
    tokens = examples.context_tokens(context)
    room = mixture.tokens - len(question) - 4
    if rng.random() < mixture.shortened:
        room = int(rng.integers(min(mixture.shortest, room - 1), room))
    first, last = answer
    begin = 0
    if len(tokens) > room:
        if first == NONE:
            low, high = 0, len(tokens) - room
        else:
            last = min(last, first + room - 1)
            low, high = max(0, last - room + 1), min(first, len(tokens) - room)
        begin = int(rng.integers(low, high + 1))
    ids, place = join_window(question, tokens[begin : begin + room])
    if first != NONE:
        first, last = first + place - begin, last + place - begin
    parallel = str(examples.names[examples.dataset[row]]).startswith(PREFIX)
    return _Window(ids, place, first, last, parallel)


def _stack(groups: Sequence[Sequence[_Window]]) -> Batch:
    windows = [window for group in groups for window in group]
    size = -(-max(len(window.ids) for window in windows) // _MULTIPLE) * _MULTIPLE
    ids = np.full((len(windows), size), PAD, dtype=np.int64)
    answers = np.zeros((len(windows), size), dtype=np.bool_)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        answers[row, window.begin : len(window.ids) - 1] = True
    return Batch(
        ids,
        (ids != PAD).astype(np.float32),
        answers,
        np.repeat(np.arange(len(groups)), [len(group) for group in groups]),
        np.array([window.first for window in windows], dtype=np.int64),
        np.array([window.last for window in windows], dtype=np.int64),
        np.array([window.parallel for window in windows], dtype=np.bool_),
    )
