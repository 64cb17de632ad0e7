"""Contrastive losses over a batch: of sentence means, and of late interaction."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def info_nce(scores: Tensor) -> Tensor:
    """Return the symmetric InfoNCE loss of a square score matrix whose diagonal is right."""
    target = torch.arange(scores.shape[0])
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def max_sim(
    left: Tensor, left_weights: Tensor, right: Tensor, right_weights: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the late-interaction scores of every left with every right text, both ways.

    ``left`` is (n, s, d) and ``right`` (m, t, d), unit token vectors; the weights are (n, s) and
    (m, t), zero at padding. The first result, (n, m), lets each left token take its best right
    token (ColBERT's MaxSim, Khattab & Zaharia 2020) weighted by the left weights; the second,
    (n, m), the other way round.
    """
    n, s, d = left.shape
    m, t, _ = right.shape
    cosines = (left.reshape(n * s, d) @ right.reshape(m * t, d).T).view(n, s, m, t)
    no_right = (right_weights == 0).view(1, 1, m, t)
    no_left = (left_weights == 0).view(n, s, 1, 1)
    forward = cosines.masked_fill(no_right, -1.0).amax(3)
    backward = cosines.masked_fill(no_left, -1.0).amax(1)
    share_left = left_weights / left_weights.sum(1, keepdim=True).clamp_min(1e-9)
    share_right = right_weights / right_weights.sum(1, keepdim=True).clamp_min(1e-9)
    return (
        torch.einsum("ns,nsm->nm", share_left, forward),
        torch.einsum("mt,nmt->nm", share_right, backward),
    )
