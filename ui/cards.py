"""Answers as HTML cards, and as the text that is copied; every text is escaped here."""

from __future__ import annotations

from html import escape, unescape
from typing import Any

import regex

from index.text import Span
from qa.languages import name_of_language
from ui.i18n import (
    PageLanguage,
    card_language,
    card_text,
    direction,
    refusal_text,
)
from ui.panel import anchor
from ui.talk import CitedPlace, Talk, Turn

_BLANK_LINES = regex.compile(r"\s*\n\s*")
_LONG, _AROUND = 300, 110  # characters: a quote is shown whole up to here; else around its words
_SHORT = 80  # characters of an answer that is set in large type
_SHOWN_PAIRS = 2  # of words of the question and the article, beside an answer in another language
_SPACE = "\u00a0"


def card_html(turn: Turn, number: int, ui_language: PageLanguage, before: str = "") -> str:
    """Return a turn's answer as HTML; ``number`` is the turn's in its conversation, from 0.

    ``before`` is the question before it, with which a follow-up was read.
    """
    language = card_language(turn.language, ui_language)
    read_with = before if turn.completed else ""
    parts = [_understood(read_with, language), _line("notice", turn.notice, language)]
    if turn.status == "answered":
        parts += [
            _status(turn, language),
            *_answer(turn, number, language),
            _actions(turn, ui_language),
        ]
    elif turn.status == "not_in_article":
        refusal = _line("short", refusal_text(turn.language), language)
        parts += [refusal, _closest(turn, number, ui_language)]
    else:
        parts.append(_line("failed" if turn.status == "failed" else "said", turn.text, language))
    written = f'lang="{escape(language, quote=True)}" dir="{direction(language)}"'
    return f'<div class="answer {turn.status}" {written}>{"".join(parts)}</div>'


def as_text(turn: Turn, ui_language: PageLanguage) -> str:
    """Return an answer with its citations, as it is copied."""
    short = turn.localised or turn.short_answer
    if turn.status == "not_in_article":
        lines = [refusal_text(turn.language)]
    elif sentences_of(turn):
        lines = [
            f"{text} {''.join(f'[{n}]' for n in numbers)}".rstrip()
            for text, numbers in sentences_of(turn)
        ]
    else:
        lines = [*([short] if short else []), turn.text]
    for n, place in enumerate(turn.places, 1):
        # An LLM's sentences do not hold the article's words.
        quote = f"«{place.quote}» " if turn.sentences else ""
        lines.append(f"[{n}] {quote}{comma(ui_language).join(place_parts(place, ui_language))}")
    return "\n".join(lines)


def sentences_of(turn: Turn) -> list[tuple[str, tuple[int, ...]]]:
    """Return the sentences of an answer that has several, with the numbers of their places.

    They are a summary's, or an LLM's, marked where no place supports them. None for other answers.
    """
    if turn.about == "summary" and not turn.sentences:
        return [(place.quote, (number,)) for number, place in enumerate(turn.places, 1)]
    unsupported = card_text("unsupported", turn.language)
    return [(s.text if s.numbers else f"{s.text} {unsupported}", s.numbers) for s in turn.sentences]


def place_parts(place: CitedPlace, ui_language: PageLanguage) -> tuple[str, ...]:
    """Return the words that say where a place is: title, file, page, paragraph, characters."""
    source = place.source if place.source != place.title else ""
    paragraph = (
        f"{card_text('paragraph', ui_language)} {place.paragraph}" if place.paragraph else ""
    )
    locator = f"{card_text(place.kind, ui_language)} {place.locator}" if place.kind else ""
    parts = (place.title, source, locator, paragraph, f"{place.start}–{place.end}")
    return tuple(filter(None, parts))


def comma(ui_language: PageLanguage) -> str:
    """Return what stands between the parts of a list."""
    return "، " if ui_language == "ar" else ", "


def _understood(before: str, language: str) -> str:
    text = card_text("understood", language).format(" ".join(before.split())) if before else ""
    return _line("quiet", text, language)


def _line(name: str, text: str, language: str) -> str:
    """Return a line in the card's language; what it holds of other languages has its direction."""
    return f'<p class="{name}" dir="{direction(language)}">{escape(text)}</p>' if text else ""


def _foreign(turn: Turn) -> str:
    """Return the language of the quotes where it is not the question's, else nothing."""
    own = turn.places[0].language if turn.places else ""
    return own if own != turn.language else ""


