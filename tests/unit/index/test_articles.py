from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from index import articles
from index.articles import Article, read_article, seed_articles
from index.errors import ArticleError
from index.language import detect_language
from index.readers import READERS
from index.readers.base import Locator

ARABIC = (
    "أكد وزير الخارجية الروسي سيرغي لافروف أمس، على ضرورة العمل المشترك بين الجزائر وروسيا.\n"
    "وشدد على ضرورة توسيع آفاق التعاون بين البلدين بعدما وصل التبادل التجاري إلى 3 مليارات دولار."
)
PAGE = """<html><head><title>River levels | The Paper</title>
<script>alert(1)</script></head><body><nav>Home News Sport</nav>
<article><h1>River levels</h1>
<p>The river Ouse rose by 3.2 metres in York on Monday, the highest level in ten years, officials
said. Engineers closed the flood gate at Foss Barrier, and nobody was hurt in the city.</p>
<p>The water is expected to fall again on Wednesday, when the rain moves to the east coast.</p>
</article><footer>Copyright</footer></body></html>"""


def _pdf(*lines: str, password: str | None = None) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setTitle("Annual report")
    for number, line in enumerate(lines):
        canvas.drawString(72, 720 - 20 * number, line)
    canvas.showPage()
    canvas.save()
    if password is None:
        return stream.getvalue()
    writer = PdfWriter(clone_from=PdfReader(stream))
    writer.encrypt(password, algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _docx() -> bytes:
    document = Document()
    document.add_heading("Minutes", 1)
    document.add_paragraph("The board met on 3 May.")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Budget", "3 million"
    document.add_paragraph("It will meet again in June.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def _write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return _write


Write = Callable[[str, bytes], Path]


def test_a_pdf_that_nobody_named_is_named_by_its_first_line(write: Write) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream)  # it writes the title "untitled"
    canvas.drawString(72, 720, "River levels")
    canvas.save()
    assert read_article(write("a.pdf", stream.getvalue())).title == "River levels"


def test_the_shipped_article() -> None:
    (article,) = seed_articles()
    assert article.title == "بوتين يوجّه دعوة للرئيس تبـون لزيارة موسكو"
    assert article.language == "ar"
    assert article.text[584:599] == "3 مليارات دولار"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1256"])
def test_encodings_of_arabic_are_told_apart(encoding: str, write: Write) -> None:
    article = read_article(write("a.txt", ARABIC.encode(encoding)))
    assert article.text == ARABIC
    assert article.language == "ar"
    assert article.source == "a.txt"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le président a été invité à dîner à l'hôtel de ville, où l'on fête Noël. " * 3, "cp1252"),
        ("Президент приехал в Москву, где его ждали послы и министры. " * 3, "cp1251"),
        ("市政府宣布新图书馆将于九月开放，馆内有四十万册图书供读者借阅。" * 3, "gb18030"),
    ],
)
def test_other_legacy_encodings(text: str, encoding: str, write: Write) -> None:
    assert read_article(write("a.txt", text.encode(encoding))).text == text


def test_markdown_gives_what_a_reader_sees(write: Write) -> None:
    source = "# The *bridge*\n\nIt is **3 km** long\nand [new](http://x).\n\n- one\n- two\n"
    source += "\n```\nx = 1\n```\n"
    article = read_article(write("a.md", source.encode()))
    assert article.title == "The bridge"
    assert article.text == "The bridge\n\nIt is 3 km long and new.\n\none\n\ntwo\n\nx = 1"


def test_html_gives_the_article_alone(write: Write) -> None:
    article = read_article(write("a.html", PAGE.encode()))
    assert article.title == "River levels"
    assert article.text.startswith("River levels")
    assert "rose by 3.2 metres" in article.text
    assert "Home News" not in article.text
    assert "alert" not in article.text


def test_pdf(write: Write) -> None:
    article = read_article(write("a.pdf", _pdf("The board met on 3 May.", "It agreed.")))
    assert article.title == "Annual report"
    assert article.text == "The board met on 3 May. It agreed."


