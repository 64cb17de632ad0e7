"""File formats: one module each. READERS names the reader of each suffix.

A reader takes the file's bytes, returns a `Content`, and raises ArticleError with the reason where
it cannot. Its library is imported when it is used.
"""

from __future__ import annotations

from functools import partial

from index.readers.base import FileReader
from index.readers.docx import read_docx
from index.readers.epub import read_epub
from index.readers.html import read_html
from index.readers.mail import read_mail
from index.readers.markdown import read_markdown
from index.readers.odt import read_odt
from index.readers.pdf import read_pdf
from index.readers.pptx import read_pptx
from index.readers.rtf import read_rtf
from index.readers.scans import OCR, PICTURES, read_picture
from index.readers.sheets import read_csv, read_xlsx
from index.readers.subtitles import read_subtitles
from index.readers.text import read_text

READERS: dict[str, FileReader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".csv": read_csv,
    ".eml": read_mail,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
}


def find_reader(suffix: str, ocr: OCR | None = None) -> FileReader | None:
    """Return the reader of a suffix (".pdf"), None if there is none; with OCR, of pictures too."""
    if ocr is not None and suffix == ".pdf":
        return partial(read_pdf, ocr=ocr)
    if ocr is not None and suffix in PICTURES:
        return partial(read_picture, ocr=ocr)
    return READERS.get(suffix)