def _status(turn: Turn, language: str) -> str:
    if turn.about:  # what the article holds, which is not a guess
        return ""
    texts = [card_text(turn.sure, language)]
    if foreign := _foreign(turn):
        name = name_of_language(foreign, language)
        texts.append(card_text("quoted", language).format(name))
    kind = turn.sure.replace(" ", "-")
    return f'<p class="status {kind}">{escape(" · ".join(texts))}</p>'


def _answer(turn: Turn, number: int, language: str) -> list[str]:
    """Return the short answer, the sentences or quote that it stands in, and the places."""
    chips = _chips(turn, number, language)
    if sentences_of(turn):
        said = [_sentence(turn, number, text, numbers) for text, numbers in sentences_of(turn)]
        return said if turn.about else [*said, chips]
    if turn.about:
        name = "short" if len(turn.text) <= _SHORT else "said"
        return [f'<p class="{name}" dir="auto">{escape(turn.text)}</p>', chips]
    place = turn.places[0]
    said_in = "quote" if turn.short_answer else "quote said"
    # A list has a line an item, without the blank ones between.
    quote = _BLANK_LINES.sub("\n", _marked(place.quote, turn.short_answer))
    return [
        _short(turn, place, language),
        f'<blockquote class="{said_in}" {_language_attributes(place)}>{quote}</blockquote>',
        chips,
    ]


def _short(turn: Turn, place: CitedPlace, language: str) -> str:
    """Return the words that answer, or in which language the sentence is that does."""
    if turn.is_evidence:
        return _line("quiet", card_text("evidence", language), language)
    if not turn.short_answer:
        foreign = _foreign(turn)
        name = name_of_language(foreign, language)
        text = card_text("answer in", language).format(name) if foreign else ""
        if foreign and turn.perhaps:
            text += f" {card_text('perhaps', language).format(turn.perhaps)}"
        return _line("quiet", text, language)
    words = escape(turn.short_answer)
    if turn.romanised:
        label = escape(card_text("romanised", language))
        read = f'<p class="quiet"><bdi>{escape(turn.romanised)}</bdi> — {label}</p>'
        return f'<p class="short" {_language_attributes(place)}>{words}</p>{read}'
    if not turn.localised:
        return f'<p class="short" {_language_attributes(place)}>{words}</p>'
    # No quote: the article's own words stand beneath.
    label = escape(card_text("own words", language))
    own = f"<bdi {_language_attributes(place)}>{words}</bdi> — {label}"
    return f'<p class="short">{escape(turn.localised)}</p><p class="quiet">{own}</p>'


def _language_attributes(place: CitedPlace) -> str:
    """Return the attributes of a text in the article's language."""
    language = place.language or "und"
    way = direction(language) if place.language else "auto"
    return f'lang="{escape(language, quote=True)}" dir="{way}"'


def _sentence(turn: Turn, number: int, text: str, numbers: tuple[int, ...]) -> str:
    cited = [(n, turn.places[n - 1]) for n in numbers if 1 <= n <= len(turn.places)]
    links = "".join(_link(place, n, number, f"[{n}]") for n, place in cited)
    written = (
        _language_attributes(cited[0][1])
        if turn.about and cited and not turn.sentences
        else 'dir="auto"'
    )
    return f'<p class="said" {written}>{escape(text)} {links}</p>'


def _marked(quote: str, short: str) -> str:
    """Return a quote with its words marked; of a long one what stands around them."""
    start = quote.find(short) if short else -1
    if start < 0:
        return escape(quote)
    first, last = _window(quote, (start, start + len(short)))
    before, after = quote[first:start], quote[start + len(short) : last]
    return (
        f"{'… ' if first else ''}{escape(before)}<mark>{escape(short)}</mark>{escape(after)}"
        f"{' …' if last < len(quote) else ''}"
    )


def _window(quote: str, words: Span) -> Span:
    if len(quote) <= _LONG:
        return 0, len(quote)
    first, last = max(0, words[0] - _AROUND), min(len(quote), words[1] + _AROUND)
    if first:  # not within a word
        first = quote.rfind(" ", 0, first) + 1
    if last < len(quote):
        last = quote.find(" ", last) if quote.find(" ", last) > 0 else len(quote)
    return first, last


