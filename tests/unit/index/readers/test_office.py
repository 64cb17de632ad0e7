"""Word, LibreOffice, slides, sheets, rich text and books, made by the tests themselves."""

import copy
import io
import re
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches

from index.errors import ArticleError
from index.readers import READERS
from index.readers.base import MAX_UNPACKED, Locator

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx_with(xml):
    """Return a document with this XML in its body."""
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("MARK")
    document.save(stream)
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(rb"<w:p>(?:(?!<w:p>).)*MARK.*?</w:p>", xml.encode(), data)
            new.writestr(name, data)
    return packed.getvalue()


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (
            run("Rent is ") + f'<w:del w:id="1" w:author="a">{run("8").replace("w:t", "w:delText")}'
            f'</w:del><w:ins w:id="2" w:author="a">{run("9")}</w:ins>' + run(" crowns."),
            "Rent is 9 crowns.",
        ),
        (
            f'<w:moveFrom w:id="1" w:author="a">{run("gone ")}</w:moveFrom>'
            f'<w:moveTo w:id="2" w:author="a">{run("came ")}</w:moveTo>' + run("here."),
            "came here.",
        ),
        (
            run("By ") + f"<w:sdt><w:sdtContent>{run('Ada')}</w:sdtContent></w:sdt>" + run("."),
            "By Ada.",
        ),
        (
            run("In ") + f'<w:smartTag w:uri="u" w:element="city">{run("York")}</w:smartTag>',
            "In York",
        ),
        (run("It has ") + f'<w:fldSimple w:instr="NUMPAGES">{run("7")}</w:fldSimple>', "It has 7"),
        (run("Seen ") + run("and unseen ", "<w:vanish/>") + run("text."), "Seen text."),
        (
            "<w:r><w:ruby><w:rt>"
            + run("かんじ")
            + "</w:rt><w:rubyBase>"
            + run("漢字")
            + "</w:rubyBase></w:ruby></w:r>"
            + run("です。"),
            "漢字です。",
        ),
        (
            run("It costs 5.")
            + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run(" Click here to enter text.")
            + "</w:sdtContent></w:sdt>",
            "It costs 5.",
        ),
        (run("مليون ", "<w:rtl/>") + f"<w:bdo w:val='rtl'>{run('درهم')}</w:bdo>", "مليون درهم"),
    ],
)
def test_constructs_of_word(inside, text):
    assert READERS[".docx"](docx_with(f"<w:p>{inside}</w:p>")).text == text


def test_properties_of_a_document_are_its_facts_and_those_of_a_template_are_not():
    document = Document()
    document.add_paragraph("The board met.")
    stream = io.BytesIO()
    document.save(stream)
    content = READERS[".docx"](stream.getvalue())
    assert (content.title, content.byline, content.date) == ("", "", "")
    import datetime

    facts = document.core_properties
    facts.title, facts.author, facts.created = "Minutes", "Ada Boe", datetime.datetime(2024, 5, 3)
    stream = io.BytesIO()
    document.save(stream)
    content = READERS[".docx"](stream.getvalue())
    assert (content.title, content.byline, content.date) == ("Minutes", "Ada Boe", "2024-05-03")


def test_slides_have_numbers():
    show = Presentation()
    for title, text in (("Harbour", "The quay costs 5 million."), ("Plans", "It opens in May.")):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
    table = show.slides[1].shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    for place, text in enumerate(("Year", "Ships", "2023", "41")):
        table.cell(place // 2, place % 2).text = text
    show.slides[0].notes_slide.notes_text_frame.text = "Thank the mayor."
    stream = io.BytesIO()
    show.save(stream)
    content = READERS[".pptx"](stream.getvalue())
    assert content.text == (
        "Harbour\n\nThe quay costs 5 million.\n\nThank the mayor.\n\n"
        "Plans\n\nIt opens in May.\n\nYear | Ships\n\nYear: 2023 | Ships: 41"
    )
    second = content.text.index("Plans")
    assert content.locators == (Locator(0, "slide", "1"), Locator(second, "slide", "2"))
    assert content.title == content.byline == content.date == ""


def test_a_row_of_a_sheet_has_the_heads_of_its_columns():
    book = Workbook()
    sheet = book.active
    sheet.title = "Fleet"
    for row in (("Boats of the lake",), ("Name", "Built", "Seats"), ("Curlew", 1998, 120.0)):
        sheet.append(row)
    book.create_sheet("Secret").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    content = READERS[".xlsx"](stream.getvalue())
    assert content.text == (
        "Boats of the lake\n\nName | Built | Seats\n\nName: Curlew | Built: 1998 | Seats: 120"
    )
    assert content.locators == (Locator(0, "sheet", "Fleet"),)
    assert content.notes == ("1 hidden sheet not read",)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_values_between_separators(separator):
    rows = [("town", "beds"), ("York, north", "240"), ("Oran", "95")]
    lines = [separator.join(f'"{c}"' if separator in c else c for c in row) for row in rows]
    content = READERS[".csv"]("\r\n".join(lines).encode("cp1252"))
    assert content.text == "town | beds\n\ntown: York, north | beds: 240\n\ntown: Oran | beds: 95"


def odt(body, meta=""):
    space = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (("office", "office"), ("text", "text"), ("table", "table"),
                           ("draw", "drawing"), ("meta", "meta"))
    )  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {space}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "meta.xml",
            f'<office:document-meta {space} xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta>{meta}</office:meta></office:document-meta>",
        )
    return stream.getvalue()


