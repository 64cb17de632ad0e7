"""What a browser would make of HTML."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"br", "meta"}


class Seen(HTMLParser):
    """The text, the tags and the attributes of a piece of HTML, which must be well nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.marked, self.quoted = "", "", ""
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self._inside: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self._inside == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._inside.append((tag, dict(attrs).get("class")))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._inside]
        if "sup" in tags or ("p", "about") in self._inside:
            return
        self.text += data
        if "mark" in tags:
            self.marked += data

    def all(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]
