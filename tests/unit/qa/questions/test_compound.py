"""Several questions in one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.api import ArticleQA
from qa.questions.compound import split_questions

TEXT = """New hospital for Westport

The new hospital in Westport will cost 48 million pounds. Sarah Collins proposed the plan in May.
Tom Reed opposed it because the site is often flooded."""


@pytest.mark.parametrize(
    "parts",
    [
        ("what is the trade volume", "and who is the ambassador?"),
        ("Who opposed the plan", "and why?"),
        ("How much does it cost?", "When does it start?"),
        ("what happened in Mali", "and where is it?"),
        ("who is Lavrov", "and what did he say about gas", "and when?"),
        ("ما هو حجم التبادل التجاري", "ومن هو السفير الروسي؟"),
        ("Combien coûte un billet", "et qui ouvrira le festival ?"),
        ("Кто предложил идею", "и сколько стоит билет?"),
        ("Wer ist dagegen", "und warum?"),
        ("俄罗斯大使是谁？", "贸易额是多少？"),
    ],
)
def test_several_questions_are_cut_apart(parts: tuple[str, ...]) -> None:
    space = "" if "？" in parts[0] else " "
    assert split_questions(space.join(parts)) == parts


@pytest.mark.parametrize(
    "question",
    [
        "what did Putin and Lavrov say?", "who met whom?", "Where and when was he born?",
        "what is the relation between Algeria and Russia?", "What is BRICS? I have no idea.",
        "ماذا قال لافروف عن مالي وعن الغاز؟", "and who opposed it?", "وأين؟", "", "?",
        "trade?? volume??",
        "who? who? who? who? who?",
    ],
)  # fmt: skip
def test_one_question_stays_one(question: str) -> None:
    assert split_questions(question) == (question,)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Which is longer, the bridge or the tunnel?",
         ("how long is the bridge?", "how long is the tunnel?")),
        ("which is more expensive, the bus or the tram", ("how much does the bus cost?",
                                                          "how much does the tram cost?")),
        ("Which has more people, Paris or Oran?",
         ("Which has more people, Paris?", "Which has more people, Oran?")),
        ("أيهما أطول، الجسر أم النفق؟", ("كم يبلغ طول الجسر؟", "كم يبلغ طول النفق؟")),
        ("Lequel est plus cher, le bus ou le tram ?",
         ("combien coûte le bus ?", "combien coûte le tram ?")),
        ("Что дороже, автобус или трамвай?", ("сколько стоит автобус?", "сколько стоит трамвай?")),
        ("¿Qué es más barato, el autobús o el tranvía?",
         ("¿cuánto cuesta el autobús?", "¿cuánto cuesta el tranvía?")),
        ("Was ist älter, der Turm oder die Brücke?",
         ("aus welchem Jahr ist der Turm?", "aus welchem Jahr ist die Brücke?")),
        ("Hangisi daha uzun, köprü mü yoksa tünel mi?",
         ("köprü ne kadar uzun?", "tünel ne kadar uzun?")),
        ("哪个更便宜，公交车还是电车？", ("公交车多少钱？", "电车多少钱？")),
    ],
)  # fmt: skip
def test_two_things_compared_are_asked_of_one_by_one(question: str, parts: tuple[str, str]) -> None:
    assert split_questions(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who won, France or Brazil?", "after the longer war, who ruled, France or Spain?",
        "is the bridge longer or shorter than the tunnel?", "more, bridge or tunnel",
        "ماذا قال لافروف، نعم أم لا؟", "Who has a lower risk of diabetes, women or men?",
    ],
)  # fmt: skip
def test_other_alternatives_are_read_as_one_question(question: str) -> None:
    assert split_questions(question) == (question,)


def test_braces_in_a_comparison_are_text() -> None:
    assert split_questions("Which has more {0}, {a} or {b}?") == (
        "Which has more {0}, {a}?", "Which has more {0}, {b}?",
    )  # fmt: skip
    assert split_questions("Which is longer, {0} or {}?") == ("how long is {0}?", "how long is {}?")


def test_a_comparison_is_answered_with_both() -> None:
    text = """Over the bay

The old bridge is 3 kilometres long. The mayor calls it the symbol of the town.

The new tunnel was opened in 2012. It is 5 kilometres long."""
    answer = ArticleQA.from_text(text).ask("which is longer, the bridge or the tunnel?")
    assert (answer.span, answer.is_evidence) == (None, True)
    assert answer.sureness != "sure"
    assert [c.quote for c in answer.citations] == [
        "The old bridge is 3 kilometres long.", "It is 5 kilometres long.",
    ]  # fmt: skip


@given(st.text(max_size=80))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    letters = [char for part in split_questions(text) for char in part if char.isalnum()]
    assert letters == [char for char in text if char.isalnum()]


def test_each_part_is_answered() -> None:
    asked = "How much will the hospital cost and who opposed the plan?"
    answer = ArticleQA.from_text(TEXT).ask(asked)
    assert answer.answered
    quotes = [citation.quote for citation in answer.citations]
    assert "48 million pounds" in quotes[0]
    assert "Tom Reed" in quotes[1]
    assert answer.text == "\n".join(quotes)
    assert answer.question == asked


def test_a_part_that_the_article_does_not_answer_leaves_the_others() -> None:
    hospital = ArticleQA.from_text(TEXT)
    answer = hospital.ask("How much will the hospital cost and what is the capital of Mongolia?")
    assert [c.quote for c in answer.citations] == [
        "The new hospital in Westport will cost 48 million pounds."
    ]
    refused = hospital.ask("What is the capital of Mongolia? Who painted the Mona Lisa?")
    assert refused.status == "not_in_article"


@pytest.mark.parametrize(
    "question",
    [
        "ما حجم الواردات من فرنسا ومن إيطاليا؟",
        "لماذا زار لافروف الجزائر ولم يزر المغرب؟",
        "في أي سنة وأين وُلد الرئيس؟",
        "In what year and where was he born?",
        "Who decides when and where the commission meets?",
        "What is the difference between what he said and what she said?",
        "Quels sont les pays que la France soutient et que la Russie combat ?",
        "Depuis quand et pourquoi la mine est-elle fermée ?",
        "В каком году и где он родился?",
        "С кем и когда встретился Лавров?",
        "Кто сказал, что Россия поможет и что Алжир согласен?",
    ],
)
def test_a_question_with_and_in_it_stays_whole(question: str) -> None:
    assert split_questions(question) == (question,)
