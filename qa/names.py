"""How much an Arabic word looks like part of a name: there are no capitals to tell."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from index.embedder import Matrix, Vector
from index.errors import ModelError

WEIGHTS = "names.npy"


def likelihood(vectors: Matrix, spelled: Matrix) -> Vector:
    """Return (words,): the probability that each is part of a name.

    A logistic model over the words' vectors and the vectors of their spelling, by
    training/names.py.
    """
    weights = _weights()
    logits = weights[0] + np.concatenate([vectors, spelled], axis=1) @ weights[1:]
    return np.asarray(1 / (1 + np.exp(-logits.clip(-30, 30))), dtype=np.float32)


@lru_cache(maxsize=1)
def _weights() -> Vector:
    path = Path(str(files("qa") / WEIGHTS))
    try:
        return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error
