"""Each language is one record: a made-up one, added in one place, is known everywhere."""

from collections.abc import Iterator

import pytest

import qa.languages
from index.articles import Article
from index.models import load_embedder
from index.store import Store
from qa.evaluation import normalise_answer
from qa.languages import LANGUAGES, content_words, lexicon
from qa.languages.record import KINDS, Language
from qa.question import is_follow_up, question_kind
from qa.suggestions import suggest
from ui.i18n import language_name, refusal_text, sureness_text, unsupported_text, why_text

TLON = Language(
    code="tl",
    names={"en": "Tlönic", "ar": "طلونية", "fr": "tlönien", "ru": "тлёнский"},
    function_words="mlo hor axa",
    question_words={"person": "fang", "thing": "jorasc"},
    question_nouns={"date": "tlaxm"},
    openings="zurl",
    pronouns="dhen",
    months_and_weekdays="uqbar",
    amount_words="hron",
    articles=r"\bmlo\b",
    example_questions={"number": "Jorasc hor “{}”?", "date": "Fang “{}”?", "quote": "Fang: {}?"},
    refusal="Axa hor.",
    sureness={"sure": "hlaer", "likely": "hlor", "not sure": "axa hlaer"},
    unsupported="(axa)",
    why="Axaxas?",
)


@pytest.fixture
def tlon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the language in the one place, and forget what was made of the others."""
    monkeypatch.setattr(qa.languages, "LANGUAGES", (*LANGUAGES, TLON))
    lexicon.cache_clear()
    yield
    lexicon.cache_clear()


@pytest.mark.usefixtures("tlon")
def test_a_language_is_added_in_one_place() -> None:
    assert question_kind("fang upar?").kind == "person"
    assert question_kind("jorasc tlaxms upar blos scroth lang?").kind == "date"
    assert content_words("fang mlo upar hor axa?") == "fang upar"
    assert is_follow_up("zurl upar blos?")
    assert is_follow_up("fang hor dhen?")
    assert normalise_answer("mlo upar", "tl") == ["upar"]
    assert language_name("tl", "fr") == "tlönien"
    assert refusal_text("tl") == "Axa hor."
    assert sureness_text("likely", "tl") == "hlor"
    assert unsupported_text("tl") == "(axa)"
    assert why_text("tl") == "Axaxas?"


@pytest.mark.usefixtures("tlon")
def test_example_questions_are_in_the_articles_language() -> None:
    text = "Upar blos scroth 300 hron lang. Axaxas upar mlo hlaer scroth blos."
    article = Article.of(text, title="Uqbar", source="uqbar.txt", language="tl")
    embedder = load_embedder()
    assert (
        suggest(article, Store.build([article], embedder), embedder)[0] == "Jorasc hor “300 hron”?"
    )


def test_a_language_of_which_only_its_name_is_known_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = question_kind("what is the trade volume?"), content_words("ما هو حجم التبادل التجاري؟")
    bare = Language(code="qq", names={"en": "Q", "ar": "Q", "fr": "Q", "ru": "Q"})
    monkeypatch.setattr(qa.languages, "LANGUAGES", (*LANGUAGES, bare))
    lexicon.cache_clear()
    after = question_kind("what is the trade volume?"), content_words("ما هو حجم التبادل التجاري؟")
    assert before == after
    assert refusal_text("qq") == refusal_text("en")
    monkeypatch.undo()
    lexicon.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_records_are_complete(language: Language) -> None:
    assert set(language.names) == {"en", "ar", "fr", "ru"}
    assert set(language.example_questions) == {"number", "date", "quote"}
    assert all("{}" in question for question in language.example_questions.values())
    assert set(language.sureness) == {"sure", "likely", "not sure"}
    assert language.refusal
    assert language.unsupported
    assert language.why
    asked = {*language.question_words, *(kind for _, kind in language.question_signs)}
    assert {"person", "place", "manner", "thing"} <= asked <= set(KINDS)
