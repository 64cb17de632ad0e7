"""Markdown as it is rendered, and what stands above it."""

import pytest

from index.readers import READERS

BODY = "# Harbour\n\nThe quay costs 5 million."


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: "Quay"\nauthor: Ada Boe\ndate: 2024-05-03\ntags: [a, b]\n---\n',
        "---\r\nTitle: Quay\r\nauthors:\r\n  - name: Ada Boe\r\ndate: 3 May 2024 10:00\r\n---\r\n",
        "---\ntitle: Quay\nauthor: Ada Boe\ndate: 2024-05-03\n...\n",
        '+++\ntitle = "Quay"\nauthor = "Ada Boe"\ndate = 2024-05-03T10:00:00Z\n+++\n',
    ],
)
def test_facts_above_a_text(front):
    content = READERS[".md"]((front + BODY).encode())
    assert (content.title, content.byline, content.date) == ("Quay", "Ada Boe", "2024-05-03")
    assert content.text == "Harbour\n\nThe quay costs 5 million."


def test_a_colon_in_a_title_is_no_error():
    front = "---\ntitle: Storm: the pass is closed\nauthor: Ada Boe\ndate: 18.11.2023\n---\n"
    content = READERS[".md"]((front + BODY).encode())
    assert (content.title, content.byline, content.date) == (
        "Storm: the pass is closed", "Ada Boe", "2023-11-18",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nThe quay costs 5 million.\n\n---\n\nIt opens in May.",  # two rules
        "---\n\nHe said at noon: The quay costs 5 million.\n\n---\n\nIt opens in May.",
        "---\nNote: The quay costs 5 million.\n---\n\nIt opens in May.",
        "---\n[broken\n---\nThe quay costs 5 million.\n\nIt opens in May.",
        "--- \nnot closed\n\nThe quay costs 5 million.\n\nIt opens in May.",
    ],
)
def test_what_is_no_front_matter_is_text(text):
    content = READERS[".markdown"](text.encode())
    assert "The quay costs 5 million." in content.text
    assert "It opens in May." in content.text
    assert content.date == ""


def test_tables_and_html_are_read():
    content = READERS[".md"](
        b"Prices:\n\n| Kind | Crowns |\n|---|---|\n| Adults | 7 |\n\n<div class='x'>\n<p>Children "
        b"pay <b>3</b>.</p>\n</div>\n\n~~Dogs 2.~~ Dogs 1. ![](a.png)\n"
    )
    assert content.text == (
        "Prices:\n\nKind | Crowns\n\nKind: Adults | Crowns: 7\n\nChildren pay 3.\n\nDogs 1."
    )
    assert content.notes == ("1 picture without text",)


def test_marks_of_note_taking_programs_are_not_shown():
    note = (
        "# Peat\n\nThe [[Sphagnum moss|moss]] of [[Derrymoyle#history]] is ==very old==.[^1] ^peat"
        "\n\n"
        "> [!info] Known\n> It holds water.\n\n%% ask for money %%\n\n![[photo.png]]\n\n"
        "[^1]: So says the museum.\n\n"
        "```sh\nif [[ -f a ]]; then echo '[[b]]'; fi\n```\n\nUse `[[c]]` for links.\n"
    )
    text = READERS[".md"](note.encode()).text
    assert "The moss of Derrymoyle is very old." in text
    assert "Known\nIt holds water." in text or "Known It holds water." in text
    assert "So says the museum." in text
    assert "[[ -f a ]]" in text
    assert "'[[b]]'" in text
    assert "Use [[c]] for links." in text
    for words in ("ask for money", "photo.png", "[^", "^peat", "[!info]", "=="):
        assert words not in text
