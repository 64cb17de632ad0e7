"""What is said to a question, as HTML for the list of messages and as text to copy."""

from __future__ import annotations

from html import escape

from ui.panel import anchor
from ui.strings import Language, how_sure, not_in_article, page_text, unsupported, why
from ui.talk import Place, Reason, Turn


def message(turn: Turn, number: int, page: Language) -> str:
    """Return a turn's answer as HTML; ``number`` is the turn's in its conversation, from 0."""
    # An element of its own direction for each text: one message may hold several languages.
    parts = [_understood(turn), _notice(turn), _said(turn, number)]
    if turn.status == "answered":
        parts += [_sure(turn), _places(turn, number, page), _copy(turn, page), _reason(turn)]
    if turn.nearest is not None:
        parts.append(_nearest(turn.nearest, number))
    return f'<div class="answer">{"".join(parts)}</div>'


def as_text(turn: Turn, page: Language) -> str:
    """Return an answer with its citations, as it is copied."""
    lines = [turn.text]
    if turn.sentences:
        lines = [
            f"{text} {''.join(f'[{n}]' for n in numbers)}".rstrip()
            for text, numbers in sentences_of(turn)
        ]
    for n, place in enumerate(turn.places, 1):
        # An LLM's sentences do not hold the article's words.
        quote = f"«{place.quote}» " if turn.sentences else ""
        lines.append(f"[{n}] {quote}{comma(page).join(where(place, page))}")
    return "\n".join(lines)


def sentences_of(turn: Turn) -> list[tuple[str, tuple[int, ...]]]:
    """Return an LLM's sentences with the numbers of their places, or marked as not supported."""
    return [
        (s.text if s.numbers else f"{s.text} {unsupported(turn.language)}", s.numbers)
        for s in turn.sentences
    ]


def where(place: Place, page: Language) -> tuple[str, ...]:
    """Return in words where a place stands: title, file or address, paragraph, characters."""
    source = place.source if place.source != place.title else ""
    paragraph = f"{page_text('paragraph', page)} {place.paragraph}" if place.paragraph else ""
    parts = (place.title, source, paragraph, f"{place.start}–{place.end}")
    return tuple(filter(None, parts))


def comma(page: Language) -> str:
    """Return what stands between the parts of a list."""
    return "، " if page == "ar" else ", "


def _said(turn: Turn, number: int) -> str:
    if turn.status == "not_in_article":
        return _paragraph("said", not_in_article(turn.language))
    if turn.status == "failed":
        return _paragraph("said", turn.text)
    if not turn.sentences:
        links = _links(turn, number, range(1, len(turn.places) + 1))
        return f'<p class="said" dir="auto">{escape(turn.text)} {links}</p>'
    return "".join(
        f'<p class="said" dir="auto">{escape(text)} {_links(turn, number, numbers)}</p>'
        for text, numbers in sentences_of(turn)
    )


def _links(turn: Turn, number: int, cited: range | tuple[int, ...]) -> str:
    found = [(n, turn.places[n - 1]) for n in cited if 1 <= n <= len(turn.places)]
    return "".join(_link(place, n, number) for n, place in found)


def _link(place: Place, n: int, number: int) -> str:
    """Return the link to a place; the page's script follows it."""
    quote = escape(place.quote, quote=True)
    return (
        f'<a class="cite" href="#{anchor(place.article, place.start)}" data-turn="{number}" '
        f'data-place="{n}" data-quote="{quote}" aria-label="[{n}] {quote}">[{n}]</a>'
    )


def _sure(turn: Turn) -> str:
    told = escape(how_sure(turn.sure, turn.language))
    if turn.strong:  # what stands beside the words is about the words
        told = f"<strong>{escape(turn.strong)}</strong> · {told}"
    return f'<p class="sure" dir="auto">{told}</p>'


def _places(turn: Turn, number: int, page: Language) -> str:
    items = "".join(
        f'<li dir="auto">{_link(place, n, number)} <cite>{escape(place.title)}</cite>'
        f"{_paragraph_of(place, page)} "
        f'<span dir="ltr">{place.start}–{place.end}</span></li>'
        for n, place in enumerate(turn.places, 1)
    )
    return f'<ul class="citations">{items}</ul>'


def _paragraph_of(place: Place, page: Language) -> str:
    if not place.paragraph:
        return ""
    return f" · <bdi>{escape(page_text('paragraph', page))} {place.paragraph}</bdi>"


def _copy(turn: Turn, page: Language) -> str:
    copied = escape(as_text(turn, page), quote=True)
    done = escape(page_text("copied", page), quote=True)
    label = escape(page_text("copy", page))
    return (
        f'<button type="button" class="copy" data-copy="{copied}" data-done="{done}" '
        f'lang="{page}">{label}</button>'
    )


def _reason(turn: Turn) -> str:
    reason: Reason | None = turn.reason
    if reason is None:
        return ""
    pairs = "".join(
        f'<li dir="auto"><bdi>{escape(asked)}</bdi> ~ <bdi>{escape(found)}</bdi> '
        f'<span dir="ltr">{alike:.2f}</span></li>'
        for asked, found, alike in reason.pairs
    )
    return (
        f'<details class="why"><summary dir="auto">{escape(why(turn.language))}</summary>'
        f'<ul>{pairs}</ul><p dir="ltr">{escape(reason.scores)}</p></details>'
    )


def _understood(turn: Turn) -> str:
    return _paragraph("sure", f"↳ {turn.completed}") if turn.completed else ""


def _notice(turn: Turn) -> str:
    return _paragraph("sure", turn.notice) if turn.notice else ""


def _nearest(place: Place, number: int) -> str:
    link = _link(place, 1, number)
    return f'<blockquote class="nearest" dir="auto">{escape(place.quote)} {link}</blockquote>'


def _paragraph(name: str, text: str) -> str:
    return f'<p class="{name}" dir="auto">{escape(text)}</p>'
