"""Reader: the sentence of the passages that answers and the words in it, or that none does."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.contract import AnyStore
from index.embedder import Matrix, StaticEmbedder
from index.errors import ModelError
from index.text import Span, sentence_spans
from qa.answer import Answer, Citation, Passage
from qa.defaults import shared_embedder
from qa.features import PassageFeatures, QuestionFeatures, Reading, Told
from qa.kinds import KINDS
from qa.looks import NUMERIC
from qa.scorer import LONGEST, SpanScorer, embedded_scorer
from qa.trees import BoostedTrees, logistic

PASSAGES = 3  # read; the answer hardly ever stands further down
_CANDIDATES = 30  # spans among which the one that overlaps most with all of them is the best
_NO_MATCH, _SURE_MATCH = 0.4, 0.8

EVIDENCE = (
    "late", "dense", "share", "exact", "matched", "near",
    "passage share", "passage exact", "worst miss", "missed", "sure",
    "sentence", "span", "highest", "untyped", "target", "weightiest",
)  # fmt: skip
EMPHASIS_EVIDENCE = ("span", "sentence", "length", "lead")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What training/calibrate.py fits: the cost of a lower rank, and how sure the answers are.

    ``answers`` takes EVIDENCE; ``emphasis`` is a logistic model, its bias and then a weight for
    each of EMPHASIS_EVIDENCE.
    """

    rank: float
    answers: BoostedTrees
    emphasis: tuple[float, ...]

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what `save` wrote; raise ModelError if it cannot be read."""
        try:
            stored = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
            emphasis = stored["emphasis"]
            weights = (emphasis["bias"], *(emphasis[name] for name in EMPHASIS_EVIDENCE))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{folder} cannot be read ({error}); reinstall article-qa") from error
        return cls(float(stored["rank"]), BoostedTrees.load(folder / "answers.npz"), weights)

    def save(self, folder: Path) -> None:
        """Write calibration.json and answers.npz into the folder."""
        named = dict(zip(("bias", *EMPHASIS_EVIDENCE), self.emphasis, strict=True))
        text = json.dumps({"rank": self.rank, "emphasis": named}, indent=1)
        (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
        self.answers.save(folder / "answers.npz")


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What was found in the passages: a sentence, the words in it, and what speaks for them.

    ``passage`` counts the passages read from 0; the spans count in that passage's text. The last
    two hold the values of EVIDENCE and EMPHASIS_EVIDENCE.
    """

    passage: int
    sentence: Span
    span: Span
    evidence: npt.NDArray[np.float64]
    emphasis: npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def embedded_reading() -> Reading:
    """Return the words as the embedded model knows them, whatever model retrieves.

    The networks and the calibration were made with its vectors, and hold for no others.
    """
    embedder = shared_embedder()
    assert isinstance(embedder, StaticEmbedder)
    return Reading(embedder)


@lru_cache(maxsize=1)
def embedded_calibration() -> Calibration:
    """Return the calibration that ships with the package, loaded once in a process."""
    return Calibration.load(Path(str(files("qa"))))


@dataclass(frozen=True, slots=True)
class Reader:
    """Read the passages of a store for the answer to a question."""

    store: AnyStore

    def read(self, question: str, passages: Sequence[Passage]) -> Answer:
        """Answer with the best sentence of the first passages, cited, or refuse."""
        calibration = embedded_calibration()
        told = [self._told(passage) for passage in passages[:PASSAGES]]
        choice = choose(question, told, embedded_scorer(), calibration.rank)
        confidence = calibration.answers.probability(choice.evidence) if choice else 0.0
        if choice is None or confidence < 0.5:
            return Answer(question, "not_in_article", "", confidence, (), tuple(passages))
        chunk = passages[choice.passage].chunk
        article = self.store.article(chunk.article_id)
        start, end = (chunk.start + place for place in choice.sentence)
        first, last = (chunk.start + place for place in choice.span)
        return Answer(
            question,
            "answered",
            article.text[start:end],
            confidence,
            (Citation.of(article, start, end),),
            tuple(passages),
            Citation.of(article, first, last),
            probability(calibration.emphasis, choice.emphasis),
        )

    def _told(self, passage: Passage) -> Told:
        chunk = passage.chunk
        language = self.store.article(chunk.article_id).language
        return Told(chunk.text, sentence_spans(chunk.text, language), language)


