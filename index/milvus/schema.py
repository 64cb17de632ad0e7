"""The rows of a collection: articles and chunks as rows, and filters as expressions.

A store is two collections. One has a row for each chunk; the other, named ``…_articles``, has the
text of each article in pieces that fit Milvus' longest text. The first piece also holds the
metadata; it is written last and removed first, and an article exists if it does. Names are stored
as 64-bit digests, so that expressions need no quoting and stay short.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import blake2b

from index.articles import Article, site
from index.base import Filter
from index.bm25 import key_of
from index.chunker import Chunk
from index.embedder import Matrix
from index.errors import StoreError
from index.milvus.client import MAX_TEXT_BYTES, CollectionSchema, Row

TOKENS = "tokens"  # the field that is searched by words
ABOUT_ID = "about"  # the id of the row that says how the store was made
PIECE_CHARS = MAX_TEXT_BYTES // 4  # characters that fit whatever their encoding takes
_DIGITS = 4  # of a piece's number
_NO_VECTOR = [0.0, 0.0]  # Milvus 2.3 has no rows without a vector
_MATCHES_NOTHING = 'id == ""'
_REQUEST_BYTES = 8_000_000


def digest_of(article_id: str) -> str:
    """Return a digest of an id: 128 bits as 32 hexadecimal digits."""
    return blake2b(article_id.encode(), digest_size=16).hexdigest()


def first_piece_id(digest: str) -> str:
    """Return the id of an article's first row, with which the article exists."""
    return f"{digest}:{0:0{_DIGITS}}"


def chunk_id(digest: str, start: int) -> str:
    """Return the id of the row of the article's chunk that begins at ``start``."""
    return f"{digest}:{start}"


def chunk_rows(
    articles: Sequence[Article],
    chunks: Sequence[Sequence[Chunk]],
    vectors: Matrix,
    tokens_of: Callable[[str, str], str] | None,
) -> Iterator[Row]:
    """Yield a row for each chunk; raise StoreError for a chunk that is too long for Milvus.

    ``tokens_of`` returns the tokens of a text and its language, for a collection that is searched
    by words.
    """
    next_vector = iter(vectors)
    for article, own in zip(articles, chunks, strict=True):
        digest, fields = digest_of(article.id), _filter_fields(article)
        for chunk in own:
            _check_fits(chunk.text, "a chunk; make them shorter (--chunk-size)")
            row = {
                "id": chunk_id(digest, chunk.start), "article": digest, "start": chunk.start,
                "end": chunk.end, "text": chunk.text, "vector": next(next_vector), **fields,
            }  # fmt: skip
            if tokens_of is not None:
                row[TOKENS] = _cut_tokens(tokens_of(chunk.text, article.language))
            yield row


def _cut_tokens(tokens: str) -> str:
    """Return as many of the tokens, which are ASCII, as Milvus takes."""
    if len(tokens) <= MAX_TEXT_BYTES:
        return tokens
    return tokens[:MAX_TEXT_BYTES].rpartition(" ")[0]


def article_rows(article: Article, at: int) -> list[Row]:
    """Return the rows of an article's text; the first holds its metadata.

    ``at`` is where its first chunk begins.
    """
    digest = digest_of(article.id)
    facts = _facts(article, at)
    _check_fits(facts, f"the title and source of {(article.source or article.id)[:200]}")
    pieces = [
        article.text[at : at + PIECE_CHARS] for at in range(0, len(article.text), PIECE_CHARS)
    ]
    return [
        _row(f"{digest}:{number:0{_DIGITS}}", digest, number, piece, facts if not number else "{}")
        | {"pieces": len(pieces), **_filter_fields(article)}
        for number, piece in enumerate(pieces)
    ]


def _facts(article: Article, at: int) -> str:
    """Return what is known of an article as JSON, with as many of its locators as fit."""
    facts = article.record
    while True:
        text = json.dumps({"id": article.id, "at": at} | facts, ensure_ascii=False)
        locators = facts.get("locators", ())
        if len(text.encode()) <= MAX_TEXT_BYTES or len(locators) < 2:
            return text
        facts = facts | {"locators": locators[::2]}


