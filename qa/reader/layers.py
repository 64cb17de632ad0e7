"""The layers that reading a passage and encoding a question share, run by ONNX Runtime in int8."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.concurrency import LoadedOnce
from index.errors import ModelError
from qa.reader.embeddings import EmbeddingTable
from qa.reader.windows import Ids, WindowTokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FOLDER = Path(str(files("qa.reader") / "model"))
LOWER_FILE, UPPER_FILE, QUESTION_FILE = "lower.onnx", "upper.onnx", "question.onnx"
EMBEDDER = "embedder"  # property of QUESTION_FILE: the id of the embedder it was trained for


class LowerLayers:
    """Word embeddings and the lower layers; others, of files beside theirs, run above them.

    ONNX Runtime runs all of a file whatever is asked for, so each branch has a file of its own.
    Raises ModelError if a file of the model is missing or damaged.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.tokenizer = WindowTokenizer(folder / "tokenizer.json")
        self._folder = folder
        self._embeddings = EmbeddingTable(folder / "embeddings.npy")
        self._session = _open_session(folder / LOWER_FILE)
        # As many texts at once as there are processors for; the others wait in turn.
        self._turn = BoundedSemaphore(max(1, (os.cpu_count() or 1) // _threads()))
        self._check(len(self.tokenizer) == len(self._embeddings))
        self._check_input(self._session, "words")

    def open(self, name: str) -> InferenceSession:
        """Return the layers of another file, to be run above these."""
        session = _open_session(self._folder / name)
        self._check_input(session, "states")
        return session

    def run(self, ids: Ids, above: InferenceSession) -> npt.NDArray[np.float32]:
        """Return what the layers above give for a text's token ids."""
        words = self._embeddings.look_up(ids)[None]
        with self._turn:
            (states,) = self._session.run(None, {"words": words})
            (found,) = above.run(None, {"states": states})
        return np.asarray(found[0], dtype=np.float32)

    def _check_input(self, session: InferenceSession, name: str) -> None:
        (given,) = session.get_inputs()
        wanted = name, ["batch", "tokens", self._embeddings.dim]
        self._check((given.name, given.shape) == wanted)

    def _check(self, fits: bool) -> None:
        if not fits:
            raise ModelError(
                f"the files in {self._folder} are of several models; reinstall article-qa"
            )


@LoadedOnce
def bundled_layers() -> LowerLayers:
    """Return the layers that ship with the package."""
    return LowerLayers()


def _open_session(path: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin between questions would take the processor from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions have no base but Exception
        why = " ".join(str(error).split())[:200]
        raise ModelError(f"{path} cannot be read ({why}); reinstall article-qa") from error


def _threads() -> int:
    """Return OMP_NUM_THREADS, as other libraries do, or the number of processors up to four."""
    processors = os.cpu_count() or 1
    given = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(given), processors) if given.isdecimal() and int(given) else min(4, processors)
