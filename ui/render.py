"""Answers, articles and the page's head as HTML; every text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from index.articles import Article, file_name
from index.text import Span
from ui.i18n import (
    LANGUAGES,
    OWN_NAMES,
    PageLanguage,
    direction,
    format_number,
    language_name,
    page_text,
    refusal_text,
    sureness_text,
    unsupported_text,
    why_text,
)
from ui.paragraphs import Paragraph, paragraphs
from ui.talk import Place, Reason, Talk, Turn

if TYPE_CHECKING:
    import gradio as gr


def message_html(turn: Turn, number: int, page: PageLanguage) -> str:
    """Return a turn's answer as HTML; ``number`` is the turn's in its conversation, from 0."""
    # An element of its own direction for each text: one message may hold several languages.
    parts = [_understood(turn), _notice(turn), _said(turn, number)]
    if turn.status == "answered":
        parts += [_sure(turn), _places(turn, number, page), _copy(turn, page), _reason(turn)]
    if turn.nearest is not None:
        parts.append(_nearest(turn.nearest, number))
    return f'<div class="answer">{"".join(parts)}</div>'


def as_text(turn: Turn, page: PageLanguage) -> str:
    """Return an answer with its citations, as it is copied."""
    lines = [turn.text]
    if sentences_of(turn):
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
    """Return the sentences of an answer that has several, with the numbers of their places.

    They are a summary's, or an LLM's, marked where no place supports them. None for other answers.
    """
    if turn.about == "summary":
        return [(place.quote, (number,)) for number, place in enumerate(turn.places, 1)]
    return [
        (s.text if s.numbers else f"{s.text} {unsupported_text(turn.language)}", s.numbers)
        for s in turn.sentences
    ]


def where(place: Place, page: PageLanguage) -> tuple[str, ...]:
    """Return in words where a place stands: title, file, page, paragraph, characters."""
    source = place.source if place.source != place.title else ""
    paragraph = f"{page_text('paragraph', page)} {place.paragraph}" if place.paragraph else ""
    locator = f"{page_text(place.kind, page)} {place.locator}" if place.kind else ""
    parts = (place.title, source, locator, paragraph, f"{place.start}–{place.end}")
    return tuple(filter(None, parts))


def comma(page: PageLanguage) -> str:
    """Return what stands between the parts of a list."""
    return "، " if page == "ar" else ", "


def _said(turn: Turn, number: int) -> str:
    if turn.status == "not_in_article":
        return _paragraph("said", refusal_text(turn.language))
    if turn.status in ("failed", "not_a_question"):
        return _paragraph("said", turn.text)
    if not sentences_of(turn):
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
    if turn.about:  # what the article holds, which is no guess
        return ""
    text = escape(sureness_text(turn.sure, turn.language))
    if turn.strong:  # the sureness beside the short answer is the short answer's
        words = f"<strong>{escape(turn.strong)}</strong>"
        if turn.localised:  # no quote: the article's own words stand beside it
            words = f"<strong>{escape(turn.localised)}</strong> (<bdi>{escape(turn.strong)}</bdi>)"
        text = f"{words} · {text}"
    return f'<p class="sure" dir="auto">{text}</p>'


def _places(turn: Turn, number: int, page: PageLanguage) -> str:
    items = "".join(
        f'<li dir="auto">{_link(place, n, number)} <cite>{escape(place.title)}</cite>'
        f"{_part_of(place, page)} "
        f'<span dir="ltr">{place.start}–{place.end}</span></li>'
        for n, place in enumerate(turn.places, 1)
    )
    return f'<ul class="citations">{items}</ul>'


def _part_of(place: Place, page: PageLanguage) -> str:
    """Return the page, slide or time of a place in its file, or else its paragraph."""
    kind, value = place.kind or "paragraph", place.locator or place.paragraph
    return f" · <bdi>{escape(page_text(kind, page))} {escape(str(value))}</bdi>" if value else ""


def _copy(turn: Turn, page: PageLanguage) -> str:
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
        f'<details class="why"><summary dir="auto">{escape(why_text(turn.language))}</summary>'
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


# Above this many characters only the head and what stands around the marks is sent to the page.
WHOLE = 200_000
_HEAD, _AROUND = 50_000, 10  # characters; paragraphs

Mark = tuple[int, int, int]  # start, end, number


def anchor(article_id: str, start: int) -> str:
    """Name a mark by its place: an earlier answer must not lead to a later one's mark."""
    return escape(f"cite-{article_id}-{start}", quote=True)


