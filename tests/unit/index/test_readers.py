"""What fuzzing found in readers of untrusted bytes, each mended (`benchmarks/fuzz.py`)."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from benchmarks._fuzz_seeds import docx_of
from index.articles import article_of_bytes
from index.errors import ArticleError
from index.readers import READERS


@pytest.mark.parametrize("depth", [500, 5_000])
def test_emphasis_within_emphasis_is_read_as_far_as_it_goes(depth: int) -> None:
    deep = ("*a " * depth + "b" + "*" * depth).encode()
    assert article_of_bytes(deep, READERS[".md"], "a.md").text.startswith("a a a")


def test_elements_within_elements_are_refused() -> None:
    deep = ("<div>" * 3_000 + "The river rose by three metres.").encode()
    try:
        assert "rose" in article_of_bytes(deep, READERS[".html"], "a.html").text
    except ArticleError as error:
        assert "a.html: " in str(error)


def test_a_document_of_another_packing_that_is_damaged_is_refused() -> None:
    """LZMAError is an Exception and nothing more."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx_of("text"))) as whole,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as packed,
    ):
        for name in whole.namelist():
            packed.writestr(name, whole.read(name))
    data = bytearray(stream.getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        info = packed.getinfo("[Content_Types].xml")
    at = info.header_offset + 30 + len(info.filename)
    data[at + 9 : at + info.compress_size] = b"\xff" * (info.compress_size - 9)
    with pytest.raises(ArticleError, match=r"a\.docx: this \.docx is damaged"):
        article_of_bytes(bytes(data), READERS[".docx"], "a.docx")


@pytest.mark.parametrize("xml", ["", "<w:document><w:body/></w:document>"])
def test_a_document_whose_xml_is_broken_is_refused(xml: str) -> None:
    whole, broken = io.BytesIO(), io.BytesIO()
    Document().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "word/document.xml" else old.read(name))
    with pytest.raises(ArticleError, match=r"a\.docx: this \.docx is damaged"):
        article_of_bytes(broken.getvalue(), READERS[".docx"], "a.docx")
