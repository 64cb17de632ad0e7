"""Contrastive losses over a batch: of sentence means, and of late interaction."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def info_nce(scores: Tensor) -> Tensor:
    """Return the symmetric InfoNCE loss of a square score matrix whose diagonal is right."""
    target = torch.arange(scores.shape[0])
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def max_sim(asked: Tensor, shares: Tensor, found: Tensor, texts: Tensor) -> Tensor:
    """Return the (n, m) late-interaction scores of n questions with m texts.

    ``asked`` (q, d) and ``found`` (t, d) are the unit vectors of the distinct tokens of all
    questions and of all texts. ``shares`` (n, q) says how much of a question is which token;
    ``texts`` (m, width) are rows of ``found``, -1 at padding. Each question token takes its best
    token of the text (ColBERT's MaxSim, Khattab & Zaharia 2020); padding has cosine 0.

    Over distinct tokens the product is a quarter as large as over all of them.
    """
    cosines = F.pad(found @ asked.T, (0, 0, 0, 1))  # row -1 is the padding
    best: Tensor = _Best.apply(cosines, texts)  # type: ignore[no-untyped-call]  # so is torch's
    return shares @ best


class _Best(torch.autograd.Function):
    """The best cosine (q, m) of each question token in each text.

    Its gradient goes to one cosine of each; autograd would spread it over all of them.
    """

    @staticmethod
    def forward(ctx: Any, cosines: Tensor, texts: Tensor) -> Tensor:
        """Return cosines (t + 1, q) at their highest over each row of texts (m, width)."""
        rows = texts % len(cosines)
        found = [cosines[row].max(dim=0) for row in rows]
        where = torch.stack([row[best.indices] for row, best in zip(rows, found, strict=True)])
        ctx.save_for_backward(where)
        ctx.count = len(cosines)
        return torch.stack([best.values for best in found], dim=1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """Return the gradient of the cosines."""
        (where,) = ctx.saved_tensors
        gradient = gradients[0].T.contiguous()
        return gradient.new_zeros(ctx.count, where.shape[1]).scatter_add(0, where, gradient), None
