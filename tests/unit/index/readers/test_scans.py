"""Scans: what Tesseract reads of pictures that are drawn here, through every door."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, features
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.articles import read_article
from index.errors import ArticleError
from index.ingest.update import UpdateSettings, update
from index.readers import find_reader, scans
from index.readers.scans import OCR, Recogniser
from index.sandbox import read_in_sandbox
from qa.cli import main

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
ENGLISH = [
    "River levels in the north",
    "The board met on 3 May 2021 and agreed to spend 4.2 million",
    "dollars on new dams. Its chair said that the river had risen by",
    "two metres in one night.",
]
FRENCH = [
    "Le maire a présenté hier le budget de la ville pour l'année",
    "prochaine. On prévoit une hausse des impôts et la création de",
    "deux écoles près de la gare.",
]
ARABIC = ["وصل حجم التبادل التجاري بين البلدين", "إلى 3 مليارات دولار خلال العام الماضي."]
EXPECTED = " ".join(ENGLISH[1:])

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("tesseract") and FONT.exists() and features.check("raqm")),
        reason="needs Debian's tesseract-ocr, its font DejaVu, and Pillow with raqm",
    ),
]


def draw(lines: list[str], *, rtl: bool = False, turn: int = 0) -> Image.Image:
    font = ImageFont.truetype(str(FONT), 34)
    page = Image.new("L", (1_500, 1_000), "white")
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        direction = "rtl" if rtl else "ltr"
        left = 1_350 - font.getlength(line, direction=direction) if rtl else 150
        gap = 40 if number and not rtl and len(lines) > 3 else 0  # under the title
        pen.text((left, 200 + 50 * number + gap), line, font=font, fill=0, direction=direction)
    return page.rotate(turn, expand=True)


def png(page: Image.Image, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    page.save(stream, kind)
    return stream.getvalue()


def scanned_pdf(*pages: Image.Image | str) -> bytes:
    """Return a PDF of pictures, and of pages with a text layer."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(450, 300))
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(50, 200, page)
        else:
            canvas.drawImage(ImageReader(page), 0, 0, 450, 300)
            canvas.drawString(20, 10, "Scanned by A. B.")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def read(data: bytes, suffix: str, *languages: str) -> str:
    reader = find_reader(suffix, OCR(languages))
    assert reader is not None
    return reader(data).text


def test_picture_is_read_in_its_own_language() -> None:
    assert read(png(draw(ENGLISH)), ".png").split("\n\n") == [ENGLISH[0], EXPECTED]
    assert read(png(draw(ARABIC, rtl=True)), ".png") == " ".join(ARABIC)
    if "fra" in Recogniser(OCR())._installed:
        assert read(png(draw(FRENCH), "JPEG"), ".jpg") == " ".join(FRENCH)


def test_page_that_lies_on_its_side_is_turned() -> None:
    assert EXPECTED in read(png(draw(ENGLISH, turn=90)), ".png")


def test_pages_of_a_tiff_and_the_progress_over_them(tmp_path: Path) -> None:
    stream = io.BytesIO()
    draw(ENGLISH).save(
        stream, "TIFF", save_all=True, append_images=[draw(["The dams were built in 2023."])]
    )
    path = tmp_path / "fax.tiff"
    path.write_bytes(stream.getvalue())
    pages: list[tuple[int, int]] = []
    article = read_in_sandbox(path, OCR(("en",), lambda *page: pages.append(page)))
    assert pages == [(1, 2), (2, 2)]
    assert str(article.locator(article.text.index("2023"))) == "page 2"
    assert article == read_article(path, OCR(("en",)))


def test_scanned_pages_of_a_pdf_stand_between_its_other_pages() -> None:
    text = "The minutes were approved. " * 3
    data = scanned_pdf(text.strip(), draw(ENGLISH), "The end of the minutes. " * 3)
    reader = find_reader(".pdf", OCR(("eng",)))
    assert reader is not None
    content = reader(data)
    assert [place.value for place in content.locators] == ["1", "2", "3"]
    start = content.locators[1].start
    assert content.text[start:].startswith(ENGLISH[0])
    assert EXPECTED in content.text
    assert content.notes == ()


