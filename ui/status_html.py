"""What the page says of adding, removing and narrowing down, as HTML; every text is escaped."""

from __future__ import annotations

from html import escape

from index.articles import Article
from index.base import Filter
from qa.languages import name_of_language
from ui.i18n import PageLanguage, format_number, page_text
from ui.intake import AddResult
from ui.reader_notes import note_text


def added_html(added: AddResult, shared: bool, language: PageLanguage) -> str:
    """Return as HTML what was added: title, language, length, and who sees it."""
    article = added.article
    head = page_text("added" if added.new else "known", language)
    facts = f"{name_of_language(article.language, language)} · "
    facts += f"{format_number(len(article.text), language)} {page_text('characters', language)}"
    seen = page_text("shared" if shared else "private", language)
    left_out = ""
    if article.notes:
        notes = "; ".join(_note_html(note, language) for note in article.notes)
        left_out = f"<br>{escape(page_text('left out', language))}: {notes}"
    return (
        f'<p class="notice" lang="{language}" dir="auto">{escape(head)}: '
        f"<bdi><strong>{escape(article.title)}</strong></bdi><br>"
        f"<bdi>{escape(facts)}</bdi><br>{escape(seen)}{left_out}</p>"
    )


def _note_html(note: str, language: PageLanguage) -> str:
    text = note_text(note, language)
    if text is None:
        return f'<bdi lang="en">{escape(note)}</bdi>'
    return f"<bdi>{escape(text)}</bdi>"


def removed_html(article: Article, language: PageLanguage) -> str:
    """Return as HTML that an article was removed."""
    text = f"{page_text('removed', language)}: {article.title}"
    return f'<p class="notice" dir="auto" role="status">{escape(text)}</p>'


def failure_html(why: str, language: PageLanguage) -> str:
    """Return as HTML why nothing was done; the reason is in the page's language."""
    text = escape(why or page_text("failed", language))
    return f'<p class="notice failed" role="alert" lang="{language}" dir="auto">{text}</p>'


def filtered_count_html(count: int, language: PageLanguage) -> str:
    """Return as HTML how many articles pass the filters."""
    name = "articles" if count else "none passes"
    text = f"{format_number(count, language)} · {page_text(name, language)}"
    return f'<p class="notice" role="status" dir="auto">{escape(text)}</p>'


def filter_texts(where: Filter | None, language: PageLanguage) -> tuple[str, str, str]:
    """Return the languages, days and sources that a filter lets pass, "" where it lets all."""
    if where is None:
        return "", "", ""
    names = [name_of_language(code, language) for code in sorted(where.languages or ())]
    days = f"{where.since or '…'} – {where.until or '…'}" if where.since or where.until else ""
    return ", ".join(names), days, ", ".join(sorted(where.sources or ()))
