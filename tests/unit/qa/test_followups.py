import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import seed_articles
from qa import ask
from qa.followups import completions, is_follow_up

# Question, follow-up, and words that stand in the paragraphs which answer the second, alone.
DIALOGUES = [
    ("Where is the Algerian president invited?", "and who invited him?", "لزيارة موسكو"),
    ("what is the trade volume?", "what about gas?", "إمدادات الغاز"),
    ("Who is the Russian ambassador to Algeria?", "and what did he say?", "إيغور بيلييف"),
    ("متى التقى الدبلوماسيان آخر مرة؟", "وأين؟", "التقى الدبلوماسيان آخر مرة"),
    ("من وجه دعوة للرئيس تبون؟", "وإلى أين؟", "لزيارة موسكو"),
    ("ماذا قال لافروف عن مالي؟", "وعن الغاز؟", "إمدادات الغاز"),
    ("Qui est l'ambassadeur russe en Algérie ?", "et qu'a-t-il dit ?", "إيغور بيلييف"),
    (
        "Quel est le volume des échanges commerciaux ?",
        "et où se réunira la commission ?",
        "3 مليارات دولار",
    ),
    (
        "Pourquoi Lamamra s'est-il rendu à Moscou en avril ?",
        "et quand ?",
        "التقى الدبلوماسيان آخر مرة",
    ),
    ("Кто пригласил президента Алжира?", "а куда?", "لزيارة موسكو"),
    ("Каков объём товарооборота?", "а что о газе?", "إمدادات الغاز"),
    ("Какую должность занимает Дмитрий Шугаев?", "а когда он приехал?", "ديمتري شوڨاييف"),
]


@pytest.mark.parametrize(("first", "second", "told"), DIALOGUES)
def test_a_follow_up_finds_its_paragraph(first, second, told):
    (article,) = seed_articles()
    paragraphs = [line for line in article.text.split("\n") if told in line]
    answer = ask(second, previous=ask(first))
    assert answer.question == second
    assert answer.text
    assert any(answer.text in paragraph for paragraph in paragraphs)


def test_how_it_was_completed_is_told():
    answer = ask("and who invited him?", previous=ask("Where is the Algerian president invited?"))
    assert answer.completed.startswith("and who invited him? (")
    assert "president" in answer.completed


@pytest.mark.parametrize(
    "question",
    ["ومتى؟", "and who invited him?", "what about gas?", "et quand ?", "а куда?", "why?"],
)
def test_what_leans_on_the_question_before(question):
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which group visited Russia and Ukraine last month?",
        "ما هو حجم التبادل التجاري بين البلدين؟",
        "Сколько стоит новый российский самолёт сегодня?",
        "How old is Lavrov?",
    ],
)
def test_what_stands_alone(question):
    assert not is_follow_up(question)
    assert ask(question, previous=ask("Who invented the telephone?")) == ask(question)


@pytest.mark.parametrize("question", ["How old is Lavrov?", "and how old is Lavrov?"])
def test_the_last_question_does_not_answer_for_the_next(question):
    assert ask(question, previous=ask("what is the trade volume?")).status == "not_in_article"


@given(st.text(max_size=60))
def test_any_text_is_one_or_the_other(text):
    is_follow_up(text)
    previous = ask("what is the trade volume?")
    assert all(text.strip() in meant for meant in completions(text, previous))
