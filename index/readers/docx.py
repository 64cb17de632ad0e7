"""Word documents, by mammoth: tracked changes as accepted, text boxes, notes, fields, links."""

from __future__ import annotations

import io
import logging
import re
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content, open_zip, parse_xml
from index.readers.markup import describe_left_out, parse_fragment, read_blocks

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHAPES = "{urn:schemas-microsoft-com:vml}"
_WRAPPERS = ("fldSimple", "bdo", "dir")
_PREPARED = re.compile(rb"<w:(?:vanish|fldSimple|bdo|dir|ruby|showingPlcHdr)\b|<mc:Choice\b")
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
# Author and year that python-docx's template puts where nobody wrote any.
_TEMPLATE_AUTHOR, _TEMPLATE_YEAR = "python-docx", 2013


def read_docx(data: bytes) -> Content:
    """Read the paragraphs, lists, tables, boxes and notes of a Word document, in order."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ArticleError("this is an old .doc or an encrypted document; save it as plain .docx")
    open_zip(data, ".docx").close()
    try:
        facts = _properties(data)
        page = _as_html(_prepared(data))
    except (BadZipFile, ExpatError, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .docx is damaged ({error})") from error
    if not page.strip():
        raise ArticleError("there is no text in it")
    blocks = read_blocks(parse_fragment(page))
    # mammoth puts a link back to the text after each note.
    text = "\n\n".join(block.removesuffix(" ↑") for block in blocks.texts)
    notes = tuple(describe_left_out(blocks.left_out))
    return Content(facts.title, text, facts.byline, facts.date, notes=notes)


def _as_html(data: bytes) -> str:
    import mammoth

    logging.getLogger("mammoth").setLevel(logging.CRITICAL)

    def picture(image: Any) -> dict[str, str]:
        return {"alt": image.alt_text or ""}

    found = mammoth.convert_to_html(
        io.BytesIO(data),
        convert_image=mammoth.images.img_element(picture),
        external_file_access=False,
    )
    return str(found.value)


def _properties(data: bytes) -> Content:
    """Return title, author and day of the document's properties, without its text."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        facts = Document(io.BytesIO(data)).core_properties
        author = "" if facts.author == _TEMPLATE_AUTHOR else facts.author or ""
        made = facts.created
        day = made.date().isoformat() if made and made.year != _TEMPLATE_YEAR else ""
        return Content(facts.title or "", "", author, day)
    except (BadZipFile, PackageNotFoundError, *PARSER_ERRORS):
        return Content("", "")  # a document without properties; if it is damaged, mammoth says so


def _prepared(data: bytes) -> bytes:
    """Return the document without hidden runs, and with all fields and bidirectional runs.

    mammoth reads the first and not the others.
    """
    from lxml import etree

    with ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = False
    for name in _PARTS:
        if _PREPARED.search(parts.get(name, b"")):
            root = parse_xml(parts[name])
            _drop_hidden(root)
            _keep_ruby_base(root)
            _drop_placeholders(root)
            _add_text_box_fallbacks(root)
            for tag in _WRAPPERS:
                for wrapper in list(root.iter(_WORD + tag)):
                    _unwrap(wrapper)
            parts[name], changed = etree.tostring(root), True
    if not changed:
        return data
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _drop_hidden(root: Any) -> None:
    for mark in root.iter(f"{_WORD}vanish"):
        run = mark.getparent().getparent()
        if mark.get(f"{_WORD}val", "true") not in ("0", "false") and run.tag == f"{_WORD}r":
            for child in list(run):
                run.remove(child)


def _keep_ruby_base(root: Any) -> None:
    """Replace annotated text by its letters, without those that say how they are pronounced."""
    for ruby in list(root.iter(f"{_WORD}ruby")):
        for run in ruby.iter(f"{_WORD}rubyBase"):
            for text in list(run.iter(f"{_WORD}t")):
                ruby.addprevious(text)
        ruby.getparent().remove(ruby)


def _drop_placeholders(root: Any) -> None:
    """Remove form fields that nobody filled in: "Click here to enter text"."""
    for mark in list(root.iter(f"{_WORD}showingPlcHdr")):
        control = mark.getparent().getparent()
        control.getparent().remove(control)


def _add_text_box_fallbacks(root: Any) -> None:
    """Add the old form of text boxes that have the new one alone; mammoth reads the old one."""
    for choice in list(root.iter(f"{_COMPATIBLE}Choice")):
        whole = choice.getparent()
        boxes = list(choice.iter(f"{_WORD}txbxContent"))
        if boxes and whole.find(f"{_COMPATIBLE}Fallback") is None:
            fallback = whole.makeelement(f"{_COMPATIBLE}Fallback")
            for box in boxes:  # as Word itself writes it for older programs
                shown = fallback
                for tag in (f"{_WORD}pict", f"{_SHAPES}shape", f"{_SHAPES}textbox"):
                    inner = shown.makeelement(tag)
                    shown.append(inner)
                    shown = inner
                shown.append(box)
            whole.append(fallback)


def _unwrap(wrapper: Any) -> None:
    parent = wrapper.getparent()
    place = parent.index(wrapper)
    parent[place : place + 1] = list(wrapper)
