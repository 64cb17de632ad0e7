"""Write the model card: what went in, under which licences, how it scores, what it cannot do.

python -m training.card, after training.build and benchmarks.quality.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

# Source of a set (the last part of its name) -> where it comes from, and its licence.
SOURCES = {
    "ntrex": ("MicrosoftTranslator/NTREX", "CC BY-SA 4.0"),
    "flores-sib200": ("dadelani/sib-200 (text of FLORES-200)", "Apache-2.0, text CC BY-SA 4.0"),
    "tico19": ("tico-19/tico-19.github.io", "CC0 1.0"),
    "tico19-terms": ("tico-19/tico-19.github.io", "CC0 1.0"),
    "tatoeba": ("Tatoeba, by manythings.org/anki", "CC BY 2.0 FR"),
    "mtgeneval": ("amazon-science/machine-translation-gender-eval", "CC BY-SA 3.0"),
    "quran": ("risan/quran-json", "CC BY-SA 4.0"),
    "sdg": ("open-sdg/sdg-translations", "MIT"),
    "hkiri-ne": ("Hkiri-Emna/Named_Entities_Lexicon_Project", "CC BY 4.0, as Masader states"),
    "wd-translit": ("steveash/NETransliteration-COLING2018 (Wikidata)", "MIT, data CC0"),
    "omw": ("omwn/omw-data: AWN, WOLF, COW, Wiktionary", "CC BY-SA 3.0, CeCILL-C, CC BY-SA"),
    "places-csc": ("dr5hn/countries-states-cities-database", "ODbL 1.0"),
    "cldr-countries": ("unicode-org/cldr-json, mledoze/countries", "Unicode-3.0, ODbL 1.0"),
    "iso-codes": ("flyingcircusio/pycountry (iso-codes)", "LGPL-2.1"),
    "antcorpus": ("antcorpus/antcorpus.data", "Apache-2.0"),
    "comparable-arwiki": ("motazsaad/comparableWikiCoprus (Wikipedia)", "CC BY-SA 4.0"),
    "arcd-train": ("husseinmozannar/SOQAL, training part", "MIT"),
    "piafml-faq": ("etalab-ia/piaf-ml", "MIT, content Licence Ouverte"),
}

_CARD = """---
language: [ar, en, fr, ru, es, de, tr, zh]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
license: cc-by-sa-4.0
tags: [static-embeddings, retrieval, cross-lingual, late-interaction]
---

# article-qa static model

A table of {pieces:,} token vectors of {dim} dimensions, float16, for Arabic, English, French,
Russian, Spanish, German, Turkish and Chinese. The vector of a text is the mean of its tokens',
unit length; the length of a token's vector is its weight. It finds passages of an article for a
question in another of these languages, as a mean and token by token (late interaction).

    from sentence_transformers import SentenceTransformer
    SentenceTransformer("index/model").encode("ما هو حجم التبادل التجاري؟")

## How it was made

`make model DATA=…` (training/README.md), seed {seed}: one Unigram vocabulary over folded text;
contrastive training (InfoNCE, in-batch negatives) of sentence means on the sets below, with an
English teacher (all-MiniLM-L6-v2, Apache-2.0) pulling both sides of a pair towards its vector of
the English one (Reimers & Gurevych 2020); half of the tokens of a text are dropped at random;
then the same with the late-interaction score. `spelling.npy`, for article-qa alone, holds 16,384
int8 vectors of romanised letter sequences, trained the same way on the sets of names, so that a
name finds itself in another script.

## Leakage

Rows that share eight words in a row with XQuAD (all 1,190 questions and 240 paragraphs, in the
seven languages that it has of these), ARCD's test or the article's questions were left out
(Chinese, which has no spaces, is compared clause by clause only); no SQuAD-derived data went in:

| set | shares with | rows left out |
|---|---|---|
{leaked}

## Data

Share-alike licences are marked *. Two sets of the collection state no licence and were not used.

| set | rows | source | licence |
|---|---|---|---|
{sets}

NTREX, FLORES and Tatoeba are also translation benchmarks: figures on them would not be clean.

## Scores

nDCG@10 on questions that no training or tuning saw: XQuAD, the 558 questions of articles 25-48
over all 240 paragraphs, and ARCD's test, 702 questions. "Vector": this model's vectors alone, the
question's cosine with a chunk and with its best sentence. "All": with late interaction, spellings
and BM25, as article-qa searches.

| questions → text | vector | all |
|---|---|---|
{scores}

## Limits

- Word order and negation are invisible: "A invited B" and "B invited A" have one vector.
- A word that no training set links to its translation is found only through its context.
- Languages other than the eight share letters at best.
- It is meant to find passages, not to judge whether two sentences say the same.
"""


def main() -> None:
    """Write the card from the facts of the build and the figures of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/model"))
    parser.add_argument("--scores", type=Path, default=Path("benchmarks/results/quality.json"))
    parser.add_argument("--out", type=Path, default=Path("index/model/README.md"))
    options = parser.parse_args()
    facts = json.loads((options.work / "facts.json").read_text("utf-8"))
    figures = json.loads(options.scores.read_text("utf-8"))["figures"]
    options.out.write_text(card(facts, figures), encoding="utf-8")


def card(facts: dict[str, Any], figures: dict[str, Any]) -> str:
    """Return the card for a build's facts and the figures of benchmarks/quality.py."""
    rows: dict[str, int] = {}
    for name, count in facts["rows"].items():
        source = name.split(".")[2]
        rows[source] = rows.get(source, 0) + count
    sets = [_row(source, count) for source, count in sorted(rows.items())]
    scores = [
        f"| {name.replace('-', ' → ')} | {parts['dense']['ndcg@10']:.3f} "
        f"| {parts['all']['ndcg@10']:.3f} |"
        for name, parts in figures.items()
        if name.startswith(("xquad", "arcd"))
    ]
    leaked = [f"| {name} | {test} | {count} |" for name, test, count in facts["leaked"]]
    tables = {"sets": sets, "scores": scores, "leaked": leaked or ["| none | | 0 |"]}
    shown = {key: facts[key] for key in ("pieces", "dim", "seed")}
    return _CARD.format(**{key: "\n".join(lines) for key, lines in tables.items()}, **shown)


def _row(source: str, count: int) -> str:
    repository, licence = SOURCES[source]
    share_alike = "*" if "SA" in licence or "ODbL" in licence or "CeCILL" in licence else ""
    return f"| {source}{share_alike} | {count:,} | {repository} | {licence} |"


if __name__ == "__main__":
    main()
