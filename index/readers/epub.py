"""Books (.epub): the chapters in the order of reading.

By the standard library and the reader of pages: EbookLib is under the AGPL.
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

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
from index.readers.markup import parse_fragment, read_blocks

_CONTAINER = "META-INF/container.xml"
_CHAPTER: LocatorKind = "chapter"
_MAX_CHAPTERS = 2_000


def read_epub(data: bytes) -> Content:
    """Read a book; each of its files is a chapter."""
    from lxml import etree

    try:
        with open_zip(data, ".epub") as archive:
            if any(name.endswith("encryption.xml") for name in archive.namelist()) and _is_locked(
                archive
            ):
                raise ArticleError("this book is encrypted (DRM)")
            package = _package_name(archive)
            root = parse_xml(archive.read(package))
            sections = _chapters(archive, root, posixpath.dirname(package))
    except (BadZipFile, etree.XMLSyntaxError, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .epub is damaged ({error})") from error
    text, locators = join_sections(sections)
    if not text:
        raise ArticleError("there is no text in it")
    facts = {etree.QName(e).localname: " ".join((e.text or "").split())
             for e in reversed(list(root.iter("{http://purl.org/dc/elements/1.1/}*")))}  # fmt: skip
    return Content(facts.get("title", ""), text, facts.get("creator", ""),
                   day_of(facts.get("date", "")), locators)  # fmt: skip


def _is_locked(archive: ZipFile) -> bool:
    """Return whether more than the fonts is encrypted."""
    root = parse_xml(archive.read("META-INF/encryption.xml"))
    names = [e.get("URI", "").lower() for e in root.iter("{*}CipherReference")]
    return any(name.endswith((".xhtml", ".html", ".htm")) for name in names)


def _package_name(archive: ZipFile) -> str:
    root = parse_xml(archive.read(_CONTAINER))
    names = [str(e.get("full-path")) for e in root.iter("{*}rootfile")]
    if not names:
        raise ValueError("it names no package")
    return names[0]


def _chapters(
    archive: ZipFile, package: Any, folder: str
) -> list[tuple[list[str], LocatorKind, str]]:
    items = {item.get("id"): item for item in package.iter("{*}item")}
    sections: list[tuple[list[str], LocatorKind, str]] = []
    for reference in list(package.iter("{*}itemref"))[:_MAX_CHAPTERS]:
        item = items.get(reference.get("idref"))
        if (
            item is None
            or "html" not in item.get("media-type", "")
            or "nav" in (item.get("properties") or "").split()
        ):
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        texts = read_blocks(parse_fragment(archive.read(name))).texts
        if texts:
            sections.append((texts, _CHAPTER, str(len(sections) + 1)))
    return sections
