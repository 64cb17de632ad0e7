"""Slides (.pptx), by python-pptx: shapes from above, tables, the speaker's notes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from index.errors import ArticleError
from index.readers.base import PARSER_ERRORS, Content, LocatorKind, join_sections, open_zip
from index.readers.markup import describe_left_out, looks_like_head, name_columns

_SLIDE: LocatorKind = "slide"
_TEMPLATE_YEAR = 2013  # of python-pptx's template, where nobody set a day


def read_pptx(data: bytes) -> Content:
    """Read the slides of a presentation: shapes from above, tables, then the speaker's notes."""
    from pptx import Presentation

    open_zip(data, ".pptx").close()
    left_out: Counter[str] = Counter()
    try:
        show = Presentation(io.BytesIO(data))
        sections = [
            (list(_slide_texts(slide, left_out)), _SLIDE, str(number))
            for number, slide in enumerate(show.slides, 1)
        ]
        facts = show.core_properties
        title, author, day = facts.title or "", facts.author or "", _day_created(facts)
    except (BadZipFile, *PARSER_ERRORS) as error:
        raise ArticleError(f"this .pptx is damaged ({error})") from error
    text, locators = join_sections(sections)
    if title == "PowerPoint Presentation":  # the program's default
        title = ""
    return Content(title, text, author, day, locators, tuple(describe_left_out(left_out)))


def _slide_texts(slide: Any, left_out: Counter[str]) -> Iterator[str]:
    waiting = sorted(slide.shapes, key=lambda s: (s.top or 0, s.left or 0))
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):  # a group
            waiting = [*shape.shapes, *waiting]
        elif getattr(shape, "has_table", False) and shape.has_table:
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from name_columns(rows, has_head=looks_like_head(rows))
        elif shape.has_text_frame:
            if not _is_footer(shape):
                yield from (p.text.replace("\v", " ") for p in shape.text_frame.paragraphs)
        elif shape.shape_type is not None and "PICTURE" in str(shape.shape_type):
            left_out["picture"] += 1
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            left_out["chart"] += 1
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text


def _is_footer(shape: Any) -> bool:
    """Return whether a shape repeats on each slide: its date, footer or number."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    footers = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    return shape.is_placeholder and shape.placeholder_format.type in footers


def _day_created(facts: Any) -> str:
    made = facts.created
    return made.date().isoformat() if made is not None and made.year != _TEMPLATE_YEAR else ""
