import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.languages.record import KINDS
from qa.questions.question import analyse_question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is the trade volume?", "quantity"),
        ("ما هو حجم التبادل التجاري؟", "quantity"),
        ("quel est le volume des échanges ?", "quantity"),
        ("каков объём товарооборота?", "quantity"),
        ("¿Cuántos puntos anotaron?", "quantity"),
        ("Wie viele Menschen starben?", "quantity"),
        ("Kaç kişi öldü?", "quantity"),
        ("死了多少人？", "quantity"),
        ("When did they last meet?", "date"),
        ("متى التقيا آخر مرة؟", "date"),
        ("In what year was it founded?", "date"),
        ("Savaş ne zaman başladı?", "date"),
        ("战争什么时候开始？", "date"),
        ("who is the Russian ambassador?", "person"),
        ("من هو السفير الروسي؟", "person"),
        ("Wer hat ihn eingeladen?", "person"),
        ("ومتى؟", "date"),
        ("فأين التقيا؟", "place"),
        ("Where will the commission meet?", "place"),
        ("Куда приглашён президент?", "place"),
        ("Which company built it?", "organisation"),
        ("أي فريق زار روسيا؟", "organisation"),
        ("Pourquoi est-il parti ?", "reason"),
        ("Как называется закон этой республики теперь?", "thing"),
        ("Wie heißt das Gesetz von 1871?", "thing"),
        ("How does it work?", "manner"),
        ("What is phlogiston?", "definition"),
        ("What did they sign in Moscow?", "thing"),
        ("How long did the war last?", "quantity"),
        ("How high is the tower?", "quantity"),
        ("Wie lange dauerte der Krieg?", "quantity"),
        ("¿Por qué murió Tesla?", "reason"),
        ("What journal published the finding of the team?", "thing"),
        ("Which farmer sold the cow to his neighbour in the end?", "thing"),
        ("谁在19世纪发现了它？", "person"),
        ("它是哪个世纪建成的？", "date"),
        ("What is the name of the river that flows there?", "thing"),
        ("What did the president sign?", "thing"),
    ],
)
def test_the_question_word_tells_the_kind(question, kind):
    assert analyse_question(question).kind == kind


def test_from_within_a_question_is_not_who():
    assert analyse_question("ماذا طلب الوزير من الرئيس؟").kind == "thing"


@given(st.text(max_size=80))
def test_any_text_has_a_kind_and_a_place(text):
    asked = analyse_question(text)
    assert asked.kind in KINDS
    assert 0 <= asked.asking[0] <= asked.asking[1] <= len(text)
