"""Summaries: the sentences that stand for the whole of an article."""

from __future__ import annotations

import numpy as np

from index.articles import Article
from index.embedder import Embedder
from index.sentences import sentence_spans
from index.text import Span

_SHORTEST, _LONGEST = 30, 600  # characters of a sentence
_HEAD = 200  # sentences that are compared
_REPEAT = 0.5  # penalty for each unit of similarity to a chosen sentence
_SAME = 0.95  # similarity from which a sentence repeats a chosen one
_LEAD = 0.15  # what is added to the first sentence, and less and less to those after it


def summarise(article: Article, embedder: Embedder, n: int | None = None) -> tuple[Span, ...]:
    """Return the spans of up to ``n`` sentences that stand for the article, in reading order.

    The first one that is not a heading leads, as news do; the others are most similar to all of
    them together and least to those chosen (maximal marginal relevance, Carbonell & Goldstein
    1998).
    By default two to four, by the article's length. A text of headings alone gives its first lines.
    """
    spans = sentence_spans(article.text, article.language)[:_HEAD]
    bodies = [
        span
        for span in spans
        if _SHORTEST <= span[1] - span[0] <= _LONGEST
        and (sentence := article.text[slice(*span)]) != article.title
        and not article.is_byline(sentence)
    ]
    bodies = bodies or list(spans)
    wanted = min(n or max(2, min(4, len(bodies) // 4)), len(bodies))
    vectors = embedder.embed_passages([article.text[slice(*span)] for span in bodies])
    centre = vectors.mean(axis=0)
    scores = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    scores = scores + _LEAD / np.arange(1, len(bodies) + 1)
    chosen = [0] if wanted else []
    while len(chosen) < wanted:
        similarity = (vectors @ vectors[chosen].T).max(axis=1)
        left = np.where(similarity < _SAME, scores - _REPEAT * similarity, -np.inf)
        if np.isneginf(left).all():
            break
        chosen.append(int(left.argmax()))
    return tuple(bodies[i] for i in sorted(chosen))
