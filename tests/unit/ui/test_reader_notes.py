"""What readers left out, in the page's languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from index.articles import Article
from index.readers import READERS
from index.readers.markup import describe_left_out
from ui.i18n import LANGUAGES
from ui.intake import AddResult
from ui.reader_notes import note_text
from ui.status_html import added_html

CUE = "1\n00:00:01,000 --> 00:00:03,000\nHello.\n\n2\n00:00:04,000 --> 00:00:05,000\n[MUSIC]\n"
MAIL = (
    b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    b"Hello.\n--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=plan.png\n\n"
    b"x\n--b--\n"
)
NOTES = (
    *describe_left_out(Counter(picture=3, chart=1)),
    *READERS[".srt"](CUE.encode()).notes,
    *READERS[".eml"](MAIL).notes,
    *READERS[".txt"]("الجسر الجديد فوق النهر".encode()[:-1]).notes,
    "2 hidden sheets not read",
    "2 of 9 pages without a text layer (scans? --ocr reads them): 3, 4",
    "hard to read, check the words: page 1, 2, …",
    "not read: page 7",
    "this page yielded 289 of 9,300 characters; it may need a browser: save it "
    "there as HTML or PDF",
)


@pytest.mark.parametrize("note", NOTES)
def test_notes_are_in_the_pages_language(note: str) -> None:
    texts = [note_text(note, language) for language in LANGUAGES]
    assert texts[0] == note
    assert len(set(texts)) == len(LANGUAGES)
    for text in texts:
        assert text is not None
        assert set(re.findall(r"\d[\d,]*", note)) <= set(re.findall(r"\d[\d,]*", text))
    arabic = texts[LANGUAGES.index("ar")] or ""
    assert set(re.findall(r"[A-Za-z.]+", arabic)) <= {"plan.png", "HTML", "PDF"}


def test_every_kind_of_note_has_its_row() -> None:
    assert len(NOTES) == 10


def test_what_was_added_is_said_in_one_language() -> None:
    article = Article.of("Hello there.", title="t", source="s", notes=(NOTES[0], "an odd note"))
    html = added_html(AddResult(article, new=True), shared=False, language="fr")
    assert "graphique" in html
    assert '<bdi lang="en">an odd note</bdi>' in html
    assert "picture" not in html