def _chips(turn: Turn, number: int, language: str) -> str:
    several = len(turn.places) > 1
    links = "".join(
        _link(place, n, number, f"[{n}] {label}" if several else label)
        for n, place in enumerate(turn.places, 1)
        for label in [_place_name(place, language, with_title=turn.of_several)]
    )
    pairs = turn.word_pairs[:_SHOWN_PAIRS] if _foreign(turn) else ()
    helps = "".join(
        f'<span class="words"><bdi>{escape(asked)}</bdi> ↔ <bdi>{escape(found)}</bdi></span>'
        for asked, found, _ in pairs
        if asked.casefold() != found.casefold()
    )
    return f'<p class="chips">{links}{helps}</p>' if links or helps else ""


def _place_name(place: CitedPlace, language: str, *, with_title: bool) -> str:
    """Return where a place is: "paragraph 4", its number never apart from the word."""
    kind, value = place.kind or "paragraph", place.locator or str(place.paragraph or "")
    name = f"{card_text(kind, language)}{_SPACE}{value}" if value else place.title
    return f"{place.title} · {name}" if with_title and value else name


def _link(place: CitedPlace, n: int, number: int, label: str) -> str:
    """Return the link to a place; the page's script follows it."""
    return (
        f'<a class="cite" href="#{anchor(place.article, place.start)}" data-turn="{number}" '
        f'data-place="{n}"><bdi>{escape(label)}</bdi></a>'
    )


def _actions(turn: Turn, ui_language: PageLanguage) -> str:
    language = card_language(turn.language, ui_language)
    copied = escape(as_text(turn, ui_language), quote=True)
    done = escape(card_text("copied", language), quote=True)
    buttons = [
        f'<button type="button" class="copy" data-copy="{copied}" data-done="{done}">'
        f"{escape(card_text('copy', language))}</button>"
    ]
    if foreign := _foreign(turn):
        # Shown by the page's script where the browser has a translator of its own.
        label = escape(card_text("translation", language), quote=True)
        buttons.append(
            f'<button type="button" class="translate" data-from="{escape(foreign, quote=True)}" '
            f'data-to="{escape(language, quote=True)}" data-label="{label}" hidden>'
            f"{escape(card_text('translate', language))}</button>"
        )
    return f'<div class="actions">{"".join(buttons)}{_word_pairs(turn, language)}</div>'


def _word_pairs(turn: Turn, language: str) -> str:
    if not turn.word_pairs:
        return ""
    pairs = "".join(
        f"<li><bdi>{escape(asked)}</bdi> ↔ <bdi>{escape(found)}</bdi></li>"
        for asked, found, _ in turn.word_pairs
    )
    return (
        f'<details class="why"><summary>{escape(card_text("why", language))}</summary>'
        f"<p>{escape(card_text('matched', language))}</p><ul>{pairs}</ul></details>"
    )


def _closest(turn: Turn, number: int, ui_language: PageLanguage) -> str:
    if turn.nearest is None:
        return ""
    language, place = card_language(turn.language, ui_language), turn.nearest
    name = _place_name(place, language, with_title=turn.of_several)
    return (
        f'<details class="closest"><summary>{escape(card_text("closest", language))}</summary>'
        f'<blockquote class="quote" {_language_attributes(place)}>'
        f"{escape(place.quote)}</blockquote>"
        f'<p class="chips">{_link(place, 1, number, name)}</p></details>'
    )


def chat_messages(
    talk: Talk, waiting: str, ui_language: PageLanguage, suggested_questions: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return a conversation as messages: two a turn, and the question that waits.

    ``suggested_questions`` are questions that can be asked next, beneath the last answer.
    """
    import gradio as gr

    shown: list[dict[str, Any]] = []
    for number, turn in enumerate(talk):
        shown.append({"role": "user", "content": to_page(turn.question)})
        before = talk[number - 1].question if number else ""
        said = gr.HTML(card_html(turn, number, ui_language, before), padding=False)
        shown.append({"role": "assistant", "content": said})
    if waiting:
        shown.append({"role": "user", "content": to_page(waiting)})
    elif shown and suggested_questions:
        shown[-1]["options"] = [{"value": question} for question in suggested_questions]
    return shown


def to_page(text: str) -> str:
    """Return a text as the list of messages takes it.

    Gradio puts a message into the page as HTML even when it does not render Markdown, so that
    its sanitiser would cut "<b>" out of it.
    """
    return escape(text, quote=False)


def from_page(text: str) -> str:
    """Return the text of a message that comes back from the ui_language, as one that was edited."""
    return unescape(text)
