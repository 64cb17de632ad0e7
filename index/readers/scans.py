"""Scans: pictures of text, and pages of a PDF that are pictures, read by Tesseract."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from statistics import fmean, median
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.language import detect_language
from index.readers.base import PARSER_ERRORS, Content
from index.readers.columns import order_lines
from index.readers.lines import Line, drop_running_lines, join_pages, join_paragraphs

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")  # no others: Pillow opens PostScript, too
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
MAX_PAGES = 300  # minutes of work
_MAX_PIXELS = 120_000_000
_PAGE_SECONDS = 120
_DPI = 300
_POINTS = 72
_MIN_WIDTH = 1_200  # pixels; smaller pictures are enlarged: Tesseract wants letters of 20 or more
_PAGE_HEIGHT = 842.0  # points, of a picture that does not know its size
_DOUBTFUL = 60.0  # of 100: what Tesseract is less sure of is noted
_NOISE = 25.0  # of 100: specks and lines that look like letters
_HEADING = 1.35  # times the usual height of a line
# Tesseract's names of the languages of each script, the usual first.
_SCRIPTS = {
    "Latin": ("eng", "fra", "spa", "deu", "tur", "ita", "por", "ind"),
    "Arabic": ("ara", "fas", "urd"),
    "Cyrillic": ("rus", "ukr"),
    "Han": ("chi_sim", "chi_tra"),
    "Japanese": ("jpn",),
    "Hangul": ("kor",),
    "Hebrew": ("heb",),
    "Devanagari": ("hin",),
}
_NAMES = {
    "en": "eng", "fr": "fra", "es": "spa", "de": "deu", "tr": "tur", "it": "ita", "pt": "por",
    "id": "ind", "ar": "ara", "fa": "fas", "ur": "urd", "ru": "rus", "uk": "ukr", "zh": "chi_sim",
    "ja": "jpn", "ko": "kor", "he": "heb", "hi": "hin",
}  # fmt: skip
_INSTALL = "apt-get install tesseract-ocr tesseract-ocr-ara"
_LANGUAGE = re.compile(r"[A-Za-z_]{2,20}(?:/[A-Za-z_]{2,20})?")
_SCRIPT = re.compile(r"^Script: (\w+)", re.MULTILINE)
_TURN = re.compile(r"^Rotate: (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OCR:
    """How scans are read: in which languages, and what is called for each page.

    ``languages`` are ISO 639-1 codes or Tesseract's names; none means that they are guessed.
    ``on_page`` gets the number of the page that was read and how many there are.
    """

    languages: tuple[str, ...] = ()
    on_page: Callable[[int, int], object] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for name in self.languages:
            if not _LANGUAGE.fullmatch(name):
                raise ArticleError(f"{name!r} is not a language that Tesseract knows")


def can_recognise() -> bool:
    """Return whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def read_picture(data: bytes, ocr: OCR) -> Content:
    """Read the text of a picture; a TIFF may hold several pages."""
    recogniser = Recogniser(ocr)
    pages = []
    try:  # one frame at a time: a fax of many pages is small, and its pictures are not
        for number, (frame, count) in enumerate(_frames(data), 1):
            pages.append(recogniser.read(frame, number, count))
    except PARSER_ERRORS as error:
        raise ArticleError(f"this picture is damaged ({error or type(error).__name__})") from error
    shown = drop_running_lines(pages)
    text, locators = join_pages([join_paragraphs(order_lines(lines)) for lines in shown])
    if not text.strip():
        raise ArticleError("no text was found in this picture")
    return Content("", text, locators=locators if len(pages) > 1 else (), notes=recogniser.notes)


