"""A conversation as it is shown and as the browser keeps it: plain values, checked on return."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Le, MaxLen
from pydantic import TypeAdapter, ValidationError

from index.articles import Article, file_name
from index.base import AnyStore
from index.readers.base import LocatorKind
from qa.answer import Answer, Citation, Sureness
from qa.explain import Explanation
from ui.paragraphs import paragraph_of

TURNS, TALKS = 50, 20  # kept; older ones are dropped
_TEXT, _PLACES, _SENTENCES, _PAIRS = 20_000, 20, 100, 50
_PERHAPS = 0.5  # span confidence; below it the words are more often wrong than right
_ID = re.compile(r"[0-9a-f]{16}")
Text = Annotated[str, MaxLen(_TEXT)]
Number = Annotated[int, Ge(0), Le(10_000_000)]


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """Where an answer stands; ``paragraph`` counts from 1, 0 for a title.

    ``kind`` and ``locator`` are those of the citation's `Locator`, empty where it has none;
    ``language`` is the article's.
    """

    article: Text
    title: Text
    source: Text
    paragraph: Number
    start: Number
    end: Number
    quote: Text
    kind: LocatorKind | Literal[""] = ""
    locator: Text = ""
    language: Annotated[str, MaxLen(20)] = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that an LLM wrote, with the numbers of its places; none if not supported."""

    text: Text
    numbers: Annotated[tuple[Number, ...], MaxLen(_PLACES)]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer; a failed one has the reason as its text.

    ``language`` is the question's. ``short_answer`` is the words that answer, where they are sure,
    and ``sure`` is about them then; where they are not, ``perhaps`` is how they read in the asker's
    language. ``nearest`` is the best passage of a question without an answer. ``word_pairs`` are
    words of the question, the article's most similar ones, and their similarity. ``store`` is the
    id of what was asked, which was ``of_several`` articles or of one. A question for yes or no has
    only a sentence that ``is_evidence``.
    """

    question: Annotated[str, MaxLen(100_000)]
    language: Annotated[str, MaxLen(20)]
    status: Literal["answered", "not_in_article", "not_a_question", "failed"]
    text: Text = ""
    sure: Sureness = "not sure"
    short_answer: Text = ""
    places: Annotated[tuple[CitedPlace, ...], MaxLen(_PLACES)] = ()
    sentences: Annotated[tuple[Sentence, ...], MaxLen(_SENTENCES)] = ()
    nearest: CitedPlace | None = None
    word_pairs: Annotated[tuple[tuple[Text, Text, float], ...], MaxLen(_PAIRS)] = ()
    completed: Text = ""
    notice: Text = ""
    store: Text = ""
    about: Annotated[str, MaxLen(20)] = ""
    localised: Text = ""
    romanised: Text = ""
    perhaps: Text = ""
    of_several: bool = False
    is_evidence: bool = False


Talk = tuple[Turn, ...]
_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)


def turn_of(
    answer: Answer, store: AnyStore, language: str, explanation: Explanation | None = None
) -> Turn:
    """Return an answer of a store as it is shown, what an LLM wrote cut to what can be kept."""
    numbers = {citation: number for number, citation in enumerate(answer.citations, 1)}
    emphasis = answer.emphasis
    nearest = None
    if answer.status == "not_in_article" and answer.passages:
        chunk = answer.passages[0].chunk
        article = store.article(chunk.article_id)
        nearest = _place(Citation.of(article, chunk.start, chunk.end), article)
    return Turn(
        question=answer.question,
        language=language,
        status=answer.status,
        text=answer.text[:_TEXT],
        sure=answer.sureness if emphasis is None else answer.span_sureness,
        short_answer="" if emphasis is None else emphasis.quote,
        places=tuple(_place(c, store.article(c.article_id)) for c in answer.citations[:_PLACES]),
        sentences=tuple(
            Sentence(
                s.text[:_TEXT],
                tuple(numbers[c] for c in s.citations[:_PLACES]) if s.supported else (),
            )
            for s in answer.statements[:_SENTENCES]
        ),
        nearest=nearest,
        word_pairs=() if explanation is None else _word_pairs(explanation),
        completed=answer.completed[:_TEXT],
        notice=answer.notice[:_TEXT],
        store=store.id,
        about=answer.about or "",
        localised="" if emphasis is None else answer.localised,
        romanised="" if emphasis is None else answer.romanised,
        perhaps=_perhaps(answer)[:_TEXT],
        is_evidence=answer.is_evidence,
        of_several=store.counts.articles > 1,
    )


class SavedTalk(NamedTuple):
    """A conversation that the browser keeps, and when it was last changed (milliseconds)."""

    id: str
    at: int
    talk: Talk


def load_talk(stored: Any, user: str | None = None) -> Talk:
    """Return the conversation that a browser sends back, without malformed turns.

    It is empty if another ``user`` left it in the same browser.
    """
    kept = _kept_value(stored, user)
    return _turns(kept) if isinstance(kept, list) else ()


def talk_id(stored: Any) -> str:
    """Return the id of the conversation that a browser sends back, or a new one."""
    found = stored.get("id") if isinstance(stored, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else secrets.token_hex(8)


def load_talks(stored: Any, user: str | None = None) -> tuple[SavedTalk, ...]:
    """Return all conversations that a browser sends back, the last changed first."""
    kept = _kept_value(stored, user)
    found = []
    for name, one in kept.items() if isinstance(kept, dict) else ():
        if _ID.fullmatch(name) and isinstance(one, dict) and isinstance(one.get("turns"), list):
            at = one.get("at")
            talk = _turns(one["turns"])
            found.append(SavedTalk(name, at if isinstance(at, int) else 0, talk))
    newest = sorted((one for one in found if one.talk), key=lambda one: -one.at)
    return tuple(newest[:TALKS])


def dump_talk(talk: Talk, name: str, user: str | None = None) -> dict[str, Any]:
    """Return a conversation as the browser keeps it, under an id."""
    return {"user": user, "id": name, "kept": [_dump_turn(turn) for turn in talk[-TURNS:]]}


def dump_talks(talks: Iterable[SavedTalk], user: str | None = None) -> dict[str, Any]:
    """Return all conversations as the browser keeps them."""
    kept = {
        one.id: {"at": one.at, "turns": [_dump_turn(turn) for turn in one.talk[-TURNS:]]}
        for one in talks
        if one.talk
    }
    return {"user": user, "kept": kept}


def _kept_value(stored: Any, user: str | None) -> Any:
    return stored.get("kept") if isinstance(stored, dict) and stored.get("user") == user else None


def _turns(stored: list[Any]) -> Talk:
    turns = []
    for turn in stored[-TURNS:]:
        with suppress(ValidationError):
            turns.append(_TURN.validate_python(turn))
    return tuple(turns)


def _dump_turn(turn: Turn) -> Any:
    return _TURN.dump_python(turn, mode="json")


def without_article(talk: Talk, article_id: str) -> Talk:
    """Return the conversation without what it says of an article."""
    return tuple(
        turn
        for turn in talk
        if all(p.article != article_id for p in (*turn.places, *filter(None, (turn.nearest,))))
    )


def _perhaps(answer: Answer) -> str:
    """Return the short answer as the asker reads it where it is likely but not sure; else ""."""
    is_unsure = answer.emphasis is None and not answer.is_evidence
    read = answer.localised or answer.romanised
    return read if is_unsure and answer.span_confidence >= _PERHAPS else ""


def _place(cited: Citation, article: Article) -> CitedPlace:
    paragraph = paragraph_of(article, cited.start)
    return CitedPlace(
        article.id,
        article.title,
        file_name(article.source),
        paragraph,
        cited.start,
        cited.end,
        cited.quote,
        cited.locator.kind if cited.locator else "",
        cited.locator.value if cited.locator else "",
        article.language,
    )


def _word_pairs(explanation: Explanation) -> tuple[tuple[str, str, float], ...]:
    return tuple(
        (pair.question_word, pair.passage_word.quote, round(pair.similarity, 2))
        for pair in explanation.pairs[:_PAIRS]
    )
