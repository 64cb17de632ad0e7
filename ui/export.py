"""A conversation as a file: Markdown, or a page that stands alone."""

from __future__ import annotations

from html import escape
from typing import Literal

from ui.cards import comma, place_parts, sentences_of
from ui.i18n import PageLanguage, direction, page_text, refusal_text
from ui.talk import CitedPlace, Talk, Turn

FileType = Literal["md", "html"]

# What means something to a Markdown renderer, in the middle of a line or at its head.
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#+-.!|~&:()"})
_STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.7; color: #1c1917;
  background: #fff; font-family: "Noto Naskh Arabic", "Geeza Pro", "Segoe UI", system-ui, serif; }
h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
p, h1, h2, li, blockquote { text-align: start; }
blockquote { margin: .3rem 0; border-inline-start: 4px solid #d6d3d1; padding-inline-start: .8rem; }
"""


_MEDIA_TYPES: dict[FileType, str] = {
    "md": "text/markdown;charset=utf-8",
    "html": "text/html;charset=utf-8",
}


def as_file(talk: Talk, file_type: FileType, ui_language: PageLanguage) -> dict[str, str]:
    """Return the conversation as a file's name, type and text."""
    text = as_markdown(talk, ui_language) if file_type == "md" else as_page(talk, ui_language)
    return {"name": f"conversation.{file_type}", "type": _MEDIA_TYPES[file_type], "text": text}


def as_markdown(talk: Talk, ui_language: PageLanguage) -> str:
    """Return the conversation as Markdown: no text of it can put markup into what is rendered."""
    parts = []
    for turn in talk:
        parts.append(f"## {_plain(turn.question)}")
        parts += [
            _plain(text) + "".join(f" \\[{n}\\]" for n in numbers) for text, numbers in _said(turn)
        ]
        for n, place in _cited(turn):
            number = f"\\[{n}\\] " if n else ""
            source = _plain(comma(ui_language).join(place_parts(place, ui_language)))
            parts.append(f"> {_plain(place.quote)}\n>\n> {number}{source}")
    return "\n\n".join(parts) + "\n"


def as_page(talk: Talk, ui_language: PageLanguage) -> str:
    """Return the conversation as one HTML page that asks for nothing else and runs nothing."""
    title = escape(page_text("chat", ui_language))
    turns = "".join(_section(turn, number, ui_language) for number, turn in enumerate(talk))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{ui_language}" dir="{direction(ui_language)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{title}</h1>\n{turns}</body>\n</html>\n"
    )


def _section(turn: Turn, number: int, ui_language: PageLanguage) -> str:
    said = "".join(
        f'<p dir="auto">{escape(text)}'
        + "".join(f' <a href="#t{number}-{n}">[{n}]</a>' for n in numbers)
        + "</p>"
        for text, numbers in _said(turn)
    )
    cited = "".join(
        f'<li id="t{number}-{n}"><blockquote dir="auto">{escape(place.quote)}</blockquote>'
        f'<p dir="{direction(ui_language)}">{f"[{n}] " if n else ""}'
        f"{_place_html(place, ui_language)}</p></li>"
        for n, place in _cited(turn)
    )
    listed = f'<ul style="list-style:none;padding:0">{cited}</ul>' if cited else ""
    return f'<section><h2 dir="auto">{escape(turn.question)}</h2>{said}{listed}</section>\n'


def _said(turn: Turn) -> list[tuple[str, tuple[int, ...]]]:
    """Return the answer sentence by sentence, with the numbers of its places."""
    if turn.status == "not_in_article":
        return [(refusal_text(turn.language), ())]
    if sentences_of(turn):
        return sentences_of(turn)
    return [(turn.text, tuple(range(1, len(turn.places) + 1)))]


def _cited(turn: Turn) -> list[tuple[int, CitedPlace]]:
    """Return the numbered places; the nearest passage of a refusal has the number 0."""
    if turn.nearest is not None:
        return [(0, turn.nearest)]
    return list(enumerate(turn.places, 1))


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_SPECIAL)


def _place_html(place: CitedPlace, ui_language: PageLanguage) -> str:
    # Each part on its own: a file's name or a number must not change places with a title.
    return comma(ui_language).join(
        f"<bdi>{escape(part)}</bdi>" for part in place_parts(place, ui_language)
    )
