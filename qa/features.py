"""What the span scorer sees: numbers for each word of a passage, alone and against a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from index.embedder import Embedder, Matrix, Vector
from index.lexical import stem_groups
from index.spelling import embedded_spelling
from index.text import Span, fold
from qa.kinds import KINDS, Asked, asked_for
from qa.late import max_sim
from qa.looks import looks
from qa.names import likelihood
from qa.sentences import SURE, sentence_features
from qa.words import content_words, likeliest_function_words

_WORD = regex.compile(r"\p{N}+(?:[.,٫٬:/]\p{N}+)*|\p{Han}|[[\p{L}\p{M}\u0640]--\p{Han}]+", regex.V1)
# Remembered: 1.5 kB a word; some 20 kB a passage of 800 characters, which shares its words.
_WORDS, _PASSAGES, _KEPT = 16_384, 2_048, 2_000
_SPELLINGS = 2  # of a word: as it is, and without its Arabic clitics


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text: their spans, unit vectors, weights, stems, spellings, and looks."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    vectors: Matrix
    weights: Vector
    stems: tuple[frozenset[str], ...]
    spelled: Matrix
    looks: Matrix

    def __len__(self) -> int:
        return len(self.starts)


_Known = tuple[Vector, float, frozenset[str], Matrix]  # a word's vector, weight, stems, spellings
_Found = tuple[npt.NDArray[np.int64], tuple[_Known, ...], Matrix]  # spans, words, looks


@dataclass(frozen=True, slots=True)
class Told:
    """A text to be read: its sentences' spans, and its language for the stems."""

    text: str
    sentences: tuple[Span, ...]
    language: str


