"""The reader as a torch module: a BERT encoder over word embeddings, and two logits a token."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.reader.e5 import Encoder

POSITIONS = 512


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of multilingual-e5-small."""

    hidden: int = 384
    layers: int = 12
    heads: int = 12
    inner: int = 1_536
    eps: float = 1e-12
    dropout: float = 0.0


class Layer(nn.Module):
    """Self-attention and feed-forward, each with its layer norm after the sum (post-norm)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.attended = nn.Linear(shape.hidden, shape.hidden)
        self.attended_norm = nn.LayerNorm(shape.hidden, shape.eps)
        self.widened = nn.Linear(shape.hidden, shape.inner)
        self.narrowed = nn.Linear(shape.inner, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Return the states (batch, tokens, hidden) after the layer; ``bias`` hides padding."""
        batch, tokens, hidden = states.shape
        qkv = self.qkv(states).view(batch, tokens, 3, self.heads, hidden // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        if states.is_cuda:
            mixed = functional.scaled_dot_product_attention(query, key, value, bias)
        else:  # written out: in bfloat16 a third of what torch's fused attention takes on a CPU
            scores = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2) + bias
            mixed = functional.softmax(scores, -1).to(value.dtype) @ value
        mixed = self.attended(mixed.transpose(1, 2).reshape(batch, tokens, hidden))
        states = self.attended_norm(states + self.dropout(mixed))
        wide = self.narrowed(functional.gelu(self.widened(states)))
        normed: Tensor = self.norm(states + self.dropout(wide))
        return normed


class Network(nn.Module):
    """Word embeddings (batch, tokens, hidden) to start and end logits (batch, tokens, 2)."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape or Shape()
        self.positions = nn.Embedding(POSITIONS, self.shape.hidden)
        self.norm = nn.LayerNorm(self.shape.hidden, self.shape.eps)
        self.layers = nn.ModuleList(Layer(self.shape) for _ in range(self.shape.layers))
        self.dropout = nn.Dropout(self.shape.dropout)
        self.head = nn.Linear(self.shape.hidden, 2)
        self.parallel = nn.Linear(self.shape.hidden, 2)  # of training alone

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return the logits; ``mask`` (batch, tokens) is 1 for tokens, 0 for padding."""
        logits: Tensor = self.head(self.encode(words, mask))
        return logits

    def encode(self, words: Tensor, mask: Tensor, layers: int | None = None) -> Tensor:
        """Return the states (batch, tokens, hidden) after so many layers, or after all."""
        bias = attention_bias(words, mask)
        states: Tensor = self.norm(words + self.positions.weight[: words.shape[1]])
        states = self.dropout(states)
        for layer in self.layers[:layers]:
            states = layer(states, bias)
        return states


def attention_bias(words: Tensor, mask: Tensor) -> Tensor:
    """Return what is added to attention scores, so that padding gets none."""
    bias = ((1.0 - mask.to(words.dtype)) * -1e4)[:, None, None, :]
    if torch.is_autocast_enabled(words.device.type):
        bias = bias.to(torch.get_autocast_dtype(words.device.type))
    return bias


def from_encoder(encoder: Encoder, dropout: float = 0.0) -> Network:
    """Return a network with the encoder's weights, and heads of zeros."""
    tensors = {name: torch.from_numpy(array) for name, array in encoder.tensors.items()}
    hidden = encoder.hidden
    shape = Shape(hidden, encoder.layers, encoder.heads, eps=encoder.eps, dropout=dropout)
    network = Network(shape)
    state = {
        # One type of token only: its embedding belongs to every position's.
        "positions.weight": tensors["emb.pos"].view(-1, hidden)
        + tensors["emb.type"].view(-1, hidden)[0],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
        "head.weight": torch.zeros(2, hidden),
        "head.bias": torch.zeros(2),
        "parallel.weight": torch.zeros(2, hidden),
        "parallel.bias": torch.zeros(2),
    }
    names = {
        "attended": "ao",
        "attended_norm": "aln",
        "widened": "fi",
        "narrowed": "fo",
        "norm": "oln",
    }
    for number in range(encoder.layers):
        for ours, theirs in names.items():
            weight = tensors[f"l{number}.{theirs}.w"]
            bias = tensors[f"l{number}.{theirs}.b"]
            state[f"layers.{number}.{ours}.bias"] = bias
            state[f"layers.{number}.{ours}.weight"] = (
                weight if "norm" in ours else weight.view(len(bias), -1)
            )
        for part in ("w", "b"):
            joined = torch.cat([tensors[f"l{number}.{name}.{part}"] for name in "qkv"])
            key = f"layers.{number}.qkv." + ("weight" if part == "w" else "bias")
            state[key] = joined.view(3 * hidden, -1) if part == "w" else joined
    network.load_state_dict(state)
    return network


def fast_products(device: torch.device) -> AbstractContextManager[object]:
    """Multiply in bfloat16 where that is faster: on a CPU with AVX-512 four times."""
    if device.type == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16"):
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()


def on_device(array: npt.NDArray[np.generic], device: torch.device) -> Tensor:
    """Copy an array to the device; to a GPU without waiting for what it does."""
    tensor = torch.from_numpy(array)
    if device.type == "cuda":
        tensor = tensor.pin_memory()
    return tensor.to(device, non_blocking=True)
