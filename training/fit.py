"""The two models of how sure an answer is: of the article's answering at all, and of the span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.trees import BoostedTrees

# A reader mostly asks what the article tells, five times in seven, as in the questions on the
# shipped article. The rest: asked of another article; of another, but with a name of this one put
# in; what no article tells, of a name of its own; of its own article without the paragraph that
# answers. The last are half answered by their neighbours, and count least.
SHARES = {"own": 5.0, "other": 0.6, "swapped": 0.5, "template": 0.7, "without": 0.2}
_LENGTHS = (2.5, 3.5, 4.5, 6.5)  # content words, between one bin and the next
_MOST = 8.0  # times that a question may be weighed up or down for its length
_MODELS = 6
_RIGHT = 0.5  # the F1 from which a span is as good as right
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one set of texts: what was chosen, and how right it is."""

    direction: str
    sort: str
    words: int  # of content in the question
    evidence: Numbers
    emphasis: Numbers
    holds: bool
    f1: float


def fitted_answers(asked: Sequence[Asked]) -> BoostedTrees:
    """Return the trees that tell an answerable question: the mean of several models' log odds.

    One model's seed decides on questions near one half: of the shipped article's sixteen that have
    no answer, single seeds refused ten to fifteen. A logistic model tells less: with the question's
    length as one more feature and unbalanced, on the data fitted on, AUROC .953 to .977 against
    questions asked of another article, .838 to .876 against those without their paragraph.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    answerable = np.array([a.sort == "own" for a in asked])
    counts = {sort: sum(a.sort == sort for a in asked) for sort in SHARES}
    weights = np.array([SHARES[a.sort] * len(asked) / counts[a.sort] for a in asked])
    weights[answerable] *= _balance(asked, answerable, weights)
    evidence = np.stack([a.evidence for a in asked])
    models = [
        GradientBoostingClassifier(
            n_estimators=60, max_depth=4, min_samples_leaf=200, subsample=0.5, random_state=seed
        ).fit(evidence, answerable, weights / weights.mean())
        for seed in range(_MODELS)
    ]
    return as_arrays(models)


def _balance(
    asked: Sequence[Asked], answerable: npt.NDArray[np.bool_], weights: Numbers
) -> Numbers:
    """Return factors that give short and long answerable questions the share of all of them.

    XQuAD answers few short questions and the templates are short: without this, to be short is
    taken for a sign that there is no answer.
    """
    lengths = np.digitize([a.words for a in asked], _LENGTHS)
    ratio = SHARES["own"] / (sum(SHARES.values()) - SHARES["own"])
    factors = np.ones(len(asked))
    for length in range(len(_LENGTHS) + 1):
        rows = lengths == length
        have, against = weights[rows & answerable].sum(), weights[rows & ~answerable].sum()
        if have:
            factors[rows] = np.clip(ratio * against / have, 1 / _MOST, _MOST)
    return factors[answerable]


def as_arrays(models: Sequence[Any]) -> BoostedTrees:
    """Return scikit-learn's boosted trees as plain arrays, the mean of the models' log odds."""
    trees = [row[0].tree_ for model in models for row in model.estimators_]
    roots = np.cumsum([0, *(tree.node_count for tree in trees)])
    left, right = (
        np.concatenate([np.where(s < 0, -1, s + r) for s, r in zip(sides, roots, strict=False)])
        for sides in ([t.children_left for t in trees], [t.children_right for t in trees])
    )
    prior = models[0].init_.class_prior_
    rate = models[0].learning_rate / len(models)
    return BoostedTrees(
        float(np.log(prior[1] / prior[0])),
        roots[:-1].astype(np.int32),
        np.concatenate([tree.feature for tree in trees]).astype(np.int32),
        np.concatenate([tree.threshold for tree in trees]),
        left.astype(np.int32),
        right.astype(np.int32),
        rate * np.concatenate([tree.value[:, 0, 0] for tree in trees]),
    )


def fitted_emphasis(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Return the logistic model of "the span shares half of its words with the answer"."""
    from sklearn.linear_model import LogisticRegression

    own = [a for a in asked if a.sort == "own"]
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(np.stack([a.emphasis for a in own]), [a.f1 >= _RIGHT for a in own])
    weights = (float(model.intercept_[0]), *model.coef_[0].tolist())
    return tuple(round(weight, 4) for weight in weights)
