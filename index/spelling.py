"""Spelling vectors: words spelled alike lie close in any script (Lavrov, Лавров, لافروف)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
import regex

from index.analysis import strip_clitics
from index.errors import ModelError
from index.text import WordCache, folded_parts, folded_words, written_words

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

_WORD = regex.compile(
    r"[^\p{Han}\p{Hiragana}\p{Katakana}]*\p{L}[^\p{Han}\p{Hiragana}\p{Katakana}]*"
)
_MIN_COSINE = 0.5  # of two spellings that count as similar
_SHORTEST = 3  # letters; shorter words look like too many others
_LONGEST_NGRAM = 4
_BATCH = 1_000  # words, whose n-grams of 256 bytes each fit the processor's cache
_WORDS, _TEXTS = 131_072, 4_096  # cached: 400 bytes a word, 3 kB a text


@dataclass(frozen=True, slots=True)
class SpelledWords:
    """Unit vectors (spellings, dim); word i has the rows from ``starts[i]`` to the next start."""

    vectors: Matrix
    starts: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.starts) > len(self.vectors):
            raise ValueError(f"{len(self.starts)} words but {len(self.vectors)} spellings")


@dataclass(frozen=True, slots=True)
class SpelledTexts:
    """Unit vectors (spellings, dim), each once; text i has the rows of ``ids`` from ``starts[i]``.

    ``starts`` (texts + 1,) ends with the number of all ids.
    """

    vectors: Matrix
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.starts) < 1 or int(self.starts[-1]) != len(self.ids):
            raise ValueError(f"{len(self.ids)} spellings, not {self.starts[-1:].tolist()}")

    def __len__(self) -> int:
        return len(self.starts) - 1


class _VectorCache:
    """Vectors of words in one array, so that a thousand are gathered as fast as one.

    It is emptied when it is full. Any number of threads may use it.
    """

    def __init__(self, vectors: Callable[[Sequence[str]], Matrix], dim: int) -> None:
        self._vectors = vectors
        self._dim = dim
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        # One attribute, so that no thread combines the places of one array with another array.
        self._entries: tuple[dict[str, int], Matrix] = (
            {}, np.empty((_WORDS, self._dim), dtype=np.float32)
        )  # fmt: skip

    def rows(self, words: Sequence[str]) -> Matrix:
        """Return the (words, dim) vectors."""
        if len(words) > _WORDS:
            return np.concatenate([self._vectors(some) for some in _split(words)])
        place, vectors = self._entries
        if not all(map(place.__contains__, words)):
            place, vectors = self._add(words)
        rows = np.fromiter(map(place.__getitem__, words), dtype=np.int64, count=len(words))
        return vectors[rows]

    def _add(self, words: Sequence[str]) -> tuple[dict[str, int], Matrix]:
        with self._lock:
            new = dict.fromkeys([word for word in words if word not in self._entries[0]])
            if len(self._entries[0]) + len(new) > _WORDS:
                self._clear()
                new = dict.fromkeys(words)
            place, vectors = self._entries
            for words in _split([*new]):
                first = len(place)
                vectors[first : first + len(words)] = self._vectors(words)
                # Last, so that a word that is found has its vector.
                place.update(zip(words, range(first, first + len(words)), strict=True))
            return place, vectors


def _split(words: Sequence[str]) -> Iterator[Sequence[str]]:
    return (words[at : at + _BATCH] for at in range(0, len(words), _BATCH))


class Spelling:
    """A table of vectors of letter n-grams; the vector of a word is their sum.

    ``table`` is (buckets, dim) int8. Sums are normalised to unit length, so its scale is free.
    """

    def __init__(self, table: npt.NDArray[np.int8]) -> None:
        self._table = table.astype(np.float32)
        self._words = _VectorCache(self._vectors, self._table.shape[1])
        self._flat = lru_cache(maxsize=_TEXTS)(_flat)

    @classmethod
    def load(cls, path: Path) -> Spelling:
        """Read the table; raise ModelError if it cannot be read."""
        try:
            table = np.load(path, allow_pickle=False)
            if table.dtype != np.int8 or table.ndim != 2:
                raise ValueError(f"{table.dtype} of {table.ndim} dimensions")
        except (OSError, EOFError, ValueError) as error:
            raise ModelError(f"{path} cannot be read ({error}); reinstall article-qa") from error
        return cls(table)

    def words(self, text: str) -> SpelledWords:
        """Return the distinct words of a text that have spellings."""
        words = _words(text)
        starts = np.cumsum([0, *map(len, words)])[:-1] if words else np.zeros(0, dtype=np.int64)
        return SpelledWords(self._rows([s for word in words for s in word]), starts)

    def texts(self, texts: Sequence[str]) -> SpelledTexts:
        """Return the distinct spellings of each text; texts share most of their words."""
        own = list(map(self._flat, texts))
        every = list(chain.from_iterable(own))
        distinct = list(dict.fromkeys(every))
        place = dict(zip(distinct, range(len(distinct)), strict=True))
        ids = np.fromiter(map(place.__getitem__, every), dtype=np.int64, count=len(every))
        return SpelledTexts(self._rows(distinct), ids, np.cumsum([0, *map(len, own)]))

    def _rows(self, found: Sequence[str]) -> Matrix:
        return self._words.rows(found)

    def _vectors(self, words: Sequence[str]) -> Matrix:
        found, starts = hash_ngrams(words, len(self._table))
        totals = np.add.reduceat(self._table[found], starts, axis=0)
        lengths = np.linalg.norm(totals, axis=1, keepdims=True)
        return np.asarray(totals / np.maximum(lengths, 1e-9), dtype=np.float32)


def _words(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the spellings of the distinct words of a text that have any."""
    distinct = dict.fromkeys(folded_words(text))
    return tuple(found for word in distinct if (found := spellings(word)))


