"""The vector of a question: by the embedder, and by the transformer that knows its space."""

from __future__ import annotations

import numpy as np

from index.embedder import Embedder, Vector
from qa.reader.question_encoder import bundled_question_encoder


def embed_question(question: str, embedder: Embedder, encoder_weight: float) -> Vector:
    """Return the (dim,) unit vector that a question's passages are looked for with.

    Passages are means of the bundled table's vectors, and there are many of them; the one question
    may be read by a transformer, whose vector counts ``encoder_weight`` times beside the table's.
    Other embedders embed both themselves.
    """
    vector = embedder.embed_query(question)
    if embedder.model is not None or embedder.id != bundled_question_encoder().embedder_id:
        return vector
    both = vector + encoder_weight * bundled_question_encoder().encode(question)
    return np.asarray(both / max(float(np.linalg.norm(both)), 1e-9), dtype=np.float32)