class Reading:
    """The words of texts, as the embedded model knows them."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        width = embedded_spelling().words("").vectors.shape[1]
        self._unspelled = np.zeros((1, _SPELLINGS, width), dtype=np.float32)
        self._known = lru_cache(maxsize=_WORDS)(self._word)
        self._kept = lru_cache(maxsize=_PASSAGES)(self._found)

    def words(self, text: str, language: str) -> Words:
        """Return the words of a text; what was found is remembered unless the text is long."""
        find = self._kept if len(text) <= _KEPT else self._found
        spans, known, seen = find(text, language)
        return Words(
            spans[:, 0],
            spans[:, 1],
            np.array([k[0] for k in known], dtype=np.float32).reshape(-1, self._embedder.dim),
            np.array([k[1] for k in known], dtype=np.float32),
            tuple(k[2] for k in known),
            np.stack([k[3] for k in known]) if known else self._unspelled[:0],
            seen,
        )

    def read(
        self, question: str, told: Sequence[Told]
    ) -> tuple[QuestionFeatures, tuple[PassageFeatures, ...]]:
        """Set the texts against the question."""
        asked = question_features(question, self, told[0].language if told else "")
        late, dense = self._sentences(question, told)
        ends = np.cumsum([0, *(len(t.sentences) for t in told)])
        read = [
            passage_features(
                asked, self.words(t.text, t.language), t.sentences, late[a:b], dense[a:b]
            )
            for t, a, b in zip(told, ends, ends[1:], strict=False)
        ]
        return asked, beside_each_other(read)

    def _sentences(self, question: str, told: Sequence[Told]) -> tuple[Vector, Vector]:
        """Return the late interaction and the cosine of every sentence of the texts."""
        texts = [t.text[start:end] for t in told for start, end in t.sentences]
        (asked,) = self._embedder.token_vectors([content_words(question)])
        sentences = self._embedder.token_vectors(texts)
        vector = self._embedder.embed_query(question)
        dense = [float(sentence.mean @ vector) for sentence in sentences]
        return max_sim(asked, sentences), np.array(dense, dtype=np.float32)

    def _word(self, word: str, language: str) -> _Known:
        (tokens,) = self._embedder.token_vectors([word])
        stems = frozenset(s for group in stem_groups(word, language) for s in group)
        spelled = embedded_spelling().words(word).vectors
        rows = self._unspelled[0].copy()
        # A ligature folds to several words (ﷺ); its first spellings stand for it.
        rows[: len(spelled)] = spelled[:_SPELLINGS]
        weight = float(np.linalg.norm(tokens.weights @ tokens.vectors))
        return tokens.mean, weight, stems, rows

    def _found(self, text: str, language: str) -> _Found:
        spans = [m.span() for m in _WORD.finditer(text)]
        known = tuple(self._known(text[a:b], language) for a, b in spans)
        names = np.zeros(len(spans), dtype=np.float32)
        if language == "ar" and known:
            names = likelihood(np.stack([k[0] for k in known]), np.stack([k[3][0] for k in known]))
        seen = np.column_stack([looks(text, spans, language), names])
        return np.array(spans, dtype=np.int64).reshape(-1, 2), known, seen


@dataclass(frozen=True, slots=True, eq=False)
class QuestionFeatures:
    """The content words of a question, and what it asks for.

    ``shares`` sum to one by the words' weight; ``near`` falls with the distance from the question
    word; ``target`` is their mean by both; ``kind`` marks one of `qa.kinds.KINDS`.
    """

    vectors: Matrix
    shares: Vector
    near: Vector
    stems: tuple[frozenset[str], ...]
    spelled: Matrix
    target: Vector
    kind: Vector
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PassageFeatures:
    """A passage beside a question: (words, ...) and (sentences, ...) features."""

    words: Words
    sentence_of: npt.NDArray[np.int64]
    against: Matrix
    sentence_features: Matrix
    best: Vector  # (question words,): how alike each finds its best word


def question_features(question: str, reading: Reading, language: str) -> QuestionFeatures:
    """Read a question; ``language`` is that of the text it is put to, for the stems."""
    words = reading.words(question, language)
    asked = asked_for(question)
    at = int(np.searchsorted(words.starts, asked.start))
    kept = _content(question, words, asked)
    gaps = np.array([i - at if i > at else 1.5 * (at - i) for i in kept], dtype=np.float32)
    near = np.exp(-np.argsort(np.argsort(gaps)) / 1.5).astype(np.float32)
    weights = words.weights[kept]
    target = (near * weights) @ words.vectors[kept]
    return QuestionFeatures(
        words.vectors[kept],
        weights / max(float(weights.sum()), 1e-9),
        near,
        tuple(words.stems[i] for i in kept),
        words.spelled[kept],
        np.asarray(target / max(float(np.linalg.norm(target)), 1e-9), dtype=np.float32),
        np.array([kind == asked.kind for kind in KINDS], dtype=np.float32),
        tuple((int(words.starts[i]), int(words.ends[i])) for i in kept),
    )


def _content(question: str, words: Words, asked: Asked) -> list[int]:
    """Return the places of the words that are neither the question word nor function words."""
    folded = [fold(question[a:b]) for a, b in zip(words.starts, words.ends, strict=True)]
    listed = likeliest_function_words(folded)
    kept = [
        i
        for i, word in enumerate(folded)
        if word not in listed and not asked.start <= words.starts[i] < asked.end
    ]
    return kept or list(range(len(folded)))


def passage_features(
    question: QuestionFeatures,
    words: Words,
    sentences: Sequence[Span],
    late: Vector,
    dense: Vector,
) -> PassageFeatures:
    """Set a passage's words and sentences against a question.

    ``late`` and ``dense`` (sentences,) are the late interaction and cosine of each sentence.
    """
    cosines, pairs = matches(question, words)
    starts = np.array([start for start, _ in sentences], dtype=np.int64)
    sentence_of = (np.searchsorted(starts, words.starts, side="right") - 1).clip(0)
    return PassageFeatures(
        words,
        sentence_of,
        _against(question, words, cosines, pairs),
        sentence_features(
            question.shares, question.near, question.kind,
            pairs, words.looks, sentence_of, late, dense,
        ),
        pairs.max(axis=0, initial=0.0),
    )  # fmt: skip


def matches(question: QuestionFeatures, words: Words) -> tuple[Matrix, Matrix]:
    """Return, (words, question words), the cosines, and how alike the pairs are in any way."""
    cosines = words.vectors @ question.vectors.T
    exact = np.array(
        [[not word.isdisjoint(asked) for asked in question.stems] for word in words.stems],
        dtype=np.float32,
    ).reshape(cosines.shape)
    (n, m), width = cosines.shape, words.spelled.shape[2]
    told, asked = words.spelled.reshape(2 * n, width), question.spelled.reshape(2 * m, width)
    spelled = (told @ asked.T).reshape(n, 2, m, 2).max(axis=(1, 3))
    return cosines, np.maximum(np.maximum(cosines, exact), ((spelled - 0.5) / 0.5).clip(0))


def _against(question: QuestionFeatures, words: Words, cosines: Matrix, pairs: Matrix) -> Matrix:
    best = pairs.max(axis=1, initial=0.0)
    near = (pairs * question.near).max(axis=1, initial=0.0)
    sure = (pairs > SURE).any(axis=1).astype(np.float32)
    gain = best * sure * words.weights
    flows = [
        flow
        for values, decay in ((gain, 0.5), (gain, 0.8), (near * sure, 0.6))
        for flow in (_flow(values, decay), _flow(values[::-1], decay)[::-1])
    ]
    columns = [
        best,
        cosines.max(axis=1, initial=0.0),
        (pairs * question.shares).sum(axis=1),
        near,
        sure,
        words.vectors @ question.target,
        words.weights,
        *flows,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _flow(values: Vector, decay: float) -> Vector:
    """Return what the values before each place still weigh there."""
    out, total = np.zeros_like(values), 0.0
    for i, value in enumerate(values.tolist()):
        out[i] = total
        total = (total + value) * decay
    return out


def beside_each_other(passages: Sequence[PassageFeatures]) -> tuple[PassageFeatures, ...]:
    """Return the passages, with each sentence's neighbours and its lag behind the best."""
    best = np.concatenate([p.sentence_features[:, :3] for p in passages]).max(axis=0)
    return tuple(_beside(passage, best) for passage in passages)


def _beside(passage: PassageFeatures, best: Matrix) -> PassageFeatures:
    rows = passage.sentence_features
    lead = rows[:, :3] - best
    told = rows[:, [0, 2, 5]]
    before, after = np.zeros_like(told), np.zeros_like(told)
    before[1:], after[:-1] = told[:-1], told[1:]
    columns = np.concatenate([rows, lead, lead == 0, before, after], axis=1)
    return replace(passage, sentence_features=columns.astype(np.float32))
