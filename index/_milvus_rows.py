"""What a collection's rows are: articles and chunks as rows, and filters as expressions.

A store is two collections. One has a row for each chunk; the other, named ``…_articles``, the text
of each article in pieces that Milvus has room for, the first with its facts. An article is there
if its first piece is, which is written last and removed first. Names are kept as 64 bits of their
digest: numbers need no quoting, and a filter is short.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b

from index._milvus import LONGEST, Row, Table
from index.articles import Article, site
from index.chunker import Chunk
from index.embedder import Matrix
from index.errors import StoreError
from index.filters import Filter
from index.postings import key_of

ABOUT = "about"  # the id of the row that tells how the store was made
PIECE = LONGEST // 4  # characters that surely fit
_DIGITS = 4  # of a piece's number
_FACTS = ("id", "title", "source", "language", "byline", "date")
_NOWHERE = [0.0, 0.0]  # Milvus 2.3 has no rows without a vector
_NONE = 'id == ""'  # the expression that nothing fits
_WRITTEN = 8_000_000  # bytes sent at once


def digest_of(article_id: str) -> str:
    """Return 128 bits for an id, as a name of 32 letters."""
    return blake2b(article_id.encode(), digest_size=16).hexdigest()


def first_of(digest: str) -> str:
    """Return the id of the row that makes an article be there."""
    return f"{digest}:{0:0{_DIGITS}}"


def chunk_id(digest: str, start: int) -> str:
    """Return the id of the row of an article's chunk that starts there."""
    return f"{digest}:{start}"


def chunk_rows(
    articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]], vectors: Matrix
) -> Iterator[Row]:
    """Yield a row for each chunk; raises StoreError for one that Milvus has no room for."""
    every = iter(vectors)
    for article, own in zip(articles, chunks, strict=True):
        digest, marks = digest_of(article.id), _marks(article)
        for chunk in own:
            _check_fits(chunk.text, "a chunk; make them shorter (--chunk-size)")
            yield {
                "id": chunk_id(digest, chunk.start), "article": digest, "start": chunk.start,
                "end": chunk.end, "text": chunk.text, "vector": next(every), **marks,
            }  # fmt: skip


def article_rows(article: Article, at: int) -> list[Row]:
    """Return the rows of an article's text, the first of which makes it be there.

    ``at`` is where its first chunk starts.
    """
    digest = digest_of(article.id)
    told: dict[str, object] = {name: getattr(article, name) for name in _FACTS}
    facts = json.dumps(told | {"at": at}, ensure_ascii=False)
    _check_fits(facts, f"the title and source of {(article.source or article.id)[:200]}")
    pieces = [article.text[at : at + PIECE] for at in range(0, len(article.text), PIECE)]
    return [
        _row(f"{digest}:{number:0{_DIGITS}}", digest, number, piece, facts if not number else "{}")
        | {"pieces": len(pieces), **_marks(article)}
        for number, piece in enumerate(pieces)
    ]


def about_row(facts: str) -> Row:
    """Return the row that tells how the store was made."""
    nothing = {"pieces": 0, "language": 0, "date": 0, "source": 0, "site": 0}
    return _row(ABOUT, "", -1, "", facts) | nothing


def article_of(rows: Sequence[Row]) -> Article | None:
    """Return the article that has all these rows; None if some are missing."""
    pieces = sorted(rows, key=lambda row: int(row["part"]))
    if not pieces or [row["part"] for row in pieces] != list(range(pieces[0]["pieces"])):
        return None
    text = "".join(row["text"] for row in pieces)
    facts = json.loads(pieces[0]["facts"])
    return Article(text=text, **{name: facts[name] for name in _FACTS})


def sent(rows: Iterator[Row] | Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows in batches of what may be sent at once."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        weight = 4 * (len(row["text"]) + len(row["vector"])) + 200
        if batch and size + weight > _WRITTEN:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def expression(filters: Sequence[Filter]) -> str:
    """Return what rows of both collections fit, if articles have to pass all the filters."""
    parts = [part for wanted in filters for part in _parts(wanted)]
    return " and ".join(parts)


def of_articles(digests: Collection[str]) -> str:
    """Return the expression of the rows of these articles."""
    return f"article in {json.dumps(sorted(digests))}" if digests else _NONE


def with_ids(ids: Iterable[str]) -> str:
    """Return the expression of the rows with these ids."""
    return f"id in {json.dumps(sorted(ids))}"


def named(field: str, keys: Collection[int]) -> str:
    """Return the expression of the rows whose field has one of these keys."""
    return f"{field} in {sorted(map(signed, keys))}" if keys else _NONE


def signed(key: int) -> int:
    """Return 64 bits as Milvus' numbers have them."""
    return key - (1 << 64) if key >= 1 << 63 else key


def _parts(wanted: Filter) -> Iterator[str]:
    if wanted.articles is not None:
        yield of_articles([digest_of(name) for name in wanted.articles])
    if wanted.languages is not None:
        yield named("language", {key_of(name) for name in wanted.languages})
    if wanted.since or wanted.until:
        yield f"date >= {_day(wanted.since) or 1}"
    if wanted.until:
        yield f"date <= {_day(wanted.until)}"
    if wanted.sources is not None:
        keys = {key_of(name) for name in wanted.source_names}
        yield f"({named('source', keys)} or {named('site', keys)})"


def _marks(article: Article) -> dict[str, int]:
    """Return what filters ask about."""
    return {
        "language": signed(key_of(article.language)),
        "date": _day(article.date),
        "source": signed(key_of(article.source)),
        "site": signed(key_of(site(article.source))),
    }


def _day(date: str) -> int:
    """Return a day as a number that sorts as days do; 0 for none."""
    return int(date.replace("-", "")) if date else 0


def _row(name: str, digest: str, part: int, text: str, facts: str) -> Row:
    return {
        "id": name, "article": digest, "part": part, "text": text, "facts": facts,
        "vector": _NOWHERE,
    }  # fmt: skip


def _check_fits(text: str, what: str) -> None:
    if len(text) * 4 > LONGEST and len(text.encode()) > LONGEST:
        raise StoreError(f"{len(text.encode()):,} bytes are too many for Milvus in {what}")


def tables(dim: int) -> tuple[Table, Table]:
    """Return what the collections of chunks and of articles are."""
    marks = ("language", "date", "source", "site")
    links = {"M": 16, "efConstruction": 200}
    return (
        Table(dim, "HNSW", links, (*marks, "start", "end"), ("text",)),
        Table(len(_NOWHERE), "FLAT", {}, (*marks, "part", "pieces"), ("text", "facts")),
    )
