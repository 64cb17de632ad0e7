"""Write the tables and the tokenizer as a sentence-transformers model folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer


def export(
    table: npt.NDArray[np.float32],
    tokenizer: Tokenizer,
    spelling: npt.NDArray[np.int8],
    folder: Path,
) -> None:
    """Save the model in half precision, unit length on output, loadable with and without torch.

    The spelling table lies beside it, for `index.spelling` alone.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    # The mean of a text does not depend on the table's scale; half precision does.
    table = table / np.linalg.norm(table, axis=1).mean()
    module = StaticEmbedding(tokenizer, embedding_weights=table)
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    model.half().save(str(folder), create_model_card=False)
    # The library writes the tokenizer indented, at twice the size.
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    np.save(folder / "spelling.npy", spelling)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
