"""File formats: one module each. READERS names the reader of each suffix.

A reader takes the file's bytes, returns a `Content`, and raises ArticleError with the reason where
it cannot. Its library is imported when it is used.
"""

from __future__ import annotations

from index.readers.base import FileReader
from index.readers.docx import read_docx
from index.readers.html import read_html
from index.readers.pdf import read_pdf
from index.readers.text import read_markdown, read_text

READERS: dict[str, FileReader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