def test_an_open_document():
    content = READERS[".odt"](
        odt(
            "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
            "<text:h>Harbour</text:h>"
            "<text:p>The quay<text:s/>costs <text:span>5</text:span> million"
            "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>in crowns"
            "</text:p></text:note-body></text:note>.</text:p>"
            "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
            "<table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
            "<table:table-cell><text:p>Ships</text:p></table:table-cell></table:table-row>"
            "<table:table-row><table:table-cell><text:p>2023</text:p></table:table-cell>"
            "<table:table-cell><text:p>41</text:p></table:table-cell></table:table-row></table:table>",
            "<dc:title>Quay</dc:title><meta:initial-creator>Ada Boe</meta:initial-creator>"
            "<meta:creation-date>2024-05-03T10:00:00</meta:creation-date>",
        )
    )
    assert content.text == (
        "Harbour\n\nThe quay costs 5 million (in crowns).\n\none\n\nYear | Ships\n\n"
        "Year: 2023 | Ships: 41"
    )
    assert (content.title, content.byline, content.date) == ("Quay", "Ada Boe", "2024-05-03")


def test_a_note_that_is_a_sentence_stands_behind_its_paragraph():
    note = "<text:note><text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    body = "<text:p>The quay" + note.format("It was new.") + " costs 5 million.</text:p>"
    content = READERS[".odt"](odt(body + "<text:p>It opens in May.</text:p>"))
    assert content.text == "The quay costs 5 million.\n\nIt was new.\n\nIt opens in May."


def test_rich_text():
    source = (
        rb"{\rtf1\ansi\ansicpg1252{\info{\title Quay}{\author Ada Boe}}{\fonttbl{\f0 Arial;}}"
        rb"{\*\generator X;}{\v hidden}{\deleted gone}\f0 "
        rb"The caf\'e9 costs {\b 5} million.\par It opens in May.\par"
        rb" \u1605?\u1604?\u1610?\u1608?\u1606?\par}"
    )
    content = READERS[".rtf"](source)
    assert content.text == "The café costs 5 million.\n\nIt opens in May.\n\nمليون"
    assert (content.title, content.byline) == ("Quay", "Ada Boe")


def epub(chapters, encrypted=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{n}" href="text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
            for n in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
        archive.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<metadata><dc:title>Boats</dc:title><dc:creator>Ada Boe</dc:creator>"
            f"<dc:date>2021</dc:date></metadata><manifest>{items}</manifest><spine>{spine}</spine>"
            "</package>",
        )
        for number, chapter in enumerate(chapters):
            archive.writestr(
                f"OEBPS/text/c {number}.xhtml",
                f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<body>{chapter}</body></html>",
            )
        if encrypted:
            archive.writestr(
                "META-INF/encryption.xml",
                f'<encryption xmlns="urn:x"><CipherReference URI="{encrypted}"/></encryption>',
            )
    return stream.getvalue()


def test_the_chapters_of_a_book_are_in_the_order_of_its_spine():
    content = READERS[".epub"](
        epub(["<h1>Two</h1><p>It ends.</p>", "<h1>One</h1><p>It begins.</p>"])
    )
    assert content.text == "One\n\nIt begins.\n\nTwo\n\nIt ends."
    assert content.locators == (Locator(0, "chapter", "1"), Locator(17, "chapter", "2"))
    assert (content.title, content.byline, content.date) == ("Boats", "Ada Boe", "")


def test_a_locked_book_is_refused_and_one_with_locked_fonts_is_not():
    with pytest.raises(ArticleError, match="this book is encrypted"):
        READERS[".epub"](epub(["<p>x</p>"], "OEBPS/text/c0.xhtml"))
    assert READERS[".epub"](epub(["<p>x</p>"], "OEBPS/fonts/a.otf")).text == "x"


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".pptx", ".xlsx", ".epub"])
def test_what_unpacks_to_too_much_is_refused(suffix):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b"0" * (MAX_UNPACKED + 1))
    with pytest.raises(ArticleError, match=r"it unpacks to 100,000,001 bytes; the limit is"):
        READERS[suffix](stream.getvalue())


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".pptx", ".xlsx", ".epub"])
def test_entities_are_not_followed(suffix):
    """Neither a file of this machine nor a billion laughs."""
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    stream = io.BytesIO()
    names = ["content.xml", "word/document.xml", "META-INF/container.xml", "[Content_Types].xml"]
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, bomb)
    with pytest.raises(ArticleError) as caught:
        READERS[suffix](stream.getvalue())
    assert "root:" not in str(caught.value)


def test_footers_of_slides_are_left_out_and_a_break_is_a_space():
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Harbour"
    slide.placeholders[1].text_frame.text = "The quay costs\v5 million."
    for shape in slide.slide_layout.placeholders:
        if "FOOTER" in str(shape.placeholder_format.type):
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    slide.shapes[-1].text_frame.text = "Port Authority 2024"
    stream = io.BytesIO()
    show.save(stream)
    assert READERS[".pptx"](stream.getvalue()).text == "Harbour\n\nThe quay costs 5 million."


def test_facts_of_rich_text_are_in_its_encoding():
    source = (
        rb"{\rtf1\ansi\ansicpg1251\uc1{\info{\title \'cf\'e8\'f1\'fc\'ec\'ee}"
        rb"{\author \u1040?\'ed\'ed\'e0}{\creatim\yr2011\mo4\dy8\hr9}}It is cold.\par}"
    )
    content = READERS[".rtf"](source)
    assert (content.title, content.byline, content.date) == ("Письмо", "Анна", "2011-04-08")


def test_a_title_of_rich_text_that_is_broken_is_none():
    source = rb"{\rtf1\ansi{\info{\title \u99999999?}}It is cold.\par}"
    assert READERS[".rtf"](source).title == ""
