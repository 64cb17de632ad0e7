"""Fine-tune the encoder to read: one loop on CPU and CUDA that goes on from its checkpoint."""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from qa.reader.embeddings import BLOCK_BYTES, unpack
from training.reader.batches import Batch, Mixture, batches
from training.reader.examples import NONE, Examples
from training.reader.held_out import HeldOut
from training.reader.network import Network, fast_products, on_device

_CHECKPOINT_SECONDS = 300.0
_SHOWN_EVERY = 20  # steps; to look at a loss is to wait for the GPU


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast the network learns."""

    steps: int
    rate: float = 1.5e-4
    head_rate: float = 10.0  # times the rate: heads start at zeros
    warm_up: float = 0.05
    decay: float = 0.01
    seed: int = 7  # of the dropout


def train(
    network: Network,
    table: Tensor,
    examples: Examples,
    mixture: Mixture,
    recipe: Recipe,
    checkpoint: Path,
    *,
    held_out: HeldOut | None = None,
) -> None:
    """Train in place; ``table`` (pieces, hidden) are the frozen word embeddings.

    Four times the scores on ``held_out`` are printed.
    """
    device = table.device
    network.to(device).train()
    torch.backends.cuda.enable_cudnn_sdp(enabled=False)  # it plans anew for each shape
    for module in (network.positions, network.norm):
        module.requires_grad_(False)
    optimizer = _optimizer(network, recipe)
    start = load_checkpoint(checkpoint, network, optimizer)
    stream = batches(examples, mixture, start)

    def report(step: int) -> str:
        scores = held_out.table(network, table) if held_out else ""
        return f"{step * mixture.batch:,} windows\n{scores}"

    take_steps(
        Training(network, optimizer, recipe, checkpoint),
        start,
        lambda: _loss(network, table, next(stream)),
        report,
    )


@dataclass(frozen=True, slots=True)
class Training:
    """What learns, how, and where it is kept half-done."""

    module: nn.Module
    optimizer: torch.optim.AdamW
    recipe: Recipe
    checkpoint: Path


def take_steps(
    training: Training,
    start: int,
    loss_of_next_batch: Callable[[], Tensor],
    report: Callable[[int], str],
) -> None:
    """Take the steps from ``start`` on, kept when broken off; show ``report`` four times."""
    recipe = training.recipe
    steps = tqdm(range(start, recipe.steps), "training", initial=start, total=recipe.steps)
    saved, done = time.monotonic(), start
    losses: deque[Tensor] = deque(maxlen=_SHOWN_EVERY)
    try:
        for step in steps:
            for group in training.optimizer.param_groups:
                group["lr"] = group["factor"] * recipe.rate * _schedule(step, recipe)
            torch.manual_seed(recipe.seed + step)  # broken off, dropout goes on the same
            loss = loss_of_next_batch()
            training.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(training.module.parameters(), 1.0)
            training.optimizer.step()
            losses.append(loss.detach())
            done = step + 1
            if done % _SHOWN_EVERY == 0:
                steps.set_postfix(loss=f"{_mean(losses):.3f}", refresh=False)
            if done * 4 // recipe.steps > step * 4 // recipe.steps:
                steps.write(f"step {done:,}, loss {_mean(losses):.3f}, {report(done)}")
            if time.monotonic() - saved > _CHECKPOINT_SECONDS:
                _save(training.checkpoint, training.module, training.optimizer, done)
                saved = time.monotonic()
    finally:  # broken off, too
        if done > start:
            _save(training.checkpoint, training.module, training.optimizer, done)


def _mean(losses: Iterable[Tensor]) -> float:
    return float(torch.stack(list(losses)).mean())


def _loss(network: Network, table: Tensor, batch: Batch) -> Tensor:
    device = table.device
    words = functional.embedding(on_device(batch.ids, device), table)
    with fast_products(device):
        states = network.encode(words, on_device(batch.mask, device))
        parallel = on_device(batch.parallel, device)[:, None, None]
        logits = torch.where(parallel, network.parallel(states), network.head(states))
    return span_loss(logits.float(), batch)


def span_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean negative log likelihood of starts and ends, over the questions.

    Logits count from the window's first token, which stands for "not here"; all windows of a
    question share one normalisation (Clark & Gardner 2018).
    """
    device = logits.device
    allowed = on_device(batch.answers, device)[:, :, None]
    relative = (logits - logits[:, :1]).masked_fill(~allowed, -1e4)
    group = on_device(batch.group, device)
    questions = int(batch.group[-1]) + 1
    highest = torch.zeros(questions, 2, device=device)  # "not here" is one of each question's
    highest = highest.index_reduce(0, group, relative.detach().amax(1), "amax")
    total = torch.exp(-highest)
    total = total.index_add(0, group, torch.exp(relative - highest[group][:, None]).sum(1))
    rows = np.flatnonzero(batch.first != NONE)
    places = on_device(rows, device)
    found = torch.stack(
        [
            relative[places, on_device(batch.first[rows], device), 0],
            relative[places, on_device(batch.last[rows], device), 1],
        ],
        dim=1,
    )
    right = torch.zeros(questions, 2, device=device).index_add(0, group[places], found)
    return (highest + torch.log(total) - right).mean()


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.AdamW:
    head = [*network.head.parameters(), *network.parallel.parameters()]
    body = [p for p in network.parameters() if p.requires_grad and all(p is not h for h in head)]
    matrices, vectors = [p for p in body if p.ndim > 1], [p for p in body if p.ndim == 1]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": recipe.decay, "factor": 1.0},
            {"params": vectors, "weight_decay": 0.0, "factor": 1.0},
            {"params": head, "weight_decay": 0.0, "factor": recipe.head_rate},
        ],
        recipe.rate,
        fused=network.head.weight.is_cuda,
    )


