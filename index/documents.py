"""The articles of a segment and the spans of their chunks, as arrays that a file is mapped into."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.articles import Article, site
from index.bm25 import Keys, Rows, key_of
from index.chunker import Chunk
from index.folder import map_arrays, write_arrays
from index.near_duplicates import Sketches, minhash

Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Spans = npt.NDArray[np.int32]
Names = npt.NDArray[np.str_]

_FILE = "texts.arrays"
# Columns of `Documents.spans`: number of the article, span in characters, span in bytes of UTF-8.
ARTICLE, START, END, FIRST_BYTE, LAST_BYTE = range(5)
_BY_ARTICLE = ("ids", "keys", "languages", "dates", "sources", "sites", "sketches")


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """Articles and the spans of their chunks, decoded when they are asked for.

    Article i has the UTF-8 from ``text_starts[i]`` on of ``text``, and the JSON from
    ``fact_starts[i]`` on of ``facts``; the next arrays hold what filters compare, by article.
    ``spans`` (chunks, 5) has the columns of ARTICLE, START, END, FIRST_BYTE and LAST_BYTE.
    """

    text: Bytes
    text_starts: Rows
    facts: Bytes
    fact_starts: Rows
    ids: Names
    keys: Keys
    languages: Names
    dates: Names
    sources: Keys
    sites: Keys
    sketches: Sketches
    spans: Spans

    def __post_init__(self) -> None:
        count = len(self.keys)
        by_article = (self.ids, self.languages, self.dates, self.sources, self.sites, self.sketches)
        starts = (self.text_starts, self.fact_starts)
        if any(len(a) != count for a in by_article) or any(len(s) != count + 1 for s in starts):
            raise ValueError(f"the tables of {count} articles differ in length")
        if self.spans.ndim != 2 or self.spans.shape[1] != 5:
            raise ValueError(f"spans of shape {self.spans.shape}")

    @classmethod
    def build(cls, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]]) -> Documents:
        """Build the arrays of articles, each with its chunks."""
        spans = [
            (number, *place)
            for number, (article, own) in enumerate(zip(articles, chunks, strict=True))
            for place in _places(article, own)
        ]
        return cls(
            *_concatenate([article.text.encode() for article in articles]),
            *_concatenate([json.dumps(article.record).encode() for article in articles]),
            np.array([article.id for article in articles], dtype=np.str_),
            keys_of([article.id for article in articles]),
            np.array([article.language for article in articles], dtype=np.str_),
            np.array([article.date for article in articles], dtype=np.str_),
            keys_of([article.source for article in articles]),
            keys_of([site(article.source) for article in articles]),
            minhash(article.text for article in articles),
            np.array(spans, dtype=np.int32).reshape(-1, 5),
        )

    @classmethod
    def merge(cls, parts: Sequence[tuple[Documents, Rows]]) -> Documents:
        """Concatenate these articles of each part, with all their chunks."""
        chosen = [part._select(numbers) for part, numbers in parts]
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in chosen])
            for name in ("text", "facts", *_BY_ARTICLE)
        }
        for name in ("text_starts", "fact_starts"):
            joined[name] = _starts(np.concatenate([np.diff(getattr(p, name)) for p in chosen]))
        firsts = np.cumsum([0, *(len(part.keys) for part in chosen)], dtype=np.int32)
        spans = [part.spans.copy() for part in chosen]
        for own, first in zip(spans, firsts, strict=False):
            own[:, ARTICLE] += first
        return cls(**joined, spans=np.concatenate(spans))

    def _select(self, numbers: Rows) -> Documents:
        """Return these articles alone; the numbers ascend."""
        place = np.full(len(self.keys), -1, dtype=np.int32)
        place[numbers] = np.arange(len(numbers), dtype=np.int32)
        spans = np.array(self.spans[place[self.spans[:, ARTICLE]] >= 0])
        spans[:, ARTICLE] = place[spans[:, ARTICLE]]
        by_article: dict[str, Any] = {name: getattr(self, name)[numbers] for name in _BY_ARTICLE}
        text, text_starts = _take(self.text, self.text_starts, numbers)
        facts, fact_starts = _take(self.facts, self.fact_starts, numbers)
        return Documents(text, text_starts, facts, fact_starts, **by_article, spans=spans)

    def article(self, number: int) -> Article:
        """Return an article; number counts from 0."""
        facts = json.loads(self._piece(self.facts, self.fact_starts, number))
        text = self._piece(self.text, self.text_starts, number).decode()
        return Article.from_record(self.id(number), text, facts)

    def id(self, number: int) -> str:
        """Return the id of an article."""
        return str(self.ids[number])

    def number(self, article_id: str) -> int | None:
        """Return the number of the article of an id, None if there is none."""
        for number in np.flatnonzero(self.keys == np.uint64(key_of(article_id))):
            if self.id(int(number)) == article_id:
                return int(number)
        return None

    def chunk(self, row: int) -> Chunk:
        """Return a chunk; row counts from 0."""
        number, start, end, first, last = self.spans[row].tolist()
        base = int(self.text_starts[number])
        text = self.text[base + first : base + last].tobytes().decode()
        return Chunk(self.id(number), start, end, text)

    def save(self, folder: Path) -> None:
        """Write the arrays into a file of the folder."""
        write_arrays(folder / _FILE, {f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def open(cls, folder: Path) -> Documents:
        """Map the file of `save` into memory."""
        return cls(**map_arrays(folder / _FILE))

    def _piece(self, run: Bytes, starts: Rows, number: int) -> bytes:
        return run[int(starts[number]) : int(starts[number + 1])].tobytes()


def keys_of(names: Sequence[str]) -> Keys:
    """Return the (names,) 64-bit keys of the names."""
    return np.fromiter(map(key_of, names), dtype=np.uint64, count=len(names))


def _places(article: Article, chunks: Sequence[Chunk]) -> Iterator[tuple[int, int, int, int]]:
    """Yield start and end of each chunk, in characters and in bytes of the article's UTF-8."""
    at, byte = 0, 0
    for chunk in chunks:
        if article.text[chunk.start : chunk.end] != chunk.text:
            raise ValueError(f"chunk [{chunk.start}:{chunk.end}] is not in its article")
        if chunk.start < at:  # chunks may overlap, though ours do not
            at, byte = 0, 0
        byte += len(article.text[at : chunk.start].encode())
        size = len(chunk.text.encode())
        yield chunk.start, chunk.end, byte, byte + size
        at, byte = chunk.end, byte + size


def _concatenate(pieces: Sequence[bytes]) -> tuple[Bytes, Rows]:
    """Return the pieces joined, and (pieces + 1,) where each starts and the last ends."""
    run = np.frombuffer(b"".join(pieces), dtype=np.uint8)
    return run, _starts(np.array([len(piece) for piece in pieces], dtype=np.int64))


def _take(run: Bytes, starts: Rows, numbers: Rows) -> tuple[Bytes, Rows]:
    """Return these pieces of what `_concatenate` made."""
    if len(numbers) == len(starts) - 1:
        return run, starts
    return _concatenate([run[int(starts[n]) : int(starts[n + 1])].tobytes() for n in numbers])


def _starts(lengths: Rows) -> Rows:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
