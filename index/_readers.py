"""One reader per file format: bytes in, what they hold out. The libraries load when used."""

from __future__ import annotations

import io
import logging
import lzma
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from index.errors import ArticleError

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode


class Content(NamedTuple):
    """What a file holds; a title, a byline or a date that it does not name is empty."""

    title: str
    text: str
    byline: str = ""
    date: str = ""


Reader = Callable[[bytes], Content]

# What a newspaper's or an agency's text comes in. UTF-8 and the UTF-16/32 marks are tried first.
ENCODINGS = ["utf_8", "utf_16", "utf_32", "cp1256", "cp1252", "cp1251", "cp1254", "gb18030"]
MAX_PAGES = 2_000
# What the libraries let through on files that break their assumptions. RuntimeError is also
# NotImplementedError and RecursionError.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, lzma.LZMAError, struct.error, zlib.error,
)  # fmt: skip
MAX_UNPACKED = 100_000_000  # a .docx is a zip: 20 MB of it can unpack to gigabytes


def decode(data: bytes) -> str:
    """Return the text of bytes in an encoding told by charset-normalizer; no byte order mark."""
    from charset_normalizer import from_bytes

    try:
        return _plausible(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        match = from_bytes(data, cp_isolation=ENCODINGS).best()
    if match is None:
        raise ArticleError("this is not text in a known encoding (save it as UTF-8)")
    return _plausible(str(match))


def _plausible(text: str) -> str:
    controls = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in text)
    if controls > len(text) // 200:
        raise ArticleError("this is binary data, not text")
    return text.removeprefix("\ufeff")


def read_text(data: bytes) -> Content:
    """Read plain text; its title is left to be found."""
    return Content("", decode(data))


def read_markdown(data: bytes) -> Content:
    """Read CommonMark: the text a reader sees, and the first heading as title."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    tokens = MarkdownIt("commonmark").parse(decode(data))
    try:
        return _markdown(SyntaxTreeNode(tokens))
    except RecursionError:
        raise ArticleError("emphasis within emphasis, too deep to read") from None


def _markdown(tree: SyntaxTreeNode) -> Content:
    title, blocks = "", []
    for node in tree.walk():
        if node.type == "inline":
            text = "".join(map(_inline_text, node.children))
            if not title and node.parent is not None and node.parent.type == "heading":
                title = text
            blocks.append(text)
        elif node.type in ("fence", "code_block"):
            blocks.append(node.content.rstrip("\n"))
    return Content(title, "\n\n".join(blocks))


def _inline_text(node: object) -> str:
    from markdown_it.tree import SyntaxTreeNode

    assert isinstance(node, SyntaxTreeNode)
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type in ("text", "code_inline"):
        return node.content
    return "".join(map(_inline_text, node.children))


def read_html(data: bytes) -> Content:
    """Read the article of a web page, without its menus and comments, by trafilatura."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = trafilatura.load_html(data)
    if page is None:
        raise ArticleError("this is not an HTML page")
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict) or not found.text:
        raise ArticleError("no article text was found in the page")
    title = found.title or ""
    text = found.text if found.text.startswith(title) else f"{title}\n\n{found.text}"
    return Content(title, text, found.author or "", found.date or "")


def read_pdf(data: bytes) -> Content:
    """Read the text layer of a PDF by pypdf; a scan has none."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    # It logs what it then raises, or mends: the caller hears of it once.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pdf = PdfReader(io.BytesIO(data))
        if len(pdf.pages) > MAX_PAGES:
            raise ArticleError(f"{len(pdf.pages):,} pages; the limit is {MAX_PAGES:,}")
        text = "\n\n".join(page.extract_text().strip() for page in pdf.pages)
        title = str((pdf.metadata and pdf.metadata.title) or "")
        if title.casefold() == "untitled":  # as programs name what nobody named
            title = ""
    except (FileNotDecryptedError, DependencyError):  # of the newer ciphers' library
        raise ArticleError("this PDF is encrypted; save it without a password") from None
    except (PyPdfError, *BROKEN) as error:
        raise ArticleError(f"this PDF is damaged ({error or type(error).__name__})") from error
    if not text.strip():
        raise ArticleError("this PDF has no text layer (a scan?); run OCR on it first")
    return Content(title, text)


def _block_text(block: Any) -> str:
    """Return a paragraph's text, or a table's rows with the tables inside their cells."""
    from docx.table import Table, _Cell

    if not isinstance(block, Table):
        return str(block.text)
    rows = []
    for row in block.rows:
        # The cells as written: `row.cells` repeats a cell for every column that it says to span,
        # which a small file can make a hundred million.
        cells = [_Cell(tc, block) for tc in row._tr.tc_lst]
        texts = ["\n".join(map(_block_text, cell.iter_inner_content())) for cell in cells]
        rows.append(" | ".join(texts))
    return "\n".join(rows)


def read_docx(data: bytes) -> Content:
    """Read the paragraphs and tables of a Word document by python-docx, in order."""
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
    except (BadZipFile, PackageNotFoundError, *BROKEN) as error:
        raise ArticleError(f"this .docx is damaged ({error})") from error
    return Content(document.core_properties.title or "", "\n\n".join(filter(str.strip, blocks)))


READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
