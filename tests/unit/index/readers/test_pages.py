"""Web pages: what is the article, what its publisher says of it, and what is no date."""

import json

import pytest

from index.errors import ArticleError
from index.readers import READERS

PROSE = (
    "<p>The ferry company of the lake published its timetable for the winter on Tuesday, and the "
    "last boat now leaves the northern pier at nine in the evening.</p>"
    "<p>Passengers had asked for later boats since the bridge was closed to buses, said the "
    "director of the company at the presentation in the town hall.</p>"
)


def page(body, head="", title="Winter boats"):
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body>{body}</body></html>"
    ).encode()


def read(body, head="", title="Winter boats"):
    return READERS[".html"](page(body, head, title))


@pytest.mark.parametrize(
    "wrap",
    [
        "<article><h1>Winter boats</h1>{}</article>",
        "<main><div><h1>Winter boats</h1>{}</div></main>",
        '<div id="page"><div class="story-text"><h1>Winter boats</h1>{}</div></div>',
        '<aside class="entry"><h1>Winter boats</h1>{}</aside>',
        "<h1>Winter boats</h1>{}",
        "<table><tr><td><h1>Winter boats</h1>{}</td></tr></table>",
        '<table><tr><td><ul><li><a href="/">Home</a></li></ul></td><td><h1>Winter boats</h1>{}</td>'
        "</tr></table>",
    ],
)
def test_an_article_is_found_wherever_it_stands(wrap):
    boilerplate = (
        '<div class="cookie-banner"><p>We use cookies to measure visits; accept all of them or '
        "choose for yourself in the settings.</p></div>"
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>'
    )
    inside = PROSE + (
        "<ul><li>Piers: north, south</li><li>Dogs <b>travel</b> free</li></ul>"
        "<dl><dt>Adults</dt><dd>7 crowns</dd><dt>Children</dt><dd>3 crowns</dd></dl>"
        "<details><summary>More</summary>Bicycles need a ticket of their own.</details>"
        "<table><tr><th>Pier</th><th>Last boat</th></tr>"
        "<tr><td>North</td><td>21:00</td></tr></table>"
    )
    foot = "<footer><p>All rights reserved by the company.</p></footer>"
    content = read(boilerplate + wrap.format(inside) + foot)
    assert content.title == "Winter boats"
    for words in (
        "leaves the northern pier at nine", "Dogs travel free", "Adults: 7 crowns",
        "Children: 3 crowns", "Bicycles need a ticket", "Pier: North | Last boat: 21:00",
    ):  # fmt: skip
        assert words in content.text
    for words in ("cookies", "News", "rights reserved"):
        assert words not in content.text


@pytest.mark.parametrize(
    "name", ["post-comments", "article-related", "entry-tags", "newsletter-box", "cookie-law-info"]
)
def test_boxes_inside_an_article_are_left_out(name):
    box = f'<div class="{name}"><p>Ten more stories that our readers liked this week.</p></div>'
    content = read(f"<article><h1>Winter boats</h1>{PROSE}{box}</article>")
    assert "readers liked" not in content.text
    assert "northern pier" in content.text


@pytest.mark.parametrize("name", ["content has-sidebar", "layout-with-newsletter", "page social"])
def test_a_frame_is_not_taken_for_what_its_name_mentions(name):
    content = read(f'<div class="{name}"><div><p>Winter boats</p>{PROSE}</div></div>')
    assert "northern pier" in content.text


NOTICES = [
    '<div id="cookie-notice"><p>We store cookies on your device for the best experience.</p></div>',
    '<div class="hinweis"><p>Wir und 142 Partner verwenden Cookies auf Ihrem Gerät.</p></div>',
    "<dialog open><p>This site uses cookies. You may accept or refuse them.</p></dialog>",
    '<section class="bandeau-rgpd"><p>Ce site garde des cookies sur votre appareil.</p></section>',
    "<div><p>نستخدم ملفات تعريف الارتباط على جهازك. هل توافق؟</p><button>موافق</button></div>",
]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize(
    "article",
    [
        "<article><h1>Winter boats</h1><p>The ferry sails on 3 June.</p></article>",
        '<aside class="post-body"><h1>Winter boats</h1><p>The ferry sails on 3 June.</p></aside>',
        "<h1>Winter boats</h1><p>The ferry sails on 3 June.</p>",
    ],
)
def test_a_notice_is_left_out_however_short_the_article_is(notice, article):
    assert read(notice + article).text == "Winter boats\n\nThe ferry sails on 3 June."


