"""OpenDocument texts (.odt): headings, paragraphs, lists, tables, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content, open_zip, parse_xml
from index.readers.dates import day_of
from index.readers.markup import describe_left_out, looks_like_head, name_columns
from index.text import ends_sentence

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE = _ODF % "text", _ODF % "table", _ODF % "office"
_LEFT_OUT = (_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "note-citation",
             _OFFICE + "forms", _TEXT + "sequence-decls")  # fmt: skip


def read_odt(data: bytes) -> Content:
    """Read the headings, paragraphs, lists and tables of an OpenDocument text.

    By lxml: odfpy, the library for it, has had no release since 2021.
    """
    from lxml import etree

    try:
        with open_zip(data, ".odt") as archive:
            names = archive.namelist()
            root = parse_xml(archive.read("content.xml"))
            meta = parse_xml(archive.read("meta.xml")) if "meta.xml" in names else None
    except (BadZipFile, etree.XMLSyntaxError, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .odt is damaged ({error})") from error
    body = root.find(f".//{_OFFICE}text")
    if body is None:
        raise ArticleError("this .odt holds no text")
    left_out = Counter(picture=sum(1 for _ in body.iter("{*}image")))
    texts = list(_odt_texts(body))
    facts = (
        {etree.QName(e).localname: e.text or "" for e in meta.iter("{*}*")}
        if meta is not None
        else {}
    )
    author = facts.get("initial-creator", "") or facts.get("creator", "")
    return Content(
        facts.get("title", ""), "\n\n".join(filter(str.strip, texts)), author,
        day_of(facts.get("creation-date", "")), notes=tuple(describe_left_out(left_out)),
    )  # fmt: skip


def _odt_texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag in (_TEXT + "p", _TEXT + "h"):
            notes: list[str] = []
            yield _odt_inline(child, notes).strip()
            yield from notes
            for box in child.iter("{*}text-box"):
                yield from _odt_texts(box)
        elif child.tag == _TABLE + "table":
            rows = [
                [" ".join(_odt_texts(cell)) for cell in row.iterchildren(_TABLE + "table-cell")]
                for row in child.iter(_TABLE + "table-row")
            ]
            marked = child.find(_TABLE + "table-header-rows") is not None
            yield from name_columns(rows, has_head=marked or looks_like_head(rows))
        else:
            yield from _odt_texts(child)


def _odt_inline(element: Any, notes: list[str]) -> str:
    """Return the text of a paragraph; notes that are sentences are put into ``notes``."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == _TEXT + "s":
            pieces.append(" ")
        elif child.tag == _TEXT + "tab":
            pieces.append("\t")
        elif child.tag == _TEXT + "line-break":
            pieces.append("\n")
        elif child.tag not in _LEFT_OUT and not str(child.tag).endswith("}frame"):
            inner = _odt_inline(child, notes)
            if child.tag != _TEXT + "note":
                pieces.append(inner)
            elif ends_sentence(inner):
                notes.append(inner.strip())
            else:
                pieces.append(f" ({inner.strip()})")
        pieces.append(child.tail or "")
    return "".join(pieces)
