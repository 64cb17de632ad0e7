"""PDF: the text layer, by pdfminer's layout analysis, its lines joined to paragraphs."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content
from index.readers.columns import order_lines
from index.readers.dates import day_of, day_of_dateline
from index.readers.lines import Line, drop_running_lines, join_pages, join_paragraphs
from index.readers.rtl import logical_order
from index.readers.scans import OCR, PageError, Recogniser, check_pages, render_pages

if TYPE_CHECKING:
    from pdfminer.pdfdocument import PDFDocument

MAX_PAGES = 2_000
_UNMAPPED = re.compile(r"\(cid:\d+\)")  # a glyph that the font gives no letter: a bullet
_MAX_FIELDS = 2_000
_UNNAMED = ("untitled", "anonymous", "unspecified", "unknown", "(anonymous)", "(unspecified)")
# Programs that print a page: the day on which they did is not the day of the article.
_PRINTERS = (
    "skia",
    "quartz",
    "chromium",
    "mozilla",
    "print to pdf",
    "cups",
    "wkhtml",
    "ghostscript",
)
_SCANNED = 0.5  # of a page's area is one picture
_FEW = 60  # characters: a stamp on a scan, not its text
_HEAD = 1_000  # characters in which a title and a day stand
_PROGRAM = (".doc", ".docx", ".indd", ".qxd", ".pdf", "microsoft word - ")


def read_pdf(data: bytes, ocr: OCR | None = None) -> Content:
    """Read the text layer of a PDF; pages that are scans have none, and are read with ``ocr``."""
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException

    # It logs what it raises or repairs; the exception is enough.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return _read(data, ocr)
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise ArticleError("this PDF is encrypted; save it without a password") from None
    except (PSException, *PARSER_ERRORS) as error:
        raise ArticleError(f"this PDF is damaged ({error or type(error).__name__})") from error


def _read(data: bytes, ocr: OCR | None) -> Content:
    document = _open(data)
    left_out: Counter[str] = Counter()
    pages: list[list[Line]] = []
    scans: list[int] = []
    for number, (page, fields) in enumerate(_layouts(document)):
        pages.append(_page_lines(page, fields, left_out))
        if _is_scan(page, pages[-1]):
            scans.append(number)
    if not pages:
        raise ArticleError("this PDF is damaged (it has no pages)")
    notes = () if ocr is None else _recognise(data, pages, scans, ocr)
    shown = drop_running_lines(pages)
    text, locators = join_pages([join_paragraphs(order_lines(lines)) for lines in shown])
    if not text.strip():
        raise ArticleError(_no_text(len(scans), len(pages), tried=ocr is not None))
    if ocr is None:
        notes = tuple(_notes(pages, scans, left_out))
    title, author, day = _facts(document)
    title = _without_site(title, text)
    # A day under the title is that of publication; the document may have been made later.
    day = next(filter(None, map(day_of_dateline, text[:_HEAD].split("\n")[1:6])), day)
    return Content(title, text, author, day, locators, notes)


def _without_site(title: str, text: str) -> str:
    """Return a title without a site's name after it, where the text begins with what is left."""
    for part in re.split(r"\s+[|–—·»-]\s+", title)[:-1]:
        if part and text[:_HEAD].casefold().startswith(part.casefold()):
            return str(part)
    return title


def _open(data: bytes) -> PDFDocument:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser, PDFSyntaxError
    from pdfminer.pdftypes import PDFObjRef

    class Document(PDFDocument):
        """A document in which an object that refers to itself is an error, not an endless loop."""

        def getobj(self, objid: int) -> object:
            found, seen = super().getobj(objid), {objid}
            while isinstance(found, PDFObjRef):
                if found.objid in seen:
                    raise PDFSyntaxError(f"object {objid} refers to itself")
                seen.add(found.objid)
                found = super().getobj(found.objid)
            return found

    return Document(PDFParser(io.BytesIO(data)))


def _recognise(
    data: bytes, pages: list[list[Line]], scans: Sequence[int], ocr: OCR
) -> tuple[str, ...]:
    """Put the lines that were read of the scanned pages in their places; return notes."""
    if not scans:
        return ()
    check_pages(len(scans))
    recogniser = Recogniser(ocr)
    for number, picture in zip(scans, render_pages(data, scans), strict=True):
        try:
            pages[number] = recogniser.read(picture, number + 1, len(pages))
        except PageError:  # the other pages are worth reading
            recogniser.skip(number + 1)
    return recogniser.notes


def _is_scan(page: Any, lines: Sequence[Line]) -> bool:
    """Return whether a page is drawn without letters, or is a picture with a stamp as its text."""
    from pdfminer.layout import LTFigure, LTImage

    if not lines:
        return len(page) > 0
    if sum(len(line.text) for line in lines) > _FEW:
        return False
    pictures = [item for item in page if isinstance(item, (LTImage, LTFigure))]
    covered = max((item.width * item.height for item in pictures), default=0.0)
    return bool(covered > _SCANNED * page.width * page.height)


