"""The questions that the reader learns from: one shape for all sets, and who may see which."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

LANGUAGES = ("ar", "en", "ru", "es", "de", "tr", "zh")  # of XQuAD
LONGEST_ANSWER = 150  # characters
Use = Literal["train", "hold"]
_HELD_OUT = 3  # every third article of XQuAD's tuning half is kept for the calibration
_HELD_OUT_ARCD = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A question, the paragraph it is put to, and where the answer stands: None where nowhere."""

    dataset: str
    language: str  # of the question
    question: str
    context: str
    title: str
    answer: tuple[int, int] | None


def training_rows(folder: Path) -> Iterator[Row]:
    """Yield every row of ``folder``/qa and the training part of XQuAD's tuning half."""
    held = {row.context for row in arcd_rows(folder, "hold")}
    for path in sorted((folder / "qa").glob("*.jsonl.xz")):
        for row in _plain_rows(path):
            if row.context not in held:
                yield row
    yield from xquad_rows(folder / "eval", "train")


def _plain_rows(path: Path) -> Iterator[Row]:
    name = path.name.removesuffix(".jsonl.xz")
    for number, line in enumerate(xz_lines(path)):
        row = json.loads(line)
        spans = [(a["start"], a["start"] + len(a["text"])) for a in row["answers"]]
        span = spans[0] if spans else None
        if span and span[1] - span[0] > LONGEST_ANSWER:
            continue
        title = f"{name}/{row.get('title') or number}"
        yield Row(name, row["lang"], row["question"], row["context"], title, span)


def arcd_rows(folder: Path, use: Use) -> Iterator[Row]:
    """Yield ARCD's training questions; every fifth article's are held out for the calibration."""
    rows = list(_plain_rows(folder / "qa" / "ar.arcd-train.jsonl.xz"))
    titles = list(dict.fromkeys(row.title for row in rows))
    held = set(titles[::_HELD_OUT_ARCD])
    yield from (row for row in rows if (row.title in held) == (use == "hold"))


def xquad_rows(folder: Path, use: Use) -> Iterator[Row]:
    """Yield XQuAD's tuning questions, each language's question on each language's paragraph."""
    wanted = set((folder / "xquad.tune.ids").read_text(encoding="utf-8").split())
    data = {language: _squad(folder / f"xquad.{language}.json.xz") for language in LANGUAGES}
    held = held_out_titles(folder)
    for asked in LANGUAGES:
        questions = {
            qa["id"]: qa["question"]
            for article in data[asked]
            for paragraph in article["paragraphs"]
            for qa in paragraph["qas"]
        }
        for written in LANGUAGES:
            for article in data[written]:
                if (article["title"] in held) != (use == "hold"):
                    continue
                for paragraph in article["paragraphs"]:
                    for qa in paragraph["qas"]:
                        if qa["id"] in wanted:
                            start = qa["answers"][0]["answer_start"]
                            span = start, start + len(qa["answers"][0]["text"])
                            title = f"xquad.{written}/{article['title']}"
                            yield Row(
                                f"xquad.{asked}-{written}", asked, questions[qa["id"]],
                                paragraph["context"], title, span,
                            )  # fmt: skip


def held_out_titles(folder: Path) -> frozenset[str]:
    """Return the XQuAD articles of the tuning half that training does not see."""
    wanted = set((folder / "xquad.tune.ids").read_text(encoding="utf-8").split())
    titles = [
        article["title"]
        for article in _squad(folder / "xquad.en.json.xz")
        if any(qa["id"] in wanted for p in article["paragraphs"] for qa in p["qas"])
    ]
    return frozenset(titles[::_HELD_OUT])


def xz_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a compressed text file."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        yield from stream


def _squad(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(lzma.decompress(path.read_bytes()))["data"]
    return found
