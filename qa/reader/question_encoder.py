"""The question encoder: a question alone, to its vector among those of passages."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from index.concurrency import LoadedOnce
from index.embedder import Vector
from qa.reader.layers import EMBEDDER, QUESTION_FILE, LowerLayers, bundled_layers

_REMEMBERED = 1_024  # questions: one is retrieved for, reranked and explained


class QuestionEncoder:
    """Encode questions in the space of the embedder that it was trained for.

    Raises ModelError if a file of the model is missing or damaged.
    """

    def __init__(self, layers: LowerLayers) -> None:
        self._layers, self._above = layers, layers.open(QUESTION_FILE)
        metadata = self._above.get_modelmeta().custom_metadata_map
        self.embedder_id = str(metadata.get(EMBEDDER, ""))
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._encode)

    def encode(self, question: str) -> Vector:
        """Return the (dim,) unit vector of a question."""
        return self._remembered(question)

    def _encode(self, question: str) -> Vector:
        vector = self._layers.run(self._layers.tokenizer.question(question), self._above)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


@LoadedOnce
def bundled_question_encoder() -> QuestionEncoder:
    """Return the encoder that ships with the package."""
    return QuestionEncoder(bundled_layers())
