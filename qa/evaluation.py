"""Evaluation: scores of retrieval, cited sentences, short answers and refusals.

Short answers are scored by SQuAD's exact match and F1 (Rajpurkar et al. 2016), normalised by
language as MLQA does (Lewis et al. 2020): lower case, no punctuation, no articles; Chinese by
character.
"""

from __future__ import annotations

import math
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import regex

from index.articles import Article
from qa.answer import Answer, Passage
from qa.datasets import Dataset, Gold, LabelledQuestion
from qa.languages import lexicon

RETRIEVED = 50  # passages retrieved, which surely have ten different paragraphs


@dataclass(frozen=True, slots=True)
class MeanScores:
    """Means over questions; None where there is no question of the kind.

    Ranking scores are over answerable questions, and rank paragraphs. ``sentence_accuracy`` is the
    share of answerable questions whose cited sentence contains the gold answer (a refusal is
    wrong); ``exact_match`` and ``f1`` are SQuAD's, of `Answer.span`, over the same questions.
    ``refusal_precision`` is the share of refusals that are right, ``refusal_recall`` the share of
    unanswerable questions that are refused.
    """

    n: int
    ndcg_10: float | None
    recall_1: float | None
    recall_3: float | None
    recall_5: float | None
    recall_10: float | None
    mrr_10: float | None
    sentence_accuracy: float | None
    exact_match: float | None
    f1: float | None
    refusal_precision: float | None
    refusal_recall: float | None

    def as_json(self) -> dict[str, float | int | None]:
        """Return the scores under their usual names, such as ``ndcg@10``."""
        names = list(MeanScores.__slots__)
        return {_json_name(name): getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question: its ranked paragraphs, and its answer."""

    question: LabelledQuestion
    ranking: tuple[Hashable, ...]
    answer: Answer
    exact_match: float = 0.0
    f1: float = 0.0


def ndcg(ranking: Sequence[Hashable], relevant: Hashable, k: int) -> float:
    """Return nDCG@k with one relevant item (Järvelin & Kekäläinen 2002): 1 / log2(1 + rank)."""
    rank = _rank(ranking, relevant, k)
    return 1 / math.log2(1 + rank) if rank else 0.0


def recall(ranking: Sequence[Hashable], relevant: Hashable, k: int) -> float:
    """Return 1 if the one relevant item is among the first k, else 0."""
    return float(_rank(ranking, relevant, k) > 0)


def reciprocal_rank(ranking: Sequence[Hashable], relevant: Hashable, k: int) -> float:
    """Return 1 / rank of the one relevant item, 0 beyond the first k."""
    rank = _rank(ranking, relevant, k)
    return 1 / rank if rank else 0.0


def evaluate(
    dataset: Dataset,
    retrieve: Callable[[str, int], tuple[Passage, ...]],
    answer: Callable[[str, tuple[Passage, ...]], Answer],
    questions: Iterable[LabelledQuestion] | None = None,
) -> tuple[Outcome, ...]:
    """Ask every question; ``questions`` may be the dataset's in a progress bar."""
    outcomes = []
    articles = {article.id: article for article in dataset.articles}
    for question in dataset.questions if questions is None else questions:
        passages = retrieve(question.text, RETRIEVED)
        ranking = _paragraph_ranking(passages, dataset)
        given = answer(question.text, passages)
        outcomes.append(Outcome(question, ranking, given, *_span_scores(given, question, articles)))
    return tuple(outcomes)


def score(outcomes: Sequence[Outcome]) -> MeanScores:
    """Return the mean scores of the outcomes."""
    ranked = [(o.ranking, _key(o.question.gold)) for o in outcomes if o.question.gold]
    refused = [o for o in outcomes if o.answer.status == "not_in_article"]
    unanswerable = [o for o in outcomes if o.question.gold is None]
    right = sum(o.question.gold is None for o in refused)
    return MeanScores(
        n=len(outcomes),
        ndcg_10=_mean([ndcg(r, gold, 10) for r, gold in ranked]),
        recall_1=_mean([recall(r, gold, 1) for r, gold in ranked]),
        recall_3=_mean([recall(r, gold, 3) for r, gold in ranked]),
        recall_5=_mean([recall(r, gold, 5) for r, gold in ranked]),
        recall_10=_mean([recall(r, gold, 10) for r, gold in ranked]),
        mrr_10=_mean([reciprocal_rank(r, gold, 10) for r, gold in ranked]),
        sentence_accuracy=_mean(
            [float(_is_cited(o.answer, o.question.gold)) for o in outcomes if o.question.gold]
        ),
        exact_match=_mean([o.exact_match for o in outcomes if o.question.gold]),
        f1=_mean([o.f1 for o in outcomes if o.question.gold]),
        refusal_precision=right / len(refused) if refused else None,
        refusal_recall=right / len(unanswerable) if unanswerable else None,
    )


def score_by_language(outcomes: Sequence[Outcome]) -> dict[str, MeanScores]:
    """Return the scores per question language, for the questions that name one."""
    languages = sorted({o.question.language for o in outcomes if o.question.language})
    return {
        language: score([o for o in outcomes if o.question.language == language])
        for language in languages
    }


def _rank(ranking: Sequence[Hashable], relevant: Hashable, k: int) -> int:
    top = list(ranking[:k])
    return top.index(relevant) + 1 if relevant in top else 0


def _key(gold: Gold) -> Hashable:
    return gold.article_id, gold.paragraph


def _paragraph_ranking(passages: Sequence[Passage], dataset: Dataset) -> tuple[Hashable, ...]:
    """Rank paragraphs by their first passage, which counts for the one that it overlaps most.

    Others that passages contain whole come after those.
    """
    most, whole = [], []
    for passage in passages:
        chunk = passage.chunk
        spans = dataset.paragraphs[chunk.article_id]
        best = max(spans, key=lambda span: min(span[1], chunk.end) - max(span[0], chunk.start))
        most.append((chunk.article_id, best))
        whole += [
            (chunk.article_id, (start, end))
            for start, end in spans
            if chunk.start <= start and end <= chunk.end
        ]
    return tuple(dict.fromkeys([*most, *whole]))


def _is_cited(answer: Answer, gold: Gold) -> bool:
    return any(
        citation.article_id == gold.article_id and citation.start <= start and end <= citation.end
        for citation in answer.citations
        for start, end in gold.answers
    )


def _span_scores(
    answer: Answer, question: LabelledQuestion, articles: dict[str, Article]
) -> tuple[float, float]:
    """Return exact match and F1 of the answer's span; 0 for a refusal."""
    if question.gold is None or answer.span is None:
        return 0.0, 0.0
    article = articles[question.gold.article_id]
    golds = [article.text[start:end] for start, end in question.gold.answers]
    language = articles[answer.span.article_id].language
    quote = answer.span.quote
    return exact_match(quote, golds, language), f1(quote, golds, language)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _json_name(name: str) -> str:
    stem, _, cut = name.rpartition("_")
    return f"{stem}@{cut}" if cut.isdigit() else name


_HAN = regex.compile(r"(\p{Han})")


def exact_match(answer: str, golds: Sequence[str], language: str) -> float:
    """Return 1 if the answer equals one of the golds after normalisation, else 0."""
    words = normalise_answer(answer, language)
    return float(any(words == normalise_answer(gold, language) for gold in golds))


def f1(answer: str, golds: Sequence[str], language: str) -> float:
    """Return the highest F1 of the answer's words and those of a gold."""
    words = normalise_answer(answer, language)
    return max((_overlap(words, normalise_answer(gold, language)) for gold in golds), default=0.0)


def normalise_answer(text: str, language: str) -> list[str]:
    """Return the words of an answer that are compared."""
    kept = "".join(char for char in text.lower() if not _is_punctuation(char))
    known = lexicon().by_code.get(language)
    if known is not None and known.determiners:
        kept = regex.sub(known.determiners, " ", kept)
    if known is not None and not known.spaced:
        kept = _HAN.sub(r" \1 ", kept)
    return kept.split()


def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _overlap(answer: list[str], gold: list[str]) -> float:
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold)) if shared else float(answer == gold)
