"""Cut an Article into Chunks: paragraphs, headings with the text below them, long ones split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.articles import Article
from index.text import Span, block_spans, ends_sentence, strip_span

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
SEPARATORS = [
    r"(?:(?<=[.!?؟۔…])|(?<=[.!?؟۔…][\"'”’»)\]]))\s+|(?<=[。！？])",
    r"(?<=[،,;:؛、；：])\s+|(?<=[、，；：])",
    r"\s+",
    rf"(?<!\u200d)(?![{_MARKS}])",  # between letters, never between a letter and its marks
    "",
]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of an article that is stored and embedded: ``article.text[start:end] == text``."""

    article_id: str
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.text) != self.end - self.start:
            raise ValueError(
                f"Chunk [{self.start}:{self.end}] does not fit its text of {len(self.text)}"
            )


@dataclass(frozen=True, slots=True)
class Chunking:
    """How articles are cut, in characters.

    No chunk is longer than ``size``. Each paragraph is a chunk of its own, except that headings
    (which end no sentence) and paragraphs shorter than ``joined`` are joined with the next one.
    """

    size: int = 800
    joined: int = 100

    def __post_init__(self) -> None:
        if self.size < 1 or not 0 <= self.joined <= self.size // 2:
            raise ValueError(f"chunk size {self.size} must be at least twice joined {self.joined}")


def chunk_article(article: Article, chunking: Chunking | None = None) -> tuple[Chunk, ...]:
    """Cut the article into chunks, in order; together they contain all but white space."""
    chunking = chunking or Chunking()
    return tuple(
        Chunk(article.id, start, end, article.text[start:end])
        for group in _groups(article.text, chunking)
        for start, end in _cut(article.text, group, chunking)
    )


def _groups(text: str, chunking: Chunking) -> Iterator[list[Span]]:
    """Yield groups of blocks: headings and short paragraphs with the paragraph after them."""
    group: list[Span] = []
    for block in block_spans(text):
        if group and block[1] - group[0][0] > chunking.size and _length(group) > chunking.joined:
            yield group
            group = []
        group.append(block)
        heading = not ends_sentence(text[block[0] : block[1]])
        if _length(group) >= chunking.joined * (2 if heading else 1):
            yield group
            group = []
    if group:
        yield group


def _length(group: list[Span]) -> int:
    return group[-1][1] - group[0][0]


def _cut(text: str, group: list[Span], chunking: Chunking) -> Iterator[Span]:
    if _length(group) <= chunking.size:
        yield group[0][0], group[-1][1]
        return
    start, body = group[0][0], group[-1]
    # The short blocks before the body are part of its first piece, which has less room for it.
    room = chunking.size - (body[0] - start)
    if room < chunking.size // 2:
        yield start, group[-2][1]
        start, room = body[0], chunking.size
    pieces = list(_place(text, body, _splitter_pieces(text[body[0] : body[1]], room)))
    yield start, pieces[0][1]
    yield from pieces[1:]


def _splitter_pieces(text: str, size: int) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        length_function=len,
    )
    return splitter.split_text(text)


def _place(text: str, body: Span, pieces: list[str]) -> Iterator[Span]:
    """Yield the span of each piece, searched from the end of the previous one."""
    cursor = body[0]
    for piece in filter(str.strip, pieces):
        start = text.find(piece, cursor, body[1])
        if start < 0 or text[cursor:start].strip():
            raise AssertionError(f"the splitter changed the text near offset {cursor}")
        cursor = start + len(piece)
        yield strip_span(text, start, cursor)
