"""Resolve the citation markers of a written answer to places in the articles, or say they fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from index.articles import Article
from index.text import Span, fold, sentence_spans, terms
from qa.answer import Citation, Passage, Statement

# [2: "exact words"], [2], also with the quotation marks of other languages. A model may put a
# space or a full stop before or after it.
_MARKER = regex.compile(
    r"""\[(?P<number>\p{N}{1,3})
        (?:\s*:\s*["“”„«‘'](?P<quote>[^\[\]\n]{1,2000}?)["“”»’'])?\s*\]""",
    regex.VERBOSE,
)
_BETWEEN = regex.compile(r"[\s.!?؟。！？…،,;؛]*")
_NUMBER = regex.compile(r"\p{N}+(?:[.,٫٬]\p{N}+)*")
_SPACES = regex.compile(r"\s+")


def statements(
    written: str, passages: Sequence[Passage], articles: dict[str, Article], language: str = "en"
) -> tuple[Statement, ...]:
    """Return the written text's sentences, each with the citations that its markers resolve to.

    A sentence is supported if each of its markers resolves, there is one, and every number in it
    stands in a passage that it cites. ``language`` is the written text's.
    """
    return tuple(
        _statement(text, markers, passages, articles)
        for text, markers in _sentences(written, language)
    )


def without_markers(text: str) -> str:
    """Return a passage's text with its own [1] as (1): only the writer's markers may cite."""
    return _MARKER.sub(lambda marker: f"({marker.group()[1:-1]})", text)


def _sentences(written: str, language: str) -> Iterator[tuple[str, list[regex.Match[str]]]]:
    """Yield each sentence without its markers, and the markers that belong to it.

    Those that stand right after a sentence's end belong to the sentence before them.
    """
    start = 0
    pending: list[regex.Match[str]] = []
    markers = list(_MARKER.finditer(written))
    for number, marker in enumerate(markers):
        following = markers[number + 1].start() if number + 1 < len(markers) else None
        pending.append(marker)
        gap = _BETWEEN.match(written, marker.end())
        end = gap.end() if gap else marker.end()
        if end == following:
            continue
        parts = _split(written[start : pending[0].start()], language)
        yield from ((text, []) for text in parts[:-1])
        rest = "".join(c for c in written[marker.end() : end] if not c.isspace())[:1]
        closing = "" if not parts or parts[-1][-1:] in ".!?؟。！？…" else rest
        yield ((parts[-1] if parts else "") + closing, pending)
        pending, start = [], end
    yield from ((text, []) for text in _split(written[start:], language))


def _split(text: str, language: str) -> list[str]:
    return [_SPACES.sub(" ", text[a:b]) for a, b in sentence_spans(text, language)]


def _statement(
    text: str,
    markers: Sequence[regex.Match[str]],
    passages: Sequence[Passage],
    articles: dict[str, Article],
) -> Statement:
    found = [_resolved(marker, passages, articles) for marker in markers]
    cited = [place for place in found if place is not None]
    read = " ".join(passage.chunk.text for passage, _ in cited)
    supported = bool(text) and bool(found) and len(cited) == len(found) and _numbers_in(text, read)
    return Statement(text, tuple(dict.fromkeys(c for _, c in cited)), supported)


def _resolved(
    marker: regex.Match[str], passages: Sequence[Passage], articles: dict[str, Article]
) -> tuple[Passage, Citation] | None:
    number = int(marker["number"])
    if not 1 <= number <= len(passages):
        return None
    passage = passages[number - 1]
    chunk = passage.chunk
    quote = marker["quote"]
    span = (0, len(chunk.text)) if quote is None else find_quote(quote, chunk.text)
    if span is None:
        return None
    article = articles[chunk.article_id]
    return passage, Citation.of(article, chunk.start + span[0], chunk.start + span[1])


def find_quote(quote: str, text: str) -> Span | None:
    """Return where the quote stands in the text: exactly, or else word for word when folded."""
    at = text.find(quote.strip())
    if at >= 0 and quote.strip():
        return at, at + len(quote.strip())
    wanted = [term.text for term in terms(quote)]
    words = terms(text)
    have = [word.text for word in words]
    for first in range(len(have) - len(wanted) + 1 if wanted else 0):
        if have[first : first + len(wanted)] == wanted:
            return words[first].start, words[first + len(wanted) - 1].end
    return None


def _numbers_in(text: str, read: str) -> bool:
    known = {_plain(number) for number in _NUMBER.findall(read)}
    return all(_plain(number) in known for number in _NUMBER.findall(text))


def _plain(number: str) -> str:
    return fold(number).replace("٫", ".").replace("٬", "").replace(",", "")
