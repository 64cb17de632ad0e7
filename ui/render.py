"""Turn articles and answers into HTML; every text is escaped here and carries its direction."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.articles import Article
from index.text import Span, block_spans
from qa.answer import Answer, Citation
from qa.explain import Explanation
from qa.plain import SCORES
from ui.strings import how_sure, language_name, unsupported, why


def header(articles: Sequence[Article]) -> str:
    """Return the page's head: the article's title and language, or how many articles there are."""
    if len(articles) == 1:
        (article,) = articles
        title, about = article.title, f"{language_name(article.language)} · {article.source}"
    else:
        languages = ", ".join(sorted({language_name(a.language) for a in articles}))
        title, about = f"{len(articles)} articles", languages
    return f'<header><h1 dir="auto">{escape(title)}</h1><p dir="auto">{escape(about)}</p></header>'


def article_panel(
    article: Article, citations: Sequence[Citation] = (), emphasis: Citation | None = None
) -> str:
    """Return the whole article, its cited spans marked and numbered as in the answer.

    The words of ``emphasis`` stand out within them.
    """
    strong = (0, 0)
    if emphasis is not None and emphasis.article_id == article.id:
        strong = (emphasis.start, emphasis.end)
    marks = sorted(
        (citation.start, citation.end, number)
        for number, citation in enumerate(citations, 1)
        if citation.article_id == article.id
    )
    blocks = "".join(_block(article, span, marks, strong) for span in block_spans(article.text))
    language = escape(article.language, quote=True)
    return f'<article lang="{language}" tabindex="0" aria-label="Article">{blocks}</article>'


def _block(
    article: Article, span: Span, marks: Sequence[tuple[int, int, int]], strong: Span
) -> str:
    start, end = span
    html, cursor = [], start
    for first, last, number in marks:
        if first >= end or last <= start:
            continue
        # A link leads to where its citation begins, and to one place only.
        anchor = f' id="{_anchor(article.id, first)}"' if start <= first < end else ""
        if last <= cursor:  # within the mark before
            html.append(f"<sup{anchor}>[{number}]</sup>")
            continue
        shown, last = max(first, cursor), min(last, end)
        html.append(escape(article.text[cursor:shown]))
        html.append(f"<mark{anchor}>{_marked(article.text, shown, last, strong)}</mark>")
        html.append(f"<sup>[{number}]</sup>")
        cursor = last
    html.append(escape(article.text[cursor:end]))
    tag = "h2" if " ".join(article.text[start:end].split()) == article.title else "p"
    return f'<{tag} dir="auto">{"".join(html)}</{tag}>'


def _marked(text: str, start: int, end: int, strong: Span) -> str:
    first, last = max(start, strong[0]), min(end, strong[1])
    if first >= last:
        return escape(text[start:end])
    before, inside, after = text[start:first], text[first:last], text[last:end]
    return f"{escape(before)}<strong>{escape(inside)}</strong>{escape(after)}"


def citations(answer: Answer, articles: dict[str, Article], language: str = "en") -> str:
    """Return how sure an answer is and its places, each a link to its mark in the panel.

    ``language`` is the question's.
    """
    told = escape(how_sure(answer.sureness, language))
    if answer.emphasis is not None:  # what stands beside the words is about the words
        words = f"<strong>{escape(answer.emphasis.quote)}</strong>"
        told = f"{words} · {escape(how_sure(answer.span_sureness, language))}"
    sure = f'<p class="sure" dir="auto">{told}</p>'
    items = "".join(
        f'<li dir="auto"><a href="#{_anchor(citation.article_id, citation.start)}">[{number}]</a> '
        f"<cite>{escape(articles[citation.article_id].title)}</cite> "
        f'<span dir="ltr">{citation.start}–{citation.end}</span></li>'
        for number, citation in enumerate(answer.citations, 1)
    )
    return f'{sure}<ul class="citations">{items}</ul>'


def as_written(answer: Answer, language: str) -> str:
    """Return the answer's text; an LLM's sentences with their numbers, or marked as not told."""
    parts = []
    for statement in answer.statements:
        mark = answer.marks(statement) if statement.supported else unsupported(language)
        parts.append(f"{statement.text} {mark}")
    return "\n".join(parts) if parts else answer.text


def reasons(explanation: Explanation, language: str) -> str:
    """Return why a passage was chosen, folded away: the words that met, and the scores."""
    pairs = "".join(
        f'<li dir="auto"><bdi>{escape(pair.asked)}</bdi> ~ <bdi>{escape(pair.found.quote)}</bdi> '
        f'<span dir="ltr">{pair.alike:.2f}</span></li>'
        for pair in explanation.pairs
    )
    scores = " ".join(f"{name} {getattr(explanation, name):+.2f}" for name in SCORES)
    return (
        f'<details class="why"><summary dir="auto">{escape(why(language))}</summary>'
        f'<ul>{pairs}</ul><p dir="ltr">{scores} = {explanation.fused:.2f}</p></details>'
    )


def understood(answer: Answer) -> str:
    """Return the question as it was completed from the conversation, if it was."""
    if not answer.completed:
        return ""
    return f'<p class="sure" dir="auto">↳ {escape(answer.completed)}</p>'


def notice(answer: Answer) -> str:
    """Return why an LLM's answer is not shown, or nothing."""
    return f'<p class="sure" dir="auto">{escape(answer.notice)}</p>' if answer.notice else ""


def _anchor(article_id: str, start: int) -> str:
    """Name a mark by its place: an earlier answer must not lead to a later one's mark."""
    return escape(f"cite-{article_id}-{start}", quote=True)


def nearest(answer: Answer) -> str:
    """Return the best passage of a question that the article does not answer."""
    if not answer.passages:
        return ""
    text = answer.passages[0].chunk.text
    return f'<blockquote class="nearest" dir="auto">{escape(text)}</blockquote>'