def panel_html(
    articles: Sequence[Article],
    places: Sequence[Place],
    strong: str,
    language: PageLanguage,
    *,
    answered: bool = True,
) -> str:
    """Return articles, the places of an answer marked and numbered as there.

    The words ``strong`` stand out within the first place. ``language`` is the page's. Where the
    question is not ``answered`` the places are the nearest, and look another way.
    """
    shown = "".join(_article(article, places, strong, language) for article in articles)
    name = "scroller" if answered else "scroller unanswered"
    return f'<div class="{name}">{shown}</div>'


def gone_html(language: PageLanguage) -> str:
    """Return what stands where an article stood that was removed."""
    return f'<p class="gap" dir="auto">{escape(page_text("gone", language))}</p>'


def _article(article: Article, places: Sequence[Place], strong: str, language: PageLanguage) -> str:
    # What the browser kept may be of another text by now: only what still stands there is marked.
    cited = [
        (place.start, place.end, number)
        for number, place in enumerate(places, 1)
        if place.article == article.id and article.text[place.start : place.end] == place.quote
    ]
    emphasised = _emphasised(article, cited, strong)
    marks = sorted(cited)
    blocks = [
        _gap(shown, language)
        if isinstance(shown, int)
        else _block(article, shown, marks, emphasised)
        for shown in _shown(article, marks)
    ]
    written = f'lang="{escape(article.language, quote=True)}" dir="{direction(article.language)}"'
    label = escape(f"{page_text('article', language)}: {article.title}", quote=True)
    return (
        f'<article {written} tabindex="0" aria-label="{label}">'
        f"{_about(article, language)}{''.join(blocks)}</article>"
    )


def _about(article: Article, language: PageLanguage) -> str:
    """Return the article's facts; its title where the text does not begin with it."""
    facts = [article.byline, file_name(article.source), language_name(article.language, language)]
    facts.append(
        f"{format_number(len(article.text), language)} {page_text('characters', language)}"
    )
    shown = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
    opens = paragraphs(article)[0].kind == "title"
    title = "" if opens else f'<h2 dir="auto">{escape(article.title)}</h2>'
    return f'<p class="about" lang="{language}">{shown}</p>{title}'


def _emphasised(article: Article, cited: Sequence[Mark], strong: str) -> Span:
    if not cited or not strong:
        return (0, 0)
    start = article.text.find(strong, cited[0][0], cited[0][1])
    return (0, 0) if start < 0 else (start, start + len(strong))


def _shown(article: Article, marks: Sequence[Mark]) -> list[Paragraph | int]:
    """Return the paragraphs to send, and how many are left out between them."""
    blocks = paragraphs(article)
    if len(article.text) <= WHOLE:
        return list(blocks)
    near = {position for position, block in enumerate(blocks) if block.span[0] < _HEAD}
    for start, end, _ in marks:
        for position, block in enumerate(blocks):
            if block.span[0] < end and start < block.span[1]:
                near.update(range(position - _AROUND, position + _AROUND + 1))
    shown: list[Paragraph | int] = []
    for position, block in enumerate(blocks):
        if position in near:
            shown.append(block)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown


def _gap(count: int, language: PageLanguage) -> str:
    text = f"… {format_number(count, language)} {page_text('not shown', language)} …"
    return f'<p class="gap" lang="{language}" dir="auto">{escape(text)}</p>'


