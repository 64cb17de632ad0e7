"""PDF: the text layer, by pypdf."""

from __future__ import annotations

import io
import logging

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content

MAX_PAGES = 2_000


def read_pdf(data: bytes) -> Content:
    """Read the text layer of a PDF; a scan has none."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    # It logs what it raises or repairs; the exception is enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pdf = PdfReader(io.BytesIO(data))
        if len(pdf.pages) > MAX_PAGES:
            raise ArticleError(f"{len(pdf.pages):,} pages; the limit is {MAX_PAGES:,}")
        text = "\n\n".join(page.extract_text().strip() for page in pdf.pages)
        title = str((pdf.metadata and pdf.metadata.title) or "")
        if title.casefold() == "untitled":  # the default of some programs
            title = ""
    except (FileNotDecryptedError, DependencyError):  # of the newer ciphers' library
        raise ArticleError("this PDF is encrypted; save it without a password") from None
    except (PyPdfError, *PARSER_ERRORS) as error:
        raise ArticleError(f"this PDF is damaged ({error or type(error).__name__})") from error
    if not text.strip():
        raise ArticleError("this PDF has no text layer (a scan?); run OCR on it first")
    return Content(title, text)
