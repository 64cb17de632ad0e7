"""Word matches: the word of a text most similar to each word of a question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex

from index.analysis import analyse
from index.embedder import Matrix, Vector
from index.spelling import bundled_spelling, scale_cosines
from index.text import Span, fold
from qa.defaults import shared_embedder
from qa.questions.question import analyse_question

_WORD_PATTERN = regex.compile(
    r"\p{N}+(?:[.,٫٬:/]\p{N}+)*|\p{Han}|[[\p{L}\p{M}\u0640]--\p{Han}]+", regex.V1
)
_CACHED_WORDS, _CACHED_TEXTS, _LONGEST = 16_384, 512, 2_000  # longer texts are not cached
_SPELLINGS = 2  # of a word: with and without its Arabic clitics
_FORMS = 0.03  # between the similarities of forms of one word


@dataclass(frozen=True, slots=True)
class Match:
    """A content word of the question, and the word of the text that is most similar to it.

    ``share`` is the word's part of the question's weight; ``text_span`` is None where the text has
    no words; ``similarity`` runs from 0 to 1.
    """

    question_span: Span
    share: float
    text_span: Span | None
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class _WordTable:
    spans: tuple[Span, ...]
    vectors: Matrix  # (words, dim), of unit length
    weights: Vector
    stems: tuple[frozenset[str], ...]
    spellings: Matrix  # (words, _SPELLINGS, width)


def match_words(question: str, text: str, language: str) -> tuple[Match, ...]:
    """Return a match for each content word of the question, in its order.

    ``language`` is the text's, for the stems. The bundled model compares the words.
    """
    asked, found = _word_table(question, language), _word_table(text, language)
    kept = _content_words(question, asked)
    weights = asked.weights[kept]
    shares = weights / max(float(weights.sum()), 1e-9)
    similarities = _similarities(asked, found)[kept].clip(0, 1)
    matches = []
    for row, place in enumerate(kept):
        best = int(similarities[row].argmax()) if len(found.spans) else None
        span, similarity = (
            (None, 0.0) if best is None else (found.spans[best], float(similarities[row, best]))
        )
        matches.append(Match(asked.spans[place], float(shares[row]), span, similarity))
    return tuple(matches)


def similar_words(word: str, text: str, language: str, min_similarity: float) -> tuple[Span, ...]:
    """Return the spans of the most similar word of a text and of the other forms of that word.

    Other forms are words nearly as similar. None are returned where the most similar word is below
    ``min_similarity``.
    """
    asked, found = _word_table(word, language), _word_table(text, language)
    if not len(asked.spans) or not len(found.spans):
        return ()
    similarities = _similarities(asked, found).max(axis=0)
    best = float(similarities.max())
    if best < min_similarity:
        return ()
    return tuple(
        span
        for span, similarity in zip(found.spans, similarities, strict=True)
        if similarity >= best - _FORMS
    )


def _similarities(asked: _WordTable, found: _WordTable) -> Matrix:
    """Return (question words, text words): the highest of cosine, common stem, and spelling."""
    cosines = asked.vectors @ found.vectors.T
    stems = np.array(
        [[not a.isdisjoint(b) for b in found.stems] for a in asked.stems], dtype=np.float32
    ).reshape(cosines.shape)
    (n, m), width = cosines.shape, asked.spellings.shape[2]
    spelled = asked.spellings.reshape(-1, width) @ found.spellings.reshape(-1, width).T
    spelled = spelled.reshape(n, _SPELLINGS, m, _SPELLINGS).max(axis=(1, 3))
    spelled = scale_cosines(spelled)
    return np.asarray(np.maximum(np.maximum(cosines, stems), spelled), dtype=np.float32)


def _content_words(question: str, words: _WordTable) -> list[int]:
    """Return the places of the words that are neither question word nor function words."""
    folded = [fold(question[first:last]) for first, last in words.spans]
    analysed = analyse_question(question)
    function, (start, end) = analysed.function_words, analysed.asking
    kept = [
        place
        for place, word in enumerate(folded)
        if word not in function and not start <= words.spans[place][0] < end
    ]
    return kept or list(range(len(folded)))


def _word_table(text: str, language: str) -> _WordTable:
    read = _cached_word_table if len(text) <= _LONGEST else _build_word_table
    return read(text, language)


def _build_word_table(text: str, language: str) -> _WordTable:
    spans = tuple(match.span() for match in _WORD_PATTERN.finditer(text))
    words = [_analyse_word(text[start:end], language) for start, end in spans]
    width = bundled_spelling().words("").vectors.shape[1]
    return _WordTable(
        spans,
        np.array([w[0] for w in words], dtype=np.float32).reshape(-1, shared_embedder().dim),
        np.array([w[1] for w in words], dtype=np.float32),
        tuple(w[2] for w in words),
        np.array([w[3] for w in words], dtype=np.float32).reshape(-1, _SPELLINGS, width),
    )


_cached_word_table = lru_cache(maxsize=_CACHED_TEXTS)(_build_word_table)


def forget_words() -> None:
    """Empty the cache of words of texts."""
    _cached_word_table.cache_clear()


@lru_cache(maxsize=_CACHED_WORDS)
def _analyse_word(word: str, language: str) -> tuple[Vector, float, frozenset[str], Matrix]:
    """Return a word's vector, weight, stems and (_SPELLINGS, width) spellings."""
    (tokens,) = shared_embedder().token_vectors([word])
    stems = frozenset(stem for group in analyse(word, language) for stem in group)
    found = bundled_spelling().words(word).vectors
    spellings = np.zeros((_SPELLINGS, found.shape[1]), dtype=np.float32)
    # A ligature folds to several words (ﷺ); its first spellings represent it.
    spellings[: len(found)] = found[:_SPELLINGS]
    return tokens.mean, float(np.linalg.norm(tokens.weights @ tokens.vectors)), stems, spellings
