"""Sentences, short answers and refusals on the test halves, beside a floor of the same run.

python -m benchmarks.reading --eval FOLDER. Nothing was trained or tuned on these questions.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from benchmarks._reading_plot import plot
from benchmarks._report import write
from index.models import load_embedder
from qa.answer import EMPHASIS, SURENESS
from qa.datasets import Dataset, load_dataset
from qa.languages.record import KINDS
from qa.questions.question import analyse_question
from qa.reader.calibration import bundled_calibration
from qa.reader.network import bundled_network
from qa.reader.reader import read_and_select
from qa.reader.sentence_scores import score_sentences
from training.reader.calibrate import calibration_error
from training.reader.trials import Setting, Trial, Trials

READING: tuple[Setting, ...] = ("given", "library")
REFUSALS: tuple[Setting, ...] = ("own", "other", "without")
DIRECTIONS: dict[str, tuple[Setting, ...]] = {
    "ar-ar": (*READING, *REFUSALS),
    "en-en": (*READING, *REFUSALS),
    "en-ar": (*READING, *REFUSALS),
    "arcd": READING,
    "ru-ar": READING,
    "ru-ru": ("given",),
    "es-es": ("given",),
    "de-de": ("given",),
    "tr-tr": ("given",),
}
# Five questions in seven have their answer in the article, as the calibration takes for granted.
_ANSWERABLE, _UNANSWERABLE = 5.0, 2.0


@dataclass(frozen=True, slots=True)
class Result:
    """How right the answer to a question is; ``floor``: whether late interaction alone is right."""

    kind: str
    holds: bool
    exact: float
    f1: float
    confidence: float
    answerable: float
    span_confidence: float
    floor: bool


def main() -> None:
    """Score every direction and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="holds the XQuAD and ARCD files")
    parser.add_argument("--jobs", type=int, default=2, help="processes; default: %(default)s")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N",
        help="ask every Nth question alone; default: all of them",
    )  # fmt: skip
    parser.add_argument("--directions", nargs="+", choices=DIRECTIONS, default=list(DIRECTIONS))
    options = parser.parse_args()
    threshold = bundled_calibration().threshold
    with ProcessPoolExecutor(options.jobs) as pool:
        every = dict(
            zip(
                options.directions,
                pool.map(partial(_results, options.eval, options.every), options.directions),
                strict=True,
            )
        )
    figures = {name: _reading(results) for name, results in every.items()}
    refusals = {
        name: _refusals(results, threshold) for name, results in every.items() if "own" in results
    }
    plot({name: _labelled(results) for name, results in every.items() if "own" in results})
    write(
        "reading",
        "XQuAD test ids (558 questions; 240 paragraphs), ARCD test (702 questions)",
        {"reading": figures, "refusals": refusals},
    )


Results = dict[Setting, list[Result]]


def _results(folder: Path, every: int, direction: str) -> Results:
    trials = Trials(_dataset(folder, direction), load_embedder())
    found: Results = {setting: [] for setting in DIRECTIONS[direction]}
    for question in tqdm(trials.questions[::every], direction, unit="q", mininterval=10):
        for setting, results in found.items():
            results.append(_result(trials.trial(question, setting), floor=setting == "given"))
    return found


def _dataset(folder: Path, direction: str) -> Dataset:
    if direction == "arcd":
        return load_dataset(folder / "arcd-test.json.xz")
    asked, written = direction.split("-")
    return load_dataset(
        folder / f"xquad.{written}.json.xz",
        questions=folder / f"xquad.{asked}.json.xz",
        ids=folder / "xquad.test.ids",
    )


def _result(trial: Trial, *, floor: bool) -> Result:
    calibration, question = bundled_calibration(), trial.question.text
    selection = read_and_select(question, trial.inputs, bundled_network(), calibration)
    kind = analyse_question(question).kind
    if selection is None:
        return Result(kind, False, 0.0, 0.0, 0.0, 0.0, 0.0, False)
    exact, f1 = trial.span_scores(selection.best)
    return Result(
        kind,
        trial.holds(selection.best),
        exact,
        f1,
        selection.confidence(calibration.answer),
        selection.answerable_probability(calibration),
        selection.span_confidence(calibration),
        floor and _floor(trial),
    )


