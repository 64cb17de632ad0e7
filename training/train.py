"""Train the table of token vectors: first their means, then late interaction on top.

The loops are ours: a batch comes from one set, carries teacher vectors for some sides only, and
the table has no other weights. The sentence-transformers trainer tokenises every batch anew,
which costs more here than the step itself.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from training.data import PairSet
from training.losses import info_nce, max_sim

MEAN_BATCH, MEAN_SCALE, MEAN_RATE = 1024, 20.0, 0.02
LATE_BATCH, LATE_SCALE, LATE_RATE = 128, 25.0, 0.003
LATE_STEPS = 2_500
# Half of a text's tokens, at random, must do for all of it: a word then learns to stand for
# itself. On the tuning half it lifts dense + late interaction, the mean over seven directions
# into or out of Arabic, from .623 to .662.
DROPPED = 0.5
LATE_SHARES = {"parallel": 0.60, "document": 0.25, "dict": 0.15}
WARM_UP = 100
MAX_TOKENS = 128
QUESTION_TOKENS, TEXT_TOKENS = 16, 48  # the score matrix grows with their product


Ids: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair set as token ids; ``teacher`` rows are the English side's, or None."""

    pairs: PairSet
    left: list[Ids]
    right: list[Ids]
    teacher: npt.NDArray[np.float32] | None


def encode_set(
    pairs: PairSet, tokenizer: Tokenizer, teacher: dict[str, npt.NDArray[np.float32]]
) -> Encoded:
    """Tokenise both sides and look the teacher's vectors up."""

    def ids(texts: Sequence[str]) -> list[Ids]:
        batch = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(e.ids[:MAX_TOKENS] or [0], dtype=np.int32) for e in batch]

    vectors = np.stack([teacher[text] for text in pairs.right]) if pairs.taught else None
    return Encoded(pairs, ids(pairs.left), ids(pairs.right), vectors)


def train_means(
    table: torch.nn.Parameter, sets: Sequence[Encoded], steps: int, rng: random.Random
) -> None:
    """Train sentence means by InfoNCE between the sides and against the teacher, in place."""
    optimizer = torch.optim.Adam([table], lr=MEAN_RATE)
    plan = _plan(sets, steps, rng)
    progress = tqdm(plan, desc="means", unit="step", mininterval=5)
    for step, number in enumerate(progress):
        _set_rate(optimizer, MEAN_RATE, step, len(plan))
        encoded = sets[number]
        rows = _rows(encoded, MEAN_BATCH, rng)
        loss = _mean_loss(table, encoded, rows, rng)
        _descend(optimizer, loss)
        if step % 50 == 0:
            progress.set_postfix(loss=f"{loss.item():.3f}")


def _mean_loss(table: Tensor, encoded: Encoded, rows: list[int], rng: random.Random) -> Tensor:
    noise = np.random.default_rng(rng.getrandbits(64))
    left = _means(table, [_thinned(encoded.left[i], noise) for i in rows])
    right = _means(table, [_thinned(encoded.right[i], noise) for i in rows])
    loss = info_nce(left @ right.T * MEAN_SCALE)
    if encoded.teacher is not None:
        teacher = torch.from_numpy(encoded.teacher[rows])
        loss = loss + 0.5 * info_nce(right @ teacher.T * MEAN_SCALE)
        loss = loss + 0.5 * info_nce(left @ teacher.T * MEAN_SCALE)
    return loss


def _thinned(ids: Ids, noise: np.random.Generator) -> Ids:
    if len(ids) <= 3:
        return ids
    kept = ids[noise.random(len(ids)) > DROPPED]
    return kept if len(kept) else ids


def _means(table: Tensor, texts: list[Ids]) -> Tensor:
    flat = torch.from_numpy(np.concatenate(texts)).long()
    lengths = torch.tensor([0] + [len(text) for text in texts[:-1]])
    return F.normalize(F.embedding_bag(flat, table, lengths.cumsum(0), mode="mean"), dim=1)


def train_late(table: torch.nn.Parameter, sets: Sequence[Encoded], rng: random.Random) -> None:
    """Train MaxSim in place, holding on to the mean with half the weight."""
    optimizer = torch.optim.Adam([table], lr=LATE_RATE)
    by_kind = {
        kind: [e for e in sets if (e.pairs.kind if e.pairs.kind != "qa" else "document") == kind]
        for kind in LATE_SHARES
    }
    progress = tqdm(range(LATE_STEPS), desc="late interaction", unit="step", mininterval=5)
    for step in progress:
        _set_rate(optimizer, LATE_RATE, step, LATE_STEPS)
        kind = rng.choices(list(LATE_SHARES), list(LATE_SHARES.values()))[0]
        weights = [e.pairs.passes * len(e.left) for e in by_kind[kind]]
        encoded = rng.choices(by_kind[kind], weights)[0]
        rows = _rows(encoded, LATE_BATCH, rng)
        loss = _late_loss(table, encoded, rows, rng)
        _descend(optimizer, loss)
        if step % 20 == 0:
            progress.set_postfix(loss=f"{loss.item():.3f}")


def _late_loss(table: Tensor, encoded: Encoded, rows: list[int], rng: random.Random) -> Tensor:
    left = [encoded.left[i] for i in rows]
    right = [encoded.right[i] for i in rows]
    scores = [
        max_sim(*_token_vectors(table, _sampled(asked, rng)), _token_vectors(table, texts)[0])
        for asked, texts in ((left, right), (right, left))
    ]
    late = sum(info_nce(score * LATE_SCALE) for score in scores) / 2
    return late + 0.5 * _mean_loss(table, encoded, rows, rng)


def _sampled(texts: list[Ids], rng: random.Random) -> list[Ids]:
    """Take a few tokens of each text, in the manner of a question."""
    size = QUESTION_TOKENS
    return [t if len(t) <= size else np.array(rng.sample(t.tolist(), size)) for t in texts]


def _token_vectors(table: Tensor, texts: list[Ids]) -> tuple[Tensor, Tensor]:
    """Return padded unit vectors (texts, tokens, dim) and weights (texts, tokens)."""
    width = min(TEXT_TOKENS, max(map(len, texts)))
    ids = np.zeros((len(texts), width), dtype=np.int64)
    present = np.zeros((len(texts), width), dtype=np.float32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text[:width]
        present[row, : len(text)] = 1.0
    mask = torch.from_numpy(present)
    vectors = F.embedding(torch.from_numpy(ids), table)
    lengths = vectors.norm(dim=2)
    units = vectors / lengths.unsqueeze(2).clamp_min(1e-9) * mask.unsqueeze(2)
    return units, lengths * mask


def _plan(sets: Sequence[Encoded], steps: int, rng: random.Random) -> list[int]:
    """Return the number of the set that each step draws from, in proportion to its passes."""
    wanted = [e.pairs.passes * len(e.left) / min(MEAN_BATCH, len(e.left)) for e in sets]
    scale = steps / sum(wanted)
    plan = [i for i, share in enumerate(wanted) for _ in range(max(1, round(share * scale)))]
    rng.shuffle(plan)
    return plan


def _rows(encoded: Encoded, size: int, rng: random.Random) -> list[int]:
    return rng.sample(range(len(encoded.left)), min(size, len(encoded.left)))


def _set_rate(optimizer: torch.optim.Optimizer, peak: float, step: int, steps: int) -> None:
    rate = peak * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
    for group in optimizer.param_groups:
        group["lr"] = rate


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    optimizer.step()
