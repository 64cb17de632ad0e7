"""Mentions: how often a word stands in an article, and which countries and cities it names."""

import pytest

from index.articles import Article
from index.models import load_embedder
from index.store import Store
from qa.answer import Answer
from qa.api import ArticleQA
from qa.mentions import names_absent_country
from qa.questions.intents import MentionQuestion
from qa.questions.question import analyse_question

ENGLISH = (
    "A bridge for Ourville\n\nOurville opened a bridge to Spain on Monday. The bridges of France "
    "are older, said Ada Boe. Spain's minister praised the bridge builders.\n\n"
    "Nobody from Paris came. A turkey was eaten, and the United States sent a letter."
)
ARABIC = (
    "زيارة الوزير\n\nوصل لافروف إلى الجزائر أمس. والتقى لافروف نظيره الجزائري.\n\n"
    "وقال إن الجزائر وروسيا تتعاونان في مجال الطاقة."
)


def ask(question: str, *texts: str) -> Answer:
    embedder = load_embedder()
    articles = [Article.of(text) for text in texts]
    return ArticleQA(Store.build(articles, embedder), embedder).ask(question)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How often is the bridge mentioned?", "bridge"),
        ("how many times does the word “bridge” appear in the text", "bridge"),
        ("كم مرة ذُكر لافروف في المقال؟", "لافروف"),
        ("Combien de fois Lavrov est-il cité ?", "lavrov"),
        ("Сколько раз упоминается Лавров?", "лавров"),
        ("¿Cuántas veces se menciona a Lavrov?", "lavrov"),
        ("Wie oft kommt Lawrow im Text vor?", "lawrow"),
        ("Lavrov kaç kez geçiyor?", "lavrov"),
        ("拉夫罗夫被提到了几次？", "拉夫罗夫"),
    ],
)
def test_a_question_for_how_often_a_word_stands_there(question: str, word: str) -> None:
    intent = analyse_question(question).intent
    assert (intent.about, intent.mentions) == ("mentions", MentionQuestion(word=word))


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which countries are mentioned?", "country"),
        ("What cities are named in the article?", "city"),
        ("Which countries does the article mention?", "country"),
        ("ما هي الدول المذكورة في المقال؟", "country"),
        ("Quels pays sont cités ?", "country"),
        ("Какие города упоминаются в статье?", "city"),
        ("¿Qué lugares se mencionan?", "place"),
        ("Welche Länder werden erwähnt?", "country"),
        ("Hangi şehirler geçiyor?", "city"),
        ("文章提到了哪些国家？", "country"),
    ],
)
def test_a_question_for_places(question: str, place: str) -> None:
    intent = analyse_question(question).intent
    assert intent.mentions is not None
    assert (intent.about, intent.mentions.places) == ("mentions", place)


@pytest.mark.parametrize(
    "question",
    ["How many times did Lavrov visit Algeria?", "How often does the bus run?",
     "Which countries signed?", "كم مرة زار لافروف الجزائر؟", "Сколько раз он приезжал?"],
)  # fmt: skip
def test_other_questions_are_of_the_text(question: str) -> None:
    assert analyse_question(question).intent.about is None


def test_forms_of_a_word_are_counted() -> None:
    answer = ask("How often is the bridge mentioned?", ENGLISH)
    # the title, "a bridge", "The bridges", "the bridge builders"
    assert answer.text == "“bridge” is mentioned: 4 ×"
    assert (answer.status, answer.about, answer.confidence) == ("answered", "mentions", 1.0)
    assert len(answer.citations) == 3
    for citation in answer.citations:
        assert ENGLISH[citation.start : citation.end] == citation.quote
        assert "bridge" in citation.quote


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How often is Lavrov mentioned?", "“لافروف” is mentioned: 2 ×"),
        ("How often is Algeria mentioned?", "“الجزائر” is mentioned: 2 ×"),
        ("Combien de fois l'Algérie est-elle citée ?", "« الجزائر » est mentionné : 2 ×"),
        ("كم مرة ذكرت الجزائر؟", "«الجزائر» مذكور: 2 ×"),
        ("Which countries are mentioned?", "Algeria, Russia"),
        ("أي دول ذكرت؟", "الجزائر، روسيا"),
    ],
)
def test_mentions_across_languages(question: str, text: str) -> None:
    assert ask(question, ARABIC).text == text


def test_places_are_names_with_a_capital_letter_in_their_order() -> None:
    assert ask("which countries are mentioned?", ENGLISH).text == "Spain, France, United States"
    assert ask("Welche Orte werden genannt?", ENGLISH).text == (
        "Spanien, Frankreich, Paris, Vereinigte Staaten"
    )


def test_what_is_not_mentioned() -> None:
    answer = ask("how often is the tunnel mentioned?", ENGLISH)
    assert (answer.status, answer.about, answer.citations) == ("not_in_article", "mentions", ())
    assert ask("which countries are mentioned?", "Nothing here is abroad.").status == (
        "not_in_article"
    )
    # Spelled in another script, it may be there all the same: the text is read.
    assert ask("how often is Macron mentioned?", ARABIC).about is None


def test_each_of_several_articles_has_its_line() -> None:
    answer = ask("which countries are mentioned?", ENGLISH, ARABIC)
    assert sorted(answer.text.splitlines()) == [
        "A bridge for Ourville: Spain, France, United States",
        "زيارة الوزير: Algeria, Russia",
    ]


def test_the_last_words_of_an_article_may_be_a_place() -> None:
    answer = ask("which countries are mentioned?", "A letter\n\nThe letter came from France")
    assert answer.text == "France"


@pytest.mark.parametrize(
    ("question", "text", "is_absent"),
    [
        ("what is the trade between Algeria and China?", ARABIC, True),
        ("what is the trade between Algeria and Russia?", ARABIC, False),
        ("ما حجم التبادل مع الصين؟", ARABIC, True),
        ("ما حجم التبادل مع روسيا؟", ARABIC, False),
        ("какова торговля с Китаем?", ARABIC, True),
        ("what did the president of Germany say?", ENGLISH, True),
        ("what did the minister of Spain say?", ENGLISH, False),
        # Named otherwise, or by what is called after it.
        ("who came from Denmark?", "Guests\n\nThree Danish guests came on Monday.", False),
        ("who came from the United States?", "Guests\n\nThree Americans came.", False),
        ("who came from Germany?", "زوار\n\nوصل ثلاثة زوار ألمان أمس.", False),
        ("who arrived?", ENGLISH, False),
        ("Bu karar ne zaman alındı?", ENGLISH, False),
    ],
)
def test_a_country_that_the_article_lacks(question: str, text: str, is_absent: bool) -> None:
    article = Article.of(text)
    assert names_absent_country(analyse_question(question), article) is is_absent


def test_a_question_about_an_absent_country_is_refused() -> None:
    text = "Trade\n\nThe trade volume between Algeria and Russia reached 3 billion dollars in 2022."
    known = ask("what is the trade volume between Algeria and Russia?", text)
    other = ask("what is the trade volume between Algeria and China?", text)
    assert (known.status, other.status) == ("answered", "not_in_article")
