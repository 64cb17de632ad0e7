"""Read whole articles back from the rows of their pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from index._milvus import Connection, Row
from index._milvus_rows import article_of, of_articles
from index.articles import Article
from index.errors import StoreDamaged

FIRST = "part == 0"  # the row that makes an article be there
_AT_ONCE = 200
PIECES = ("article", "part", "pieces", "text", "facts")


def articles_of(
    connection: Connection, collection: str, firsts: Sequence[Row]
) -> Iterator[Article]:
    """Yield the articles of these first rows; raises StoreDamaged where pieces are missing."""
    for first in firsts:
        rows = [first]
        if first["pieces"] > 1:
            others = f"{of_articles([first['article']])} and part > 0"
            rows += connection.rows(collection, others, PIECES)
        article = article_of(rows) or _again(connection, collection, first)
        if article is not None:
            yield article


def articles_named(
    connection: Connection, collection: str, digests: Sequence[str]
) -> Iterator[Article]:
    """Yield the articles of these digests that are there, in the order of their rows."""
    for at in range(0, len(digests), _AT_ONCE):
        of_them = f"{of_articles(digests[at : at + _AT_ONCE])} and {FIRST}"
        rows = connection.rows(collection, of_them, ["id", *PIECES])
        rows.sort(key=lambda row: str(row["id"]))
        yield from articles_of(connection, collection, rows)


def _again(connection: Connection, collection: str, first: Row) -> Article | None:
    """Return the article of a row whose pieces were not all seen; None if it is gone."""
    of_it = of_articles([first["article"]])
    rows = connection.rows(collection, of_it, PIECES, consistency="Strong")
    if not any(row["part"] == 0 for row in rows):
        return None  # another process removed it meanwhile
    article = article_of(rows)
    if article is None:
        raise StoreDamaged(
            f"{connection.address}: pieces of {json.loads(first['facts'])['id']} are missing; "
            "remove it and index it again"
        )
    return article
