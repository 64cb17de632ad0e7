"""An archive of any size: articles of passages from the training texts, in eight languages.

Their passages are runs of sentences of one document, each run once, so that vectors are those of
real text; runs overlap, the more the larger the archive is. Their order is one of a seed.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

from index.sentences import sentence_spans
from training.data import json_rows, tsv_rows

Document = list[str]  # sentences
_SENTENCES = (2, 4)  # of a passage
_PASSAGES = (2, 6)  # of an article
_CHARACTERS = (60, 800)  # of a passage: a chunk each
# So that English does not drown the others.
_EVENED = 0.7


def write_corpus(data: Path, path: Path, chunks: int, seed: int = 7) -> None:
    """Write JSON lines of so many passages in all; those of a smaller number begin a larger one."""
    documents = _documents(data)
    rng, count = random.Random(seed), 0
    languages = list(documents)
    shares = [sum(map(_length, documents[one])) ** _EVENED for one in languages]
    weights = {one: list(itertools.accumulate(map(len, documents[one]))) for one in languages}
    met: set[tuple[str, int, int, int]] = set()
    with path.open("w", encoding="utf-8") as lines:
        for number in itertools.count(1):
            if count >= chunks:
                return
            language = rng.choices(languages, shares)[0]
            passages = list(_passages(documents[language], weights[language], language, rng, met))
            if passages:
                count += len(passages)
                print(json.dumps(_article(number, language, passages, rng)), file=lines)


def _article(number: int, language: str, passages: list[str], rng: random.Random) -> dict[str, str]:
    return {
        "title": f"{language} {number}",
        "text": "\n\n".join(passages),
        "url": f"https://archive.example/{language}/{number}",
        "language": language,
        "date": f"{rng.randint(2010, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    }


def _passages(
    documents: list[Document],
    weights: list[int],
    language: str,
    rng: random.Random,
    met: set[tuple[str, int, int, int]],
) -> Iterator[str]:
    for _ in range(rng.randint(*_PASSAGES)):
        which = rng.choices(range(len(documents)), cum_weights=weights)[0]
        count = min(rng.randint(*_SENTENCES), len(documents[which]))
        first = rng.randrange(max(1, len(documents[which]) - count + 1))
        passage = " ".join(documents[which][first : first + count])
        run = (language, which, first, count)
        if _CHARACTERS[0] <= len(passage) <= _CHARACTERS[1] and run not in met:
            met.add(run)
            yield passage


def _length(document: Document) -> int:
    return sum(map(len, document))


def _documents(data: Path) -> dict[str, list[Document]]:
    """Return the documents of each language, none twice."""
    found: dict[str, dict[str, Document]] = {}

    def add(language: str, document: Document) -> None:
        text = [sentence.strip() for sentence in document if sentence.strip()]
        if len(text) >= _SENTENCES[0]:
            found.setdefault(language, {}).setdefault("\n".join(text), text)

    for path in sorted(data.glob("*.jsonl.xz")):
        language = path.name.split(".")[1]
        for row in json_rows(path):
            text = row.get("body") or row.get("context") or ""
            add(language, [text[start:end] for start, end in sentence_spans(text, language)])
    for path in sorted(data.glob("parallel.*.tsv.xz")):
        left, right = path.name.split(".")[1].split("-")
        rows = list(tsv_rows(path))
        add(left, [row[0] for row in rows])
        add(right, [row[1] for row in rows])
    return {language: list(texts.values()) for language, texts in found.items()}
