"""Any extractive question-answering model of the transformers library as the reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from index.errors import ModelError
from index.huggingface import load_local_first
from index.text import Span
from qa.reader.spans import Logits, PassageLogits, merge_windows, token_places

_WINDOW, _OVERLAP = 384, 128  # tokens, as these models are trained
_SHORTEST_WINDOW = 64  # tokens; the question takes up to half of them


class ExtractiveModel:
    """A model for AutoModelForQuestionAnswering, by hub id or folder.

    Long passages are read in windows that overlap. "No answer" is the score of the first token, as
    in SQuAD 2 (Devlin et al. 2019). `qa.reader.reader.Reader` finds the answer in its logits as in
    the bundled network's, without calibration.
    No code from the model's folder is run and nothing is unpickled: its weights are safetensors.
    Raises ModelError for what cannot be loaded or is not such a model.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._tokenizer, self._model = load_local_first(
            model, _load, option="--reader", folder="transformers"
        )
        if not self._tokenizer.is_fast:
            raise ModelError(f"the tokenizer of {model} gives no offsets; choose another --reader")
        if len(self._tokenizer) <= len(self._tokenizer.all_special_tokens):
            raise ModelError(f"{model} has no tokenizer; give --reader a whole transformers folder")
        self._model.eval()
        positions = getattr(self._model.config, "max_position_embeddings", _WINDOW)
        self._window = min(_WINDOW, int(self._tokenizer.model_max_length), int(positions) - 2)
        if self._window < _SHORTEST_WINDOW:
            raise ModelError(f"{model} reads only {self._window} tokens; choose another --reader")
        self._overlap = min(_OVERLAP, self._window // 4)
        # A fast tokenizer keeps how it last cut a text: one question at a time.
        self._tokenizing = threading.Lock()

    def read(self, question: str, passage: str) -> PassageLogits:
        """Return start and end logits of the passage's tokens, relative to the null score.

        Raises ModelError if the model cannot read them: its parts do not fit each other.
        """
        try:
            read = self._read(question, passage)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise self._unfit(" ".join(str(error).split())[:200]) from error
        if not np.isfinite(read.logits).all():
            raise self._unfit("its scores are not finite")
        return read

    def _unfit(self, why: str) -> ModelError:
        return ModelError(f"{self._name} cannot read ({why}); choose another --reader")

    def _read(self, question: str, passage: str) -> PassageLogits:
        windows: list[tuple[Logits, int]] = []
        offsets: list[Span] = []
        for logits, places in self._windows(question, passage):
            first = max(0, len(offsets) - self._overlap)
            windows.append((logits, first))
            offsets[first:] = places
        return merge_windows(windows, token_places(passage, offsets))

    def _windows(self, question: str, text: str) -> Iterator[tuple[Logits, list[Span]]]:
        """Yield each window's logits and places of the text's tokens, in order."""
        import torch

        with self._tokenizing:
            encoded = self._tokenizer(
                self._shortened(question), text, truncation="only_second", max_length=self._window,
                stride=self._overlap, return_overflowing_tokens=True,
                return_offsets_mapping=True, padding=True, return_tensors="pt",
            )  # fmt: skip
        places = encoded.pop("offset_mapping").tolist()
        encoded.pop("overflow_to_sample_mapping")
        with torch.inference_mode():
            out = self._model(**encoded)
        for row, offsets in enumerate(places):
            of_text = [i for i, side in enumerate(encoded.sequence_ids(row)) if side == 1]
            logits = torch.stack([out.start_logits[row], out.end_logits[row]], dim=1)
            relative = (logits - logits[0]).float().numpy()
            yield relative[of_text], [(offsets[i][0], offsets[i][1]) for i in of_text]

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
    model, loading = AutoModelForQuestionAnswering.from_pretrained(
        name, output_loading_info=True, use_safetensors=True, **options
    )
    if missing := sorted(loading["missing_keys"]):
        raise ValueError(f"it is not a question-answering model: it has no {missing[0]}")
    return tokenizer, model