def test_links_that_belong_to_the_text_are_kept():
    offers = "".join(f'<li><a href="/{n}">Firm {n}, {40 + n} million</a></li>' for n in range(3))
    body = f"{PROSE}<p>These firms offered:</p><ul>{offers}</ul>"
    text = read(f"<article><h1>Winter boats</h1>{body}</article>").text
    assert all(f"Firm {n}, {40 + n} million" in text for n in range(3))


@pytest.mark.parametrize(
    "name", ["share-price", "comments-on-bill", "menu-prices", "social-policy"]
)
def test_a_name_with_another_word_in_it_is_none_of_a_box(name):
    box = f'<div class="{name}"><p>The ticket costs 41 crowns this winter.</p></div>'
    assert "41 crowns" in read(f"<article><h1>Winter boats</h1>{PROSE}{box}</article>").text


def test_what_is_left_of_a_page_is_read_if_nothing_else_is():
    content = read(f'<nav>Home</nav><aside id="c1"><h2>Winter boats</h2>{PROSE}</aside>')
    assert "northern pier" in content.text
    assert "Home" not in content.text


def test_cells_have_heads_where_the_first_row_is_bold_or_names_numbers():
    bold = "<tr><td><b>Town</b></td><td><b>Pier</b></td></tr><tr><td>York</td><td>old</td></tr>"
    plain = (
        "<tr><td>Town</td><td>Beds</td></tr><tr><td>York</td><td>240</td></tr>"
        "<tr><td>Oran</td><td>95</td></tr>"
    )
    text = read(f"<article>{PROSE}<table>{bold}</table><table>{plain}</table></article>").text
    assert "Town: York | Pier: old" in text
    assert "Town: Oran | Beds: 95" in text


def test_hidden_and_deleted_text_is_left_out_and_marks_of_notes_too():
    content = read(
        "<article><h1>Winter boats</h1>" + PROSE + '<p style="display: none">secret</p>'
        "<p hidden>other secret</p>"
        "<p>It costs <del>4</del> 5 crowns<sup><a href='#n'>[3]</a></sup>,"
        " the 1<sup>st</sup> of 10<sup>6</sup> tickets.</p></article>"
    )
    assert "It costs 5 crowns, the 1st of 10⁶ tickets." in content.text
    assert "secret" not in content.text


def test_what_is_left_out_is_noted():
    pictures = '<img src="a.jpg"><img src="b.jpg" alt=""><img src="c.jpg" alt="A boat">'
    content = read(f"<article><h1>Winter boats</h1>{PROSE}{pictures}</article>")
    assert content.notes == ("2 pictures without text",)
    menu = "".join(
        f"<div><p>Teaser {n} of a story that is told elsewhere.</p></div>" for n in range(99)
    )
    few = read(f'<div class="sidebar">{menu}</div><article><p>{PROSE[3:120]}</p></article>')
    assert any("yielded" in note and "may need a browser" in note for note in few.notes)


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (
            '<meta property="article:published_time" content="2024-02-03T23:10:00+02:00">',
            "2024-02-03",
        ),
        ('<meta name="DC.date" content="2024/2/3">', "2024-02-03"),
        ('<meta itemprop="datePublished" content="3 February 2024">', "2024-02-03"),
        ('<meta name="pubdate" content="Sat, 03 Feb 2024 10:00:00 GMT">', "2024-02-03"),
        ('<meta property="article:modified_time" content="2024-02-03">', ""),
        ('<meta name="pubdate" content="3/2/2024">', ""),  # or the second of March
        ('<meta name="copyright" content="2021">', ""),
    ],
)
def test_dates_that_the_head_of_a_page_says(head, date):
    assert read(f"<article><h1>Winter boats</h1>{PROSE}</article>", head).date == date


@pytest.mark.parametrize("graph", [False, True])
def test_facts_of_json_ld(graph):
    record = {
        "@type": ["NewsArticle"], "headline": "Winter boats", "datePublished": "2023-11-05",
        "dateModified": "2024-01-01", "author": [{"@type": "Person", "name": "Ada Boe"}, "C. Dahl"],
    }  # fmt: skip
    event = {"@type": "Event", "startDate": "2030-01-01", "datePublished": "2001-01-01"}
    data = {"@graph": [event, record]} if graph else [event, record]
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    content = read(f"<article>{PROSE}</article>", head, "Boats - The Lake Paper")
    assert (content.title, content.byline, content.date) == (
        "Winter boats", "Ada Boe, C. Dahl", "2023-11-05",
    )  # fmt: skip


