"""Data sets of questions: SQuAD files, and JSON lines of questions about one article."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.articles import Article
from index.text import Span, block_spans
from qa.errors import DataError


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer is: the paragraph's span, and spans that each are a right answer."""

    article_id: str
    paragraph: Span
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with its gold answer, None where the articles do not answer it."""

    id: str
    text: str
    language: str
    gold: Gold | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """The articles searched, their paragraphs, and the questions asked."""

    articles: tuple[Article, ...]
    paragraphs: dict[str, tuple[Span, ...]]
    questions: tuple[LabelledQuestion, ...]


def load_dataset(
    data: Path,
    *,
    article: Article | None = None,
    questions: Path | None = None,
    ids: Path | None = None,
) -> Dataset:
    """Read a SQuAD file, or JSON lines of questions about ``article``; .xz files too.

    ``questions`` is another SQuAD file whose questions, matched by id, are asked instead; ``ids`` a
    file of the ids of the questions to ask, one a line, while all articles are searched.
    Raises DataError, naming file and place, if the data is malformed.
    """
    dataset = _json_lines(data, article) if article else _squad(data)
    if questions is not None:
        dataset = _with_questions(dataset, questions)
    return dataset if ids is None else _select(dataset, ids)


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except (lzma.LZMAError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: damaged or not UTF-8 ({error})") from error


def _squad(path: Path) -> Dataset:
    language = ""
    articles: dict[str, Article] = {}
    questions: list[LabelledQuestion] = []
    for title, paragraph in _squad_paragraphs(path):
        context = paragraph["context"]
        language = language or Article.of(context, title=title).language
        article = Article.of(context, title=title, source=path.name, language=language)
        articles[article.id] = article
        for row in paragraph["qas"]:
            questions.append(_squad_question(path, row, article))
    if not questions:
        raise DataError(f"{path}: there are no questions in it")
    spans: dict[str, tuple[Span, ...]] = {a.id: ((0, len(a.text)),) for a in articles.values()}
    return Dataset(tuple(articles.values()), spans, tuple(questions))


def _squad_paragraphs(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        for number, entry in enumerate(json.loads(_read(path))["data"]):
            for paragraph in entry["paragraphs"]:
                if not isinstance(paragraph["context"], str) or not isinstance(
                    paragraph["qas"], list
                ):
                    raise TypeError("context must be text and qas a list")
                yield str(entry.get("title") or number), paragraph
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path}: not SQuAD JSON ({error!r}); for JSON lines about one article add --article"
        ) from error


def _squad_question(path: Path, row: dict[str, Any], article: Article) -> LabelledQuestion:
    try:
        spans = []
        for answer in row["answers"]:
            start, text = answer["answer_start"], answer["text"]
            # Some files count from a stripped context: the text decides, the number is a hint.
            # An answer that is not in its context (3 in ARCD's test) always counts as wrong.
            places = [m.start() for m in re.finditer(f"(?={re.escape(text)})", article.text)]
            if places:
                nearest = min(places, key=lambda place: abs(place - start))
                spans.append((nearest, nearest + len(text)))
        gold = Gold(article.id, (0, len(article.text)), tuple(spans)) if row["answers"] else None
        return LabelledQuestion(str(row["id"]), _text(row["question"]), "", gold)
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: a question is wrong ({error!r}) in {str(row)[:80]!r}") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is not a question")
    return value


def _json_lines(path: Path, article: Article) -> Dataset:
    paragraphs = block_spans(article.text)
    questions = []
    # Not splitlines: JSON strings may contain U+2028 and others that it splits at.
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            questions.append(_line_question(json.loads(line), article, paragraphs))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DataError(f"{path}: line {number}: {error}") from error
    if not questions:
        raise DataError(f"{path}: there are no questions in it")
    return Dataset((article,), {article.id: paragraphs}, tuple(questions))


def _line_question(
    row: dict[str, Any], article: Article, paragraphs: tuple[Span, ...]
) -> LabelledQuestion:
    gold = None
    if row["answer"] is not None:
        start = row["answer_start"]
        span = (start, start + len(row["answer"]))
        if start < 0 or not row["answer"]:
            raise ValueError(f"answer {row['answer']!r} at {start} is not a place in the article")
        if article.text[slice(*span)] != row["answer"]:
            raise ValueError(f"the article has {article.text[slice(*span)]!r} at {start}")
        paragraph = next((p for p in paragraphs if p[0] <= start < p[1]), None)
        if paragraph is None:
            raise ValueError(f"no paragraph of the article holds {start}")
        gold = Gold(article.id, paragraph, (span,))
    return LabelledQuestion(str(row["id"]), _text(row["question"]), str(row.get("lang", "")), gold)


def _with_questions(dataset: Dataset, path: Path) -> Dataset:
    try:
        texts = {
            str(row["id"]): _text(row["question"])
            for _, paragraph in _squad_paragraphs(path)
            for row in paragraph["qas"]
        }
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: a question is wrong ({error!r})") from error
    absent = [q.id for q in dataset.questions if q.id not in texts]
    if absent:
        raise DataError(f"{path}: {len(absent)} questions are not in it, {absent[0]} for one")
    asked = tuple(replace(q, text=texts[q.id]) for q in dataset.questions)
    return replace(dataset, questions=asked)


def _select(dataset: Dataset, path: Path) -> Dataset:
    wanted = set(_read(path).split())
    kept = tuple(q for q in dataset.questions if q.id in wanted)
    absent = wanted - {q.id for q in kept}
    if not wanted:
        raise DataError(f"{path}: there are no ids in it")
    if absent:
        raise DataError(f"{path}: {len(absent)} ids name no question, {min(absent)} for one")
    return replace(dataset, questions=kept)
