"""Training questions as arrays of token ids, packed once, so that training needs no tokenizer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from tqdm import tqdm

from index.embedder import Embedder
from training.reader.questions import Row

Ints = npt.NDArray[np.int32]
NEGATIVES = 6  # other paragraphs kept for each question, most alike first
NONE = -1


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions, contexts and the rows that pair them.

    ``*_ids`` are the texts' token ids one after the other, ``*_starts`` (texts + 1,) where each
    begins. ``first`` and ``last`` (rows,) are the answer's tokens in the context, NONE where it
    has no answer. ``negatives`` (rows, NEGATIVES) are contexts that do not answer, NONE for fewer.
    ``dataset`` (rows,) counts in ``names``.
    """

    question_ids: Ints
    question_starts: npt.NDArray[np.int64]
    context_ids: Ints
    context_starts: npt.NDArray[np.int64]
    question: Ints
    context: Ints
    first: Ints
    last: Ints
    negatives: Ints
    dataset: Ints
    names: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.question)

    def save(self, path: Path) -> None:
        """Write them, compressed."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Examples:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})

    def question_tokens(self, row: int) -> Ints:
        """Return the token ids of a row's question."""
        text = self.question[row]
        return self.question_ids[self.question_starts[text] : self.question_starts[text + 1]]

    def context_tokens(self, context: int) -> Ints:
        """Return the token ids of a context."""
        return self.context_ids[self.context_starts[context] : self.context_starts[context + 1]]


def pack(rows: Sequence[Row], tokenizer: Tokenizer, embedder: Embedder) -> Examples:
    """Return the rows as arrays, without those whose answer no token touches."""
    questions = _numbers(row.question for row in rows)
    contexts = _numbers(row.context for row in rows)
    names = _numbers(row.dataset for row in rows)
    encoded = _encode(tokenizer, list(contexts))
    first, last = [], []
    for row in rows:
        place = NONE, NONE
        if row.answer is not None:
            place = tokens_of(encoded[contexts[row.context]][1], row.answer)
        first.append(place[0])
        last.append(place[1])
    asked = _encode(tokenizer, list(questions))
    # A span that no tokens cover (offsets of a few odd characters) teaches nothing.
    kept = [i for i, row in enumerate(rows) if row.answer is None or first[i] != NONE]
    negatives = _negatives(rows, contexts, embedder)
    return Examples(
        *_joined([ids for ids, _ in asked]),
        *_joined([ids for ids, _ in encoded]),
        np.array([questions[rows[i].question] for i in kept], dtype=np.int32),
        np.array([contexts[rows[i].context] for i in kept], dtype=np.int32),
        np.array([first[i] for i in kept], dtype=np.int32),
        np.array([last[i] for i in kept], dtype=np.int32),
        negatives[kept],
        np.array([names[rows[i].dataset] for i in kept], dtype=np.int32),
        np.array(list(names)),
    )


def tokens_of(offsets: npt.NDArray[np.int32], span: tuple[int, int]) -> tuple[int, int]:
    """Return the first and the last token that touch a span of characters."""
    touched = np.flatnonzero((offsets[:, 0] < span[1]) & (offsets[:, 1] > span[0]))
    return (int(touched[0]), int(touched[-1])) if len(touched) else (NONE, NONE)


def _numbers(texts: Iterable[str]) -> dict[str, int]:
    return {text: number for number, text in enumerate(dict.fromkeys(texts))}


def _encode(
    tokenizer: Tokenizer, texts: Sequence[str], size: int = 1_000
) -> list[tuple[Ints, npt.NDArray[np.int32]]]:
    found = []
    for at in tqdm(range(0, len(texts), size), "tokens", unit="k texts"):
        for encoding in tokenizer.encode_batch(texts[at : at + size], add_special_tokens=False):
            offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
            found.append((np.array(encoding.ids, dtype=np.int32), offsets))
    return found


def _joined(parts: Sequence[Ints]) -> tuple[Ints, npt.NDArray[np.int64]]:
    starts = np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)
    return np.concatenate(parts), starts


def _negatives(rows: Sequence[Row], contexts: dict[str, int], embedder: Embedder) -> Ints:
    """Return the contexts of the same title, then of the same set, that are most like a question.

    Those that hold the answer's words are left out: they may answer as well.
    """
    found = np.full((len(rows), NEGATIVES), NONE, dtype=np.int32)
    # A question crossed between languages gets paragraphs of its paragraph's language.
    by_pool: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_pool.setdefault(row.title.split("/")[0], []).append(number)
    lower = {text: text.lower() for text in contexts}
    for pool in tqdm(by_pool.values(), "negatives", unit="set"):
        texts = list(dict.fromkeys(rows[i].context for i in pool))
        titles = {row.context: row.title for row in (rows[i] for i in pool)}
        asked = list(dict.fromkeys(rows[i].question for i in pool))
        places = {text: place for place, text in enumerate(asked)}
        documents = embedder.embed_passages([text[:2_000] for text in texts])
        vectors = np.stack([embedder.embed_query(text) for text in asked])
        numbers = _numbers(titles.values())
        of_title = np.array([numbers[titles[text]] for text in texts])
        for at in range(0, len(pool), 2_000):
            part = pool[at : at + 2_000]
            scores = vectors[[places[rows[i].question] for i in part]] @ documents.T
            for i, score in zip(part, scores, strict=True):
                own = of_title == numbers.get(rows[i].title, NONE)
                score = score + 0.1 * own
                likeliest = np.argpartition(-score, min(4 * NEGATIVES, len(score) - 1))
                likeliest = likeliest[: 4 * NEGATIVES]
                best = likeliest[np.argsort(-score[likeliest])].tolist()
                row = rows[i]
                answer = row.context[slice(*row.answer)].lower() if row.answer else None
                alike = (
                    contexts[texts[place]]
                    for place in best
                    if texts[place] != row.context
                    and (answer is None or answer not in lower[texts[place]])
                )
                chosen = list(itertools.islice(alike, NEGATIVES))
                found[i, : len(chosen)] = chosen
    return found
