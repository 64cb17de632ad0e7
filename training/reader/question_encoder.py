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

from qa.reader.windows import PAD
from training.reader.network import Network, attention_bias, fast_products, on_device
from training.reader.question_pairs import PairBatch, Pieces, QuestionPairs, pair_batches
from training.reader.train import Recipe, Training, load_checkpoint, take_steps

SHARED = 6  # layers of the reader, frozen
FIRST_OWN = 9  # the layer of e5 from which on the own ones are taken, to begin with
_SCALE = 20.0
# Both are asked for: the vector alone, and its sum with the table's, in which it is used.
_IN_SUM, _ALONE_SHARE, _ENGLISH_SHARE = 2.0, 0.5, 1.0


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

    def embed(self, texts: Pieces) -> Tensor:
        """Return the (texts, dim) unit vectors by the table, as `index.embedder` makes them."""
        device = self.table.device
        starts = np.cumsum(texts.lengths) - texts.lengths
        pieces, offsets = on_device(texts.ids, device), on_device(starts, device)
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
    others: int = 512,
    report: Callable[[int], str],
) -> None:
    """Train in place, by InfoNCE over the passages of a batch and ``others`` of its set.

    Four times ``report`` is printed.
    """
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
    stream = pair_batches(pairs, batch, recipe.seed, start, others=others)
    training = Training(encoder, optimizer, recipe, checkpoint)
    take_steps(training, start, lambda: _loss(encoder, frozen, next(stream)), report)


def _loss(encoder: QuestionEncoder, frozen: Frozen, batch: PairBatch) -> Tensor:
    """Return the InfoNCE of the encoder's vectors, and of their sum with the table's.

    Where there are English translations, the vectors are to be theirs, too: English questions are
    those that most is learned from (Reimers & Gurevych 2020).
    """
    alone = _encode(encoder, frozen, batch.ids)
    passages, same = frozen.embed(batch.found), on_device(batch.same, alone.device)
    both = functional.normalize(frozen.embed(batch.asked) + _IN_SUM * alone, dim=1)
    loss = _ALONE_SHARE * _info_nce(alone, passages, same) + _info_nce(both, passages, same)
    if len(batch.english):
        with torch.no_grad():
            english = _encode(encoder, frozen, batch.english)
        loss = loss + _ENGLISH_SHARE * _info_nce(alone, english, same[:, : len(alone)])
    return loss


def _encode(encoder: QuestionEncoder, frozen: Frozen, ids: npt.NDArray[np.int64]) -> Tensor:
    device = frozen.words.device
    mask = on_device((ids != PAD).astype(np.float32), device)
    with fast_products(device):
        vectors: Tensor = encoder(frozen.states(ids, mask), mask)
    return vectors


def _info_nce(asked: Tensor, found: Tensor, same: Tensor) -> Tensor:
    """Return the loss where text i is to find the i-th of ``found``, but for ``same`` ones."""
    scores = (_SCALE * asked @ found.T).masked_fill(same, -1e4)
    return functional.cross_entropy(scores, torch.arange(len(asked), device=asked.device))
