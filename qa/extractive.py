"""Any extractive question-answering model of the transformers library as the reader."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.contract import AnyStore
from index.errors import ModelError
from index.hub import load_local_first
from index.text import Span, sentence_spans, strip_span
from qa.answer import Answer, Citation, Passage
from qa.trees import logistic

if TYPE_CHECKING:
    from torch import Tensor

_WINDOW, _OVERLAP = 384, 128  # tokens, as these models are trained
_SHORTEST_WINDOW = 64  # tokens; the question takes up to half of them
_LONGEST = 30  # tokens of an answer


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of a passage, and by how much it beats "no answer"."""

    passage: Passage
    start: int
    end: int
    margin: float


class ExtractiveModel:
    """A model for AutoModelForQuestionAnswering, by hub id or folder.

    Long passages are read in windows that overlap. "No answer" is the score of the first token, as
    in SQuAD 2 (Devlin et al. 2019). The answer's confidence is the logistic of the margin over it:
    the model's own, not calibrated. How sure the span is, nobody has measured: none is emphasised.
    No code from the model's folder is run and nothing is unpickled: its weights are safetensors.
    Raises ModelError for what cannot be loaded or is no such model.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._tokenizer, self._model = load_local_first(
            model, _load, option="--reader", folder="transformers"
        )
        if not self._tokenizer.is_fast:
            raise ModelError(f"the tokenizer of {model} tells no offsets; choose another --reader")
        if len(self._tokenizer) <= len(self._tokenizer.all_special_tokens):
            raise ModelError(f"{model} has no tokenizer; give --reader a whole transformers folder")
        self._model.eval()
        positions = getattr(self._model.config, "max_position_embeddings", _WINDOW)
        self._window = min(_WINDOW, int(self._tokenizer.model_max_length), int(positions) - 2)
        if self._window < _SHORTEST_WINDOW:
            raise ModelError(f"{model} reads only {self._window} tokens; choose another --reader")
        # A fast tokenizer keeps how it last cut a text: one question at a time.
        self._tokenizing = threading.Lock()

    def read(self, question: str, passages: Sequence[Passage], store: AnyStore) -> Answer:
        """Answer with the span that beats "no answer" by most, in its sentence, or refuse.

        Raises ModelError if the model cannot read them: its parts do not fit each other.
        """
        try:
            found = [best for p in passages if (best := self._best(question, p)) is not None]
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise self._unfit(" ".join(str(error).split())[:200]) from error
        if not all(math.isfinite(best.margin) for best in found):
            raise self._unfit("its scores are no numbers")
        best = max(found, key=lambda found: found.margin, default=None)
        confidence = logistic(best.margin) if best else 0.0
        if best is None or best.margin <= 0:
            return Answer(question, "not_in_article", "", confidence, (), tuple(passages))
        chunk = best.passage.chunk
        article = store.article(chunk.article_id)
        first, last = strip_span(chunk.text, best.start, best.end)
        start, end = _around(chunk.text, article.language, (first, last))
        sentence = Citation.of(article, chunk.start + start, chunk.start + end)
        span = Citation.of(article, chunk.start + first, chunk.start + last)
        return Answer(
            question, "answered", sentence.quote, confidence, (sentence,), tuple(passages), span
        )

    def _unfit(self, why: str) -> ModelError:
        return ModelError(f"{self._name} cannot read ({why}); choose another --reader")

    def _best(self, question: str, passage: Passage) -> Found | None:
        """Return the best span of all windows; "no answer" is what the least sure one gives it."""
        spans, nothing = [], math.inf
        for starts, ends, offsets, null in self._windows(question, passage.chunk.text):
            nothing = min(nothing, null)
            spans.append(_best_span(starts, ends, offsets))
        best = max((s for s in spans if s is not None), key=lambda span: span[0], default=None)
        if best is None:
            return None
        score, (start, end) = best
        return Found(passage, start, end, score - nothing)

    def _windows(
        self, question: str, text: str
    ) -> Iterator[tuple[Tensor, Tensor, list[Span | None], float]]:
        """Yield each window's start and end scores, its tokens' places in the text, and null."""
        import torch

        with self._tokenizing:
            encoded = self._tokenizer(
                self._shortened(question), text, truncation="only_second", max_length=self._window,
                stride=min(_OVERLAP, self._window // 4), return_overflowing_tokens=True,
                return_offsets_mapping=True, padding=True, return_tensors="pt",
            )  # fmt: skip
        places = encoded.pop("offset_mapping").tolist()
        encoded.pop("overflow_to_sample_mapping")
        with torch.inference_mode():
            out = self._model(**encoded)
        for row, offsets in enumerate(places):
            sides = encoded.sequence_ids(row)
            of_text = [
                (start, end) if side == 1 and text[start:end].strip() else None
                for side, (start, end) in zip(sides, offsets, strict=True)
            ]
            starts, ends = out.start_logits[row].double(), out.end_logits[row].double()
            yield starts, ends, of_text, float(starts[0] + ends[0])

    def _shortened(self, question: str) -> str:
        """Return as much of the question as leaves half of the window to the text."""
        places = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)[
            "offset_mapping"
        ]
        most = self._window // 2 - 4
        return question if len(places) <= most else question[: places[most - 1][1]]


def _load(name: str, *, local: bool) -> tuple[Any, Any]:
    """Return tokenizer and model; raise ValueError for a model whose weights do not answer."""
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    options = {"local_files_only": local, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(name, **options)
    model, told = AutoModelForQuestionAnswering.from_pretrained(
        name, output_loading_info=True, use_safetensors=True, **options
    )
    if missing := sorted(told["missing_keys"]):
        raise ValueError(f"it is no question-answering model: it has no {missing[0]}")
    return tokenizer, model


def _best_span(
    starts: Tensor, ends: Tensor, offsets: Sequence[Span | None]
) -> tuple[float, Span] | None:
    """Return score and place of the best span of at most _LONGEST tokens."""
    import torch

    inside = [i for i, place in enumerate(offsets) if place is not None]
    if not inside:
        return None
    both = starts[:, None] + ends[None]
    of_text = torch.zeros(len(offsets), dtype=torch.bool)
    of_text[inside] = True
    allowed = torch.ones_like(both, dtype=torch.bool).triu().tril(_LONGEST - 1)
    allowed &= of_text[:, None] & of_text[None]
    i, j = divmod(int(both.masked_fill(~allowed, -math.inf).argmax()), len(offsets))
    opening, closing = offsets[i], offsets[j]
    assert opening is not None
    assert closing is not None
    return float(both[i, j]), (opening[0], closing[1])


def _around(text: str, language: str, span: Span) -> Span:
    """Return the sentence, or sentences, that the span stands in."""
    touched = [
        (start, end)
        for start, end in sentence_spans(text, language)
        if start < span[1] and span[0] < end
    ]
    starts, ends = [start for start, _ in touched], [end for _, end in touched]
    return min([*starts, span[0]]), max([*ends, span[1]])