def _no_text(scans: int, pages: int, *, tried: bool) -> str:
    if tried:
        return "no text was found in this PDF, neither as letters nor in its pictures"
    if not scans:
        return "this PDF has no text layer"
    return (
        f"{scans} of {pages} page{'' if pages == 1 else 's'} of this PDF without a text layer "
        "(scans?); read them with --ocr, which needs Debian's tesseract-ocr"
    )


def _layouts(document: PDFDocument) -> Iterator[tuple[Any, list[Line]]]:
    """Yield the layout of each page, and the values of its form fields."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import resolve1

    tree = resolve1(document.catalog.get("Pages"))
    said = resolve1(tree.get("Count")) if isinstance(tree, dict) else 0
    count = said if isinstance(said, int) else 0
    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=LAParams(all_texts=True))
    interpreter = PDFPageInterpreter(manager, device)
    for number, page in enumerate(PDFPage.create_pages(document)):
        if max(number + 1, count) > MAX_PAGES:
            raise ArticleError(f"{max(number + 1, count):,} pages; the limit is {MAX_PAGES:,}")
        interpreter.process_page(page)
        layout = device.get_result()
        yield layout, list(_widgets(page.annots, layout.height))


def _page_lines(page: Any, widgets: Sequence[Line], left_out: Counter[str]) -> list[Line]:
    from pdfminer.layout import LTFigure, LTImage, LTTextBox, LTTextLine

    lines: list[Line] = []
    waiting = [page]
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTTextLine):
            if (line := _line(item, page.height)) is not None:
                lines.append(line)
        elif isinstance(item, (LTTextBox, LTFigure)) or item is page:
            waiting += item
        elif isinstance(item, LTImage):
            left_out["picture"] += 1
    return [*lines, *widgets]


def _line(item: Any, height: float) -> Line | None:
    from pdfminer.layout import LTChar

    # An LTChar is a glyph, which may stand for several letters (a ligature).
    glyphs = list(item)
    shown = [
        _UNMAPPED.sub("•", glyph.get_text())
        for glyph, following in zip(glyphs, [*glyphs[1:], None], strict=True)
        if not _is_covered(glyph, following)
    ]
    # Spaces are stretched in justified lines, and pdfminer sees another one in them.
    text = " ".join(logical_order(shown).split())
    sizes = [glyph.size for glyph in glyphs if isinstance(glyph, LTChar)]
    if not text or not sizes:
        return None
    return Line(text, item.x0, item.x1, height - item.y1, height - item.y0,
                sorted(sizes)[len(sizes) // 2], height)  # fmt: skip


def _is_covered(glyph: Any, following: Any) -> bool:
    """Return whether a space takes no room: a soft hyphen that is not shown."""
    from pdfminer.layout import LTChar

    if not (isinstance(glyph, LTChar) and isinstance(following, LTChar)):
        return False
    return glyph.get_text().isspace() and following.x0 < glyph.x0 + 0.2 * (glyph.x1 - glyph.x0)


def _facts(document: PDFDocument) -> tuple[str, str, str]:
    """Return title, author and day of the document's properties."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    def text(name: str) -> str:
        values = (resolve1(info.get(name)) for info in document.info if name in info)
        found = next((decode_text(value) for value in values if isinstance(value, bytes)), "")
        found = found.replace("\u00ad", "").strip()
        return "" if found.casefold() in _UNNAMED else found

    title = text("Title")
    if title.casefold().endswith(_PROGRAM) or title.casefold().startswith(_PROGRAM[-1]):
        title = ""  # the name of the file it was made from
    program = (text("Producer") + text("Creator")).casefold()
    is_print = any(printer in program for printer in _PRINTERS)
    made = "" if is_print else text("CreationDate").removeprefix("D:")[:8]
    return title, text("Author"), day_of(made)


def _widgets(annotations: Any, height: float) -> Iterator[Line]:
    """Yield the values of a page's form fields as lines, where they are shown."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    for reference in (resolve1(annotations) or [])[:_MAX_FIELDS]:
        field = resolve1(reference)
        if not isinstance(field, dict) or str(resolve1(field.get("Subtype"))) != "/'Widget'":
            continue
        parent = resolve1(field.get("Parent"))
        value = resolve1(field.get("V") or (isinstance(parent, dict) and parent.get("V")))
        place = resolve1(field.get("Rect"))
        if not isinstance(value, bytes) or not isinstance(place, list) or len(place) != 4:
            continue  # a box to tick, a button, a signature
        text = " ".join(decode_text(value).split())
        left, bottom, right, top = (float(resolve1(edge)) for edge in place)
        if text:
            size = min(top - bottom, 12.0)
            middle = height - (top + bottom) / 2
            yield Line(text, left, right, middle - size / 2, middle + size / 2, size, height)


def _notes(
    pages: Sequence[Sequence[Line]], scans: Sequence[int], left_out: Counter[str]
) -> Iterator[str]:
    if scans:
        some = ", ".join(str(n + 1) for n in scans[:10]) + (", …" if len(scans) > 10 else "")
        count = f"{len(scans)} of {len(pages)} pages"
        yield f"{count} without a text layer (scans? --ocr reads them): {some}"
    if (pictures := left_out["picture"] - len(scans)) > 0:
        yield f"{pictures} picture{'' if pictures == 1 else 's'} without text"
