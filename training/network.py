"""The network of qa/scorer.py with gradients, and how its weights are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from qa.features import PassageFeatures, QuestionFeatures
from qa.kinds import KINDS
from qa.scorer import LONGEST

IMPOSSIBLE = -1e9
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A question beside its paragraph; ``gold`` (first word, words) are the answers."""

    title: str
    asked: QuestionFeatures
    passage: PassageFeatures
    gold: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the networks are made; chosen by cross-validation on what they are trained on."""

    epochs: int = 3
    batch: int = 32
    rate: float = 1.5e-3
    decay: float = 0.1
    dropout: float = 0.5
    hidden: int = 96
    meaning: int = 12
    bilinear: int = 8
    seeds: int = 4


def fold_of(title: str) -> int:
    """Return the fold of an article: the same for all its questions, in all languages."""
    return sum(title.encode()) % FOLDS


class Network(nn.Module):
    """The network of qa/scorer.py, with gradients."""

    def __init__(self, example: Example, recipe: Recipe) -> None:
        super().__init__()
        dim = example.passage.words.vectors.shape[1]
        seen = example.passage.words.looks.shape[1] + example.passage.against.shape[1]
        kinds, hidden = len(KINDS), recipe.hidden
        self.meaning = nn.Linear(dim, recipe.meaning, bias=False)
        self.asked = nn.Linear(dim, recipe.bilinear, bias=False)
        self.told = nn.Linear(dim, recipe.bilinear, bias=False)
        self.kind = nn.Linear(kinds, recipe.meaning, bias=False)
        width = 2 * recipe.meaning + recipe.bilinear + seen + kinds
        self.layers = nn.ModuleList(
            nn.Conv1d(below, hidden, places, padding=dilation * (places // 2), dilation=dilation)
            for below, places, dilation in ((width, 5, 1), (hidden, 3, 2), (hidden, 3, 4))
        )
        self.out = nn.Linear(2 * hidden, 3)
        self.by_kind = nn.Parameter(torch.zeros(kinds, seen, 3))
        self.length = nn.Parameter(torch.zeros(kinds, LONGEST))
        sentence = example.passage.sentence_features.shape[1]
        self.sentence = nn.Parameter(torch.zeros(sentence))
        with torch.no_grad():
            self.sentence[[0, 1, 2, 5]] = 2.0  # late, dense and share speak for a sentence
        self.dropout = nn.Dropout(recipe.dropout)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Return (examples, words, LONGEST): each span's score."""
        mask = (batch["sentence_of"] >= 0)[..., None].float()
        vectors, kind = batch["vectors"] * 4, batch["kind"]
        meaning = self.meaning(vectors)
        bilinear = self.asked(batch["target"] * 4)[:, None] * self.told(vectors)
        typed = meaning * self.kind(kind)[:, None]
        kinds = kind[:, None].expand(-1, vectors.shape[1], -1)
        rows = torch.cat([meaning, bilinear, typed, batch["seen"], kinds], -1)
        layers: list[Tensor] = []
        for layer in self.layers:
            below = self.dropout(layers[-1] if layers else rows)
            made = functional.relu(layer((below * mask).transpose(1, 2))).transpose(1, 2)
            layers.append((made + layers[-1] if layers else made) * mask)
        top = self.out(self.dropout(torch.cat([layers[0], layers[-1]], -1)))
        by_kind = torch.einsum("bk,kfo->bfo", kind, self.by_kind)
        words = top + torch.einsum("blf,bfo->blo", self.dropout(batch["seen"]), by_kind)
        scores = _spans(words) + (kind @ self.length)[:, None]
        of_sentences = batch["sentences"] @ self.sentence
        of_words = torch.gather(of_sentences, 1, batch["sentence_of"].clamp(min=0))
        return (scores + of_words[..., None]).masked_fill(~batch["whole"], IMPOSSIBLE)


def _spans(words: Tensor) -> Tensor:
    start, end, inside = words.unbind(-1)
    count, summed = words.shape[1], torch.cumsum(inside, 1)
    found = []
    for extra in range(LONGEST):
        shift = min(extra, count)
        last = functional.pad(end[:, extra:], (0, shift))
        total = functional.pad(summed[:, extra:], (0, shift)) - summed + inside
        found.append(start + last + total / (extra + 1) ** 0.5)
    return torch.stack(found, -1)


def weights_of(network: Network) -> dict[str, np.ndarray]:
    """Return a network's weights under the names that qa/scorer.py reads."""
    named = {
        name: getattr(network, name).weight.T
        for name in ("meaning", "asked", "told", "kind", "out")
    }
    named |= {name: getattr(network, name) for name in ("by_kind", "length", "sentence")}
    named["out_bias"] = network.out.bias
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, nn.Conv1d)
        assert layer.bias is not None
        named[f"layer{number}"] = layer.weight.permute(2, 1, 0)
        named[f"bias{number}"] = layer.bias
    return {name: weight.detach().numpy().copy() for name, weight in named.items()}


def save(networks: Sequence[dict[str, np.ndarray]], path: Path) -> None:
    """Write networks as qa/scorer.py reads them, in half precision."""
    stacked = {name: np.stack([n[name] for n in networks]) for name in networks[0]}
    halves = {name: weight.astype(np.float16) for name, weight in stacked.items()}
    np.savez_compressed(path, allow_pickle=False, **halves)
