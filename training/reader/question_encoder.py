"""The question encoder: layers above the reader's lower ones, into the table's space.

A question's vector finds passages by those of the table (index/model), which stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.reader.network import Network, attention_bias, fast_products, on_device
from training.reader.question_pairs import PairBatch, QuestionPairs, pair_batches
from training.reader.train import Recipe, Training, load_checkpoint, take_steps

SHARED = 6  # layers of the reader, frozen
FIRST_OWN = 9  # the layer of e5 from which on the own ones are taken, to begin with
_SCALE = 20.0


class QuestionEncoder(nn.Module):
    """States after the reader's lower layers to a unit vector of the table's space."""

    def __init__(self, e5: Network, dim: int) -> None:
        super().__init__()
        self.shape = e5.shape
        first = min(FIRST_OWN, e5.shape.layers - 1)
        self.layers = nn.ModuleList(e5.layers[first:])
        self.out = nn.Linear(e5.shape.hidden, dim)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the (batch, dim) vectors of states (batch, tokens, hidden)."""
        bias = attention_bias(states, mask)
        for layer in self.layers:
            states = layer(states, bias)
        used = mask.to(states.dtype)[..., None]
        mean = (states * used).sum(1) / used.sum(1)
        return functional.normalize(self.out(mean).float(), dim=1)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the encoder stands on: the reader, its word embeddings, the table of index/model."""

    reader: Network
    words: Tensor
    table: Tensor

    def states(self, ids: npt.NDArray[np.int64], mask: Tensor) -> Tensor:
        """Return the reader's states after its SHARED lower layers."""
        words = functional.embedding(on_device(ids, self.words.device), self.words)
        with torch.no_grad():
            return self.reader.encode(words, mask, SHARED)

    def passages(self, batch: PairBatch) -> Tensor:
        """Return the (batch, dim) unit vectors of the passages, as `index.embedder` makes them."""
        device = self.table.device
        starts = np.cumsum(batch.lengths) - batch.lengths
        pieces, offsets = on_device(batch.pieces, device), on_device(starts, device)
        summed = functional.embedding_bag(pieces, self.table, offsets, mode="sum")
        return functional.normalize(summed, dim=1)


def train_questions(
    encoder: QuestionEncoder,
    frozen: Frozen,
    pairs: QuestionPairs,
    recipe: Recipe,
    checkpoint: Path,
    *,
    batch: int = 128,
    report: Callable[[int], str],
) -> None:
    """Train in place, by InfoNCE over the passages of a batch; four times ``report`` is printed."""
    device = frozen.words.device
    encoder.to(device).train()
    frozen.reader.to(device).eval()
    optimizer = torch.optim.AdamW(
        [
            {"params": list(encoder.layers.parameters()), "factor": 1.0},
            {"params": list(encoder.out.parameters()), "factor": recipe.head_rate},
        ],
        recipe.rate,
        weight_decay=recipe.decay,
    )
    start = load_checkpoint(checkpoint, encoder, optimizer)
    stream = pair_batches(pairs, batch, recipe.seed, start)
    training = Training(encoder, optimizer, recipe, checkpoint)
    take_steps(training, start, lambda: _loss(encoder, frozen, next(stream)), report)


def _loss(encoder: QuestionEncoder, frozen: Frozen, batch: PairBatch) -> Tensor:
    device = frozen.words.device
    mask = on_device(batch.mask, device)
    with fast_products(device):
        asked = encoder(frozen.states(batch.ids, mask), mask)
    scores = _SCALE * asked @ frozen.passages(batch).T
    scores = scores.masked_fill(on_device(batch.same, device), -1e4)
    return functional.cross_entropy(scores, torch.arange(len(scores), device=device))
