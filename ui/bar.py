"""The bar above the ui_language, and what stands in the conversation before it begins, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.articles import Article, file_name
from qa.languages import name_of_language
from ui.i18n import (
    LANGUAGES,
    OWN_NAMES,
    PageLanguage,
    direction,
    format_number,
    page_text,
)


def bar_html(articles: Sequence[Article], ui_language: PageLanguage, count: int) -> str:
    """Return the bar: the name, what is asked, and the buttons that open the page's dialogs.

    ``count`` may be larger than the number of articles, which are the first then.
    """
    if count == len(articles) == 1:
        title, of = articles[0].title, articles[0].language
    else:
        title, of = (
            f"{format_number(count, ui_language)} · {page_text('articles', ui_language)}",
            ui_language,
        )
    chip = f'<bdi lang="{escape(of, quote=True)}">{escape(title)}</bdi>'
    more = escape(page_text("more", ui_language), quote=True)
    picker = _button("picker", f"{chip} <span>▾</span>", "chip")
    add = escape(page_text("add", ui_language))
    adder = _button("adder", f'+ <span class="wide">{add}</span>', label=add)
    menu = _button("menu", "⋯", label=more)
    gap = '<span class="gap"></span>'
    # Shown by the page's script.
    away = f'<p id="away" role="status" hidden>{escape(page_text("away", ui_language))}</p>'
    language = _language(ui_language)
    return f"<header><h1>article-qa</h1>{picker}{gap}{adder}{language}{menu}{away}</header>"


def _button(dialog: str, content: str, name: str = "", label: str = "") -> str:
    named = f' aria-label="{label}"' if label else ""
    return (
        f'<button type="button" class="{name}" aria-haspopup="dialog" '
        f'data-opens="{dialog}"{named}>{content}</button>'
    )


def _language(ui_language: PageLanguage) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == ui_language else ""}>'
        f"{OWN_NAMES[code]}</option>"
        for code in LANGUAGES
    )
    label = escape(page_text("language", ui_language), quote=True)
    return f'<select id="page-language" aria-label="{label}">{options}</select>'


def welcome_html(articles: Sequence[Article], ui_language: PageLanguage, count: int) -> str:
    """Return what an empty conversation shows: what this is, and what can be asked about."""
    lines = [f"<h2>{escape(page_text('tagline', ui_language))}</h2>"]
    if count == len(articles) == 1:
        (article,) = articles
        facts = (
            article.byline,
            name_of_language(article.language, ui_language),
            file_name(article.source),
        )
        shown = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
        written = (
            f'lang="{escape(article.language, quote=True)}" dir="{direction(article.language)}"'
        )
        lines.append(f'<p class="subject" {written}>{escape(article.title)}</p><p>{shown}</p>')
    else:
        number = f"{format_number(count, ui_language)} · {page_text('articles', ui_language)}"
        lines.append(f'<p class="subject">{escape(number)}</p>')
    own = escape(page_text("own", ui_language))
    lines.append(f'<p><button type="button" class="link" data-opens="adder">{own}</button></p>')
    written = f'lang="{ui_language}" dir="{direction(ui_language)}"'
    return f'<div class="welcome" {written}>{"".join(lines)}</div>'


def own_html(articles: Sequence[Article], ui_language: PageLanguage) -> str:
    """Return the articles that may be removed, each with a button that does."""
    rows = "".join(
        f'<li><bdi lang="{escape(article.language, quote=True)}">{escape(article.title)}</bdi>'
        f'<button type="button" data-remove="{escape(article.id, quote=True)}">'
        f"{escape(page_text('remove', ui_language))}</button></li>"
        for article in articles
    )
    return f"<ul>{rows}</ul>" if rows else ""