def test_docx_keeps_the_order_of_paragraphs_and_tables(write: Write) -> None:
    article = read_article(write("a.docx", _docx()))
    assert article.text == (
        "Minutes\n\nThe board met on 3 May.\n\nBudget | 3 million\n\nIt will meet again in June."
    )


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 101_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\t", "the file is empty"),
        ("a.txt", "\ufeff \u00a0".encode(), "there is no text in it"),
        ("a.txt", bytes(range(32)) * 20, "binary data|known encoding"),
        ("a.txt", os.urandom(4000), "binary data|known encoding"),
        ("a.xyz", b"x", r"unknown format; use one of \.csv, \.docx, "),
        ("a.pdf", b"%PDF-1.7 nothing more", "this PDF is damaged"),
        ("a.pdf", b"not a pdf", "this PDF is damaged"),
        ("a.pdf", _pdf("secret", password="x"), "this PDF is encrypted"),
        ("a.pdf", _pdf(), "no text layer"),
        ("a.docx", b"PK nothing", "this .docx is damaged"),
        ("a.docx", _docx()[:-200], "this .docx is damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "an old .doc or an encrypted document"),
        ("a.docx", _bomb(), "unpacks to 101,000,000 bytes; the limit is 100,000,000"),
        ("a.html", b"<html><body></body></html>", "no article text|not an HTML page"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, reason: str, write: Write) -> None:
    with pytest.raises(ArticleError, match=rf"{name}: .*({reason})") as caught:
        read_article(write(name, data))
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"no\.txt: there is no such file"):
        read_article(tmp_path / "no.txt")
    (tmp_path / "d.txt").mkdir()
    with pytest.raises(ArticleError, match=r"d\.txt: this is a folder"):
        read_article(tmp_path / "d.txt")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.txt")
    with pytest.raises(ArticleError, match=r"p\.txt: this is a pipe or a device"):
        read_article(tmp_path / "p.txt")


def test_docx_tables_inside_tables_and_absurd_spans(write: Write) -> None:
    document = Document()
    table = document.add_table(1, 1)
    cell = table.rows[0].cells[0]
    cell.text = "Outer cell."
    cell.add_table(1, 1).rows[0].cells[0].text = "The budget is 7 million."
    cell._tc.grid_span = 100_000_000
    stream = io.BytesIO()
    document.save(stream)
    article = read_article(write("a.docx", stream.getvalue()))
    assert article.text.split() == ["Outer", "cell.", "The", "budget", "is", "7", "million."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(write: Write) -> None:
    path = write("a.txt", b"x")
    path.chmod(0)
    with pytest.raises(ArticleError, match=r"a\.txt: cannot be read \(Permission denied\)"):
        read_article(path)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("منال.ب", "منال.ب"),
        ("By Jane Doe", "Jane Doe"),
        ("بقلم: أحمد بن علي", "أحمد بن علي"),
        ("J. Smith", "J. Smith"),
        ("Par Amel de la Tour", "Amel de la Tour"),
        ("Introduction", ""),
        ("By train to Paris", ""),
        ("Par exemple", ""),
        ("By 2030 all must stop", ""),
        ("By the river stood a house that nobody had lived in for a hundred years", ""),
        ("The river rose.", ""),
        ("U.S", ""),
    ],
)
def test_a_byline_is_a_line_of_its_own_under_the_title(line: str, byline: str) -> None:
    text = f"River levels\n\n{line}\n\nThe river Ouse rose by 3.2 metres."
    assert Article.of(text, language="en").byline == byline


def test_titles_and_bylines_have_a_length() -> None:
    article = Article.of("Text.", title="t" * 1_000_000, byline="b " * 1_000_000, language="en")
    assert len(article.title) <= 301
    assert len(article.byline) <= 301


def test_a_page_names_its_author(write: Write) -> None:
    page = PAGE.replace("<head>", '<head><meta name="author" content="Jane Doe">')
    assert read_article(write("a.html", page.encode())).byline == "Jane Doe"
    assert read_article(write("b.html", PAGE.encode())).byline == ""


def test_limits(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "MAX_BYTES", 10)
    with pytest.raises(ArticleError, match=r"a\.txt: 11 bytes; the limit is 10"):
        read_article(write("a.txt", b"x" * 11))
    monkeypatch.setattr(articles, "MAX_CHARS", 5)
    with pytest.raises(ArticleError, match=r"b\.txt: 6 characters; the limit is 5"):
        read_article(write("b.txt", b"abcdef"))