def _block(article: Article, block: Paragraph, marks: Sequence[Mark], strong: Span) -> str:
    start, end = block.span
    html, cursor, named = [], start, set()
    for first, last, mark in marks:
        if first >= end or last <= start:
            continue
        # A link leads to where its citation begins, and to one place only.
        name = ""
        if start <= first < end and first not in named:
            name = f' id="{anchor(article.id, first)}" tabindex="-1"'
            named.add(first)
        if last <= cursor:  # within the mark before
            html.append(f"<sup{name}>[{mark}]</sup>")
            continue
        shown, last = max(first, cursor), min(last, end)
        html.append(escape(article.text[cursor:shown]))
        html.append(f"<mark{name}>{_marked(article.text, shown, last, strong)}</mark>")
        html.append(f"<sup>[{mark}]</sup>")
        cursor = last
    html.append(escape(article.text[cursor:end]))
    if block.kind == "title":
        return f'<h2 dir="auto">{"".join(html)}</h2>'
    margin = f' data-n="{block.number}"' if block.number else ' class="byline"'
    return f'<p dir="auto"{margin}>{"".join(html)}</p>'


def _marked(text: str, start: int, end: int, strong: Span) -> str:
    first, last = max(start, strong[0]), min(end, strong[1])
    if first >= last:
        return escape(text[start:end])
    before, inside, after = text[start:first], text[first:last], text[last:end]
    return f"{escape(before)}<strong>{escape(inside)}</strong>{escape(after)}"


def head_html(articles: Sequence[Article], page: PageLanguage, count: int) -> str:
    """Return the head as HTML; the page's script makes the language and the tabs work.

    ``count`` may be larger than the number of articles, which are the first then.
    """
    if count == len(articles) == 1:
        (article,) = articles
        title = article.title
        about = [article.byline, language_name(article.language, page), file_name(article.source)]
    else:
        title = f"{format_number(count, page)} · {page_text('articles', page)}"
        about = sorted({language_name(article.language, page) for article in articles})
    facts = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in about if fact)
    return (
        f'<header><div><h1 dir="auto">{escape(title)}</h1><p dir="auto">{facts}</p></div>'
        f"{_language(page)}</header>{_tabs(page)}"
    )


def _language(page: PageLanguage) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == page else ""}>'
        f"{OWN_NAMES[code]}</option>"
        for code in LANGUAGES
    )
    label = escape(page_text("language", page), quote=True)
    return f'<select id="page-language" aria-label="{label}">{options}</select>'


def _tabs(page: PageLanguage) -> str:
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{side}" aria-controls="{side}-side" '
        f'aria-selected="{"true" if side == "chat" else "false"}" data-side="{side}">'
        f"{escape(page_text(side, page))}</button>"
        for side in ("chat", "article")
    )
    return f'<div id="tabs" role="tablist">{tabs}</div>'


def chatbot(label: Any, feedback: bool) -> gr.Chatbot:
    """Return the list of messages; with thumbs if feedback is kept."""
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        label=label,
        height="min(60vh, 36rem)",
        buttons=[],
        editable="user",
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=["Like", "Dislike"] if feedback else None,
    )


def chat_messages(talk: Talk, waiting: str, page: PageLanguage) -> list[dict[str, Any]]:
    """Return a conversation as messages: two a turn, and the question that waits."""
    import gradio as gr

    shown: list[dict[str, Any]] = []
    for number, turn in enumerate(talk):
        shown.append({"role": "user", "content": to_page(turn.question)})
        said = gr.HTML(message_html(turn, number, page), padding=False)
        shown.append({"role": "assistant", "content": said})
    if waiting:
        shown.append({"role": "user", "content": to_page(waiting)})
    return shown


def to_page(text: str) -> str:
    """Return a text as the list of messages takes it.

    Gradio puts a message into the page as HTML even when it does not render Markdown, so that
    its sanitiser would cut "<b>" out of it.
    """
    return escape(text, quote=False)


def from_page(text: str) -> str:
    """Return the text of a message that comes back from the page, as one that was edited."""
    return unescape(text)