def _floor(trial: Trial) -> bool:
    """Tell whether the sentence of the best late interaction in the first passage is right."""
    passage = trial.inputs[0]
    texts = [passage.text[start:end] for start, end in passage.sentences]
    first, last = passage.sentences[int(score_sentences(trial.question.text, texts).late.argmax())]
    return any(first <= start and end <= last for start, end in trial.answers[0])


def _reading(results: Results) -> dict[str, Any]:
    given = results["given"]
    found: dict[str, Any] = {"n": len(given), "paragraph given": _means(given)}
    if "library" in results:
        library = results["library"]
        found["all paragraphs"] = {"n": len(library), **_means(library)}
    found["floor: late interaction"] = _mean(result.floor for result in given)
    found["by kind, paragraph given"] = {
        kind: {"n": len(rows), **_means(rows)}
        for kind in KINDS
        if (rows := [result for result in given if result.kind == kind])
    }
    return found


def _means(rows: Sequence[Result]) -> dict[str, float | None]:
    sure = [row for row in rows if row.span_confidence >= EMPHASIS]
    return {
        "sentence": _mean(row.holds for row in rows),
        "exact_match": _mean(row.exact for row in rows),
        "f1": _mean(row.f1 for row in rows),
        "emphasised": _mean(row.span_confidence >= EMPHASIS for row in rows),
        "emphasised rightly": _mean(row.f1 >= 0.5 for row in sure),
    }


def _mean(values: Iterable[float]) -> float | None:
    kept = list(values)
    return round(float(np.mean(kept)), 4) if kept else None


def _labelled(results: Results) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return confidence, whether the cited sentence is right, and weight, of own and other."""
    own, other = results["own"], results["other"]
    rows = [*own, *other]
    return (
        np.array([row.confidence for row in rows]),
        np.array([float(row.holds) for row in rows]),
        np.repeat([_ANSWERABLE, _UNANSWERABLE], [len(own), len(other)]),
    )


def _refusals(results: Results, threshold: float) -> dict[str, Any]:
    """Score questions asked of their article, of another, and of theirs without its paragraph."""
    answerable = {name: np.array([r.answerable for r in results[name]]) for name in REFUSALS}
    own = answerable["own"]
    order = np.argsort(-own, kind="stable")
    wrong = 1.0 - np.array([float(r.holds) for r in results["own"]])[order]

    def auroc(other: np.ndarray) -> float:
        labels = np.repeat([1.0, 0.0], [len(own), len(other)])
        return round(float(roc_auc_score(labels, np.concatenate([own, other]))), 4)

    return {
        "n": len(own),
        "wrongly refused": _mean(own < threshold),
        "refused, other article": _mean(answerable["other"] < threshold),
        "refused, without its paragraph": _mean(answerable["without"] < threshold),
        "auroc, other article": auroc(answerable["other"]),
        "auroc, without its paragraph": auroc(answerable["without"]),
        "expected calibration error": round(calibration_error(*_labelled(results)), 4),
        "risk at coverage": {
            f"{share:.0%}": _mean(wrong[: int(share * len(wrong))])
            for share in (0.25, 0.5, 0.75, 1.0)
        },
        "in words": _in_words(results, threshold),
    }


def _in_words(results: Results, threshold: float) -> dict[str, dict[str, float]]:
    """Return how many answers are "sure" and so on, and what share of them is right."""
    rows = [(row, _ANSWERABLE) for row in results["own"]]
    rows += [(row, _UNANSWERABLE) for row in results["other"]]
    answered = [(row, weight) for row, weight in rows if row.answerable >= threshold]
    total = sum(weight for _, weight in answered)
    found: dict[str, dict[str, float]] = {}
    for least, words in SURENESS:
        said = [(r, w) for r, w in answered if r.confidence >= least]
        answered = [(r, w) for r, w in answered if r.confidence < least]
        weight = sum(w for _, w in said)
        right = sum(w for r, w in said if r.holds)
        found[words] = {"answers": round(weight / total, 4), "right": round(right / weight, 4)}
    return found


if __name__ == "__main__":
    main()
