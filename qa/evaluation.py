"""Score retrieval, the chosen sentence and refusals on questions with known answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from index.articles import Article
from index.text import Span
from qa import squad
from qa.answer import Answer, Passage

DEPTH = 50  # passages looked at to find ten different paragraphs


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer stands: the paragraph's span, and the spans that each are the answer."""

    article_id: str
    paragraph: Span
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold, or None where the articles do not answer it."""

    id: str
    text: str
    language: str
    gold: Gold | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """The articles searched, their paragraphs, and the questions asked."""

    articles: tuple[Article, ...]
    paragraphs: dict[str, tuple[Span, ...]]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over questions; None where no question can tell.

    Ranking scores are over the answerable questions and count paragraphs. ``sentence_accuracy``
    is the share of answerable questions whose cited sentence holds the gold answer, a refusal
    being a miss; ``exact_match`` and ``f1`` are SQuAD's, of `Answer.span`, over the same questions.
    ``refusal_precision`` is the share of refusals that were right,
    ``refusal_recall`` the share of unanswerable questions that were refused.
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
        """Return the scores under the field's usual names, such as ``ndcg@10``."""
        names = list(Scores.__slots__)
        return {_json_name(name): getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question: its paragraphs as ranked, and its answer."""

    question: Question
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
    questions: Iterable[Question] | None = None,
) -> tuple[Outcome, ...]:
    """Ask every question; ``questions`` may wrap the dataset's own in a progress bar."""
    outcomes = []
    articles = {article.id: article for article in dataset.articles}
    for question in dataset.questions if questions is None else questions:
        passages = retrieve(question.text, DEPTH)
        ranking = _paragraph_ranking(passages, dataset)
        given = answer(question.text, passages)
        outcomes.append(Outcome(question, ranking, given, *_span_scores(given, question, articles)))
    return tuple(outcomes)


def score(outcomes: Sequence[Outcome]) -> Scores:
    """Return the mean scores of the outcomes."""
    ranked = [(o.ranking, _key(o.question.gold)) for o in outcomes if o.question.gold]
    refused = [o for o in outcomes if o.answer.status == "not_in_article"]
    unanswerable = [o for o in outcomes if o.question.gold is None]
    right = sum(o.question.gold is None for o in refused)
    return Scores(
        n=len(outcomes),
        ndcg_10=_mean([ndcg(r, gold, 10) for r, gold in ranked]),
        recall_1=_mean([recall(r, gold, 1) for r, gold in ranked]),
        recall_3=_mean([recall(r, gold, 3) for r, gold in ranked]),
        recall_5=_mean([recall(r, gold, 5) for r, gold in ranked]),
        recall_10=_mean([recall(r, gold, 10) for r, gold in ranked]),
        mrr_10=_mean([reciprocal_rank(r, gold, 10) for r, gold in ranked]),
        sentence_accuracy=_mean(
            [float(_holds(o.answer, o.question.gold)) for o in outcomes if o.question.gold]
        ),
        exact_match=_mean([o.exact_match for o in outcomes if o.question.gold]),
        f1=_mean([o.f1 for o in outcomes if o.question.gold]),
        refusal_precision=right / len(refused) if refused else None,
        refusal_recall=right / len(unanswerable) if unanswerable else None,
    )


def score_by_language(outcomes: Sequence[Outcome]) -> dict[str, Scores]:
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
    """Rank paragraphs by their first passage; a passage stands for the one it has most of."""
    keys = []
    for passage in passages:
        chunk = passage.chunk
        best = max(
            dataset.paragraphs[chunk.article_id],
            key=lambda span: min(span[1], chunk.end) - max(span[0], chunk.start),
        )
        keys.append((chunk.article_id, best))
    return tuple(dict.fromkeys(keys))


def _holds(answer: Answer, gold: Gold) -> bool:
    return any(
        citation.article_id == gold.article_id and citation.start <= start and end <= citation.end
        for citation in answer.citations
        for start, end in gold.answers
    )


def _span_scores(
    answer: Answer, question: Question, articles: dict[str, Article]
) -> tuple[float, float]:
    """Return exact match and F1 of the answer's span; 0 for a refusal."""
    if question.gold is None or answer.span is None:
        return 0.0, 0.0
    article = articles[question.gold.article_id]
    golds = [article.text[start:end] for start, end in question.gold.answers]
    language = articles[answer.span.article_id].language
    quote = answer.span.quote
    return squad.exact_match(quote, golds, language), squad.f1(quote, golds, language)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _json_name(name: str) -> str:
    stem, _, cut = name.rpartition("_")
    return f"{stem}@{cut}" if cut.isdigit() else name
