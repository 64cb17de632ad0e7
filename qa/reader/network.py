"""The reader's network: a multilingual transformer in int8, run by ONNX Runtime."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from threading import Thread

import numpy as np

from index.concurrency import LoadedOnce
from index.errors import ModelError
from qa.reader.layers import UPPER_FILE, LowerLayers, bundled_layers
from qa.reader.spans import Logits, PassageLogits, merge_windows
from qa.reader.windows import Window

_REMEMBERED = 4_096  # question and passage pairs, about 2 kB each


class ReaderNetwork:
    """Read a question and a passage together: start and end logits of the passage's tokens.

    Windows are read one at a time, so that a passage reads the same whatever is read beside it.
    Raises ModelError if a file of the model is missing or damaged.
    """

    def __init__(self, layers: LowerLayers) -> None:
        self._layers, self._upper = layers, layers.open(UPPER_FILE)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read)

    def read(self, question: str, passage: str) -> PassageLogits:
        """Return the logits of a passage for a question; pairs that were read are remembered."""
        return self._remembered(question, passage)

    def forget(self) -> None:
        """Forget the questions and passages that were read."""
        self._remembered.cache_clear()
        self._layers.tokenizer.forget()

    def _read(self, question: str, passage: str) -> PassageLogits:
        tokenizer = self._layers.tokenizer
        windows = list(tokenizer.windows(question, passage))
        logits = [(self._relative(window), window.first) for window in windows]
        return merge_windows(logits, tokenizer.offsets(passage))

    def _relative(self, window: Window) -> Logits:
        scores = self._layers.run(window.ids, self._upper)
        passage = slice(window.begin, window.begin + window.tokens)
        return np.asarray(scores[passage] - scores[0], dtype=np.float32)


@LoadedOnce
def bundled_network() -> ReaderNetwork:
    """Return the network that ships with the package."""
    return ReaderNetwork(bundled_layers())


def load_in_background() -> None:
    """Begin to load the bundled network in a thread, while a first question is retrieved."""
    if not bundled_network.is_loaded:
        # Not a daemon: one that is ended inside native code ends the process badly.
        Thread(target=_load).start()


def forget_passages() -> None:
    """Forget the questions and passages that the bundled network read."""
    if bundled_network.is_loaded:
        bundled_network().forget()


def _load() -> None:
    with suppress(ModelError):  # who asks for the network next gets it
        bundled_network()