@pytest.mark.parametrize(
    "inside",
    [
        '<p class="byline">By Ada Boe, <time datetime="2023-11-05T08:00">5 Nov</time></p>',
        '<time pubdate datetime="2023-11-05">5 November</time>',
        '<p>Published: <time datetime="2023-11-05">5 November 2023</time></p>',
        '<div class="meta"><span itemprop="datePublished" content="2023-11-05">Sunday</span></div>',
        "<p>5 November 2023</p>",
        "<p>Published on 5 November 2023 by Ann Lee</p>",
        "<p>By Ann Lee | 5 November 2023</p>",
        "<p>Varde, 5 November 2023</p>",
        "<p>Publié le 5 novembre 2023 à 10h15, mis à jour le 6 novembre 2023</p>",
        "<p><b>Опубликовано:</b> 5 ноября 2023 г.</p>",
        "<div>5 ноября 2023, 10:15</div>",
        "<p>نُشر في: ٥ نوفمبر ٢٠٢٣</p>",
        "<p>Published on Sunday, 5 November 2023</p>",
    ],
)
def test_dates_of_a_byline(inside):
    from index.articles import article_of_bytes

    data = page(f"<article><h1>Winter boats</h1>{inside}{PROSE}</article>")
    assert article_of_bytes(data, READERS[".html"], "a.html").date == "2023-11-05"


@pytest.mark.parametrize(
    "inside",
    [
        "<p>The pier was built on 3 May 1998 and repaired in 2011.</p>",
        '<p>The next boat show opens <time datetime="2031-05-01">on the first of May</time>, said '
        "the "
        "director of the company at the presentation in the hall.</p>",
        '<p><img src="/media/2015/07/04/pier.jpg" alt="The pier in 2015"></p>',
        "<table><tr><th>Year</th><th>2021</th></tr><tr><td>Boats</td><td>7</td></tr></table>",
        "<p>© 2009–2024 The Lake Paper</p>",
        '<ul class="related"><li><a href="/2012/05/01/x">Old</a> <time datetime="2012-05-01">1 May'
        "</time></li></ul>",
        '<p class="updated">Updated <time datetime="2024-01-01">1 January 2024</time></p>',
        '<p>The fair is on <time datetime="2024-06-01">1 June 2024</time>.</p>',
        '<div class="reply"><b>Max</b> <time datetime="2024-07-01">1 July</time></div>',
        '<p>Last updated: <time datetime="2023-06-05">5 June</time></p>',
        '<section class="latest"><h4>Old</h4><time datetime="2012-05-01">May</time></section>',
        '<div class="comments"><p>Tom, <time datetime="2020-01-01">1 January 2020</time></p></div>',
    ],
)
def test_no_date_is_made_of_what_a_page_mentions(inside):
    from index.articles import article_of_bytes

    body = f"<article><h1>Winter boats</h1>{PROSE}{inside}</article><footer>© 2016</footer>"
    assert article_of_bytes(page(body), READERS[".html"], "a.html").date == ""


def test_several_authors_and_their_offices():
    marked = '<span itemprop="author"><span itemprop="name">Ann Lee</span> <i>Editor</i></span>'
    assert read(f"<article><h1>Winter boats</h1>{marked}{PROSE}</article>").byline == "Ann Lee"
    links = '<a rel="author" href="/a">Ann Lee</a> <a rel="author" href="/b">Bo Dahl</a>'
    assert (
        read(f"<article><h1>Winter boats</h1>{links}{PROSE}</article>").byline == "Ann Lee, Bo Dahl"
    )


def test_a_page_without_text_is_refused():
    with pytest.raises(ArticleError, match="no article text was found"):
        READERS[".html"](page('<nav><a href="/">Home</a></nav><form><input></form>'))


def test_a_line_that_comes_twice_is_kept_twice_but_for_the_title():
    refrain = "<p>The boats of the winter, the boats of the lake.</p>"
    content = read(
        f"<article><p>Winter boats</p><h1>Winter boats</h1>{PROSE}{refrain * 2}</article>"
    )
    assert content.text.count("the boats of the lake") == 2
    assert content.text.count("Winter boats") == 1


