from __future__ import annotations

import pytest
from hypothesis import given

from index.text import find_words
from qa.questions.question import analyse_question
from tests.texts import mixed_text


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("what is the trade volume?", "trade volume"),
        ("ما هو حجم التبادل التجاري؟", "حجم التبادل التجاري"),
        ("quel est le volume des échanges ?", "volume échanges"),
        ("каков объём товарооборота?", "объём товарооборота"),
        ("¿Cuándo llegó el ministro?", "llegó ministro"),
        ("Wann kam der Minister?", "kam Minister"),
        ("Bakan hangi ülkeye geldi?", "Bakan ülkeye geldi"),
        ("贸易额是多少？", "贸易额是多少"),
        # "die" and "war" are German function words, but this question is English
        ("when did the war die down?", "war die"),
        # a question of function words alone keeps them
        ("who is he?", "who is he?"),
        ("؟", "؟"),
        ("", ""),
    ],
)
def test_only_what_the_question_is_about_stays(question: str, content: str) -> None:
    assert analyse_question(question).content == content


@given(mixed_text())
def test_what_stays_are_words_of_the_question_in_order(question: str) -> None:
    found = iter(find_words(question))
    for word in find_words(analyse_question(question).content):
        assert any(word.text == other.text for other in found)
