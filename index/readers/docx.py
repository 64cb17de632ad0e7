"""Word documents, by python-docx."""

from __future__ import annotations

import io
from typing import Any
from zipfile import BadZipFile, ZipFile

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content

MAX_UNPACKED = 100_000_000  # a .docx is a zip: 20 MB of it can unpack to gigabytes


def _block_text(block: Any) -> str:
    """Return a paragraph's text, or a table's rows with the tables inside their cells."""
    from docx.table import Table, _Cell

    if not isinstance(block, Table):
        return str(block.text)
    rows = []
    for row in block.rows:
        # `row.cells` repeats a cell for every column that it spans, of which a small file can
        # declare a hundred million.
        cells = [_Cell(tc, block) for tc in row._tr.tc_lst]
        texts = ["\n".join(map(_block_text, cell.iter_inner_content())) for cell in cells]
        rows.append(" | ".join(texts))
    return "\n".join(rows)


def read_docx(data: bytes) -> Content:
    """Read the paragraphs and tables of a Word document, in order."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ArticleError("this is an old .doc or an encrypted document; save it as plain .docx")
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise ArticleError(f"it unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED:,}")
        document = Document(io.BytesIO(data))
        blocks = [_block_text(block) for block in document.iter_inner_content()]
    except (BadZipFile, PackageNotFoundError, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .docx is damaged ({error})") from error
    return Content(document.core_properties.title or "", "\n\n".join(filter(str.strip, blocks)))
