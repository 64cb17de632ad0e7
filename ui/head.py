"""The page's head: what is asked about, the language, and a phone's two tabs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.articles import Article, file_name
from ui.strings import LANGUAGES, OWN_NAMES, Language, language_name, number, page_text


def head_of(articles: Sequence[Article], page: Language, count: int) -> str:
    """Return the head as HTML; the page's script makes the language and the tabs work.

    ``count`` may be larger than the number of articles, which are the first then.
    """
    if count == len(articles) == 1:
        (article,) = articles
        title = article.title
        about = [article.byline, language_name(article.language, page), file_name(article.source)]
    else:
        title = f"{number(count, page)} · {page_text('articles', page)}"
        about = sorted({language_name(article.language, page) for article in articles})
    facts = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in about if fact)
    return (
        f'<header><div><h1 dir="auto">{escape(title)}</h1><p dir="auto">{facts}</p></div>'
        f"{_language(page)}</header>{_tabs(page)}"
    )


def _language(page: Language) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == page else ""}>'
        f"{OWN_NAMES[code]}</option>"
        for code in LANGUAGES
    )
    label = escape(page_text("language", page), quote=True)
    return f'<select id="page-language" aria-label="{label}">{options}</select>'


def _tabs(page: Language) -> str:
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{side}" aria-controls="{side}-side" '
        f'aria-selected="{"true" if side == "chat" else "false"}" data-side="{side}">'
        f"{escape(page_text(side, page))}</button>"
        for side in ("chat", "article")
    )
    return f'<div id="tabs" role="tablist">{tabs}</div>'
