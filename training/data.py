"""Read the training sets and lay out the batches that one run sees."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.sentences import sentence_spans
from training.leakage import Leakage

# No licence is stated for these two (SOURCES.md), and the package passes on what it learned from.
UNLICENSED = ("xling-eval", "sdg-metadata")
# Sets whose English side is shared between languages, so that two of them make a third.
PIVOTS = ("ntrex", "flores-sib200", "tico19", "sdg")
# Lists of names: an English sentence model has little to teach about them, at half its time.
NAMES = ("wd-translit", "places-csc", "hkiri-ne")
PASSAGE_CHARS = 600


@dataclass(frozen=True, slots=True)
class PairSet:
    """Rows of two texts that mean the same (or belong together), from one source.

    ``taught`` says that the right side is English and goes through the teacher.
    """

    name: str
    kind: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    passes: float
    taught: bool

    def __post_init__(self) -> None:
        if len(self.left) != len(self.right):
            raise ValueError(f"{self.name}: {len(self.left)} left, {len(self.right)} right texts")


def passes_for(kind: str, source: str, languages: str) -> float:
    """Return how often a set is gone through, measured on the prototype's tuning half."""
    by_source = {"tico19": 12.0, "sdg": 10.0, "quran": 3.0, "wd-translit": 0.7}
    by_source |= {"tatoeba": 12.0, "mtgeneval": 12.0}
    by_source |= {"places-csc": 1.0, "hkiri-ne": 2.0, "antcorpus": 12.0, "comparable-arwiki": 8.0}
    by_kind = {"parallel": 30.0, "dict": 3.0, "qa": 6.0}
    passes = by_source.get(source, by_kind.get(kind, 1.0))
    return passes * 1.5 if languages == "ar-en" else passes


def load_pair_sets(folder: Path, leakage: Leakage, seed: int) -> list[PairSet]:
    """Return every licensed set under ``folder``, rows overlapping the test data left out."""
    rng = random.Random(seed)
    sets = [_load_tsv(path, leakage) for path in sorted(folder.glob("*.tsv.xz")) if _licensed(path)]
    sets += list(_pivot(sets))
    for path in sorted(folder.glob("*.jsonl.xz")):
        rows = list(json_rows(path))
        sets += _load_documents(path, rows, leakage, rng)
    return sets


def _licensed(path: Path) -> bool:
    return not any(source in path.name for source in UNLICENSED)


def _load_tsv(path: Path, leakage: Leakage) -> PairSet:
    kind, languages, source = path.name.removesuffix(".tsv.xz").split(".", 2)
    kept = [row for row in tsv_rows(path) if not leakage.hits(source, *row)]
    return PairSet(
        name=f"{kind}.{languages}.{source}",
        kind=kind,
        left=tuple(row[0] for row in kept),
        right=tuple(row[1] for row in kept),
        passes=passes_for(kind, source, languages),
        taught=languages.endswith("-en") and source not in NAMES,
    )


def _pivot(sets: list[PairSet]) -> Iterator[PairSet]:
    """Join x-en with ar-en on the English side where no x-ar set exists."""
    by_name = {pairs.name: pairs for pairs in sets}
    for source in PIVOTS:
        arabic = by_name[f"parallel.ar-en.{source}"]
        to_arabic = dict(zip(arabic.right, arabic.left, strict=True))
        for language in ("es", "de", "tr", "zh"):
            other = by_name.get(f"parallel.{language}-en.{source}")
            if other is None or f"parallel.{language}-ar.{source}" in by_name:
                continue
            both = [
                (text, to_arabic[english])
                for text, english in zip(other.left, other.right, strict=True)
                if english in to_arabic
            ]
            yield PairSet(
                name=f"parallel.{language}-ar.{source}",
                kind="parallel",
                left=tuple(left for left, _ in both),
                right=tuple(right for _, right in both),
                passes=passes_for("parallel", source, f"{language}-ar") / 2,
                taught=False,
            )


def tsv_rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the two texts of every row that has both."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = line.rstrip("\n").split("\t")[:2]
            if len(row) == 2 and all(row):
                yield row[0], row[1]


def json_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield every row of a set of documents."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _load_documents(
    path: Path, rows: list[dict[str, str]], leakage: Leakage, rng: random.Random
) -> list[PairSet]:
    kind, language, source = path.name.removesuffix(".jsonl.xz").split(".", 2)
    passes = passes_for(kind, source, language)
    if kind == "qa":
        pairs = [(row["question"], row["context"]) for row in rows]
        kept = [pair for pair in pairs if not leakage.hits(source, *pair)]
        return [_document_set(f"{kind}.{language}.{source}", kept, passes)]
    titles: list[tuple[str, str]] = []
    neighbours: list[tuple[str, str]] = []
    for row in rows:
        if leakage.hits(source, row["title"], row["body"]):
            continue
        sentences = [row["body"][s:e] for s, e in sentence_spans(row["body"][:6000])]
        if not sentences:
            continue
        titles.append((row["title"], _passage(sentences, rng.randrange(len(sentences)) // 2)))
        neighbours += _neighbours(sentences, rng, count=6)
    return [
        _document_set(f"{kind}.{language}.{source}.title", titles, passes),
        _document_set(f"{kind}.{language}.{source}.neighbours", neighbours, passes / 2),
    ]


def _document_set(name: str, pairs: list[tuple[str, str]], passes: float) -> PairSet:
    left, right = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
    return PairSet(name, "document", left, right, passes, taught=False)


def _passage(sentences: list[str], first: int) -> str:
    text = sentences[first]
    for sentence in sentences[first + 1 :]:
        if len(text) + len(sentence) > PASSAGE_CHARS:
            break
        text += " " + sentence
    return text[:PASSAGE_CHARS]


def _neighbours(sentences: list[str], rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Return a few sentences, each with the ones around it (inverse cloze)."""
    if len(sentences) < 3:
        return []
    chosen = rng.sample(range(1, len(sentences) - 1), min(count, len(sentences) - 2))
    return [
        (sentences[i], (sentences[i - 1] + " " + sentences[i + 1])[:PASSAGE_CHARS])
        for i in chosen
        if 20 <= len(sentences[i]) <= 400
    ]
