"""Retrieval in languages that the table of token vectors was not made for, question and text alike.

python -m benchmarks.languages --data FOLDER; FOLDER/qa holds the sets. Their paragraphs were not
seen by the table; the reader's network learned from these questions, but for ``qa.retriever`` it
reads the question alone. French stands beside them as a language that the table knows.
"""

from __future__ import annotations

import argparse
import random
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks._report import write
from benchmarks.quality import PARTS, answer_nothing, retrieved
from index.articles import Article
from index.models import load_embedder
from index.store import Store
from index.text import Span
from qa.datasets import Dataset, Gold, LabelledQuestion
from qa.evaluation import evaluate, score
from qa.retriever import Retriever
from training.reader.questions import Row, training_rows

# By name of a set: where a language has two, the larger.
SETS = {
    "fr.piaf11": "French (known)", "fa.pquad-valtest": "Persian", "he.heq-valtest": "Hebrew",
    "id.facqa": "Indonesian", "pt.faquad": "Portuguese", "ja.jaquad": "Japanese",
    "th.iapp": "Thai", "sv.swequad": "Swedish", "nb.norquad": "Norwegian",
    "kk.kazqad-val": "Kazakh", "am.amqa": "Amharic",
}  # fmt: skip
WITHOUT = ("Italian", "Ukrainian", "Urdu", "Hindi", "Korean")  # no open set of questions is here
_PARAGRAPHS, _QUESTIONS, _SEED = 240, 300, 7
_SHOWN = ("all", "dense", "bm25")


def main() -> None:
    """Measure and write results/languages.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds qa/ and eval/")
    folder = parser.parse_args().data.resolve()
    rows: dict[str, list[Row]] = {}
    for row in training_rows(folder):
        if row.dataset in SETS and row.answer is not None:
            rows.setdefault(row.dataset, []).append(row)
    figures: dict[str, Any] = {SETS[name]: _measure(name, own) for name, own in rows.items()}
    figures["not measured"] = list(WITHOUT)
    data = f"data/qa: {_PARAGRAPHS} paragraphs of each set, up to {_QUESTIONS} questions on them"
    write("languages", data, figures)


def _measure(name: str, rows: list[Row]) -> dict[str, Any]:
    rng = random.Random(_SEED)
    texts = list(dict.fromkeys(row.context for row in rows))
    chosen = rng.sample(texts, min(_PARAGRAPHS, len(texts)))
    language = name.split(".")[0]
    articles = {text: Article.of(text, language=language) for text in chosen}
    fitting = [row for row in rows if row.context in articles]
    whole: dict[str, tuple[Span, ...]] = {
        article.id: ((0, len(article.text)),) for article in articles.values()
    }
    questions = tuple(
        LabelledQuestion(str(number), row.question, language, _gold(articles[row.context]))
        for number, row in enumerate(rng.sample(fitting, min(_QUESTIONS, len(fitting))))
    )
    dataset = Dataset(tuple(articles.values()), whole, questions)
    embedder = load_embedder()
    store = Store.build(dataset.articles, embedder)
    signals = lru_cache(maxsize=None)(Retriever(store, embedder).signals)
    found: dict[str, Any] = {"questions": len(questions), "paragraphs": len(articles)}
    for part in _SHOWN:
        retrieve = partial(retrieved, Retriever(store, embedder, PARTS[part]), signals)
        bar = tqdm(questions, desc=f"{name} {part}", unit="q")
        found[part] = score(evaluate(dataset, retrieve, answer_nothing, bar)).as_json()["ndcg@10"]
    return found


def _gold(article: Article) -> Gold:
    return Gold(article.id, (0, len(article.text)), ())


if __name__ == "__main__":
    main()
