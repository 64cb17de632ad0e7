"""Printed pages: lines are joined to paragraphs, columns and tables read in order."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.articles import article_of_bytes
from index.errors import ArticleError
from index.readers import READERS
from index.readers.base import Locator
from index.readers.lines import join_words
from index.readers.rtl import logical_order

TOP = A4[1] - 100


def pdf(draw, title=""):
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    if title:
        canvas.setTitle(title)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def write(canvas, lines, x=70.0, y=TOP, size=11, leading=14):
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(x, y - leading * number, line)


def read(draw):
    return READERS[".pdf"](pdf(draw))


def test_a_paragraph_is_one_however_it_is_broken():
    def draw(canvas):
        write(canvas, ["Bridge opens"], y=TOP + 40, size=18)
        write(canvas, [
            "The mayor opened the new bridge over the river on Monday after two years of",
            "building. It cost 5 million crowns, which the region paid, and carries sixty-",
            "four trucks an hour. The muni-",
        ])  # fmt: skip
        write(
            canvas,
            ["cipality owns it, and the region keeps it in repair for twenty years."],
            y=TOP - 42,
        )
        write(canvas, ["Nobody was hurt."], y=TOP - 42 - 28)

    assert read(draw).text == (
        "Bridge opens\n\n"
        "The mayor opened the new bridge over the river on Monday after two years of "
        "building. It cost 5 million crowns, which the region paid, and carries sixty-four trucks "
        "an "
        "hour. The municipality owns it, and the region keeps it in repair for twenty years.\n\n"
        "Nobody was hurt."
    )


LEFT = [
    "The harbour of Oran was closed",
    "for two days because of a storm",
    "that broke three cranes, said",
    "the harbour master on Tuesday.",
    "Ships waited off the coast and",
]
RIGHT = [
    "some of them went on to Algiers.",
    "The port opens again on Friday",
    "when the cranes are repaired by",
    "a firm from Genoa, which sent",
    "twelve engineers.",
]


def test_columns_are_read_one_after_the_other():
    def draw(canvas):
        write(canvas, ["Storm closes the harbour of Oran for two days"], y=TOP + 40, size=18)
        write(canvas, LEFT)
        write(canvas, RIGHT, x=310)

    assert read(draw).text == (
        "Storm closes the harbour of Oran for two days\n\n" + " ".join([*LEFT, *RIGHT])
    )


def test_a_table_is_read_row_by_row():
    def draw(canvas):
        write(canvas, ["Ships by year:"], y=TOP + 30)
        for column, cells in enumerate(
            (["Year", "2022", "2023", "2024"], ["Ships", "41", "38", "52"])
        ):
            write(canvas, cells, x=70 + 200 * column)

    assert read(draw).text.split("\n\n") == [
        "Ships by year:", "Year | Ships", "2022 | 41", "2023 | 38", "2024 | 52",
    ]  # fmt: skip


def test_lines_set_wide_apart_are_one_paragraph():
    text = [*LEFT, *RIGHT]

    def draw(canvas):
        write(canvas, text, leading=24)
        write(canvas, ["Nobody was hurt."], y=TOP - 24 * len(text) - 24)

    assert read(draw).text == " ".join(text) + "\n\nNobody was hurt."


def test_three_short_columns_of_justified_lines():
    """The words of a justified line stand far apart."""
    column = ["sixty million for", "the bridge over", "the river, which", "the region pays"]

    def draw(canvas):
        canvas.setFont("Helvetica", 9)
        for number in range(3):
            for row, line in enumerate(column):
                words = line.split()
                gap = (84 - sum(canvas.stringWidth(w) for w in words)) / (len(words) - 1)
                x = 60 + 98 * number
                for word in words:
                    canvas.drawString(x, TOP - 11 * row, word)
                    x += canvas.stringWidth(word) + gap

    assert " ".join(column) in read(draw).text
    assert "|" not in read(draw).text


def test_bullets_without_a_letter():
    def draw(canvas):
        write(canvas, ["\u2022", "\u2022"], leading=28)
        write(
            canvas, ["Stalls cost 15 crowns a day and are let by the clerk of the town, Rosa"], x=90
        )
        write(canvas, ["Kemp."], x=90, y=TOP - 14)
        write(canvas, ["Dogs stay outside."], x=90, y=TOP - 28)

    first, second = read(draw).text.split("\n\n")
    assert first.endswith("clerk of the town, Rosa Kemp.")
    assert second.endswith("Dogs stay outside.")
    assert "cid" not in first


def test_items_of_a_list_keep_their_lines():
    items = ["1. Dogs must stay outside the hall.", "2. Stalls close at two.", "3. Cheese is sold."]
    assert read(lambda canvas: write(canvas, items)).text.split("\n\n") == items


def test_running_heads_and_page_numbers_are_left_out_and_locators_are_pages():
    bodies = [
        [
            "The mayor opened the new bridge over the river on Monday after two years",
            "of building, and the",
        ],
        ["people of the town walked over it until midnight, said the police.", "It was cold."],
    ]

    def draw(canvas):
        for number, body in enumerate(bodies, 1):
            write(canvas, [f"The Lake Paper - {number} May 2024"], y=A4[1] - 40, size=9)
            write(canvas, body)
            write(canvas, [f"Page {number} of 2"], x=280, y=30, size=9)
            canvas.showPage()

    content = read(draw)
    assert content.text == (
        "The mayor opened the new bridge over the river on Monday after two years of building, and "
        "the people of the town walked over it until midnight, said the police. It was cold."
    )
    second = content.text.index("people of the town")
    assert content.locators == (Locator(0, "page", "1"), Locator(second, "page", "2"))
    article = article_of_bytes(pdf(draw), READERS[".pdf"], "a.pdf")
    assert article.locator(second + 3) == Locator(second, "page", "2")


def test_rows_that_repeat_but_for_their_numbers_are_kept_at_the_edges_of_pages():
    rows = [
        f"The council met {n} times in the year {1900 + n} and built a bridge." for n in range(120)
    ]

    def draw(canvas):
        for at in range(0, 120, 54):
            write(canvas, rows[at : at + 54], y=A4[1] - 30)
            canvas.showPage()

    text = read(draw).text
    assert all(row in text for row in rows)


def test_values_of_a_form_stand_beside_their_names():
    def draw(canvas):
        write(canvas, ["Name of the owner:", "Kind of boat:"], leading=30)
        for number, value in enumerate(("Ada Boe", "a ferry")):
            canvas.acroForm.textfield(
                name=f"f{number}", value=value, x=200, y=TOP - 30 * number - 4, width=200, height=18
            )

    assert read(draw).text == "Name of the owner: Ada Boe\n\nKind of boat: a ferry"


def test_pages_without_text_are_said():
    def draw(canvas):
        write(canvas, ["The mayor opened the bridge."])
        canvas.showPage()
        canvas.rect(100, 100, 50, 50)
        canvas.showPage()

    assert read(draw).notes == ("1 of 2 pages without a text layer (scans? --ocr reads them): 2",)


@pytest.mark.parametrize(
    ("before", "after", "known", "joined"),
    [
        ("the muni-", "cipality paid", set(), "the municipality paid"),
        ("twenty-", "two boats", set(), "twenty-two boats"),
        ("a well-", "known man", {"well-known"}, "a well-known man"),
        ("the coop-", "eration", {"cooperation", "coop", "eration"}, "the cooperation"),
        ("Anglo-", "French talks", set(), "Anglo-French talks"),
        ("die Denk\u00ad", "malschutzbehörde", set(), "die Denkmalschutzbehörde"),
        ("the bridge", "was opened", set(), "the bridge was opened"),
        ("新桥在", "星期一开通", set(), "新桥在星期一开通"),
        ("the ﬁ-", "rst day", set(), "the ﬁrst day"),
        ("from 3 -", "5 boats", set(), "from 3 - 5 boats"),
        ("leurs arrière-", "grands-parents", set(), "leurs arrière-grands-parents"),
    ],
)
def test_words_at_the_ends_of_lines(before, after, known, joined):
    assert join_words(before, after, known) == joined


# What pages show, from the left: by python-bidi's algorithm.get_display.
SHOWN = {
    "بلغت كلفة النفق 25 مليون درهم.": ".مهرد نويلم 25 قفنلا ةفلك تغلب",
    "وصل إلى 3 مليارات دولار عام 2019 (تقريبا).": ".(ابيرقت) 2019 ماع رالود تارايلم 3 ىلإ لصو",
    "ارتفع بنسبة 12.5% أمس": "سمأ %12.5 ةبسنب عفترا",
    "قالت شركة Blue Door إن السعر 1,204 درهم": "مهرد 1,204 رعسلا نإ Blue Door ةكرش تلاق",
    "ראש העיר פתח את הגשר ב-5 במאי": "יאמב 5-ב רשגה תא חתפ ריעה שאר",
    "قال: «نعم» ثم ذهب": "بهذ مث «معن» :لاق",
    "The word مليون means million.": "The word نويلم means million.",
    "The bridge (new) cost 5 million.": "The bridge (new) cost 5 million.",
}


@pytest.mark.parametrize("text", SHOWN)
def test_glyphs_from_the_left_are_read_in_their_order(text):
    assert logical_order(list(SHOWN[text])) == text


def test_presentation_forms_and_ligatures_are_ordinary_letters():
    assert logical_order(list("ﻢﻫرد 52")) == "52 درهم"
    assert logical_order(["ﺐ", "ﻋ", "ﻼ", "ﻟ", "ا"]) == "اللاعب"


def test_an_object_that_refers_to_itself_is_refused() -> None:
    body = b"%PDF-1.3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n2 0 R\nendobj\n"
    table = b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n"
    end = b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    with pytest.raises(ArticleError, match=r"this PDF is damaged \(object 2 refers to itself\)"):
        READERS[".pdf"](body + table + end)


def test_a_day_under_the_title_is_that_of_publication_and_a_site_no_part_of_a_title() -> None:
    def draw(canvas):
        write(canvas, ["Winter boats"], size=18)
        write(canvas, ["By Ann Lee", "York, 3 June 2019"], y=TOP - 40, leading=30)
        write(canvas, ["The ferry company published its timetable on Tuesday."], y=TOP - 120)

    content = READERS[".pdf"](pdf(draw, title="Winter boats | The Lake News"))
    assert (content.title, content.date) == ("Winter boats", "2019-06-03")