def render_pages(data: bytes, numbers: Sequence[int]) -> Iterator[Image]:
    """Yield the pages of a PDF, which count from 0, as pictures."""
    try:
        import pypdfium2
    except ImportError:
        raise ArticleError(
            "to read scanned pages, install what draws them: pip install 'article-qa[ocr]'"
        ) from None
    try:
        document = pypdfium2.PdfDocument(data)
        for number in numbers:
            page = document[number]
            pixels = page.get_width() * page.get_height() * (_DPI / _POINTS) ** 2
            # A plan of a square metre is drawn with fewer dots.
            scale = _DPI / _POINTS * min(1.0, (_MAX_PIXELS / pixels) ** 0.5)
            yield page.render(scale=scale, grayscale=True).to_pil()
    except pypdfium2.PdfiumError as error:
        raise ArticleError(f"its pages cannot be drawn ({error})") from error


class PageError(ArticleError):
    """Raised when one page cannot be read."""


class Recogniser:
    """Tesseract on the pages of one file; what it finds out of the first helps with the next."""

    def __init__(self, ocr: OCR) -> None:
        if not can_recognise():
            raise ArticleError(f"to read scans, install Tesseract: {_INSTALL}")
        self._ocr = ocr
        self._installed = _installed()
        self._languages = self._given()
        self._doubtful: list[str] = []
        self._unread: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """Which pages were hard to read, and which could not be, a line each."""
        said = {"hard to read, check the words": self._doubtful, "not read": self._unread}
        return tuple(
            f"{text}: page {', '.join(pages[:10])}{', …' if len(pages) > 10 else ''}"
            for text, pages in said.items()
            if pages
        )

    def skip(self, number: int) -> None:
        """Note a page that cannot be read."""
        self._unread.append(str(number))

    def read(self, picture: Image, number: int, count: int) -> list[Line]:
        """Return the lines of a page, in points from its upper left corner."""
        picture = _enlarged(picture)
        script, turn = _orientation(picture)
        if turn:
            picture = picture.rotate(-turn, expand=True, fillcolor="white")
        words = self._read_words(picture, script)
        if words and fmean(word.confidence for word in words) < _DOUBTFUL:
            self._doubtful.append(str(number))
        if self._ocr.on_page is not None:
            self._ocr.on_page(number, count)
        return _lines(words, picture.height)

    def _given(self) -> tuple[str, ...]:
        names = tuple(_NAMES.get(name.lower(), name) for name in self._ocr.languages)
        if missing := [name for name in names if name not in self._installed]:
            there = " ".join(sorted(self._installed - {"osd"}))
            raise ArticleError(
                f"Tesseract has no data for {', '.join(missing)} (installed: {there}); "
                f"apt-get install tesseract-ocr-{missing[0].replace('_', '-')}"
            )
        return names

    def _read_words(self, picture: Image, script: str) -> list[Word]:
        if self._languages:
            return _recognise(picture, self._languages)
        first = self._first_guesses(script)
        if not first:
            raise ArticleError(f"Tesseract has no data for any language; {_INSTALL}")
        readings = [(name, _recognise(picture, (name,))) for name in first]
        name, words = max(readings, key=lambda reading: _weight(reading[1]))
        found = _NAMES.get(detect_language(" ".join(word.text for word in words)), name)
        if found not in self._installed or not words:
            return words
        self._languages = (found,)
        return words if found == name else _recognise(picture, self._languages)

    def _first_guesses(self, script: str) -> list[str]:
        """Return a language of the script, or one of each where the script is not known."""
        scripts = [script] if script in _SCRIPTS else list(_SCRIPTS)
        usual = (
            next((name for name in _SCRIPTS[one] if name in self._installed), "") for one in scripts
        )
        names = list(filter(None, usual))
        return names if names or script not in _SCRIPTS else self._first_guesses("")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that Tesseract read; ``line`` names its block, paragraph and line."""

    text: str
    line: tuple[int, int, int]
    left: int
    top: int
    right: int
    bottom: int
    confidence: float


def _weight(words: Sequence[Word]) -> float:
    """Return how much was read, each letter weighed by how sure Tesseract is of it."""
    return sum(len(word.text) * max(word.confidence - 50.0, 0.0) for word in words)


def check_pages(count: int) -> None:
    """Raise ArticleError if so many pages are too many to be read."""
    if count > MAX_PAGES:
        raise ArticleError(f"{count:,} scanned pages; the limit is {MAX_PAGES:,}")


def _frames(data: bytes) -> Iterator[tuple[Image, int]]:
    """Yield the frames of a picture (all of a TIFF, else the first), each with their count."""
    from PIL import Image as images
    from PIL import ImageOps, ImageSequence, UnidentifiedImageError

    try:
        opened = images.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise ArticleError("this is not a picture, whatever its name says") from None
    except images.DecompressionBombError as error:
        raise ArticleError("this picture has too many pixels") from error
    count = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
    check_pages(count)
    for frame in ImageSequence.Iterator(opened):
        if frame.width * frame.height > _MAX_PIXELS:
            raise ArticleError(f"{frame.width:,} × {frame.height:,} pixels are too many")
        shown = ImageOps.exif_transpose(frame)
        if "A" in shown.getbands() or "transparency" in shown.info:  # on white, as it is shown
            shown = shown.convert("RGBA")
            paper = images.new("RGBA", shown.size, "white")
            paper.alpha_composite(shown)
            shown = paper
        yield shown.convert("L"), count
        if opened.format != "TIFF":
            return


def _enlarged(picture: Image) -> Image:
    if picture.width >= _MIN_WIDTH:
        return picture
    factor = min(3, -(-_MIN_WIDTH // picture.width))
    if picture.width * picture.height * factor**2 > _MAX_PIXELS:
        return picture
    from PIL import Image as images

    size = picture.width * factor, picture.height * factor
    return picture.resize(size, images.Resampling.LANCZOS)


def _orientation(picture: Image) -> tuple[str, int]:
    """Return the script of a page and by how many degrees it must be turned, "" where unsure."""
    if "osd" not in _installed():
        return "", 0
    try:
        found = _run(picture, "--psm", "0", "-l", "osd")
    except ArticleError:  # too few letters
        return "", 0
    script, turn = _SCRIPT.search(found), _TURN.search(found)
    return script[1] if script else "", int(turn[1]) if turn else 0


def _recognise(picture: Image, languages: Sequence[str]) -> list[Word]:
    table = _run(picture, "-l", "+".join(languages), "tsv")
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] != "5" or not row["text"].strip() or float(row["conf"]) < _NOISE:
            continue
        left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        place = int(row["block_num"]), int(row["par_num"]), int(row["line_num"])
        words.append(Word(row["text"], place, left, top, left + width, top + height,
                          float(row["conf"])))  # fmt: skip
    return words


def _lines(words: Sequence[Word], height: int) -> list[Line]:
    """Return the lines of a page's words, of one size but in headings."""
    scale = _PAGE_HEIGHT / height
    lines = []
    for _, group in groupby(words, key=attrgetter("line")):
        own = list(group)
        top, bottom = min(w.top for w in own) * scale, max(w.bottom for w in own) * scale
        lines.append(Line(
            " ".join(word.text for word in own), min(w.left for w in own) * scale,
            max(w.right for w in own) * scale, top, bottom,
            bottom - top, _PAGE_HEIGHT,
        ))  # fmt: skip
    usual = median([line.size for line in lines]) if lines else 0.0
    # A line without tall letters is lower than its neighbours, and of the same size.
    return [line if line.size > _HEADING * usual else replace(line, size=usual) for line in lines]


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    listed = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=30
    )
    return frozenset(listed.stdout.split("\n")[1:]) - {""}


def _run(picture: Image, *options: str) -> str:
    """Run Tesseract on a picture; return what it prints."""
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    command = ["tesseract", "stdin", "stdout", "--dpi", str(_DPI), *options]
    try:
        done = subprocess.run(
            command, input=stream.getvalue(), capture_output=True, check=False,
            timeout=_PAGE_SECONDS, env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # its threads wait
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise PageError(f"reading one page took longer than {_PAGE_SECONDS} seconds") from None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason"]
        raise PageError(f"Tesseract failed ({last[0]})")
    return done.stdout.decode("utf-8", "replace")
