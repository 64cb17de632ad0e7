"""How well a network reads questions whose articles it did not see, while it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.embedder import Embedder
from index.sentences import sentence_spans
from qa.reader.windows import PAD, QUESTION, WINDOW, Ids, join_window
from training.reader.examples import Examples, Ints, pack, tokens_of
from training.reader.network import Network, fast_products
from training.reader.questions import Row

_BATCH = 64  # windows
_LONGEST_ANSWER = 30  # tokens
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Questions put to the paragraph that answers them, and to the one most like it.

    ``sentence`` (tokens of all contexts,) numbers the sentences within each context.
    """

    examples: Examples
    sentence: Ints

    @classmethod
    def pack(cls, rows: Sequence[Row], tokenizer: Tokenizer, embedder: Embedder) -> HeldOut:
        """Return the rows as arrays, with their paragraphs' sentences."""
        examples = pack(rows, tokenizer, embedder)
        contexts = dict.fromkeys(row.context for row in rows)  # as `pack` numbers them
        return cls(examples, np.concatenate([_sentences(text, tokenizer) for text in contexts]))

    def save(self, folder: Path) -> None:
        """Write them into two files."""
        self.examples.save(folder / "held_out.npz")
        np.save(folder / "held_out.sentences.npy", self.sentence)

    @classmethod
    def load(cls, folder: Path) -> HeldOut:
        """Read what `save` wrote."""
        sentence = np.load(folder / "held_out.sentences.npy")
        return cls(Examples.load(folder / "held_out.npz"), sentence)

    def table(self, network: Network, table: Tensor) -> str:
        """Return a line for each set: share of right sentences, F1 over tokens, AUROC.

        The last is of the paragraph that answers against the one that does not, by log odds.
        """
        examples, scores = self.examples, np.zeros((len(self.examples), 4))
        own = _logits(network, table, self._windows(examples.context))
        other = _logits(network, table, self._windows(examples.negatives[:, 0]))
        for row, (logits, wrong) in enumerate(zip(own, other, strict=True)):
            start = examples.context_starts[examples.context[row]]
            sentence = self.sentence[start : start + len(logits) - 1]
            answer = int(examples.first[row]), int(examples.last[row])
            scores[row, :2] = _right_sentence(logits, sentence, answer), _f1(logits, answer)
            scores[row, 2:] = _log_odds(logits), _log_odds(wrong)
        lines = []
        for number, name in enumerate(examples.names.tolist()):
            of_set = scores[examples.dataset == number]
            auroc = float((of_set[:, None, 2] > of_set[None, :, 3]).mean())
            right, f1 = of_set[:, :2].mean(0).tolist()
            lines.append(f"{name:16} {right:.3f} {f1:.3f} {auroc:.3f}")
        return "\n".join(lines)

    def _windows(self, contexts: Ints) -> list[tuple[Ids, int]]:
        """Return each row's token ids and where the passage begins; long ones end early."""
        found = []
        for row, context in enumerate(contexts.tolist()):
            question = self.examples.question_tokens(row)[:QUESTION]
            found.append(join_window(question, self.examples.context_tokens(context)[:WINDOW]))
        return found


@torch.no_grad()
def _logits(network: Network, table: Tensor, windows: Sequence[tuple[Ids, int]]) -> list[Floats]:
    """Return (1 + passage tokens, 2) for each window: "not here" first."""
    training, device = network.training, table.device
    network.eval()
    found: list[Floats] = [np.empty(0)] * len(windows)
    order = sorted(range(len(windows)), key=lambda i: len(windows[i][0]))
    for at in range(0, len(order), _BATCH):
        part = order[at : at + _BATCH]
        ids = np.full((len(part), len(windows[part[-1]][0])), PAD)
        for row, i in enumerate(part):
            ids[row, : len(windows[i][0])] = windows[i][0]
        words = functional.embedding(torch.from_numpy(ids).to(device), table)
        with fast_products(device):
            logits = network(words, torch.from_numpy((ids != PAD).astype(np.float32)).to(device))
        for i, row in zip(part, logits.double().cpu().numpy(), strict=True):
            size, begin = len(windows[i][0]), windows[i][1]
            found[i] = np.concatenate([row[:1], row[begin : size - 1]])
    network.train(training)
    return found


def _sentences(text: str, tokenizer: Tokenizer) -> Ints:
    """Return the number of each token's sentence."""
    offsets = np.array(tokenizer.encode(text, add_special_tokens=False).offsets, dtype=np.int32)
    numbers = np.zeros(len(offsets), dtype=np.int32)
    for number, span in enumerate(sentence_spans(text)):
        first, last = tokens_of(offsets.reshape(-1, 2), span)
        numbers[max(first, 0) : last + 1] = number
    return numbers


def _right_sentence(logits: Floats, sentence: Ints, answer: tuple[int, int]) -> bool:
    """Tell whether the sentence whose tokens are likeliest as start and end holds the answer."""
    likely = np.exp(logits[1:] - logits.max(0))
    mass = np.stack([np.bincount(sentence[: len(likely)], side) for side in likely.T])
    return bool(mass.prod(0).argmax() == sentence[answer[0]] if answer[0] < len(likely) else False)


def _f1(logits: Floats, answer: tuple[int, int]) -> float:
    """Return the F1 of the likeliest span's tokens, by place."""
    starts, ends = logits[1:, 0], logits[1:, 1]
    both = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones_like(both)) - np.triu(np.ones_like(both), _LONGEST_ANSWER)
    first, last = divmod(int(np.where(allowed > 0, both, -np.inf).argmax()), len(ends))
    common = min(last, answer[1]) - max(first, answer[0]) + 1
    return max(0.0, 2 * common / (last - first + answer[1] - answer[0] + 2))


def _log_odds(logits: Floats) -> float:
    """Return the log odds of the likeliest start and end against "not here"."""
    if len(logits) == 1:  # no passage: a set of one paragraph has no other one
        return -np.inf
    return float((logits[1:].max(0) - logits[0]).sum())
