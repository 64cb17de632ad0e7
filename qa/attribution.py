"""Attribution: find the places that a written answer cites, and check that they support it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.articles import Article
from index.sentences import sentence_spans
from index.text import Span, find_words, fold
from qa.answer import Citation, Passage, Statement
from qa.matching import match_words

# [2: "exact words"], [2], [1, 2], also with the quotation marks of other languages. A model may put
# a space before it, or a space and a full stop after it.
_MARKER = regex.compile(
    r"""\s*\[(?P<numbers>\p{Nd}{1,3}(?:\s*[,،;]\s*\p{Nd}{1,3})*)
        (?:\s*:\s*["“”„«‘'](?P<quote>(?:[^\[\]\n]|\[[^\[\]\n]*\]){1,2000}?)["“”»’'])?\s*\]
        (?:\s+(?=[.!?؟。！？…،,;؛]))?""",
    regex.VERBOSE,
)
_UNFINISHED = regex.compile(r"\s*\[\p{Nd}{1,3}(?:\s*:[^\[\]\n]*)?$")
_BRACKETS = str.maketrans("[]", "()")
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,٫٬]\p{Nd}+)*")
_GROUPED = regex.compile(r"\d{1,3}(?:([.,٬])\d{3})(?:\1\d{3})*")
_SPACES = regex.compile(r"\s+")
# The weighted share of a sentence's words that the cited passages must have, in any language. It is
# no proof, but rejects what has nothing to do with them. Sentences compared with the paragraph that
# they are in or translate (XQuAD tuning half, 235 each; en on ar, ru on ar, es on en, ar, en): .99,
# .95, 1, 1 and 1 pass; with a paragraph of another article .03, .02, .09, .33 and .12; with another
# paragraph of the same article .34, .21, .48, .75 and .63.
_MIN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marker's numbers and quote, and its place in the text without markers."""

    numbers: tuple[int, ...]
    quote: str | None
    place: int


def parse_statements(
    written: str, passages: Sequence[Passage], articles: dict[str, Article], language: str = "en"
) -> tuple[Statement, ...]:
    """Return the sentences of a written text, each with the citations of its markers.

    A sentence is supported if it has a marker, every marker's place is found, and the cited
    passages have all its numbers and `_MIN_SHARE` of its words. ``language`` is the text's.
    """
    return tuple(
        _statement(text, markers, passages, articles)
        for text, markers in _sentences(written, language)
    )


def neutralise_markers(text: str) -> str:
    """Return a passage's text with [1] as (1), so that only the writer's markers cite."""
    return text.translate(_BRACKETS)


def _sentences(written: str, language: str) -> Iterator[tuple[str, list[_Marker]]]:
    """Yield each sentence without its markers, and the markers in it or right after it."""
    text, markers = _remove_markers(_UNFINISHED.sub("", written))
    spans = [(a, b) for a, b in sentence_spans(text, language) if find_words(text[a:b])]
    ends = [*(start for start, _ in spans[1:]), len(text)][: len(spans)]
    for first, (span, end) in enumerate(zip(spans, ends, strict=True)):
        own = [m for m in markers if m.place <= end and (not first or m.place > span[0])]
        yield _SPACES.sub(" ", text[slice(*span)]), own


def _remove_markers(written: str) -> tuple[str, list[_Marker]]:
    """Return the text without its markers, and the markers."""
    kept, length, cursor, markers = [], 0, 0, []
    for found in _MARKER.finditer(written):
        kept.append(written[cursor : found.start()])
        length += len(kept[-1])
        numbers = tuple(int(number) for number in regex.findall(r"\p{Nd}+", found["numbers"]))
        markers.append(_Marker(numbers, found["quote"], length))
        cursor = found.end()
    return "".join([*kept, written[cursor:]]), markers


def _statement(
    text: str,
    markers: Sequence[_Marker],
    passages: Sequence[Passage],
    articles: dict[str, Article],
) -> Statement:
    found = [
        _resolve(number, marker.quote, passages, articles)
        for marker in markers
        for number in marker.numbers
    ]
    cited = [place for place in found if place is not None]
    read = tuple(dict.fromkeys(passage for passage, _ in cited))
    supported = (
        bool(found)
        and len(cited) == len(found)
        and _numbers_in(text, " ".join(passage.chunk.text for passage in read))
        and _shared(text, read, articles) >= _MIN_SHARE
    )
    return Statement(text, tuple(dict.fromkeys(c for _, c in cited)), supported)


def _resolve(
    number: int, quote: str | None, passages: Sequence[Passage], articles: dict[str, Article]
) -> tuple[Passage, Citation] | None:
    if not 1 <= number <= len(passages):
        return None
    passage = passages[number - 1]
    chunk = passage.chunk
    span = (0, len(chunk.text)) if quote is None else find_quote(quote, chunk.text)
    if span is None:
        return None
    article = articles[chunk.article_id]
    return passage, Citation.of(article, chunk.start + span[0], chunk.start + span[1])


def find_quote(quote: str, text: str) -> Span | None:
    """Return the span of the quote's words in the text, all in a row, letters folded."""
    wanted = [term.text for term in find_words(quote)]
    words = find_words(text)
    have = [word.text for word in words]
    for first in range(len(have) - len(wanted) + 1 if wanted else 0):
        if have[first : first + len(wanted)] == wanted:
            return words[first].start, words[first + len(wanted) - 1].end
    return None


def _numbers_in(text: str, read: str) -> bool:
    known = {_normalise_number(number) for number in _NUMBER.findall(read)}
    return all(_normalise_number(number) in known for number in _NUMBER.findall(text))


def _normalise_number(number: str) -> str:
    """Return a number as digits and a decimal point, without grouping marks."""
    folded = fold(number).replace("٫", ".")
    if _GROUPED.fullmatch(folded):
        return regex.sub(r"[.,٬]", "", folded)
    return folded.replace("٬", "").replace(",", ".")


def _shared(text: str, passages: Sequence[Passage], articles: dict[str, Article]) -> float:
    """Return the weighted share of a sentence's words that the passages have."""
    best: dict[Span, tuple[float, float]] = {}
    for passage in passages:
        language = articles[passage.chunk.article_id].language
        for match in match_words(text, passage.chunk.text, language):
            _, known = best.get(match.question_span, (0.0, 0.0))
            best[match.question_span] = match.share, max(known, match.similarity)
    return sum(share * similarity for share, similarity in best.values())