def _schedule(step: int, recipe: Recipe) -> float:
    """Return the share of the rate: up in a line, then down to zero in a line."""
    warm = max(1, int(recipe.warm_up * recipe.steps))
    return min((step + 1) / warm, (recipe.steps - step) / max(1, recipe.steps - warm))


def _trained(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from ((name, p) for name, p in module.named_parameters() if p.requires_grad)


def _save(path: Path, module: nn.Module, optimizer: torch.optim.AdamW, step: int) -> None:
    """Write weights, moments and the next step, whole or not at all."""
    tensors = {"step": torch.tensor(step)}
    for name, parameter in _trained(module):
        state = optimizer.state[parameter]
        tensors[name] = parameter.detach().cpu().contiguous()
        tensors[f"{name}/first"] = state["exp_avg"].cpu().contiguous()
        tensors[f"{name}/second"] = state["exp_avg_sq"].cpu().contiguous()
    half_written = path.with_suffix(".part")
    save_file(tensors, half_written)
    half_written.replace(path)


def load_checkpoint(path: Path, module: nn.Module, optimizer: torch.optim.AdamW) -> int:
    """Put the saved weights and moments into both, and return the step to go on with."""
    if not path.exists():
        return 0
    tensors = load_file(path)
    step = int(tensors["step"])
    for name, parameter in _trained(module):
        device = parameter.device
        parameter.data.copy_(tensors[name].to(device))
        optimizer.state[parameter] = {
            "step": torch.tensor(float(step)),
            "exp_avg": tensors[f"{name}/first"].to(device),
            "exp_avg_sq": tensors[f"{name}/second"].to(device),
        }
    return step


def average(networks: Sequence[Network]) -> Network:
    """Return the network whose weights are the means of the others' (Wortsman et al. 2022)."""
    states = [network.state_dict() for network in networks]
    mean = copy.deepcopy(networks[0])
    mean.load_state_dict({
        name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]
    })  # fmt: skip
    return mean


def full_table(rows: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return all word embeddings, unpacked."""
    return unpack(rows.reshape(-1, BLOCK_BYTES)).reshape(len(rows), -1)
