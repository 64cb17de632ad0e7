from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.articles import Article
from index.text import block_spans
from tests.texts import mixed_text
from tests.unit.ui.seen import Seen
from ui import panel as panels
from ui.bar import bar_html, own_html, welcome_html
from ui.panel import panel_html
from ui.paragraphs import paragraph_of, paragraphs
from ui.talk import CitedPlace

HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(1)"> & "quotes"'


def place(article: Article, start: int, end: int) -> CitedPlace:
    return CitedPlace(article.id, article.title, "s", 1, start, end, article.text[start:end])


@given(mixed_text(), st.data())
def test_the_panel_shows_the_article_and_marks_the_citation(text: str, data: st.DataObject) -> None:
    assume(text.strip() and "\r" not in text and "\x00" not in text)
    article = Article("a", "a title that is not in the text", text, "s", "en")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    seen = Seen(panel_html([article], [place(article, start, end)], "", "en"))
    shown = [(max(s, start), min(e, end)) for s, e in block_spans(text)]
    whole = "".join(text[s:e] for s, e in block_spans(text))
    assert seen.text == article.title + whole
    assert seen.marked == "".join(text[s:e] for s, e in shown if s < e)
    assert seen.tags <= {"div", "article", "p", "h2", "mark", "sup", "bdi"}


def test_an_id_is_text() -> None:
    article = Article('x"><img src=x onerror="1">', "t", "Paris is it.", "s", "en")
    assert "img" not in Seen(panel_html([article], [place(article, 0, 5)], "", "en")).tags


def test_every_citation_has_one_place_to_lead_to() -> None:
    article = Article.of("One one. Two two.\nThree three.", title="t", source="s")
    spans = ((0, len(article.text)), (4, 7), (9, 12))
    html = panel_html([article], [place(article, *span) for span in spans], "", "en")
    for start, _ in spans:
        assert html.count(f'id="cite-{article.id}-{start}"') == 1


def test_markup_in_an_article_is_text() -> None:
    article = Article.of(HOSTILE, title=HOSTILE, source=HOSTILE, language='en"><script>')
    other = Article.of("other", language="<b>", byline="<i>x</i>", source="<u>")
    for html in (
        panel_html([article, other], [place(article, 0, 8)], "script", "en"),
        bar_html([article], "en", 1),
        bar_html([article, other], "ar", 2),
        bar_html([other], "fr", 1),
        welcome_html([article], "en", 1),
        welcome_html([other], "ar", 1),
        own_html([article, other], "ru"),
    ):
        assert not Seen(html).tags & {"script", "img", "b", "i", "u"}


def test_two_citations_have_their_numbers() -> None:
    article = Article.of("One one. Two two.", title="t", language="en")
    html = panel_html([article], [place(article, 9, 17), place(article, 0, 8)], "", "en")
    first, second = f'id="cite-{article.id}-0"', f'id="cite-{article.id}-9"'
    assert f'<mark {first} tabindex="-1">One one.</mark><sup>[2]</sup> <mark {second}' in html


def test_a_citation_of_another_article_marks_nothing() -> None:
    one, two = Article.of("Same words.", title="1"), Article.of("Same words.", title="2")
    assert "<mark" not in panel_html([one], [place(two, 0, 4)], "", "en")


def test_a_place_that_is_not_there_any_more_marks_nothing() -> None:
    article = Article.of("One one. Two two.", title="t")
    stale = CitedPlace(article.id, "t", "s", 1, 0, 3, "Won")
    assert "<mark" not in panel_html([article], [stale], "", "en")


def test_the_words_that_answer_stand_out() -> None:
    article = Article.of("Trade <b> is 3 billion. It rained 3 billion.", title="t", language="en")
    html = panel_html([article], [place(article, 0, 23)], "3 billion", "en")
    assert "Trade &lt;b&gt; is <strong>3 billion</strong>.</mark>" in html
    assert html.count("<strong>") == 1


def test_what_is_known_of_an_article_is_reported(article: Article) -> None:
    html = panel_html([article], [], "", "fr")
    for fact in (
        "منال.ب",
        article.source,
        "arabe",
        "3\u202f993 caractères",
        'dir="rtl"',
        'lang="ar"',
    ):
        assert fact in html
    assert html.count(f'<h2 dir="auto">{article.title}</h2>') == 1
    assert 'class="byline">منال.ب</p>' in html


def test_paragraphs_are_counted_without_title_and_byline(article: Article) -> None:
    found = paragraphs(article)
    assert [p.kind for p in found[:3]] == ["title", "byline", "text"]
    assert [p.number for p in found[:4]] == [0, 0, 1, 2]
    assert paragraph_of(article, article.text.index("3 مليارات")) == 4
    assert paragraph_of(article, 0) == 0
    assert 'data-n="4"' in panel_html([article], [], "", "en")


def test_of_a_long_article_the_head_and_the_place_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "WHOLE", 1_000)
    monkeypatch.setattr(panels, "_HEAD", 4_000)
    text = "\n".join(f"Paragraph number {n} of a long article." for n in range(1, 501))
    article = Article.of(text, title="Long")
    start = text.index("Paragraph number 300 ")
    html = panel_html([article], [place(article, start, start + 9)], "", "en")
    sent = [int(n) for n in Seen(html).all("data-n")]
    head = text[:4_000].count("\n") + 1
    assert sent == [*range(1, head + 1), *range(290, 311)]
    assert f"… {289 - head} paragraphs are not shown here …" in html
    assert "… 190 paragraphs are not shown here …" in html
    assert html.count("<mark") == 1


def test_a_paragraph_longer_than_anybodys_is_in_pieces() -> None:
    text = "word " * 100_000
    article = Article.of(text, title="t", language="en")
    spans = [p.span for p in paragraphs(article)]
    assert max(end - start for start, end in spans) <= 5_000
    assert "".join(text[a:b] for a, b in spans) == text.strip()
    start = 450_000
    html = panel_html([article], [place(article, start, start + 9)], "", "en")
    assert len(html) < 200_000
    assert Seen(html).marked == text[start : start + 9]


def test_what_is_nearest_to_no_answer_is_marked_otherwise(article: Article) -> None:
    html = panel_html([article], [place(article, 508, 763)], "", "en", answered=False)
    assert 'class="scroller unanswered"' in html
    assert Seen(html).marked == article.text[508:763]


def test_two_citations_that_begin_together_have_one_name() -> None:
    article = Article.of("One one. Two two.", title="t")
    html = panel_html([article], [place(article, 0, 3), place(article, 0, 8)], "", "en")
    assert html.count(f'id="cite-{article.id}-0"') == 1
