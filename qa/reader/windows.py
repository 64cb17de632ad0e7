"""Question and passage as token ids, long passages in windows that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from qa.reader.spans import Offsets, token_places

Ids = npt.NDArray[np.int64]
AnyIds = npt.NDArray[np.integer]

BEGIN, PAD, END, UNKNOWN = range(4)  # <s>, <pad>, </s>, <unk>
WINDOW, OVERLAP = 320, 96  # tokens; 800 characters are hardly ever more than one window
QUESTION = 64  # tokens; what follows is left out
_PASSAGES = 512  # remembered, some 5 kB each


@dataclass(frozen=True, slots=True)
class Window:
    """The token ids of ``<s> question </s></s> passage </s>``.

    It holds ``tokens`` of the passage's tokens from its token ``first`` on; they begin at token
    ``begin`` of the window.
    """

    ids: Ids
    begin: int
    first: int
    tokens: int


def join_window(question: AnyIds, passage: AnyIds) -> tuple[Ids, int]:
    """Return the ids of a window, and the place in it where the passage begins."""
    ids = np.concatenate([[BEGIN], question, [END, END], passage, [END]]).astype(np.int64)
    return ids, len(question) + 3


class WindowTokenizer:
    """Cut questions and passages into the pieces of the vocabulary."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises nothing narrower
            raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._passage = lru_cache(maxsize=_PASSAGES)(self._tokens)

    def forget(self) -> None:
        """Forget the passages that were read."""
        self._passage.cache_clear()

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size())

    def question(self, question: str) -> Ids:
        """Return the token ids of ``<s> question </s>``."""
        asked = self._tokens(question)[0][:QUESTION]
        return np.concatenate([[BEGIN], asked, [END]]).astype(np.int64)

    def windows(self, question: str, passage: str) -> Iterator[Window]:
        """Yield the windows of a passage, in order; none where it has no tokens."""
        asked = self._tokens(question)[0][:QUESTION]
        ids, _ = self._passage(passage)
        room = WINDOW - len(asked) - 4
        for first in range(0, max(1, len(ids) - OVERLAP), room - OVERLAP):
            part = ids[first : first + room]
            if len(part):
                yield Window(*join_window(asked, part), first, len(part))

    def offsets(self, passage: str) -> Offsets:
        """Return (tokens, 2): where each of the passage's tokens stands in its text."""
        return self._passage(passage)[1]

    def _tokens(self, text: str) -> tuple[Ids, Offsets]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, dtype=np.int64)
        ids[ids <= END] = UNKNOWN  # "</s>" in an article is text, and the vocabulary has it
        return ids, token_places(text, encoding.offsets)
