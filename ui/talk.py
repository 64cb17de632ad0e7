"""A conversation as it is shown and as the browser keeps it: plain values, checked on return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import TypeAdapter, ValidationError

from index.articles import Article
from qa.answer import Answer, Citation, Sureness
from qa.explain import Explanation
from qa.plain import SCORES
from ui.paragraphs import paragraph_of

TURNS, TALKS = 50, 20  # kept; older ones are dropped
Text = Annotated[str, MaxLen(20_000)]
Number = Annotated[int, Ge(0), Le(10_000_000)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands; ``paragraph`` counts from 1, 0 for a title."""

    article: Text
    title: Text
    source: Text
    paragraph: Number
    start: Number
    end: Number
    quote: Text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that an LLM wrote, with the numbers of its places; none if not supported."""

    text: Text
    numbers: Annotated[tuple[Number, ...], MaxLen(20)]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a passage was chosen: the words that met, asked, found and how alike, and the scores."""

    pairs: Annotated[tuple[tuple[Text, Text, float], ...], MaxLen(50)]
    scores: Text


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what was said to it; a failed one has the reason as its text.

    ``language`` is the question's. ``strong`` is the words that answer, where they are sure, and
    ``sure`` is about them then. ``nearest`` is the best passage of a question that is not answered.
    """

    question: Annotated[str, MaxLen(100_000)]
    language: Annotated[str, MaxLen(20)]
    status: Literal["answered", "not_in_article", "failed"]
    text: Text = ""
    sure: Sureness = "not sure"
    strong: Text = ""
    places: Annotated[tuple[Place, ...], MaxLen(20)] = ()
    sentences: Annotated[tuple[Sentence, ...], MaxLen(100)] = ()
    nearest: Place | None = None
    reason: Reason | None = None
    completed: Text = ""
    notice: Text = ""


Talk = tuple[Turn, ...]
_TALK: TypeAdapter[Talk] = TypeAdapter(Annotated[Talk, MaxLen(TURNS)])
_TALKS: TypeAdapter[tuple[Talk, ...]] = TypeAdapter(
    Annotated[tuple[Annotated[Talk, MaxLen(TURNS)], ...], MaxLen(TALKS)]
)


def turn_of(
    answer: Answer, articles: dict[str, Article], language: str, reason: Explanation | None
) -> Turn:
    """Return an answer as it is shown; ``articles`` by id holds those that it cites."""
    numbers = {citation: number for number, citation in enumerate(answer.citations, 1)}
    emphasis = answer.emphasis
    nearest = None
    if answer.status == "not_in_article" and answer.passages:
        chunk = answer.passages[0].chunk
        article = articles[chunk.article_id]
        nearest = _place(Citation.of(article, chunk.start, chunk.end), article)
    return Turn(
        question=answer.question,
        language=language,
        status=answer.status,
        text=answer.text,
        sure=answer.sureness if emphasis is None else answer.span_sureness,
        strong="" if emphasis is None else emphasis.quote,
        places=tuple(_place(cited, articles[cited.article_id]) for cited in answer.citations),
        sentences=tuple(
            Sentence(s.text, tuple(numbers[c] for c in s.citations) if s.supported else ())
            for s in answer.statements
        ),
        nearest=nearest,
        reason=None if reason is None else _reason(reason),
        completed=answer.completed,
        notice=answer.notice,
    )


def talk_from(stored: Any) -> Talk:
    """Return the conversation that a browser sends back; an unusable one is forgotten."""
    try:
        return _TALK.validate_python(stored or ())
    except ValidationError:
        return ()


def talks_from(stored: Any) -> tuple[Talk, ...]:
    """Return the earlier conversations that a browser sends back; unusable ones are forgotten."""
    try:
        return _TALKS.validate_python(stored or ())
    except ValidationError:
        return ()


def kept(talk: Talk) -> list[dict[str, Any]]:
    """Return a conversation as the browser keeps it."""
    plain: list[dict[str, Any]] = _TALK.dump_python(talk[-TURNS:], mode="json")
    return plain


def kept_all(talks: tuple[Talk, ...]) -> list[list[dict[str, Any]]]:
    """Return conversations as the browser keeps them, the newest first."""
    return [kept(talk) for talk in talks[:TALKS]]


def without(talk: Talk, article_id: str) -> Talk:
    """Return the conversation without what it says of an article."""
    return tuple(
        turn
        for turn in talk
        if all(p.article != article_id for p in (*turn.places, *filter(None, (turn.nearest,))))
    )


def _place(cited: Citation, article: Article) -> Place:
    paragraph = paragraph_of(article, cited.start)
    return Place(
        article.id, article.title, article.source, paragraph, cited.start, cited.end, cited.quote
    )


def _reason(found: Explanation) -> Reason:
    scores = " ".join(f"{name} {getattr(found, name):+.2f}" for name in SCORES)
    pairs = tuple((pair.asked, pair.found.quote, round(pair.alike, 2)) for pair in found.pairs[:50])
    return Reason(pairs, f"{scores} = {found.fused:.2f}")
