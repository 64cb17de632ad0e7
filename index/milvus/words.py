"""Search by words in the engine: its BM25 function over our own index terms.

A row holds its chunk's terms as tokens, of which the engine makes a sparse vector; how common each
is, the engine counts. A token is a digest in letters and digits: punctuation in a term would split
it (Milvus Lite has no analyzer for white space alone). Among ten million terms some fifty pairs
share a token.
"""

from __future__ import annotations

import math
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analysis import analyse_query, index_terms
from index.bm25 import key_of
from index.milvus import schema
from index.milvus.client import Connection, Row
from index.text import written_words

_TOKEN_BYTES = 5  # eight letters and digits
_MOST_TOKENS = 1_000  # of a question; those after them are not looked up
# The best chunk of a word has it several times: BM25 gives it 1.6 to 2.2 times the word's idf.
_BEST_BY_IDF = 1.8


def tokens_of(text: str, language: str) -> str:
    """Return the tokens of a chunk in order, with spaces between them."""
    return " ".join(filter(None, (_word_tokens(word, language) for word in written_words(text))))


@dataclass(frozen=True, slots=True)
class WordSearch:
    """The words of a question, looked up in the rows of a collection that match an expression.

    ``words`` holds the tokens of each.
    """

    connection: Connection
    collection: str
    expression: str
    words: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls,
        connection: Connection,
        collection: str,
        expression: str,
        question: str,
        languages: Iterable[str],
    ) -> WordSearch:
        """Return the search for a question's words, stemmed by each of the languages."""
        groups = analyse_query(question, sorted(languages))
        words = tuple(tuple(map(_token, terms)) for terms in groups)
        return cls(connection, collection, expression, words)

    @property
    def _tokens(self) -> list[str]:
        every = dict.fromkeys(token for word in self.words for token in word)
        return list(every)[:_MOST_TOKENS]

    def best(self, fields: Sequence[str], limit: int) -> list[Row]:
        """Return the rows that score highest, best first, with their scores as ``distance``."""
        return self._search(self.expression, fields, limit)

    def scores(self, ids: Sequence[str]) -> dict[str, float]:
        """Return the scores of those of the rows that have one of the words."""
        rows = self._search(schema.ids_expression(ids), ["id"], len(ids)) if ids else []
        return {str(row["id"]): float(row["distance"]) for row in rows}

    def _search(self, expression: str, fields: Sequence[str], limit: int) -> list[Row]:
        if not self.words:
            return []
        (found,) = self.connection.search_words(
            self.collection, [" ".join(self._tokens)], expression, fields, limit
        )
        return found

    def coverage(self, chunks: int) -> float:
        """Return the share of the words, weighted by idf, that occur in the rows.

        ``chunks`` is the number of rows of the collection. The idf of a word is reckoned from the
        score of its best row.
        """
        tokens = self._tokens
        if not tokens:
            return 0.0
        hits = self.connection.search_words(self.collection, tokens, self.expression, ["id"], 1)
        known = {
            token: found[0]["distance"] / _BEST_BY_IDF
            for token, found in zip(tokens, hits, strict=True)
            if found
        }
        missing = math.log(1 + (chunks + 0.5) / 0.5)
        # As frequent as the most frequent of its terms.
        idf = [min((known[t] for t in word if t in known), default=0.0) for word in self.words]
        total = sum(weight or missing for weight in idf)
        return sum(idf) / total if total else 0.0


@lru_cache(maxsize=262_144)
def _word_tokens(word: str, language: str) -> str:
    return " ".join(map(_token, index_terms(word, language)))


def _token(term: str) -> str:
    digest = key_of(term).to_bytes(8, "little")[:_TOKEN_BYTES]
    return b32encode(digest).decode("ascii").lower()
