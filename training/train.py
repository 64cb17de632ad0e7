"""Train the table of token vectors: first their means, then late interaction on top.

The loops are ours: a batch comes from one set, carries teacher vectors for some sides only, and
the table has no other weights. The sentence-transformers trainer tokenises every batch anew and
takes 3.5 times as long for a step of the same loss (README.md).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from training.checkpoint import Checkpoint
from training.data import PairSet
from training.losses import info_nce, max_sim

MAX_TOKENS = 128
WARM_UP = 100  # steps
Ids: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of one run; each was measured, see README.md."""

    mean_steps: int = 6_000
    mean_batch: int = 1_024
    mean_scale: float = 20.0
    mean_rate: float = 0.02
    late_steps: int = 20_000
    late_batch: int = 128
    late_scale: float = 25.0
    late_rate: float = 0.004
    mean_share: float = 0.5  # of the means' loss beside late interaction's
    # Half of a text's tokens, at random, must do for all of it: a word then learns to stand for
    # itself.
    dropped: float = 0.5
    question_tokens: int = 16
    text_tokens: int = 48
    parallel: float = 0.70  # of late interaction's batches; the rest
    document: float = 0.20
    dictionary: float = 0.10


@dataclass(frozen=True, slots=True)
class Run:
    """One stage of one run: what its steps are drawn by, and where it is kept half-done."""

    name: str
    seed: int
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Texts:
    """Tokenised texts end to end: text i is ``ids[starts[i]:starts[i + 1]]``, never empty."""

    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], tokenizer: Tokenizer, limit: int = MAX_TOKENS) -> Texts:
        """Tokenise the texts, each cut at ``limit`` tokens."""
        batch = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ids = [np.array(e.ids[:limit] or [0], dtype=np.int32) for e in batch]
        return cls(np.concatenate(ids), np.cumsum([0, *map(len, ids)]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def pick(self, rows: list[int]) -> tuple[Ids, Ids]:
        """Return the ids of the chosen texts end to end and the length of each."""
        lengths = self.starts[np.array(rows) + 1] - self.starts[rows]
        ids = np.concatenate([self.ids[self.starts[r] : self.starts[r + 1]] for r in rows])
        return ids.astype(np.int64), lengths


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair set as token ids; ``teacher`` rows are the English side's, or None."""

    name: str
    kind: str
    passes: float
    left: Texts
    right: Texts
    teacher: npt.NDArray[np.float32] | None

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def of(
        cls, pairs: PairSet, tokenizer: Tokenizer, teacher: dict[str, npt.NDArray[np.float32]]
    ) -> Encoded:
        """Tokenise both sides and look the teacher's vectors up."""
        vectors = np.stack([teacher[text] for text in pairs.right]) if pairs.taught else None
        left, right = Texts.of(pairs.left, tokenizer), Texts.of(pairs.right, tokenizer)
        return cls(pairs.name, pairs.kind, pairs.passes, left, right, vectors)


class Batch:
    """Pairs of one set, and the vectors of the distinct tokens in them.

    One look-up for both losses: each look-up costs a gradient as large as the whole table.
    """

    def __init__(self, table: Tensor, encoded: Encoded, size: int, rng: random.Random) -> None:
        rows = rng.sample(range(len(encoded)), min(size, len(encoded)))
        left, self.left_lengths = encoded.left.pick(rows)
        right, self.right_lengths = encoded.right.pick(rows)
        distinct, places = np.unique(np.concatenate([left, right]), return_inverse=True)
        self.left, self.right = places[: len(left)], places[len(left) :]
        self.vectors = F.embedding(torch.from_numpy(distinct), table)
        self.teacher = None if encoded.teacher is None else torch.from_numpy(encoded.teacher[rows])
        self.noise = np.random.default_rng(rng.getrandbits(64))


def train_means(
    table: torch.nn.Parameter, sets: Sequence[Encoded], recipe: Recipe, run: Run
) -> None:
    """Train sentence means by InfoNCE between the sides and against the teacher, in place."""
    weights = [e.passes * len(e) / min(recipe.mean_batch, len(e)) for e in sets]

    def loss(rng: random.Random) -> Tensor:
        encoded = rng.choices(sets, weights)[0]
        return _mean_loss(Batch(table, encoded, recipe.mean_batch, rng), recipe)

    _train(table, loss, recipe.mean_steps, recipe.mean_rate, run)


def train_late(
    table: torch.nn.Parameter, sets: Sequence[Encoded], recipe: Recipe, run: Run
) -> None:
    """Train MaxSim in place, holding on to the means with a share of their loss."""
    shares = {
        "parallel": recipe.parallel, "document": recipe.document, "dict": recipe.dictionary
    }  # fmt: skip
    by_kind = {kind: [e for e in sets if e.kind == kind] for kind in shares}
    weights = {kind: [e.passes * len(e) for e in found] for kind, found in by_kind.items()}

    def loss(rng: random.Random) -> Tensor:
        kind = rng.choices(list(shares), list(shares.values()))[0]
        encoded = rng.choices(by_kind[kind], weights[kind])[0]
        batch = Batch(table, encoded, recipe.late_batch, rng)
        return _late_loss(batch, recipe) + recipe.mean_share * _mean_loss(batch, recipe)

    _train(table, loss, recipe.late_steps, recipe.late_rate, run)


def _train(
    table: torch.nn.Parameter,
    loss: Callable[[random.Random], Tensor],
    steps: int,
    peak: float,
    run: Run,
) -> None:
    optimizer = torch.optim.Adam([table], lr=peak, fused=True)  # ten times as fast as the plain one
    first = run.checkpoint.load(table, optimizer)
    bar = tqdm(range(first, steps), run.name, steps, initial=first, unit="step", mininterval=5)
    for step in bar:
        run.checkpoint.save(table, optimizer, step)
        for group in optimizer.param_groups:
            group["lr"] = peak * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
        # Of the step's own: a run that goes on draws what it would have drawn.
        found = loss(random.Random(f"{run.name} {run.seed} {step}"))
        optimizer.zero_grad(set_to_none=True)
        found.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
    run.checkpoint.clear()


def _mean_loss(batch: Batch, recipe: Recipe) -> Tensor:
    left = _means(batch, batch.left, batch.left_lengths, recipe.dropped)
    right = _means(batch, batch.right, batch.right_lengths, recipe.dropped)
    loss = info_nce(left @ right.T * recipe.mean_scale)
    if batch.teacher is not None:
        for side in (left, right):
            loss = loss + 0.5 * info_nce(side @ batch.teacher.T * recipe.mean_scale)
    return loss


def _means(batch: Batch, ids: Ids, lengths: Ids, dropped: float) -> Tensor:
    """Return the unit means of the texts, each without a share of its tokens."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    kept = (batch.noise.random(len(ids)) >= dropped) | (lengths <= 3)[text]
    kept |= (np.bincount(text[kept], minlength=len(lengths)) == 0)[text]
    starts = np.searchsorted(text[kept], np.arange(len(lengths)))
    flat, offsets = torch.from_numpy(ids[kept]), torch.from_numpy(starts)
    return F.normalize(F.embedding_bag(flat, batch.vectors, offsets, mode="mean"), dim=1)


def _late_loss(batch: Batch, recipe: Recipe) -> Tensor:
    lengths = batch.vectors.norm(dim=1)
    units = batch.vectors / lengths.unsqueeze(1).clamp_min(1e-9)
    left, right = (batch.left, batch.left_lengths), (batch.right, batch.right_lengths)
    loss = torch.zeros(())
    for asked, found in ((left, right), (right, left)):
        question = _padded(*asked, recipe.question_tokens, batch.noise)
        text = _padded(*found, recipe.text_tokens, None)
        loss = loss + info_nce(_scores(units, lengths, question, text) * recipe.late_scale)
    return loss / 2


def _scores(units: Tensor, lengths: Tensor, question: Ids, text: Ids) -> Tensor:
    """Return MaxSim of padded questions (n, s) with padded texts (m, width), rows of units."""
    asked, asked_places = np.unique(question, return_inverse=True)
    found, found_places = np.unique(text, return_inverse=True)
    places = torch.from_numpy(asked_places.reshape(question.shape))
    known = torch.from_numpy(question >= 0)
    weights = lengths[torch.from_numpy(asked)][places] * known
    weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-9)
    shares = torch.zeros(len(question), len(asked)).scatter_add(1, places, weights)
    columns = torch.from_numpy(np.where(text < 0, -1, found_places.reshape(text.shape)))
    return max_sim(units[torch.from_numpy(asked)], shares, units[torch.from_numpy(found)], columns)


def _padded(ids: Ids, lengths: Ids, width: int, noise: np.random.Generator | None) -> Ids:
    """Lay the texts out as rows with -1 for padding: their first tokens, or a random few."""
    width = min(width, int(lengths.max()))
    order = np.arange(len(ids)) if noise is None else noise.random(len(ids))
    text = np.repeat(np.arange(len(lengths)), lengths)
    by_text = np.lexsort((order, text))
    column = np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = np.full((len(lengths), width), -1, dtype=np.int64)
    kept = column < width
    rows[text[kept], column[kept]] = ids[by_text][kept]
    return rows
