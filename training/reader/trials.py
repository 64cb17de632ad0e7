"""Questions with known answers, each put to a choice of passages, as a reader gets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from index.articles import Article
from index.embedder import Embedder
from index.sentences import sentence_spans
from index.store import Store
from index.text import Span
from qa.answer import Passage
from qa.datasets import Dataset, Gold, LabelledQuestion
from qa.evaluation import exact_match, f1
from qa.reader.reader import MAX_PASSAGES
from qa.reader.selection import Candidate, ReaderInput
from qa.retriever import Retriever

# The paragraph alone; the best passages of all paragraphs, of its own article, of another article,
# and of its own without the paragraph that answers.
Setting = Literal["given", "library", "own", "other", "without"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question and the passages to read, best first; ``answers`` are the places in each."""

    question: LabelledQuestion
    inputs: tuple[ReaderInput, ...]
    answers: tuple[tuple[Span, ...], ...]
    gold: tuple[str, ...]
    language: str  # of the article

    def holds(self, candidate: Candidate) -> bool:
        """Tell whether the candidate's sentence holds a gold answer."""
        first, last = candidate.sentence
        return any(first <= a and b <= last for a, b in self.answers[candidate.passage])

    def span_scores(self, candidate: Candidate) -> tuple[float, float]:
        """Return exact match and F1 of the candidate's short answer."""
        words = self.inputs[candidate.passage].text[slice(*candidate.reading.best_span)]
        gold = list(self.gold)
        return exact_match(words, gold, self.language), f1(words, gold, self.language)


class Trials:
    """The trials of a dataset."""

    def __init__(self, dataset: Dataset, embedder: Embedder) -> None:
        self.questions = [question for question in dataset.questions if question.gold is not None]
        self._articles = {article.id: article for article in dataset.articles}
        self._dataset, self._embedder = dataset, embedder
        self._by_title: dict[str, Store] = {}
        # Another article is one that is asked about, too.
        self._titles = sorted({self._article(question).title for question in self.questions})

    def trial(self, question: LabelledQuestion, setting: Setting) -> Trial:
        """Return the question with the passages of the setting."""
        gold = _gold(question)
        article = self._article(question)
        if setting == "given":
            whole = ReaderInput(article.text, sentence_spans(article.text, article.language))
            inputs: tuple[ReaderInput, ...] = (whole,)
            answers: tuple[tuple[Span, ...], ...] = (gold.answers,)
        else:
            passages = Retriever(self._store(question, setting), self._embedder).retrieve(
                question.text, MAX_PASSAGES
            )
            inputs = tuple(map(self._input, passages))
            answers = tuple(_answers_in(passage, gold) for passage in passages)
        words = tuple(article.text[start:end] for start, end in gold.answers)
        return Trial(question, inputs, answers, words, article.language)

    def _store(self, question: LabelledQuestion, setting: Setting) -> Store:
        if setting == "library":
            return self._library
        title = self._article(question).title
        if setting == "other":
            place = self._titles.index(title) + len(self._titles) // 2
            title = self._titles[place % len(self._titles)]
        if title not in self._by_title:
            own = [article for article in self._articles.values() if article.title == title]
            self._by_title[title] = Store.build(own, self._embedder)
        store = self._by_title[title]
        return store.remove(_gold(question).article_id) if setting == "without" else store

    @cached_property
    def _library(self) -> Store:
        return Store.build(self._dataset.articles, self._embedder)

    def _article(self, question: LabelledQuestion) -> Article:
        return self._articles[_gold(question).article_id]

    def _input(self, passage: Passage) -> ReaderInput:
        language = self._articles[passage.chunk.article_id].language
        text = passage.chunk.text
        return ReaderInput(text, sentence_spans(text, language), passage.rank)


def _answers_in(passage: Passage, gold: Gold) -> tuple[Span, ...]:
    """Return where the gold answers stand in a passage's text."""
    chunk = passage.chunk
    if chunk.article_id != gold.article_id:
        return ()
    return tuple((start - chunk.start, end - chunk.start) for start, end in gold.answers)


def _gold(question: LabelledQuestion) -> Gold:
    assert question.gold is not None, "questions without an answer are left out"
    return question.gold


def only(dataset: Dataset, titles: Sequence[str]) -> Dataset:
    """Return the dataset with the articles of these titles, and the questions on them."""
    articles = tuple(article for article in dataset.articles if article.title in titles)
    kept = {article.id for article in articles}
    questions = tuple(q for q in dataset.questions if q.gold and q.gold.article_id in kept)
    paragraphs = {name: spans for name, spans in dataset.paragraphs.items() if name in kept}
    return Dataset(articles, paragraphs, questions)