def _flat(text: str) -> tuple[str, ...]:
    """Return the distinct spellings of all words of a text."""
    return tuple(dict.fromkeys(chain.from_iterable(map(_spelled.__getitem__, written_words(text)))))


def _of_written(word: str) -> tuple[str, ...]:
    """Return the spellings of an unfolded word."""
    return tuple(chain.from_iterable(map(spellings, folded_parts(word))))


_spelled = WordCache(_of_written, _WORDS)


@lru_cache(maxsize=_WORDS)
def spellings(word: str) -> tuple[str, ...]:
    """Return the folded word and, if it has Arabic clitics, the word without them.

    Numbers, Chinese and Japanese words, and words of fewer than three letters have no spelling.
    """
    if len(word) < _SHORTEST or not _WORD.fullmatch(word):
        return ()
    return tuple(dict.fromkeys((word, strip_clitics(word))))


class _Romanisation(dict[int, str]):
    """A translation table from letters to Latin ones, by anyascii, filled on demand."""

    def __missing__(self, letter: int) -> str:
        from anyascii import anyascii

        self[letter] = found = anyascii(chr(letter)).lower().replace("'", "")
        return found


_romanisation = _Romanisation()


def hash_ngrams(words: Sequence[str], count: int) -> tuple[Rows, Rows]:
    """Return the hashes, below ``count``, of the distinct 1- to 4-grams of each romanised word.

    Returns (n-grams,) hashes and (words,) the place of each word's first one. The hash is the
    CRC-32 of the n-gram, computed for all n-grams of a length at once.
    """
    letters = [f"^{word.translate(_romanisation)}$".encode() for word in words]
    text = np.frombuffer(b"".join(letters), dtype=np.uint8)
    lengths = np.fromiter(map(len, letters), dtype=np.int64, count=len(letters))
    owner = np.repeat(np.arange(len(words)), lengths)
    left = np.cumsum(lengths)[owner] - np.arange(len(text))  # letters up to the word's end
    piece, crc = owner.copy(), np.full(len(text), _ONES)
    ngrams, hashes = [], []
    for length in range(1, _LONGEST_NGRAM + 1):
        at = np.flatnonzero(left >= length)
        letter = text[at + length - 1]
        crc[at] = _CRC[(crc[at] ^ letter) & 0xFF] ^ (crc[at] >> np.uint32(8))
        piece[at] = (piece[at] << 8) | letter  # below its word's number, so no two are equal
        ngrams.append(piece[at] << 8 * (_LONGEST_NGRAM - length))
        hashes.append(crc[at] ^ _ONES)
    distinct, first = np.unique(np.concatenate(ngrams), return_index=True)
    found = np.concatenate(hashes)[first] % np.uint32(count)
    word = distinct >> 8 * _LONGEST_NGRAM
    return found.astype(np.int64), np.searchsorted(word, np.arange(len(words)))


def _crc_table() -> npt.NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(0xEDB88320), table >> 1)
    return table.astype(np.uint32)


_CRC, _ONES = _crc_table(), np.uint32(0xFFFFFFFF)


def scale_cosines(cosines: Matrix) -> Matrix:
    """Return the similarity of two spellings by their cosine, 0 for unrelated ones, 1 for equal."""
    return np.asarray(((cosines - _MIN_COSINE) / (1 - _MIN_COSINE)).clip(0), dtype=np.float32)


@lru_cache(maxsize=1)
def bundled_spelling() -> Spelling:
    """Return the table that ships with the bundled model, loaded once in a process."""
    return Spelling.load(Path(str(files("index") / "model" / "spelling.npy")))
