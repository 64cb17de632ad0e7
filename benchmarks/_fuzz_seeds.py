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
        "lines": ['{"text": "The river rose.", "date": "2024-05-06", "url": "https://a.example"}\n'],
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
