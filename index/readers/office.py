"""Slides (.pptx), sheets (.xlsx, .csv) and LibreOffice's texts (.odt), and rich text (.rtf)."""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from zipfile import BadZipFile

import regex

from index.errors import ArticleError
from index.readers.base import (
    PARSER_ERRORS,
    Content,
    LocatorKind,
    join_sections,
    open_zip,
    parse_xml,
)
from index.readers.dates import day_of
from index.readers.encodings import decode
from index.readers.markup import count_notes, looks_like_head, name_columns
from index.text import ends_sentence

_MAX_ROWS, _MAX_COLUMNS = 50_000, 500
_SLIDE: LocatorKind = "slide"
_SHEET: LocatorKind = "sheet"
_RTF_HIDDEN = regex.compile(r"\{\\(?:deleted|v)(?![a-z0])[^{}]*\}")
_RTF_INFO = regex.compile(r"\{\\(title|author) ([^{}]*)\}")
_RTF_CREATED = regex.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_RTF_PAGE = regex.compile(r"\\ansicpg\d+(?:\\uc\d)?")
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE = _ODF % "text", _ODF % "table", _ODF % "office"
_LEFT_OUT = (_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "note-citation",
             _OFFICE + "forms", _TEXT + "sequence-decls")  # fmt: skip


def read_pptx(data: bytes) -> Content:
    """Read the slides of a presentation: shapes from above, tables, then the speaker's notes."""
    from pptx import Presentation

    open_zip(data, ".pptx").close()
    left_out: Counter[str] = Counter()
    try:
        show = Presentation(io.BytesIO(data))
        sections = [
            (list(_slide_texts(slide, left_out)), _SLIDE, str(number))
            for number, slide in enumerate(show.slides, 1)
        ]
        facts = show.core_properties
        title, author, day = facts.title or "", facts.author or "", _day(facts.created)
    except (BadZipFile, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .pptx is damaged ({error})") from error
    text, locators = join_sections(sections)
    if title == "PowerPoint Presentation":  # the program's default
        title = ""
    return Content(title, text, author, day, locators, tuple(count_notes(left_out)))


def _slide_texts(slide: Any, left_out: Counter[str]) -> Iterator[str]:
    waiting = sorted(slide.shapes, key=lambda s: (s.top or 0, s.left or 0))
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):  # a group
            waiting = [*shape.shapes, *waiting]
        elif getattr(shape, "has_table", False) and shape.has_table:
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from name_columns(rows, has_head=looks_like_head(rows))
        elif shape.has_text_frame:
            if not _is_footer(shape):
                yield from (p.text.replace("\v", " ") for p in shape.text_frame.paragraphs)
        elif shape.shape_type is not None and "PICTURE" in str(shape.shape_type):
            left_out["picture"] += 1
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            left_out["chart"] += 1
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text


def _is_footer(shape: Any) -> bool:
    """Return whether a shape repeats on each slide: its date, footer or number."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    footers = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    return shape.is_placeholder and shape.placeholder_format.type in footers


def read_xlsx(data: bytes) -> Content:
    """Read the sheets of a workbook: a row is a line, each cell with the head of its column."""
    from openpyxl import load_workbook

    open_zip(data, ".xlsx").close()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sections = [
            (_rows([[_cell(value) for value in row[:_MAX_COLUMNS]] for row in
                    islice(sheet.iter_rows(values_only=True), _MAX_ROWS)]), _SHEET, sheet.title)
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]  # fmt: skip
        hidden = sum(sheet.sheet_state != "visible" for sheet in book.worksheets)
        facts = book.properties
        title, author = facts.title or "", "" if facts.creator == "openpyxl" else facts.creator
        day = _day(facts.created) if author else ""
    except (BadZipFile, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .xlsx is damaged ({error})") from error
    text, locators = join_sections(sections)
    notes = (f"{hidden} hidden sheet{'' if hidden == 1 else 's'} not read",) if hidden else ()
    return Content(title, text, author or "", day, locators, notes)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def read_csv(data: bytes) -> Content:
    """Read comma-, semicolon- or tab-separated values, as rows of a sheet."""
    text, notes = decode(data)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:10_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(islice(csv.reader(io.StringIO(text), dialect), _MAX_ROWS))
    except csv.Error as error:
        raise ArticleError(f"this table is damaged ({error})") from error
    cells = [[" ".join(cell.split()) for cell in row[:_MAX_COLUMNS]] for row in rows]
    return Content("", "\n\n".join(_rows(cells)), notes=notes)


def _rows(rows: Sequence[Sequence[str]]) -> list[str]:
    filled = [list(row) for row in rows if any(row)]
    above = []
    while len(filled) > 2 and sum(map(bool, filled[0])) == 1 < sum(map(bool, filled[1])):
        above.append(next(filter(None, filled.pop(0))))  # a title over the table
    return [*above, *name_columns(filled, has_head=looks_like_head(filled))]


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
    pictures = sum(1 for _ in body.iter("{*}image"))
    texts = list(_odt_texts(body))
    facts = (
        {etree.QName(e).localname: e.text or "" for e in meta.iter("{*}*")}
        if meta is not None
        else {}
    )
    author = facts.get("initial-creator", "") or facts.get("creator", "")
    return Content(
        facts.get("title", ""), "\n\n".join(filter(str.strip, texts)), author,
        day_of(facts.get("creation-date", "")), notes=tuple(count_notes(Counter(picture=pictures))),
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


def read_rtf(data: bytes) -> Content:
    """Read rich text: its paragraphs, without the marks."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise ArticleError("this is not rich text")
    source = _RTF_HIDDEN.sub("", data.decode("latin-1"))
    try:
        convert: Any = rtf_to_text  # it has no types
        text = str(convert(source, errors="replace"))
    except PARSER_ERRORS as error:
        raise ArticleError(f"this .rtf is damaged ({error})") from error
    paragraphs = (line.strip().strip("|").replace("|", " | ") for line in text.splitlines())
    info = {name: _rtf_value(source, value) for name, value in _RTF_INFO.findall(source)}
    made = _RTF_CREATED.search(source)
    day = "-".join(f"{int(number):02}" for number in made.groups()) if made else ""
    text = "\n\n".join(filter(None, paragraphs))
    return Content(info.get("title", ""), text, info.get("author", ""), day)


def _rtf_value(source: str, value: str) -> str:
    """Return a value of the document's properties, in the encoding of the file."""
    from striprtf.striprtf import rtf_to_text

    page = _RTF_PAGE.search(source)
    head = "{\\rtf1\\ansi" + (page[0] if page else "")
    try:
        convert: Any = rtf_to_text  # it has no types
        return str(convert(f"{head} {value}}}", errors="replace")).strip()
    except PARSER_ERRORS:
        return ""


def _day(moment: datetime.datetime | None) -> str:
    # 2013: the template of python-pptx, which nobody changed.
    return moment.date().isoformat() if moment is not None and moment.year != 2013 else ""
