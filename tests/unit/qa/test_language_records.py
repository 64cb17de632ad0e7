"""Each language is one record: a made-up one, added in one place, is known everywhere."""

import re
from collections.abc import Iterator

import pytest

import qa.languages
from index.articles import Article
from index.models import load_embedder
from index.store import Store
from qa.evaluation import normalise_answer
from qa.languages import LANGUAGES, lexicon
from qa.languages.record import CARD_TEXTS, KINDS, Language
from qa.questions.question import analyse_question
from qa.suggestions import suggest
from ui.i18n import card_text, refusal_text

TLON = Language(
    code="tl",
    function_words="mlo hor axa",
    question_words={"person": "fang", "thing": "jorasc"},
    question_nouns={"date": "tlaxm", "person": "re"},
    follow_up_openings="zurl",
    pronouns="dhen",
    months_and_weekdays="uqbar",
    amount_words="hron",
    determiners=r"\bmlo\b",
    example_questions={"number": "Jorasc hor “{}”?", "date": "Fang “{}”?", "quote": "Fang: {}?"},
    refusal="Axa hor.",
    card={text: f"{text} hlor" for text in CARD_TEXTS},
)


def _forget() -> None:
    lexicon.cache_clear()
    analyse_question.cache_clear()


@pytest.fixture
def tlon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the language in the one place, and forget what was made of the others."""
    monkeypatch.setattr(qa.languages, "LANGUAGES", (*LANGUAGES, TLON))
    _forget()
    yield
    _forget()


@pytest.mark.usefixtures("tlon")
def test_a_language_leaves_the_questions_of_others_alone() -> None:
    assert analyse_question("jorasc re upar blos scroth lang?").kind == "person"
    assert analyse_question("What report was read at the second meeting?").kind == "thing"
    assert analyse_question("In what tlaxm was the report of the mayor read?").kind == "thing"


@pytest.mark.usefixtures("tlon")
def test_a_language_is_added_in_one_place() -> None:
    assert analyse_question("fang upar?").kind == "person"
    assert analyse_question("jorasc tlaxms upar blos scroth lang?").kind == "date"
    assert analyse_question("fang mlo upar hor axa?").content == "fang upar"
    assert analyse_question("zurl upar blos?").is_follow_up
    assert analyse_question("fang hor dhen?").is_follow_up
    assert normalise_answer("mlo upar", "tl") == ["upar"]
    assert refusal_text("tl") == "Axa hor."
    assert card_text("likely", "tl") == "likely hlor"


@pytest.mark.usefixtures("tlon")
def test_example_questions_are_in_the_articles_language() -> None:
    text = "Upar blos scroth 300 hron lang. Axaxas upar mlo hlaer scroth blos."
    article = Article.of(text, title="Uqbar", source="uqbar.txt", language="tl")
    embedder = load_embedder()
    assert (
        suggest(article, Store.build([article], embedder), embedder)[0] == "Jorasc hor “300 hron”?"
    )


def test_a_language_of_which_only_its_code_is_known_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = analyse_question("what is the trade volume?"), analyse_question("ما هو حجم؟")
    bare = Language(code="qq")
    monkeypatch.setattr(qa.languages, "LANGUAGES", (*LANGUAGES, bare))
    _forget()
    after = analyse_question("what is the trade volume?"), analyse_question("ما هو حجم؟")
    assert before == after
    assert refusal_text("qq") == refusal_text("en")
    monkeypatch.undo()
    _forget()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_records_are_complete(language: Language) -> None:
    assert tuple(language.card) == CARD_TEXTS
    assert all(language.card.values())
    assert {text for text in CARD_TEXTS if "{}" in language.card[text]} == {
        "quoted", "answer in", "understood", "perhaps",
    }  # fmt: skip
    assert set(language.example_questions) == {"number", "date", "quote"}
    assert all("{}" in question for question in language.example_questions.values())
    assert language.refusal
    assert language.help
    assert language.small_talk
    asked_about = {*language.about_words, *(about for _, about in language.about_signs)}
    assert asked_about >= {"title", "byline", "date", "summary"}
    assert {"{words}", "{characters}"} & set(re.findall(r"{\w+}", language.length_text))
    asked = {*language.question_words, *(kind for _, kind in language.question_signs)}
    assert {"person", "place", "manner", "thing"} <= asked <= set(KINDS)
