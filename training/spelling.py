"""Train the spelling table: a name and its writing in another script get one vector."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from index.spelling import hash_ngrams
from index.text import find_words
from training.data import NAMES, PairSet
from training.losses import info_nce

BUCKETS, DIM = 16_384, 64
STEPS, BATCH, SCALE, RATE = 4_000, 512, 20.0, 0.02
LONGEST_NAME = 2  # words; longer ones are translated as often as spelled out


def train(sets: Sequence[PairSet], seed: int) -> npt.NDArray[np.int8]:
    """Return the (BUCKETS, DIM) table, trained by InfoNCE between the two writings of a name."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    pairs = name_pairs(sets)
    table = torch.nn.Parameter(torch.randn(BUCKETS, DIM) * 0.1)
    optimizer = torch.optim.Adam([table], lr=RATE, fused=True)
    for step in tqdm(range(STEPS), desc="spelling", unit="step", mininterval=5):
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        left, right = zip(*rng.sample(pairs, BATCH), strict=True)
        loss = info_nce(_vectors(table, left) @ _vectors(table, right).T * SCALE)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
    trained = table.detach().numpy()
    return np.asarray(np.round(trained / np.abs(trained).max() * 127), dtype=np.int8)


def name_pairs(sets: Sequence[PairSet]) -> list[tuple[str, str]]:
    """Return the words of the short names of as many words on both sides, one by one."""
    found = []
    for pairs in sets:
        if not any(source in pairs.name for source in NAMES):
            continue
        for left, right in zip(pairs.left, pairs.right, strict=True):
            ours, theirs = ([t.text for t in find_words(side)] for side in (left, right))
            if len(ours) == len(theirs) <= LONGEST_NAME:
                found += [
                    (a, b) for a, b in zip(ours, theirs, strict=True) if min(len(a), len(b)) > 2
                ]
    return found


def _vectors(table: Tensor, words: Sequence[str]) -> Tensor:
    pieces, starts = map(torch.from_numpy, hash_ngrams(words, len(table)))
    return F.normalize(F.embedding_bag(pieces, table, starts, mode="sum"), dim=1)