def about_row(facts: str) -> Row:
    """Return the row that says how the store was made."""
    nothing = {"pieces": 0, "language": 0, "date": 0, "source": 0, "site": 0}
    return _row(ABOUT_ID, "", -1, "", facts) | nothing


def article_of(rows: Sequence[Row]) -> Article | None:
    """Return the article of these rows; None if some are missing."""
    pieces = sorted(rows, key=lambda row: int(row["part"]))
    if not pieces or [row["part"] for row in pieces] != list(range(pieces[0]["pieces"])):
        return None
    text = "".join(row["text"] for row in pieces)
    facts = json.loads(pieces[0]["facts"])
    return Article.from_record(facts["id"], text, facts)


def batched(rows: Iterator[Row] | Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows in batches that fit a request."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        weight = 4 * (len(row["text"]) + len(row["vector"])) + len(row.get(TOKENS, "")) + 200
        if batch and size + weight > _REQUEST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def filter_expression(filters: Sequence[Filter]) -> str:
    """Return the expression of rows, of either collection, whose articles pass all filters."""
    parts = [part for wanted in filters for part in _conditions(wanted)]
    return " and ".join(parts)


def articles_expression(digests: Collection[str]) -> str:
    """Return the expression of the rows of these articles."""
    return f"article in {json.dumps(sorted(digests))}" if digests else _MATCHES_NOTHING


def ids_expression(ids: Iterable[str]) -> str:
    """Return the expression of the rows with these ids."""
    return f"id in {json.dumps(sorted(ids))}"


def keys_expression(field: str, keys: Collection[int]) -> str:
    """Return the expression of the rows whose field has one of these keys."""
    return f"{field} in {sorted(map(to_int64, keys))}" if keys else _MATCHES_NOTHING


def to_int64(key: int) -> int:
    """Return an unsigned 64-bit number as the signed one with the same bits."""
    return key - (1 << 64) if key >= 1 << 63 else key


def _conditions(wanted: Filter) -> Iterator[str]:
    if wanted.articles is not None:
        yield articles_expression([digest_of(name) for name in wanted.articles])
    if wanted.languages is not None:
        yield keys_expression("language", {key_of(name) for name in wanted.languages})
    if wanted.since or wanted.until:
        yield f"date >= {_day(wanted.since) or 1}"
    if wanted.until:
        yield f"date <= {_day(wanted.until)}"
    if wanted.sources is not None:
        keys = {key_of(name) for name in wanted.source_names}
        yield f"({keys_expression('source', keys)} or {keys_expression('site', keys)})"


def _filter_fields(article: Article) -> dict[str, int]:
    """Return the fields that filters compare."""
    return {
        "language": to_int64(key_of(article.language)),
        "date": _day(article.date),
        "source": to_int64(key_of(article.source)),
        "site": to_int64(key_of(site(article.source))),
    }


def _day(date: str) -> int:
    """Return a day as a number that sorts as days do; 0 for no day."""
    return int(date.replace("-", "")) if date else 0


def _row(name: str, digest: str, part: int, text: str, facts: str) -> Row:
    return {
        "id": name, "article": digest, "part": part, "text": text, "facts": facts,
        "vector": _NO_VECTOR,
    }  # fmt: skip


def _check_fits(text: str, what: str) -> None:
    if len(text) * 4 > MAX_TEXT_BYTES and len(text.encode()) > MAX_TEXT_BYTES:
        raise StoreError(f"{len(text.encode()):,} bytes are too many for Milvus in {what}")


def collection_schemas(
    dim: int, *, words: bool, is_file: bool
) -> tuple[CollectionSchema, CollectionSchema]:
    """Return the schemas of the collections of chunks, perhaps with words, and of articles.

    In a file vectors are compared one by one: the HNSW of Milvus Lite 3.2 misses most of what a
    filter lets through.
    """
    fields = ("language", "date", "source", "site")
    index, params = ("FLAT", {}) if is_file else ("HNSW", {"M": 16, "efConstruction": 200})
    tokens = TOKENS if words else None
    return (
        CollectionSchema(dim, index, params, (*fields, "start", "end"), ("text",), tokens),
        CollectionSchema(
            len(_NO_VECTOR), "FLAT", {}, (*fields, "part", "pieces"), ("text", "facts")
        ),
    )
