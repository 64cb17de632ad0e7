"""Questions for yes or no: recognised, and answered with evidence that is never "sure"."""

from __future__ import annotations

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.answer import Answer, Citation, answer_as_json
from qa.questions.question import analyse_question


@pytest.mark.parametrize(
    "question",
    [
        "is the bridge open?", "did the mayor resign?", "and did she resign?", "can dogs swim?",
        "isn't it closed?", "هل فتح الجسر؟", "وهل استقال؟", "ألم يستقل الوزير؟",
        "est-ce que le pont est ouvert ?", "le maire a-t-il démissionné ?", "Est-il mort ?",
        "открыт ли мост?", "разве мост открыт?", "¿Está abierto el puente?", "¿Ha dimitido?",
        "Ist die Brücke offen?", "Hat sie gekündigt?", "Köprü açık mı?", "Başkan istifa etti mi?",
        "桥开了吗？", "市长是否辞职？", "هل من المتوقع أن يزور بوتين الجزائر؟",
        "هل صحيح أن الجزائر لم توقع الاتفاق؟", "Правда ли, что Россия подписала соглашение?",
        "Est-ce que c'est la Russie qui livre le blé ?",
    ],
)  # fmt: skip
def test_questions_for_yes_or_no(question: str) -> None:
    assert analyse_question(question).is_yes_no


@pytest.mark.parametrize(
    "question",
    [
        "what is open?", "who did it?", "when was it?", "trade volume", "Lavrov", "ما حجم التجارة؟",
        "كم مليار؟", "qu'est-ce que le pont ?", "combien de ponts y a-t-il ?",
        "où le maire est-il né ?", "кто открыл мост?", "¿Qué es?", "wer ist sie?", "kim geldi?",
        "谁开了桥？", "name the mayor", "Can you tell me the trade volume?",
        "Could you give me the ambassador's name?", "May 2024 exports?",
        "Pouvez-vous me dire le prix ?", "هل يمكنك أن تخبرني بالسعر؟",
    ],
)  # fmt: skip
def test_other_questions(question: str) -> None:
    assert not analyse_question(question).is_yes_no


def test_evidence_has_no_short_answer_and_is_never_sure() -> None:
    article = Article.of("The bridge was opened on Monday.", title="t", language="en")
    cited, span = Citation.of(article, 0, 32), Citation.of(article, 15, 21)
    answer = Answer(
        "is it open?", "answered", cited.quote, 0.99, (cited,), (), span=span,
        span_confidence=0.95, is_evidence=True,
    )  # fmt: skip
    assert answer.sureness == "likely"
    assert answer.emphasis is None
    assert answer_as_json(answer)["evidence"] is True
    assert answer_as_json(answer)["confidence"] == 0.99


def test_the_shipped_article_gives_evidence(store: Store, embedder: Embedder) -> None:
    answer = ask("did Putin invite Tebboune?", store=store, embedder=embedder)
    assert answer.is_evidence
    assert "لزيارة موسكو" in answer.text
    assert not ask("where is Tebboune invited?", store=store, embedder=embedder).is_evidence
