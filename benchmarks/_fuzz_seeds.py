"""What `benchmarks.fuzz` begins with: inputs of each format that are as they should be."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from index.articles import Article, seed_articles
from index.models import load_embedder
from index.store import Store

_RSS = '<rss version="2.0"><channel><title>N</title><item><link>/1</link></item></channel></rss>'
_SITEMAP = "<urlset><url><loc>https://a.example/1</loc><lastmod>2024</lastmod></url></urlset>"
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/></entry></feed>'


_CUE = "00:01.000 --> 00:02.000\n<v Ada>The river</v> rose.\n"
_MAIL = (
    "From: Ada <a@b.example>\nSubject: =?utf-8?Q?R=C3=A9union?=\n"
    "Date: Tue, 05 Mar 2024 09:12:44 +0100\n"
    "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "The river rose=2E\n> Did it?\n--x\nContent-Type: text/html\n\n<p>The river rose.</p>\n--x--\n"
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODT = (
    f'<o:document-content xmlns:o="{_ODF}:office:1.0" xmlns:t="{_ODF}:text:1.0"><o:body><o:text>'
    "<t:h>Title</t:h><t:p>The river<t:s/>rose.</t:p></o:text></o:body></o:document-content>"
)
_CONTAINER = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
_PACKAGE = (
    '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>T</dc:title></metadata>'
    '<manifest><item id="c" href="c.html" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c"/></spine></package>'
)


def seeds_of(target: str) -> list[bytes]:
    """Return inputs that are as they should be, to begin with."""
    text = seed_articles()[0].text[:3000]
    page = (
        f"<html><head><title>T</title></head><body><article><p>{text}</p></article></body></html>"
    )
    squad = {
        "data": [{"title": "T", "paragraphs": [{"context": "The river rose.", "qas": [
            {"id": "1", "question": "What rose?", "answers": [{"text": "river", "answer_start": 4}]}
        ]}]}]
    }  # fmt: skip
    turn = {"question": "q", "language": "en", "status": "answered", "text": "t"}
    made: dict[str, list[Any]] = {
        "txt": [text, text.encode("utf-16"), text.encode("cp1256", "replace")],
        "md": [f"# Title\n\n{text}\n\n- a\n- *b* [c](d)\n\n```\ncode\n```\n> q"],
        "html": [page],
        "pdf": [pdf_of()],
        "docx": [docx_of(text[:500])],
        "docx body": [_body(docx_of(text[:300]))],
        "odt": [zip_of({"content.xml": _ODT})],
        "epub": [zip_of({"META-INF/container.xml": _CONTAINER, "b.opf": _PACKAGE, "c.html": page})],
        "rtf": [r"{\rtf1\ansi{\info{\title T}}The caf\'e9 {\b costs} 5.\par\u1605?\par}"],
        "pptx": [pptx_of()],
        "xlsx": [xlsx_of()],
        "csv": ["town,beds\nYork,240\n", "a;b\n1;2\n"],
        "eml": [_MAIL],
        "srt": ["1\n00:00:01,000 --> 00:00:02,000\n<i>The river</i> rose.\n", "WEBVTT\n\n" + _CUE],
        "lines": [
            '{"text": "The river rose.", "date": "2024-05-06", "url": "https://a.example"}\n',
            '[{"body": "<p>The river rose.</p>", "published": 1714656600}]',
        ],
        "feed": [_RSS, _SITEMAP, _ATOM],
        "manifest": [_manifest()],
        "dataset": [json.dumps(squad)],
        "questions": ['{"id": "1", "question": "What rose?", "language": "en", "answers": []}\n'],
        "address": ["a.example:80/b?c#d", "[::1]:8000/", "user:pw@a.example"],
        "talk": [json.dumps([turn, turn])],
    }  # fmt: skip
    return [one if isinstance(one, bytes) else one.encode() for one in made[target]]


def docx_of(text: str) -> bytes:
    """Return a small Word document."""
    from docx import Document

    document, stream = Document(), io.BytesIO()
    document.add_heading("Title")
    document.add_paragraph(text)
    document.add_table(2, 2).cell(0, 0).text = "cell"
    document.save(stream)
    small = io.BytesIO()
    # Without what Word needs and readers do not: the fuzzer should change what is read.
    with zipfile.ZipFile(stream) as whole, zipfile.ZipFile(small, "w") as kept:
        for name in whole.namelist():
            if "theme" not in name and "thumbnail" not in name:
                kept.writestr(name, whole.read(name))
    return small.getvalue()


def zip_of(parts: dict[str, str]) -> bytes:
    """Return a zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return stream.getvalue()


def pptx_of() -> bytes:
    """Return a small presentation."""
    from pptx import Presentation

    show, stream = Presentation(), io.BytesIO()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "The river rose."
    show.save(stream)
    return stream.getvalue()


def xlsx_of() -> bytes:
    """Return a small workbook."""
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.active.append(["town", "beds"])
    book.active.append(["York", 240])
    book.save(stream)
    return stream.getvalue()


def pdf_of() -> bytes:
    """Return a small PDF."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer, stream = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(200, 200)
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 10 100 Td (The river rose by 3 metres.) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({"/Title": "River"})
    writer.write(stream)
    return stream.getvalue()


def store_in(folder: Path) -> None:
    """Save a small store, of two articles one of which is removed."""
    embedder = load_embedder()
    articles = [Article.of(f"The river rose by {n} metres.", title=f"River {n}") for n in (3, 4)]
    Store.build(articles, embedder).remove(articles[0].id).save(folder)


def _manifest() -> bytes:
    """Return the manifest of that store: its files are named by what is in them."""
    with tempfile.TemporaryDirectory() as folder:
        store_in(Path(folder, "s"))
        return Path(folder, "s", "manifest.json").read_bytes()


def _body(document: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as whole:
        return whole.read("word/document.xml")
