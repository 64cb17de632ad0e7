"""People that an article names."""

from __future__ import annotations

import pytest

from index.articles import Article, seed_articles
from qa.api import ArticleQA
from qa.people import find_people

ENGLISH = """New hospital for Westport

The new hospital in Westport will cost 48 million pounds, Mayor Sarah Collins said on Monday. Tom
Reed, a councillor of the Green Party, opposed the plan because the site is often flooded. Work by
Harper & Sons begins in May, according to Dr. Amina Yusuf of St Mary's University.

The Prime Minister visited Westport in June. Collins told the BBC that London would pay half."""
FRENCH = """Un festival à Lyon

Le festival ouvrira le 3 juin avec un concert de la chanteuse Léa Morel, a annoncé le maire Paul
Girard. Le directeur, Marc Aubry, attend 12 000 visiteurs de France et de Suisse."""
TURKISH = """Yeni köprü

Belediye başkanı Ayşe Demir pazartesi günü köprüyü açtı. Mühendis Mehmet Kaya inşaatın beş milyon
lira tuttuğunu söyledi."""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ENGLISH, ["Sarah Collins", "Tom\nReed", "Amina Yusuf"]),
        (FRENCH, ["Léa Morel", "Paul\nGirard", "Marc Aubry"]),
        (TURKISH, ["Ayşe Demir", "Mehmet Kaya"]),
        ("The weather\n\nIt rained all day, and the river rose.", []),
    ],
)
def test_people_are_found_by_their_names(text: str, names: list[str]) -> None:
    article = Article.of(text)
    found = find_people(article)
    assert len(found) == len(names)
    for person, name in zip(found, names, strict=True):
        assert name in person.name
        assert article.text[slice(*person.span)] == person.name


def test_the_people_of_the_shipped_article() -> None:
    (article,) = seed_articles()
    assert [person.name for person in find_people(article)] == [
        "فلاديمير بوتين", "سيرغي لافروف", "عبد المجيد تبون", "رمطان لعمامرة", "إيغور بيلييف",
        "دميترو كوليبا", "نيكولاي باتروشيف", "ديمتري شوڨاييف", "السعيد شنقريحة",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "who is mentioned in the article?", "which people are mentioned", "list the people",
        "qui est cité dans l'article ?", "кто упоминается в статье?",
        "من هم الأشخاص المذكورون في المقال؟", "wer wird im Text erwähnt?",
        "¿qué personas se mencionan?", "makalede kimler geçiyor?",
    ],
)  # fmt: skip
def test_people_are_asked_for(question: str) -> None:
    answer = ArticleQA.demo().ask(question)
    assert (answer.status, answer.about) == ("answered", "mentions")
    assert "شنقريحة" in answer.text
    assert any("شنقريحة" in citation.quote for citation in answer.citations)
