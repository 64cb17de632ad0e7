"""Reader: the sentence of the passages that answers, or the statement that none does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder
from index.lexical import stem_groups
from index.store import Store
from index.text import sentence_spans
from qa.answer import Answer, Citation, Passage
from qa.late import best_cosines, max_sim
from qa.words import content_words

Scores = npt.NDArray[np.float32]

_NO_MATCH, _SURE_MATCH = 0.4, 0.8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, its span counted in the article."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """Weights that choose the sentence, and how many passages are read.

    A sentence counts by its late interaction, its shared words and its passage's rank.
    Tuned on the XQuAD tuning questions by training/tune.py.
    """

    passages: int = 3
    late: float = 1.0
    lexical: float = 0.8
    rank: float = 0.2


@dataclass(frozen=True, slots=True)
class Refusing:
    """A logistic model of "the article answers"; below one half the reader refuses.

    Fitted by training/tune.py on the XQuAD tuning questions, asked of their own article, of
    another one and of their own without its paragraph. Five questions in seven are answerable,
    as in the questions on the shipped article.
    """

    bias: float = -3.372
    weights: tuple[float, ...] = (11.536, 0.643, 10.616, -2.412, -5.84, -2.427, -9.293)


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentence chosen, and the features of `Refusing` in their order.

    Of the sentence: late interaction, share of the question's words in it. Of its passage: the
    same two, and by the question tokens' weight, the worst miss, the share without a match
    (best cosine below 0.4) and the share with a sure one (above 0.8).
    """

    sentence: Sentence
    evidence: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reader:
    """Read the passages of a store for the answer to a question."""

    store: Store
    embedder: Embedder
    choosing: Choosing = Choosing()
    refusing: Refusing = Refusing()

    def read(self, question: str, passages: Sequence[Passage]) -> Answer:
        """Answer with the best sentence of the first passages, cited, or refuse."""
        choice = self.choose(question, passages)
        confidence = self._confidence(choice) if choice else 0.0
        if choice is None or confidence < 0.5:
            return Answer(question, "not_in_article", "", confidence, (), tuple(passages))
        chosen = choice.sentence
        article = self.store.article(chosen.passage.chunk.article_id)
        cited = (Citation.of(article, chosen.start, chosen.end),)
        return Answer(question, "answered", chosen.text, confidence, cited, tuple(passages))

    def choose(self, question: str, passages: Sequence[Passage]) -> Choice | None:
        """Return the sentence that answers best, if there is any, and what speaks for it."""
        sentences = self.sentences(passages[: self.choosing.passages])
        if not sentences:
            return None
        late, lexical = self.sentence_scores(question, sentences)
        ranks = np.array([s.passage.rank for s in sentences], dtype=np.float32)
        choosing = self.choosing
        scores = choosing.late * late + choosing.lexical * lexical - choosing.rank * np.log2(ranks)
        best = int(np.argmax(scores))
        passage = sentences[best].passage.chunk.text
        evidence = (late[best], lexical[best], *self._passage_evidence(question, passage))
        return Choice(sentences[best], np.array(evidence, dtype=np.float64))

    def sentences(self, passages: Sequence[Passage]) -> tuple[Sentence, ...]:
        """Return the sentences of the passages, in the passages' order."""
        return tuple(
            Sentence(p, p.chunk.start + first, p.chunk.start + last, p.chunk.text[first:last])
            for p in passages
            for first, last in sentence_spans(
                p.chunk.text, self.store.article(p.chunk.article_id).language
            )
        )

    def sentence_scores(
        self, question: str, sentences: Sequence[Sentence]
    ) -> tuple[Scores, Scores]:
        """Return each sentence's late interaction and its share of the question's words."""
        texts = [content_words(question), *(s.text for s in sentences)]
        tokens = self.embedder.token_vectors(texts)
        return max_sim(tokens[0], tokens[1:]), self._shared(question, [s.text for s in sentences])

    def _passage_evidence(self, question: str, passage: str) -> tuple[float, ...]:
        asked, whole = self.embedder.token_vectors([content_words(question), passage])
        cosines = best_cosines(asked.vectors, [whole.vectors])[0]
        share = asked.weights / max(float(asked.weights.sum()), 1e-9)
        return (
            float(cosines @ share),
            float(self._shared(question, [passage])[0]),
            float((share * (1 - cosines)).max(initial=0.0)),
            float(share[cosines < _NO_MATCH].sum()),
            float(share[cosines > _SURE_MATCH].sum()),
        )

    def _shared(self, question: str, texts: Sequence[str]) -> Scores:
        """Return, per text, the share by idf of the question's words that stand in it."""
        shares = np.zeros(len(texts), dtype=np.float32)
        for language in self.store.languages:
            asked = stem_groups(question, language)
            idf = np.array([self.store.lexical.idf(group) for group in asked])
            if not idf.sum():
                continue
            for row, text in enumerate(texts):
                have = {stem for group in stem_groups(text, language) for stem in group}
                found = np.array([not have.isdisjoint(group) for group in asked])
                shares[row] = max(shares[row], float(idf @ found) / float(idf.sum()))
        return shares

    def _confidence(self, choice: Choice) -> float:
        logit = self.refusing.bias + float(np.dot(self.refusing.weights, choice.evidence))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
