"""Web pages: the article without menus and comments, by trafilatura."""

from __future__ import annotations

import logging

from index.errors import ArticleError
from index.readers.base import Content


def read_html(data: bytes) -> Content:
    """Read the article of a web page, without menus and comments."""
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