@settings(max_examples=60)
@given(st.sampled_from(sorted(READERS)), st.binary(max_size=300), st.booleans())
def test_any_bytes_give_an_article_or_one_error(kind: str, data: bytes, framed: bool) -> None:
    head = {".pdf": b"%PDF-1.4\n", ".docx": b"PK\x03\x04", ".html": b"<html><p>"}.get(kind, b"")
    try:
        READERS[kind](head + data if framed else data).text.encode()
    except ArticleError as error:
        assert str(error)


@settings(max_examples=150)
@given(
    st.sampled_from([".pdf", ".docx"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_real_files_with_flipped_bytes_give_an_article_or_one_error(
    kind: str, flips: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(_WHOLE[kind])
    for place, value in flips:
        data[int(place * (len(data) - 1))] = value
    try:
        READERS[kind](bytes(data[: int(len(data) * max(kept, 0.5))] if kept < 0.9 else data))
    except ArticleError as error:
        assert str(error)


_WHOLE = {".pdf": _pdf("The board met on 3 May.", "It agreed."), ".docx": _docx()}


def test_halved_characters_are_refused() -> None:
    with pytest.raises(ArticleError, match=r"not valid Unicode \(half a character at 1\)"):
        Article.of("x\ud800")


@pytest.mark.parametrize("first", ["1", "* * *", "# ", "---", "12/2024"])
def test_what_says_nothing_is_no_title(first: str) -> None:
    article = Article.of(f"{first}\n\nRiver levels\n\nThe river rose by 3.2 metres.", language="en")
    assert article.title == "River levels"
    assert Article.of("42", language="en").title == "42"


def test_the_id_is_of_title_and_text() -> None:
    one = Article.of("Some text.", title="A")
    assert Article.of("Some text.", title="A", source="elsewhere").id == one.id
    assert Article.of("Some text.", title="B").id != one.id
    assert Article.of("Some text!", title="A").id != one.id


def test_a_locator_is_that_of_the_part_in_which_a_character_stands() -> None:
    pages = (Locator(0, "page", "1"), Locator(5, "page", "2"))
    article = Article.of("One. Two.", locators=pages, language="en")
    assert [str(article.locator(at)) for at in (0, 4, 5, 8)] == ["page 1"] * 2 + ["page 2"] * 2
    assert Article.of("One. Two.", language="en").locator(3) is None
    facts = json.loads(json.dumps(article.record))
    assert Article.from_record(article.id, article.text, facts) == article
    with pytest.raises(ValueError, match="are not in order"):
        Article.of("One. Two.", locators=pages[::-1], language="en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ﻧﻔﻖ ﺟﺪﻳﺪ", "ar"),  # presentation forms
        ("نفق", "ar"),
        ("Новый мост открыт", "ru"),
        ("新桥", "zh"),
        ("γέφυρα", "el"),
        ("גשר", "he"),
    ],
)
def test_a_short_text_has_the_language_of_its_script(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("lines", "byline", "date"),
    [
        ("By Jane Doe\n12 June 2024", "Jane Doe", "2024-06-12"),
        ("By Jane Doe, 12 June 2024", "Jane Doe", "2024-06-12"),
        ("12 June 2024\nBy Jane Doe", "Jane Doe", "2024-06-12"),
        ("The flood of 12 June 2024", "", ""),
        ("Nobody was hurt on 12 June 2024.", "", ""),
    ],
)
def test_author_and_day_under_the_title(lines: str, byline: str, date: str) -> None:
    article = Article.of(
        f"River levels\n{lines}\n\nThe river Ouse rose by 3.2 metres.", language="en"
    )
    assert (article.byline, article.date) == (byline, date)


def test_a_long_first_sentence_is_cut_to_a_title() -> None:
    title = Article.of("word " * 100 + ".").title
    assert title.endswith("…")
    assert len(title) <= 80


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ARABIC, "ar"),
        ("The river rose by three metres on Monday.", "en"),
        ("Le fleuve est monté de trois mètres lundi.", "fr"),
        ("Река поднялась на три метра в понедельник.", "ru"),
        ("El río subió tres metros el lunes.", "es"),
        ("Der Fluss stieg am Montag um drei Meter.", "de"),
        ("Nehir pazartesi günü üç metre yükseldi.", "tr"),
        ("周一河水上涨了三米，市政府宣布新图书馆将于九月开放。", "zh"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect_language(text) == language
