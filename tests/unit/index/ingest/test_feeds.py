from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleError
from index.ingest import feeds
from index.ingest.feeds import Link, read_links
from index.ingest.read import read_source
from index.ingest.sources import Source

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>/1</link><pubDate>Mon, 06 May 2024 23:59:00 +0000</pubDate></item>
<item><title>Two</title><link>https://other.example/2</link></item>
<item><title>Mail</title><link>mailto:a@b.example</link></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>One</title>
<link href="https://example.org/1"/><updated>2024-05-07T00:00:00Z</updated></entry></feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://example.org/1 </loc><lastmod>2024-05-07</lastmod></url>
<url><loc>https://example.org/2</loc></url><url/>
<url><loc>https://example.org/1</loc><lastmod>2024-05-07</lastmod></url></urlset>"""
INDEX = SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>")


def test_a_feed_lists_its_entries() -> None:
    date = "Mon, 06 May 2024 23:59:00 +0000"
    assert read_links(RSS, "https://example.org/feed") == (
        Link("https://example.org/1", date, "2024-05-06"),
        Link("https://other.example/2", "", ""),
    )
    (entry,) = read_links(ATOM)
    assert entry == Link("https://example.org/1", "2024-05-07T00:00:00Z", "2024-05-07")


PARAGRAPH = (
    "The river Ouse rose by 3.2 metres in York on Monday, officials of the city said there. "
)


def test_an_entry_that_holds_its_article_is_read_from_the_feed(tmp_path: Path) -> None:
    feed = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>https://a.example/news/</link>
    <item><title>Flood</title><link>flood</link><dc:creator>Ada Boe</dc:creator>
    <dc:date>2024-05-06T10:00:00Z</dc:date><description>Short.</description>
    <content:encoded><![CDATA[<p>{PARAGRAPH * 4}</p><ul><li>Gates: 7</li></ul>]]></content:encoded>
    </item><item><title>Fire</title><link>/fire</link><pubDate>6 mai 2024</pubDate>
    <content:encoded>Read more.</content:encoded></item></channel></rss>"""
    path = tmp_path / "a.xml"
    path.write_text(feed)
    content = read_source(Source("links", str(path), len(feed)))
    (article,) = content.articles
    assert article.text == f"{(PARAGRAPH * 4).strip()}\n\nGates: 7"
    facts = (article.title, article.byline, article.date, article.source)
    assert facts == ("Flood", "Ada Boe", "2024-05-06", "https://a.example/news/flood")
    (link,) = content.links
    assert (link.name, link.date) == ("https://a.example/fire", "2024-05-06")


@pytest.mark.parametrize("data", [SITEMAP, INDEX, gzip.compress(SITEMAP)])
def test_a_sitemap_lists_its_pages_once(data: bytes) -> None:
    assert read_links(data) == (
        Link("https://example.org/1", "2024-05-07", ""),
        Link("https://example.org/2", "", ""),
    )


def test_a_sitemaps_pictures_are_not_its_pages() -> None:
    data = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>HTTPS://a.example/page</loc>
    <image:image><image:loc>https://a.example/picture.jpg</image:loc></image:image></url></urlset>"""
    assert read_links(data) == (Link("HTTPS://a.example/page", "", ""),)


@pytest.mark.parametrize("data", [b"", b"words", b"<html><p>A page.</p></html>", b"<a><b/></a>"])
def test_what_is_neither_is_reported(data: bytes) -> None:
    with pytest.raises(ArticleError, match="neither an article nor a feed nor a sitemap"):
        read_links(data)


def test_bombs_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ArticleError, match="unpacks to more than 50,000,000 bytes"):
        read_links(gzip.compress(b" " * 60_000_000))
    with pytest.raises(ArticleError, match="this gzip file is damaged"):
        read_links(gzip.compress(SITEMAP)[:2] + b"nothing")
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><urlset><url><loc>http://&b;</loc></url></urlset>'
    assert all("ha" not in link.url for link in read_links(laughs))
    monkeypatch.setattr(feeds, "MAX_LINKS", 1)
    with pytest.raises(ArticleError, match="3 addresses; the limit is 1"):
        read_links(SITEMAP)


def test_no_file_is_read_for_an_entity_or_a_name(tmp_path: object) -> None:
    stolen = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://e/&f;</loc></url></urlset>'
    assert all("root" not in link.url for link in read_links(stolen))
    with pytest.raises(ArticleError, match="neither"):
        read_links(b"/etc/passwd")


@given(
    st.binary(max_size=300)
    | st.text("<>/&;urlset loc rss item link http:", max_size=80).map(str.encode)
)
def test_any_bytes_are_links_or_one_error(data: bytes) -> None:
    try:
        links = read_links(data, "https://example.org/")
    except ArticleError:
        return
    assert all(link.url.startswith(("http:", "https:")) for link in links)
