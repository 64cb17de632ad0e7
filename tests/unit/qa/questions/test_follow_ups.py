import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import seed_articles
from qa import ask
from qa.questions.follow_ups import rewrite_follow_up
from qa.questions.question import analyse_question

# Question, follow-up, and words that stand only in the paragraphs which answer the follow-up.
# More dialogues, of which one in five may fail, are in tests/data/dialogues.
DIALOGUES = [
    ("Where is the Algerian president invited?", "and who invited him?", "لزيارة موسكو"),
    ("متى التقى الدبلوماسيان آخر مرة؟", "وأين؟", "التقى الدبلوماسيان آخر مرة"),
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
    ("Каков объём товарооборота?", "а что о газе?", "إمدادات الغاز"),
    ("Какую должность занимает Дмитрий Шугаев?", "а когда он приехал?", "ديمتري شوڨاييف"),
]


@pytest.mark.parametrize(("first", "second", "reported"), DIALOGUES)
def test_a_follow_up_finds_its_paragraph(first, second, reported):
    (article,) = seed_articles()
    paragraphs = [line for line in article.text.split("\n") if reported in line]
    answer = ask(second, previous=ask(first))
    assert answer.question == second
    assert answer.text
    assert any(answer.text in paragraph for paragraph in paragraphs)


def test_how_it_was_completed_is_reported():
    answer = ask("and who invited him?", previous=ask("Where is the Algerian president invited?"))
    assert answer.completed.startswith("and who invited him? (")
    assert "president" in answer.completed


@pytest.mark.parametrize(
    "question",
    ["ومتى؟", "and who invited him?", "what about gas?", "et quand ?", "а куда?", "why?"],
)
def test_what_leans_on_the_question_before(question):
    assert analyse_question(question).is_follow_up


@pytest.mark.parametrize(
    "question",
    [
        "Which group visited Russia and Ukraine last month?",
        "ما هو حجم التبادل التجاري بين البلدين؟",
        "Сколько стоит новый российский самолёт сегодня?",
        "How old is Lavrov?",
        "Qui est l'ambassadeur russe en Algérie ?",
        "Combien y a-t-il de milliards de dollars ?",
        "Où la commission se réunira-t-elle ?",
        "¿Cuál es el volumen del comercio entre los dos países?",
        "¿Quién invitó a la delegación que lo visitó?",
        "Wer ist der russische Botschafter in seiner Residenz?",
        "İki ülke arasındaki bu ticaret hacmi nedir?",
        "Кто посол России в Алжире?",
        "What is the group that visited Russia there?",
    ],
)
def test_what_stands_alone(question):
    assert not analyse_question(question).is_follow_up
    assert ask(question, previous=ask("What is the capital of Mongolia?")) == ask(question)


@pytest.mark.parametrize(
    "question",
    ["How old is Lavrov?", "and how old is Lavrov?", "and how tall is the Eiffel tower?",
     "et qui a peint la Joconde ?"],
)  # fmt: skip
def test_the_last_question_does_not_answer_for_the_next(question):
    assert ask(question, previous=ask("what is the trade volume?")).status == "not_in_article"


def test_a_question_that_stands_alone_is_answered_so_whatever_came_before():
    question = "Qui est l'ambassadeur russe en Algérie ?"
    before = ask("quel est le volume des échanges commerciaux ?")
    assert ask(question, previous=before) == ask(question)


def test_what_is_explained_is_what_was_retrieved():
    from index.models import load_embedder
    from index.store import Store
    from qa.explain import explain

    answer = ask("وعن الغاز؟", previous=ask("ماذا قال لافروف عن مالي؟"))
    embedder = load_embedder()
    store = Store.build(seed_articles(), embedder)
    reasons = explain(
        answer.retrieval_question or answer.question,
        answer.passages,
        store,
        embedder,
        read_as=answer.completed,
    )
    assert [r.fused for r in reasons] == pytest.approx([p.score for p in answer.passages], abs=1e-4)


def test_a_question_too_long_to_be_completed_is_asked_alone():
    long = "and " + "when? " * 1_664
    assert ask(long, previous=ask("what is the trade volume?")).completed == ""


@given(st.text(max_size=60))
def test_any_text_is_one_or_the_other(text):
    analysed = analyse_question(text)
    previous = ask("what is the trade volume?")
    assert all(text.strip() in meant for meant in rewrite_follow_up(analysed, previous))
