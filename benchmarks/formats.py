"""Time and memory of reading a file of each format: `python -m benchmarks.formats`.

Each file holds the same 400 paragraphs (a PDF: on some 40 pages), and is read in a process of its
own.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks._fuzz_seeds import zip_of
from benchmarks._report import write
from index.readers import READERS

_PARAGRAPHS = 400
_SENTENCES = (
    "The council of the valley met on Tuesday to speak about the bridge, which cost {n} crowns.",
    "Engineers closed the lower road for {n} days, and nobody was hurt, the police said.",
    "The next meeting takes place in the town hall after the summer of {n}.",
)
_CHILD = """
import json, sys, time
from pathlib import Path
from index.articles import read_article
def once():
    begin = time.perf_counter()
    article = read_article(Path(sys.argv[1]))
    return time.perf_counter() - begin, len(article.text)
first, length = once()
again = min(once()[0] for _ in range(3))
# Not getrusage's, which a process takes over from the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([first, again, length, int(peak.split()[1]) // 1024]))
"""


def main() -> None:
    """Measure every format and write the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    paragraphs = [
        " ".join(sentence.format(n=number) for sentence in _SENTENCES)
        for number in range(_PARAGRAPHS)
    ]
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for suffix in READERS:
            if suffix in (".markdown", ".htm", ".vtt"):  # readers of another suffix
                continue
            path = Path(folder, f"a{suffix}")
            path.write_bytes(_file(suffix, paragraphs))
            figures[suffix] = _measure(path)
    write("formats", f"{_PARAGRAPHS} paragraphs of {len(paragraphs[0])} characters", figures)


def _measure(path: Path) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True
    )
    first, again, length, memory = json.loads(run.stdout)
    return {
        "bytes": path.stat().st_size,
        "characters": length,
        "seconds, the first file": round(first, 3),
        "seconds, the next": round(again, 3),
        "megabytes": memory,
    }


def _file(suffix: str, paragraphs: Sequence[str]) -> bytes:
    """Return a file of a format that holds the paragraphs."""
    text = "\n\n".join(paragraphs)
    if suffix == ".html":
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return f"<html><body><article><h1>Valley</h1>{body}</article></body></html>".encode()
    if suffix == ".csv":
        return (
            "number,text\n" + "".join(f'{n},"{p}"\n' for n, p in enumerate(paragraphs))
        ).encode()
    if suffix == ".srt":
        cues = (
            f"{n + 1}\n{_clock(n)} --> {_clock(n + 1)}\n{p}\n" for n, p in enumerate(paragraphs)
        )
        return "\n".join(cues).encode()
    if suffix == ".eml":
        head = (
            "From: Ada <a@b.example>\nSubject: Valley\nContent-Type: text/plain; charset=utf-8\n\n"
        )
        return (head + text).encode()
    if suffix == ".rtf":
        return ("{\\rtf1 " + "".join(f"{p}\\par\n" for p in paragraphs) + "}").encode()
    makers = {
        ".pdf": _pdf, ".docx": _docx, ".pptx": _pptx, ".xlsx": _xlsx, ".odt": _odt, ".epub": _epub,
    }  # fmt: skip
    return makers[suffix](paragraphs) if suffix in makers else text.encode()


def _clock(second: int) -> str:
    return f"00:{second // 60:02}:{second % 60:02},000"


def _pdf(paragraphs: Sequence[str]) -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    stream, style = io.BytesIO(), getSampleStyleSheet()["Normal"]
    SimpleDocTemplate(stream).build([Paragraph(text, style) for text in paragraphs])
    return stream.getvalue()


def _docx(paragraphs: Sequence[str]) -> bytes:
    from docx import Document

    document, stream = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(stream)
    return stream.getvalue()


def _pptx(paragraphs: Sequence[str]) -> bytes:
    from pptx import Presentation

    show, stream = Presentation(), io.BytesIO()
    for at in range(0, len(paragraphs), 4):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.placeholders[1].text = "\n".join(paragraphs[at : at + 4])
    show.save(stream)
    return stream.getvalue()


def _xlsx(paragraphs: Sequence[str]) -> bytes:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.active.append(["number", "text"])
    for number, paragraph in enumerate(paragraphs):
        book.active.append([number, paragraph])
    book.save(stream)
    return stream.getvalue()


def _odt(paragraphs: Sequence[str]) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<t:p>{paragraph}</t:p>" for paragraph in paragraphs)
    head = f'<o:document-content xmlns:o="{space}:office:1.0" xmlns:t="{space}:text:1.0">'
    whole = f"{head}<o:body><o:text>{body}</o:text></o:body></o:document-content>"
    return zip_of({"content.xml": whole})


def _epub(paragraphs: Sequence[str]) -> bytes:
    chapters = {
        f"c{at}.html": "<body>"
        + "".join(f"<p>{p}</p>" for p in paragraphs[at : at + 40])
        + "</body>"
        for at in range(0, len(paragraphs), 40)
    }
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    return zip_of({"META-INF/container.xml": container, "b.opf": package, **chapters})


if __name__ == "__main__":
    main()
