from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import assume, given
from hypothesis import strategies as st

from index.articles import Article
from index.text import block_spans
from qa.answer import Answer, Citation
from tests.texts import mixed_text
from ui import render
from ui.strings import language_name, not_in_article


class _Page(HTMLParser):
    """Collect the text and the tags that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.marked, self.tags = "", "", set()
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if "sup" in self._inside:
            return
        self.text += data
        if "mark" in self._inside:
            self.marked += data


@given(mixed_text(), st.data())
def test_the_panel_shows_the_article_and_marks_the_citation(text: str, data: st.DataObject) -> None:
    assume(text.strip() and "\r" not in text and "\x00" not in text)
    article = Article("a", "title", text, "s", "en")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    page = _Page(render.article_panel(article, (Citation.of(article, start, end),)))
    shown = [(max(s, start), min(e, end)) for s, e in block_spans(text)]
    assert page.text == "".join(text[s:e] for s, e in block_spans(text))
    assert page.marked == "".join(text[s:e] for s, e in shown if s < e)
    assert page.tags <= {"article", "p", "h2", "mark", "sup"}


def test_an_id_is_text() -> None:
    article = Article('x"><img src=x onerror="1">', "t", "Paris is it.", "s", "en")
    cited = Citation.of(article, 0, 5)
    answer = Answer("q", "answered", "Paris", 0.5, (cited,), ())
    for html in (
        render.article_panel(article, answer.citations),
        render.citations(answer, {article.id: article}),
    ):
        assert "img" not in _Page(html).tags


def test_every_citation_has_one_place_to_lead_to() -> None:
    article = Article.of("One one. Two two.\nThree three.", title="t", source="s")
    cited = tuple(Citation.of(article, a, b) for a, b in ((0, len(article.text)), (4, 7), (9, 12)))
    html = render.article_panel(article, cited)
    for citation in cited:
        assert html.count(f'id="cite-{article.id}-{citation.start}"') == 1


def test_markup_in_an_article_is_text() -> None:
    hostile = '<script>alert(1)</script> <img src=x onerror="alert(1)"> & "quotes"'
    article = Article.of(hostile, title=hostile, source=hostile, language='en"><script>')
    answer = Answer("q", "answered", "x", 0.5, (Citation.of(article, 0, 8),), ())
    for html in (
        render.article_panel(article, answer.citations),
        render.header([article]),
        render.header([article, Article.of("other", language="<b>")]),
        render.citations(answer, {article.id: article}),
    ):
        assert not _Page(html).tags & {"script", "img", "b"}


def test_two_citations_have_their_numbers() -> None:
    article = Article.of("One one. Two two.", title="t", language="en")
    cited = (Citation.of(article, 9, 17), Citation.of(article, 0, 8))
    html = render.article_panel(article, cited)
    first, second = f"cite-{article.id}-0", f"cite-{article.id}-9"
    assert f'<mark id="{first}">One one.</mark><sup>[2]</sup> <mark id="{second}">Two two.' in html


def test_a_citation_of_another_article_marks_nothing() -> None:
    one, two = Article.of("Same words.", title="1"), Article.of("Same words.", title="2")
    assert "<mark" not in render.article_panel(one, (Citation.of(two, 0, 4),))


def test_the_header_names_title_and_language(article: Article) -> None:
    html = render.header([article])
    assert article.title in html
    assert "العربية" in html


def test_unknown_languages_fall_back() -> None:
    assert language_name("xx") == "xx"
    assert not_in_article("xx") == not_in_article("en")
    assert not_in_article("ar") != not_in_article("en")
