"""The reader's network: a multilingual transformer in int8, run by ONNX Runtime."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelError
from qa.reader.embeddings import EmbeddingTable
from qa.reader.spans import Logits, PassageLogits, merge_windows
from qa.reader.windows import Window, WindowTokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FOLDER = Path(str(files("qa.reader") / "model"))
_REMEMBERED = 4_096  # question and passage pairs, about 2 kB each


class ReaderNetwork:
    """Read a question and a passage together: start and end logits of the passage's tokens.

    Windows are read one at a time, so that a passage reads the same whatever is read beside it.
    Raises ModelError if a file of the model is missing or damaged.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._tokenizer = WindowTokenizer(folder / "tokenizer.json")
        self._embeddings = EmbeddingTable(folder / "embeddings.npy")
        self._session = _open_session(folder / "encoder.onnx")
        # As many windows at once as there are processors for; the others wait in turn.
        self._turn = BoundedSemaphore(max(1, (os.cpu_count() or 1) // _threads()))
        wanted = ["batch", "tokens", self._embeddings.dim]
        given = self._session.get_inputs()[0].shape
        if len(self._tokenizer) != len(self._embeddings) or given != wanted:
            raise ModelError(f"the files in {folder} are of several models; reinstall article-qa")
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read)

    def read(self, question: str, passage: str) -> PassageLogits:
        """Return the logits of a passage for a question; pairs that were read are remembered."""
        return self._remembered(question, passage)

    def forget(self) -> None:
        """Forget the questions and passages that were read."""
        self._remembered.cache_clear()
        self._tokenizer.forget()

    def _read(self, question: str, passage: str) -> PassageLogits:
        windows = list(self._tokenizer.windows(question, passage))
        logits = [(self._relative(window), window.first) for window in windows]
        return merge_windows(logits, self._tokenizer.offsets(passage))

    def _relative(self, window: Window) -> Logits:
        words = self._embeddings.look_up(window.ids)[None]
        with self._turn:
            (logits,) = self._session.run(None, {"words": words})
        scores = np.asarray(logits[0], dtype=np.float32)
        passage = slice(window.begin, window.begin + window.tokens)
        return np.asarray(scores[passage] - scores[0], dtype=np.float32)


def bundled_network() -> ReaderNetwork:
    """Return the network that ships with the package, loaded once in a process."""
    with _loading:
        return _bundled_network()


def load_in_background() -> None:
    """Begin to load the bundled network in a thread, while a first question is retrieved."""
    if not _bundled_network.cache_info().currsize:
        # Not a daemon: one that is ended inside native code ends the process badly.
        Thread(target=_load).start()


def forget_passages() -> None:
    """Forget the questions and passages that the bundled network read."""
    if _bundled_network.cache_info().currsize:
        _bundled_network().forget()


_loading = Lock()


@lru_cache(maxsize=1)
def _bundled_network() -> ReaderNetwork:
    return ReaderNetwork()


def _load() -> None:
    with suppress(ModelError):  # who asks for the network next gets it
        bundled_network()


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