def test_without_ocr_scans_are_said_to_be_scans(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(draw(ENGLISH), "A page with words of its own. " * 3))
    assert read_article(path).notes == (
        "1 of 2 pages without a text layer (scans? --ocr reads them): 1",
    )
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(450, 300))
    canvas.drawImage(ImageReader(draw(ENGLISH)), 0, 0, 450, 300)
    canvas.save()
    path.write_bytes(stream.getvalue())
    with pytest.raises(ArticleError, match=r"1 of 1 page of this PDF without a text layer.*--ocr"):
        read_article(path)
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(png(draw(ENGLISH), "JPEG"))
    with pytest.raises(ArticleError, match=r"photo\.jpg: this is a picture.*--ocr"):
        read_article(picture)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GIF89a not one", "this is not a picture, whatever its name says"),
        (png(Image.new("L", (400, 400), "white")), "no text was found in this picture"),
        (png(Image.new("1", (20_000, 9_000))), "pixels"),
        (png(draw(ENGLISH))[:900], "this picture is damaged|no text was found"),
    ],
)
def test_bad_pictures_are_refused_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        read(data, ".png", "en")
    assert "\n" not in str(caught.value)


def test_unknown_languages_are_refused_with_what_is_there() -> None:
    with pytest.raises(ArticleError, match=r"no data for xyz \(installed: .*eng.*\); apt-get"):
        read(png(draw(ENGLISH)), ".png", "xyz")
    with pytest.raises(ArticleError, match=r"'--psm 0' is not a language"):
        OCR(("--psm 0",))


def test_noise_is_noted_as_hard_to_read() -> None:
    page = draw(ENGLISH)
    blurred = page.resize((170, 113)).resize(page.size)
    reader = find_reader(".png", OCR(("en",)))
    assert reader is not None
    try:
        notes = reader(png(blurred)).notes
    except ArticleError as error:
        assert "no text was found" in str(error)  # by the version of Tesseract
    else:
        assert notes == ("hard to read, check the words: page 1",)


def test_folder_is_indexed_with_its_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge was opened in 1999.")
    (folder / "b.png").write_bytes(png(draw(ENGLISH)))
    report = update(tmp_path / "s", [str(folder)], UpdateSettings())
    assert (report.added, report.passed_over) == (1, ((".png", 1),))
    report = update(tmp_path / "s", [str(folder)], UpdateSettings(ocr=OCR(("en",)), jobs=2))
    assert (report.added, report.unchanged, report.failures) == (1, 1, ())
    assert EXPECTED in {" ".join(a.text.split("\n\n")[1:]) for a in report.store.articles}


def test_command_reads_a_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(draw(ENGLISH)))
    asked = ["ask", "how much will be spent on dams?", "--article", str(path), "--ocr"]
    assert main(asked) == 0
    assert "4.2 million" in capsys.readouterr().out


def test_a_page_that_cannot_be_read_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    read_page = scans._recognise

    def fail_on_the_second(picture: Image.Image, languages: Sequence[str]) -> list[scans.Word]:
        calls.append(1)
        if len(calls) == 2:
            raise scans.PageError("reading one page took longer than 120 seconds")
        return read_page(picture, languages)

    calls: list[int] = []
    monkeypatch.setattr(scans, "_recognise", fail_on_the_second)
    reader = find_reader(".pdf", OCR(("en",)))
    assert reader is not None
    content = reader(scanned_pdf(draw(ENGLISH), draw(ENGLISH), draw(["The end came at 9."])))
    assert EXPECTED in content.text
    assert "The end came at 9." in content.text
    assert content.notes == ("not read: page 2",)


def test_only_scanned_pages_count_for_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_PAGES", 1)
    text = "A page with words of its own. " * 3
    assert EXPECTED in read(scanned_pdf(text, text, draw(ENGLISH)), ".pdf", "en")
    with pytest.raises(ArticleError, match="2 scanned pages; the limit is 1"):
        read(scanned_pdf(draw(ENGLISH), draw(ENGLISH)), ".pdf", "en")
    stream = io.BytesIO()
    draw(ENGLISH).save(stream, "TIFF", save_all=True, append_images=[draw(ENGLISH)])
    with pytest.raises(ArticleError, match="2 scanned pages; the limit is 1"):
        read(stream.getvalue(), ".tiff", "en")


def test_postscript_is_no_picture() -> None:
    with pytest.raises(ArticleError, match="this is not a picture"):
        read(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", ".png", "en")
