"""How an answer is shown: its places, how sure it is, an LLM's sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ask
from qa.answer import Answer, Citation, Statement
from qa.defaults import shared_embedder
from qa.languages import LANGUAGES, name_of_language
from qa.languages.record import CardText
from tests.unit.ui.seen import Seen
from ui.cards import as_text, card_html
from ui.i18n import card_text, direction
from ui.talk import Sentence, Turn, turn_of

ARTICLE = Article.of("Trade <b> is 3 billion. It rained.", title="t", source="s", language="en")
STORE = Store.build([ARTICLE], shared_embedder())
SENTENCE, WORDS = Citation.of(ARTICLE, 0, 23), Citation.of(ARTICLE, 13, 22)


def turn(language: str = "en", **more: object) -> Turn:
    facts = {"confidence": 0.95, **more}
    answer = Answer("q", "answered", SENTENCE.quote, citations=(SENTENCE,), passages=(), **facts)  # type: ignore[arg-type]
    return turn_of(answer, STORE, language)


def test_the_quote_and_its_place_stand_under_how_sure_the_answer_is() -> None:
    html = card_html(turn(), 3, "en")
    seen = Seen(html)
    assert 'class="answer answered" lang="en" dir="ltr"' in html
    assert '<p class="status sure">Found in the article</p>' in html
    assert '<blockquote class="quote said" lang="en" dir="ltr">Trade &lt;b&gt; is' in html
    assert f'<a class="cite" href="#cite-{ARTICLE.id}-0"' in html
    assert set(seen.all("data-turn")) == {"3"}
    assert "paragraph\u00a01" in seen.text
    assert "23" not in seen.text  # no offsets on the screen


def test_the_short_answer_stands_before_its_sentence() -> None:
    html = card_html(turn(span=WORDS, span_confidence=0.8), 0, "en")
    assert '<p class="short" lang="en" dir="ltr">3 billion</p>' in html
    assert "is <mark>3 billion</mark>." in html
    assert html.index('class="short"') < html.index("<blockquote")
    assert "Probably" in html
    html = card_html(turn(span=WORDS, span_confidence=0.8, confidence=0.55), 0, "en")
    assert "Weak match: check the passage" in html
    assert 'class="short"' not in card_html(turn(span=WORDS, span_confidence=0.69), 0, "en")


def test_all_of_a_card_is_in_the_questions_language_but_the_quote() -> None:
    for language in LANGUAGES:
        card = turn(language.code, span=WORDS, span_confidence=0.8)
        html = card_html(card, 0, "ru")
        for key in ("likely", "paragraph", "copy"):
            assert escape(card_text(key, language.code)) in html
        quoted = card_text("quoted", language.code).format(name_of_language("en", language.code))
        assert (quoted in html) == (language.code != "en")
        assert f'lang="{language.code}" dir="{direction(language.code)}"' in html
    # The page's language stands in for one that has no texts here.
    assert "Вероятно" in card_html(turn("sw", span=WORDS, span_confidence=0.8), 0, "ru")


def test_an_answer_in_another_language_without_sure_words_says_so() -> None:
    assert "La réponse est en anglais :" in card_html(turn("fr"), 0, "en")
    assert "The answer is in" not in card_html(turn("en"), 0, "en")


def test_of_a_long_quote_what_stands_around_its_words_is_shown() -> None:
    text = "alpha " * 60 + "it cost 3 billion in all " + "omega " * 60
    article = Article.of(text, title="t", source="s", language="en")
    place = replace(turn().places[0], article=article.id, quote=text, end=len(text))
    html = card_html(replace(turn(), places=(place,), short_answer="3 billion", text=text), 0, "en")
    shown = html.partition('dir="ltr">… ')[2].partition(" …</blockquote>")[0]
    assert "cost <mark>3 billion</mark> in all" in shown
    assert re.sub("<.*?>", "", shown) in text
    assert len(shown) < 320


def test_a_list_is_shown_a_line_an_item() -> None:
    text = "Allowed:\n\n- water\n\n- <b>fruit</b>\n\nNo flowers."
    article = Article.of(text, title="t", source="s", language="en")
    whole = Citation.of(article, 0, text.index("\n\nNo"))
    answer = Answer("q", "answered", whole.quote, 0.95, (whole,), ())
    html = card_html(turn_of(answer, Store.build([article], shared_embedder()), "en"), 0, "en")
    assert "Allowed:\n- water\n- &lt;b&gt;fruit" in html


def test_a_place_names_its_article_where_several_were_asked() -> None:
    assert "t · paragraph" not in Seen(card_html(turn(), 0, "en")).text
    assert "t · paragraph" in Seen(card_html(replace(turn(), of_several=True), 0, "en")).text


@pytest.mark.parametrize(
    ("confidence", "sure"),
    [(1.0, "sure"), (0.9, "sure"), (0.89, "likely"), (0.7, "likely"), (0.69, "not sure"),
     (0.0, "not sure")],
)  # fmt: skip
def test_confidence_is_words_for_people(confidence: float, sure: CardText) -> None:
    reported = turn("fr", confidence=confidence)
    assert reported.sure == sure
    assert escape(card_text(sure, "fr")) in card_html(reported, 0, "en")


def test_an_llms_sentences_have_their_numbers_or_their_mark() -> None:
    reported = turn(
        statements=(Statement("It is 3.", (SENTENCE,), True), Statement("It is <b>.", (), False))
    )
    seen = Seen(card_html(reported, 0, "en"))
    assert "It is 3. [1]" in seen.text
    assert "It is <b>. (not supported by the passages)" in seen.text
    assert as_text(reported, "en").splitlines() == [
        "It is 3. [1]",
        "It is <b>. (not supported by the passages)",
        f"[1] «{SENTENCE.quote}» t, s, paragraph 1, 0–23",
    ]
    assert card_text("unsupported", "fr") in card_html(replace(reported, language="fr"), 0, "en")


def test_what_is_copied_is_the_answer_with_its_place() -> None:
    copied = f"{SENTENCE.quote}\n[1] t, s, paragraph 1, 0–23"
    assert as_text(turn(), "en") == copied
    assert Seen(card_html(turn(), 0, "en")).all("data-copy") == [copied]


def test_the_place_in_a_file_stands_for_the_paragraph() -> None:
    reported = turn()
    page = replace(reported.places[0], kind="page", locator="3")
    reported = replace(reported, places=(page,))
    assert "page\u00a03" in Seen(card_html(reported, 0, "en")).text
    assert "paragraph" not in Seen(card_html(reported, 0, "en")).text
    assert "الصفحة\u00a03" in Seen(card_html(replace(reported, language="ar"), 0, "en")).text
    assert as_text(reported, "fr").endswith("t, s, page 3, paragraphe 1, 0–23")
    odd = replace(reported, places=(replace(page, kind="sheet", locator="<b>Q1</b>"),))
    assert "sheet\u00a0&lt;b&gt;Q1&lt;/b&gt;" in card_html(odd, 0, "en")


def test_what_was_understood_and_what_failed_are_reported_and_escaped() -> None:
    html = card_html(turn(completed="when? (x)", notice="no <server>"), 0, "en", "who <i>?")
    assert "Read together with “who &lt;i&gt;?”" in html
    assert "no &lt;server&gt;" in html
    assert "Read together" not in card_html(turn(), 0, "en", "who?")


def test_the_reasons_are_folded_and_escaped() -> None:
    reported = replace(turn(), word_pairs=(("<a>", "<b>", 0.5),))
    html = card_html(reported, 0, "en")
    assert "<details" in html
    assert "<bdi>&lt;a&gt;</bdi> ↔ <bdi>&lt;b&gt;</bdi>" in html


def test_nothing_that_is_reported_is_markup() -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    place = replace(turn().places[0], article=bad, title=bad, source=bad, quote=bad)
    reported = Turn(
        bad,
        bad,
        "answered",
        bad,
        short_answer=bad,
        places=(place,),
        completed=bad,
        notice=bad,
        word_pairs=((bad, bad, 1.0),),
    )
    for each in (reported, replace(reported, status="not_in_article", nearest=place),
                 replace(reported, status="failed")):  # fmt: skip
        seen = Seen(card_html(each, 0, "ar"))
        assert not seen.tags & {"script", "img"}
        assert not [name for name, _ in seen.attributes if name.startswith("on")]


def test_a_summary_is_a_paragraph_a_sentence_each_with_its_place() -> None:
    first = turn().places[0]
    second = replace(first, start=first.end + 1, end=first.end + 6, quote="Again")
    both = replace(turn(), about="summary", places=(first, second), short_answer="", text="x")
    shown = card_html(both, 0, "en")
    assert shown.count('<p class="said"') == 2
    assert 'class="status' not in shown
    assert as_text(both, "en").splitlines()[:2] == [f"{first.quote} [1]", "Again [2]"]


def test_a_summary_by_an_llm_is_its_sentences() -> None:
    place = replace(turn().places[0], language="ar")
    written = (Sentence("Trade grew.", (1,)), Sentence("Oil is dear.", ()))
    summary = replace(
        turn(), about="summary", places=(place,), short_answer="", text="x", sentences=written
    )
    shown = card_html(summary, 0, "en")
    assert shown.count('<p class="said" dir="auto"') == 2
    assert as_text(summary, "en").startswith("Trade grew. [1]\nOil is dear. ")


def test_a_localised_answer_stands_before_the_articles_words() -> None:
    place = replace(turn().places[0], language="ar")
    localised = replace(turn(), short_answer="3 مليارات", localised="3 billion", places=(place,))
    shown = card_html(localised, 0, "en")
    assert '<p class="short">3 billion</p>' in shown
    assert '<bdi lang="ar" dir="rtl">3 مليارات</bdi> — in the article&#x27;s words' in shown
    assert as_text(localised, "en").startswith("3 billion\n")


def test_what_is_no_question_is_answered_without_citations() -> None:
    shown = card_html(Turn("hello", "en", "not_a_question", "Ask <something>."), 0, "en")
    assert (
        shown == '<div class="answer not_a_question" lang="en" dir="ltr">'
        '<p class="said" dir="ltr">Ask &lt;something&gt;.</p></div>'
    )


UNANSWERABLE = (
    "how many people died?", "what is the capital of Algeria?", "how old is Lavrov?",
    "what is the trade volume between Algeria and China?", "who is the mayor of London?",
    "how tall is the Eiffel tower?", "when did the war in Mali begin?",
    "what is Tebboune's salary?",
    "which team won the match?", "what is the price of gas in euros?", "who is Lavrov's wife?",
    "how many tanks did Algeria buy?", "what is the population of Moscow?",
    "when was Putin born?", "how long was the flight?", "what did Macron say?",
    "كم عدد سكان الجزائر؟", "من فاز بكأس العالم؟", "combien de chars l'Algérie a-t-elle achetés ?",
    "сколько лет Лаврову?",
)  # fmt: skip


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_what_the_article_does_not_say_is_never_found(
    store: Store, embedder: Embedder, question: str
) -> None:
    card = turn_of(ask(question, store=store, embedder=embedder), store, "en")
    assert card_text("sure", "en") not in card_html(card, 0, "en")


def test_words_that_are_not_sure_are_said_to_be_so() -> None:
    unsure = turn("fr", span=WORDS, span_confidence=0.6, localised="3 milliards")
    assert (
        "La réponse est en anglais : peut-être : 3 milliards"
        in Seen(card_html(unsure, 0, "en")).text
    )
    assert "peut-être" not in card_html(
        turn("fr", span=WORDS, span_confidence=0.45, localised="3"), 0, "en"
    )
