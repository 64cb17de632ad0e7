"""BM25 over folded, stemmed terms, by bm25s; Snowball stems, character n-grams for CJK."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import regex

from index.text import terms

if TYPE_CHECKING:
    import bm25s
    import Stemmer

K1, B = 1.2, 0.75
SNOWBALL = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish",
    "fr": "french", "ru": "russian", "tr": "turkish",
}  # fmt: skip
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]+")
_RUNS = regex.compile(rf"{_CJK.pattern}|[^{_CJK.pattern[1:-2]}]+")  # 第3章: no space between
_CLITICS = regex.compile(r"^(?:[وف]?(?:[بك]?ال|لل|[بكل])|[وف])(?=\p{Arabic}{3})")
_WEAK = regex.compile("[اويءئؤ]")
_SKELETON = "#"  # sets a skeleton apart from the words
_HEAD = 5
_NO_TERMS = ""  # bm25s wants a term in every index; no question has this one


def stem_groups(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each word of the text in order, the terms it is searched by.

    A word has itself, its stem, and what outlives inflection: its consonants in Arabic, else its
    first five letters. A run of Chinese or Japanese characters has its characters and its pairs.
    ``language`` is an ISO 639-1 code; one without a stemmer has no stems.

    nDCG@10 on the XQuAD tuning questions, whole paragraphs, stems alone and all three:
    ar .925 .958, en .968 .977, ru .955 .966, es .966 .971, de .946 .961, tr .948 .963
    (ARCD train: ar .843 .874).
    """
    words = (run for term in terms(text) for run in _RUNS.findall(term.text))
    return tuple(_word_terms(word, language) for word in words)


def stems(text: str, language: str) -> list[str]:
    """Return all terms of a text in order."""
    return [stem for group in stem_groups(text, language) for stem in group]


@lru_cache(maxsize=65536)
def _word_terms(word: str, language: str) -> tuple[str, ...]:
    if _CJK.fullmatch(word):
        return tuple(word) + tuple(word[i : i + 2] for i in range(len(word) - 1))
    bare = _without_accents(word)
    if language == "ar":
        # Snowball leaves the particles that Arabic writes onto a word (and, with, as, to, the).
        stem = str(_stemmer(language).stemWord(without_clitics(word)))
        return word, stem, _SKELETON + (_WEAK.sub("", stem) or stem)
    # The stemmer wants the accents, but a question may be typed without them.
    stem = _stemmer(language).stemWord(word) if language in SNOWBALL else word
    return bare, _without_accents(str(stem)), bare[:_HEAD]


def without_clitics(word: str) -> str:
    """Return the folded word without the Arabic particles and article written onto it."""
    return str(_CLITICS.sub("", word))


def _without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=len(SNOWBALL))
def _stemmer(language: str) -> Stemmer.Stemmer:
    import Stemmer

    return Stemmer.Stemmer(SNOWBALL[language])


class LexicalIndex:
    """The BM25 scores of all chunks, saved and loaded as a folder of .npy and .json files.

    Score as in Robertson & Zaragoza (2009), k1 = 1.2, b = 0.75, with Lucene's idf.
    """

    def __init__(self, bm25: bm25s.BM25, count: int) -> None:
        self._bm25 = bm25
        self._count = count

    @classmethod
    def build(cls, documents: Sequence[list[str]]) -> LexicalIndex:
        """Index the terms of each document."""
        import bm25s

        # Importing it sets its logger to tell of every index it builds.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        filled = [document or [_NO_TERMS] for document in documents] or [[_NO_TERMS]]
        bm25.index(filled, show_progress=False)
        return cls(bm25, len(documents))

    def save(self, folder: Path) -> None:
        """Write the index into the folder."""
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalIndex:
        """Read what `save` wrote for ``count`` documents."""
        import bm25s

        return cls(bm25s.BM25.load(folder, show_progress=False), count)

    def scores(self, query: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the (documents,) BM25 scores of the distinct query terms."""
        known = [term for term in dict.fromkeys(query) if term in self._bm25.vocab_dict]
        if not known or not self._count:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)[: self._count]

    def coverage(self, groups: Sequence[tuple[str, ...]]) -> float:
        """Return the share of the question's words, weighed by idf, that the index knows.

        Near 0 for a question in another language, which then has nothing to gain from BM25.
        """
        weights = [self.idf(group) for group in groups]
        known = [w for w, g in zip(weights, groups, strict=True) if any(map(self._frequency, g))]
        return sum(known) / sum(weights) if weights else 0.0

    def idf(self, group: tuple[str, ...]) -> float:
        """Return Lucene's idf of a word, that of its commonest term; the most if unknown."""
        frequency = max(map(self._frequency, group), default=0)
        return float(np.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5)))

    def _frequency(self, term: str) -> int:
        number = self._bm25.vocab_dict.get(term)
        if number is None:
            return 0
        pointers = self._bm25.scores["indptr"]
        return int(pointers[number + 1] - pointers[number])