def choose(question: str, told: Sequence[Told], scorer: SpanScorer, rank: float) -> Choice | None:
    """Return what answers best, or None if there are no words to read; ``told`` best first."""
    ranked = [(place, text) for place, text in enumerate(told) if text.sentences]
    if not ranked:
        return None
    asked, read = embedded_reading().read(question, [text for _, text in ranked])
    if not sum(len(passage.words) for passage in read):
        return None
    prior = np.concatenate(
        [
            np.full(len(text.sentences), -rank * math.log2(place + 1), dtype=np.float32)
            for place, text in ranked
        ]
    )
    spans, highest = scorer.log_probabilities(asked, read, prior)
    row, sentence, of_all = _best_sentence(read, spans)
    text, passage = ranked[row][1], read[row]
    start, length, overlap = _best_span(np.where(
        (passage.sentence_of == sentence)[:, None], spans[row], -np.inf
    ))  # fmt: skip
    span = int(passage.words.starts[start]), int(passage.words.ends[start + length - 1])
    evidence = _evidence(asked, passage, sentence, of_all, overlap, highest)
    inside = overlap / max(of_all, 1e-9)
    emphasis = (_logit(overlap), _logit(of_all), math.log(length), _logit(inside))
    return Choice(
        ranked[row][0],
        text.sentences[sentence],
        span,
        np.array(evidence, dtype=np.float64),
        np.array(emphasis, dtype=np.float64),
    )


def _best_sentence(
    read: Sequence[PassageFeatures], spans: Sequence[Matrix]
) -> tuple[int, int, float]:
    """Return the passage and the sentence whose spans are likeliest together, and how likely."""
    best = (0, 0, -1.0)
    for row, (passage, scores) in enumerate(zip(read, spans, strict=True)):
        of_words = np.exp(scores).sum(axis=1)
        of_sentences = np.bincount(passage.sentence_of, of_words)
        if len(of_sentences) and of_sentences.max() > best[2]:
            best = (row, int(of_sentences.argmax()), float(of_sentences.max()))
    return best


def _best_span(spans: Matrix) -> tuple[int, int, float]:
    """Return first word, words, and expected F1 of the span that shares most with the likeliest.

    Minimum Bayes risk (Goel & Byrne 2000): of many near misses, the one in their middle.
    """
    flat = spans.ravel()
    top = np.argsort(-flat, kind="stable")[:_CANDIDATES]
    top = top[np.isfinite(flat[top])]
    first, extra = top // LONGEST, top % LONGEST
    last, weight = first + extra, np.exp(flat[top])
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    f1 = 2 * shared.clip(0) / (extra[:, None] + extra + 2)
    best = int(np.argmax(f1 @ weight))
    return int(first[best]), int(extra[best]) + 1, min(float((f1 @ weight)[best]), 1.0)


def _evidence(
    asked: QuestionFeatures,
    passage: PassageFeatures,
    sentence: int,
    of_all: float,
    overlap: float,
    highest: float,
) -> tuple[float, ...]:
    late, dense, share, exact, matched, near = passage.sentence_features[sentence, :6].tolist()
    return (
        late, dense, share, exact, matched, near,
        float(passage.best @ asked.shares),
        float((passage.best >= 0.999) @ asked.shares),
        float((asked.shares * (1 - passage.best)).max(initial=0.0)),
        float((passage.best < _NO_MATCH) @ asked.shares),
        float((passage.best > _SURE_MATCH) @ asked.shares),
        _logit(of_all), _logit(overlap), highest / 10,
        _untyped(asked, passage, sentence),
        float(passage.against[passage.sentence_of == sentence, 5].max(initial=0.0)),
        float(passage.best[asked.shares.argmax()]) if len(asked.shares) else 0.0,
    )  # fmt: skip


def _untyped(asked: QuestionFeatures, passage: PassageFeatures, sentence: int) -> float:
    """Return 1 if a number or a date is asked and the sentence has none, else 0."""
    if not asked.kind[[KINDS.index("quantity"), KINDS.index("date")]].any():
        return 0.0
    return float(not passage.words.looks[passage.sentence_of == sentence, :NUMERIC].any())


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


def probability(weights: Sequence[float], evidence: npt.NDArray[np.float64]) -> float:
    """Return the logistic model's probability; the first weight is the bias."""
    return logistic(weights[0] + float(np.dot(weights[1:], evidence)))
