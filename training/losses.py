"""Contrastive losses over a batch: of sentence means, and of late interaction."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def info_nce(scores: Tensor) -> Tensor:
    """Return the symmetric InfoNCE loss of a square score matrix whose diagonal is right."""
    target = torch.arange(scores.shape[0])
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def max_sim(asked: Tensor, weights: Tensor, texts: Tensor) -> Tensor:
    """Return the (n, m) late-interaction scores of n questions with m texts.

    ``asked`` is (n, s, d) and ``texts`` (m, t, d), unit token vectors, zero at padding;
    ``weights`` is (n, s). Each question token takes its best token of the text (ColBERT's
    MaxSim, Khattab & Zaharia 2020); padding can only lift a best cosine below 0 to 0.
    """
    n, s, d = asked.shape
    m, t, _ = texts.shape
    cosines = (asked.reshape(n * s, d) @ texts.reshape(m * t, d).T).view(n, s, m, t)
    shares = weights / weights.sum(1, keepdim=True).clamp_min(1e-9)
    # max, not amax: its gradient goes to one place and costs one pass instead of three.
    return torch.einsum("ns,nsm->nm", shares, cosines.max(dim=3).values)
