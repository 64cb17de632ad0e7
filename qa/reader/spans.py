"""Spans of a passage and their likelihood, from the logits of its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.text import Span, strip_span

Logits = npt.NDArray[np.float32]
Offsets = npt.NDArray[np.int32]

MAX_SPAN_TOKENS = 40  # tokens of an answer
_IMPOSSIBLE = np.float32(-np.inf)  # the score of what is not a span
_CANDIDATES = 30  # spans among which the one that overlaps most with all of them is the best
MASKED_LOGIT = np.float32(-1e9)  # the logit of what cannot be part of an answer


@dataclass(frozen=True, slots=True, eq=False)
class PassageLogits:
    """Start and end logits (tokens, 2) of a passage, relative to the null score.

    The null score is the logit of the window's first token, which stands for "not here": a span
    whose start and end sum to 0 is as likely as no answer at all, in whatever passage, so that
    spans of several passages compare. ``offsets`` (tokens, 2) are places in the passage's text.
    """

    logits: Logits
    offsets: Offsets

    def __post_init__(self) -> None:
        if self.logits.shape != (len(self.offsets), 2):
            raise ValueError(f"{self.logits.shape} logits for {len(self.offsets)} tokens")


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the network finds in a sentence.

    ``log_odds`` is the log of the sum of its spans' odds against the null score; ``best_span`` is
    the one with the highest expected overlap, placed in the passage, ``overlap`` its expected F1.
    """

    log_odds: float
    best_span: Span
    overlap: float


def merge_windows(windows: Sequence[tuple[Logits, int]], offsets: Offsets) -> PassageLogits:
    """Return a passage's logits from those of its overlapping windows.

    ``windows`` holds (tokens, 2) logits and the place of their first token in the passage. A token
    in two windows counts where it has more context on its shorter side.
    """
    count = len(offsets)
    merged = np.full((count, 2), MASKED_LOGIT, dtype=np.float32)
    context = np.full(count, -1, dtype=np.int64)
    for logits, first in windows:
        places = np.arange(len(logits))
        beside = np.minimum(places, len(logits) - 1 - places)
        rows = slice(first, first + len(logits))
        better = beside > context[rows]
        merged[rows][better] = logits[better]
        context[rows][better] = beside[better]
    merged[offsets[:, 0] >= offsets[:, 1]] = MASKED_LOGIT
    return PassageLogits(merged, offsets)


def token_places(text: str, offsets: Sequence[Span]) -> Offsets:
    """Return (tokens, 2): the places without white space; empty for a token of nothing else.

    A piece that opens a word counts the space before it as its own.
    """
    places = []
    for start, end in offsets:
        first, last = strip_span(text, start, end)
        places.append((first, last) if first < last else (end, end))
    return np.array(places, dtype=np.int32).reshape(-1, 2)


def read_spans(
    passage: PassageLogits, sentences: Sequence[Span]
) -> tuple[SentenceReading | None, ...]:
    """Return the spans of each sentence, None for a sentence without tokens that may answer.

    A span lies within one sentence. Its score is the sum of its start's and its end's logits.
    """
    return tuple(_spans(passage, sentence) for sentence in sentences)


def _spans(passage: PassageLogits, sentence: Span) -> SentenceReading | None:
    first, last = np.searchsorted(passage.offsets[:, 0], sentence).tolist()
    logits, offsets = passage.logits[first:last], passage.offsets[first:last]
    if not (logits > MASKED_LOGIT).any():
        return None
    scores = span_scores(logits)
    highest = float(scores.max())
    odds = np.exp(scores - highest)
    total = float(odds.sum())
    start, end, overlap = _best_overlap(odds / total)
    # A token may reach over the sentence's end: a mark and the quote that closes after it.
    place = int(offsets[start, 0]), min(int(offsets[end, 1]), sentence[1])
    return SentenceReading(highest + float(np.log(total)), place, overlap)


def span_scores(logits: Logits) -> Logits:
    """Return (tokens, MAX_SPAN_TOKENS): the score of each span, by first token and extra tokens."""
    count = len(logits)
    scores = np.full((count, min(MAX_SPAN_TOKENS, count)), _IMPOSSIBLE, dtype=np.float32)
    for extra in range(scores.shape[1]):
        scores[: count - extra, extra] = logits[: count - extra, 0] + logits[extra:, 1]
    return scores


def _best_overlap(probabilities: Logits) -> tuple[int, int, float]:
    """Return first token, last token, and expected F1 of the span most like the likeliest ones.

    Minimum Bayes risk (Goel & Byrne 2000): of many near misses, the one in their middle.
    """
    flat = probabilities.ravel()
    top = np.argsort(-flat, kind="stable")[:_CANDIDATES]
    first, extra = np.divmod(top, probabilities.shape[1])
    last = first + extra
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    f1 = 2 * shared.clip(0) / (extra[:, None] + extra + 2)
    expected = f1 @ flat[top]
    best = int(expected.argmax())
    return int(first[best]), int(last[best]), min(float(expected[best]), 1.0)
