"""Sheets (.xlsx by openpyxl, .csv): a row is a line, each cell with the head of its column."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from itertools import islice
from typing import Any
from zipfile import BadZipFile

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content, LocatorKind, join_sections, open_zip
from index.readers.encodings import decode
from index.readers.markup import looks_like_head, name_columns

_MAX_ROWS, _MAX_COLUMNS = 50_000, 500
_SHEET: LocatorKind = "sheet"


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
        day = facts.created.date().isoformat() if author and facts.created else ""
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