@pytest.mark.parametrize(
    ("beside", "date", "byline"),
    [
        ('<p class="post-meta">Posted on 3 May 2024</p>', "2024-05-03", ""),
        ('<div class="meta"><a href="/a/lee">By Ann Lee</a><span>3 May 2024</span></div>',
         "2024-05-03", "Ann Lee"),
        ("<div><span>Von Uta Kern</span><span>03.05.2024, 14:05 Uhr</span></div>",
         "2024-05-03", "Uta Kern"),
        ('<div class="meta"><span class="author-name">ليلى حداد</span>'
         '<span class="post-date">٣ مايو ٢٠٢٤</span></div>', "2024-05-03", "ليلى حداد"),
        ('<p>Publié le 3 mai 2024 – Mis à jour le 5 mai 2024</p>', "2024-05-03", ""),
        ('<ul><li><a href="/members/7/">Анна Белова</a></li>'
         '<li><time>3 мая 2024</time></li></ul>', "2024-05-03", "Анна Белова"),
        ('<p class="date">Updated on 3 May 2024</p>', "", ""),
        ('<p class="event-date">Friday, 3 May 2024, 19:30</p>', "", ""),
        ("<p>3 May 2024</p>", "", ""),  # of what, it does not say
        ('<table><tr><td class="date">3 May 2024</td></tr></table>', "", ""),
        ('<figure><figcaption class="author">Ann Lee</figcaption></figure>', "", ""),
        ('<p class="author">Super User</p>', "", ""),
        ('<p class="photo-credit">By Ann Lee</p>', "", ""),
    ],
)  # fmt: skip
def test_lines_beside_the_heading(beside, date, byline):
    content = read(f"<div><h1>Winter boats</h1>{beside}{PROSE}</div>")
    assert (content.date, content.byline) == (date, byline)


def test_todays_date_at_the_top_of_a_site_is_none_of_the_article():
    top = '<div class="header-date">Friday, 3 May 2024</div>'
    body = (
        f"{top}<div><div><div><div><div><h1>Winter boats</h1>{PROSE}</div></div></div></div></div>"
    )
    assert read(body).date == ""


@pytest.mark.parametrize(
    "head", ["Related stories", "Mehr zum Thema", "اقرأ أيضا", "Похожие записи"]
)
def test_a_box_is_told_by_its_heading_whatever_it_is_called(head):
    box = f'<div class="x1"><div>{head}</div><div><a href="/1">Bridges of the north</a></div></div>'
    content = read(f'<div class="x2"><h1>Winter boats</h1>{PROSE}{box}</div>')
    assert "northern pier" in content.text
    assert "Bridges of the north" not in content.text


def test_comments_are_told_by_their_heading_and_their_times():
    said = '<div class="q"><b>Sam</b> <i>3 May 2024, 10:15</i><div>I like boats a lot.</div></div>'
    kept = read(
        f'<div><h1>Winter boats</h1>{PROSE}<div class="k"><h3>Comments (1)</h3>{said}</div></div>'
    )
    assert "I like boats" not in kept.text
    section = "<section><h2>Comments</h2><p>A comment begins with a hash sign.</p></section>"
    docs = read(f"<main><h1>Winter boats</h1>{PROSE}{section}</main>")
    assert "begins with a hash sign" in docs.text


def test_links_with_words_beside_them_stay():
    link = (
        '<div><a href="/r.pdf">The report of the harbour board</a> has 212 pages of tables.</div>'
    )
    assert (
        "report of the harbour board"
        in read(f"<article><h1>Winter boats</h1>{PROSE}{link}</article>").text
    )


def test_an_introduction_in_a_block_of_its_own_is_kept():
    intro = (
        '<div class="intro"><p>The lake freezes early this year, and the last boats leave in the '
        "middle of December already.</p></div>"
    )
    body = "".join(f"<p>{n}: {PROSE[3:-4]}</p>" for n in range(5))
    content = read(
        f"<div><h1>Winter boats</h1><div>{intro}<div class='full'>{body}</div></div></div>"
    )
    assert "lake freezes early" in content.text


def test_a_title_of_site_and_page_is_the_pages():
    body = f"<h1>Lake News</h1><div><h3>Winter boats</h3>{PROSE}</div>"
    assert read(body, title="Lake News: Winter boats").title == "Winter boats"
