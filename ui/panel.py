"""Articles as HTML, the places of an answer marked in them; every text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.articles import Article, file_name
from index.text import Span
from qa.languages import name_of_language
from ui.i18n import PageLanguage, direction, format_number, page_text
from ui.paragraphs import Paragraph, paragraphs
from ui.talk import CitedPlace

# Above this many characters only the head and what stands around the marks is sent to the page.
WHOLE = 200_000
_HEAD, _AROUND = 50_000, 10  # characters; paragraphs

Mark = tuple[int, int, int]  # start, end, number


def anchor(article_id: str, start: int) -> str:
    """Name a mark by its place: an earlier answer must not lead to a later one's mark."""
    return escape(f"cite-{article_id}-{start}", quote=True)


def panel_html(
    articles: Sequence[Article],
    places: Sequence[CitedPlace],
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


def _article(
    article: Article, places: Sequence[CitedPlace], strong: str, language: PageLanguage
) -> str:
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
    facts = [
        article.byline,
        file_name(article.source),
        name_of_language(article.language, language),
    ]
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
