"""Cut XLM-R's vocabulary of 250,002 pieces to those that the reader's languages use.

Kept, in this order, until there are as many as wanted: the special tokens and every single
character of the scripts below; the pieces that the training texts use, by how often; then XLM-R's
own, by its score, for languages that the training texts hold little of (Italian, Ukrainian, Urdu,
Hindi, Korean). What is cut is still read, in smaller pieces.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import regex
from tokenizers import Tokenizer

SPECIAL = 4  # <s>, <pad>, </s>, <unk>
_SCRIPTS = regex.compile(
    r"^[\p{Common}\p{Inherited}\p{Latin}\p{Arabic}\p{Cyrillic}\p{Hebrew}\p{Greek}\p{Han}"
    r"\p{Hiragana}\p{Katakana}\p{Hangul}\p{Devanagari}\p{Thai}\p{Ethiopic}]+$"
)
_METASPACE = "▁"
_SEEN_OFTEN = 3


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str], batch: int = 1_000) -> Counter[int]:
    """Count how often each piece is used in the texts."""
    counts: Counter[int] = Counter()
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == batch:
            for encoding in tokenizer.encode_batch_fast(waiting, add_special_tokens=False):
                counts.update(encoding.ids)
            waiting.clear()
    for encoding in tokenizer.encode_batch_fast(waiting, add_special_tokens=False):
        counts.update(encoding.ids)
    return counts


def choose_pieces(
    vocabulary: Sequence[tuple[str, float]], counts: Counter[int], size: int
) -> npt.NDArray[np.int64]:
    """Return the (size,) ids to keep, ascending. XLM-R's vocabulary is sorted by its scores."""
    kept = dict.fromkeys(range(SPECIAL))
    readable = [
        i for i, (piece, _) in enumerate(vocabulary) if i >= SPECIAL and _SCRIPTS.match(piece)
    ]
    kept.update(dict.fromkeys(i for i in readable if len(vocabulary[i][0].strip(_METASPACE)) <= 1))
    often = [i for i, count in counts.most_common() if count >= _SEEN_OFTEN and i >= SPECIAL]
    for i in (*often, *readable):
        if len(kept) >= size:
            break
        kept[i] = None
    return np.array(sorted(kept), dtype=np.int64)


def cut_tokenizer(content: dict[str, Any], kept: npt.NDArray[np.int64]) -> str:
    """Return the tokenizer.json of the kept pieces, whose ids are their places among them."""
    cut = copy.deepcopy(content)
    vocabulary = cut["model"]["vocab"]
    cut["model"]["vocab"] = [vocabulary[i] for i in kept.tolist()]
    cut["added_tokens"] = [token for token in cut["added_tokens"] if token["id"] < SPECIAL]
    text: str = json.dumps(cut, ensure_ascii=False, separators=(",", ":"))
    Tokenizer.from_str(text)  # raises where the content is not a tokenizer's
    return text
