"""Short answers in other languages: pairs that were each read and judged by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.embedder import Embedder
from index.store import Store
from qa import ArticleQA
from qa.answer import answer_as_json
from qa.languages import LANGUAGES
from qa.languages.record import Kind
from qa.localise import localise

# Language of the article, its words, and the same in other languages.
PAIRS: list[tuple[str, str, dict[str, str]]] = [
    ("ar", "3 مليارات دولار", {
        "en": "3 billion dollars", "fr": "3 milliards de dollars",
        "ru": "3 миллиарда долларов", "es": "3 mil millones de dólares",
        "de": "3 Milliarden Dollar", "tr": "3 milyar dolar",
    }),
    ("ar", "٣٫٥ ملايين يورو", {
        "en": "3.5 million euros", "fr": "3,5 millions d'euros", "ru": "3,5 миллиона евро",
        "es": "3,5 millones de euros", "de": "3,5 Millionen Euro", "tr": "3,5 milyon avro",
        "zh": "350万欧元",
    }),
    ("ar", "موسكو", {
        "en": "Moscow", "fr": "Moscou", "ru": "Москва", "es": "Moscú", "de": "Moskau",
        "tr": "Moskova", "zh": "莫斯科",
    }),
    ("fr", "Le Caire", {"en": "Cairo", "ar": "القاهرة", "ru": "Каир", "de": "Kairo"}),
    ("ru", "Лондон", {"en": "London", "ar": "لندن", "fr": "Londres", "tr": "Londra"}),
    ("en", "New York", {"ru": "Нью-Йорк", "ar": "نيويورك", "zh": "纽约"}),
    ("ar", "20 بالمئة", {
        "en": "20%", "fr": "20 %", "ru": "20 %", "es": "20 %", "de": "20 %", "tr": "%20",
        "zh": "20%",
    }),
    ("ar", "عام 2019", {
        "en": "2019", "fr": "2019", "ru": "2019", "es": "2019", "de": "2019", "tr": "2019",
        "zh": "2019",
    }),
    ("ar", "5 أفريل 2022", {
        "en": "April 5, 2022", "fr": "5 avril 2022", "ru": "5 апреля 2022 г.",
        "es": "5 de abril de 2022", "de": "5. April 2022", "tr": "5 Nisan 2022",
        "zh": "2022年4月5日",
    }),
    ("ar", "الجزائر", {
        "en": "Algeria", "fr": "Algérie", "ru": "Алжир", "es": "Argelia", "de": "Algerien",
        "tr": "Cezayir", "zh": "阿尔及利亚",
    }),
    ("ar", "150 دولارا", {
        "en": "150 dollars", "fr": "150 dollars", "ru": "150 долларов", "es": "150 dólares",
        "de": "150 Dollar", "tr": "150 dolar",
    }),
    ("ar", "3 دنانير", {
        "en": "3 dinars", "fr": "3 dinars", "ru": "3 динара", "es": "3 dinares",
        "de": "3 Dinar", "tr": "3 dinar",
    }),
    ("ar", "12 مليون روبل", {
        "en": "12 million rubles", "fr": "12 millions de roubles", "ru": "12 миллионов рублей",
        "es": "12 millones de rublos", "de": "12 Millionen Rubel", "tr": "12 milyon ruble",
        "zh": "1,200万卢布",
    }),
    ("ar", "مايو 2021", {
        "en": "May 2021", "fr": "mai 2021", "ru": "май 2021 г.", "es": "mayo de 2021",
        "de": "Mai 2021", "tr": "Mayıs 2021", "zh": "2021年5月",
    }),
    ("en", "$2.5 billion", {
        "fr": "2,5 milliards de dollars", "ru": "2,5 миллиарда долларов",
        "ar": "2.5 مليار دولار", "es": "2,5 mil millones de dólares",
        "de": "2,5 Milliarden Dollar", "tr": "2,5 milyar dolar",
    }),
    ("en", "March 4, 2024", {
        "fr": "4 mars 2024", "ru": "4 марта 2024 г.", "ar": "4 مارس 2024",
        "es": "4 de marzo de 2024", "de": "4. März 2024", "tr": "4 Mart 2024",
        "zh": "2024年3月4日",
    }),
    ("en", "4 March", {
        "fr": "4 mars", "ru": "4 марта", "ar": "4 مارس", "es": "4 de marzo", "de": "4. März",
        "tr": "4 Mart", "zh": "3月4日",
    }),
    ("en", "12.5%", {
        "fr": "12,5 %", "ru": "12,5 %", "es": "12,5 %", "de": "12,5 %", "tr": "%12,5",
    }),
    ("en", "1,200 euros", {
        "fr": "1 200 euros", "ru": "1 200 евро", "ar": "1,200 يورو", "es": "1.200 euros",
        "de": "1.200 Euro", "tr": "1.200 avro", "zh": "1,200欧元",
    }),
    ("en", "1 million dollars", {
        "fr": "1 million de dollars", "ru": "1 миллион долларов", "ar": "1 مليون دولار",
        "es": "1 millón de dólares", "de": "1 Million Dollar", "tr": "1 milyon dolar",
    }),
    ("en", "40 thousand rubles", {
        "fr": "40 mille roubles", "ru": "40 тысяч рублей", "ar": "40 ألف روبل",
        "es": "40 mil rublos", "de": "40 Tausend Rubel", "tr": "40 bin ruble", "zh": "4万卢布",
    }),
    ("en", "Germany", {
        "fr": "Allemagne", "ru": "Германия", "ar": "ألمانيا", "es": "Alemania",
        "de": "Deutschland", "tr": "Almanya", "zh": "德国",
    }),
    ("en", "in 1998", {
        "fr": "1998", "ru": "1998", "ar": "1998", "es": "1998", "de": "1998", "tr": "1998",
        "zh": "1998",
    }),
    ("en", "June 2020", {
        "fr": "juin 2020", "ru": "июнь 2020 г.", "ar": "يونيو 2020", "es": "junio de 2020",
        "de": "Juni 2020", "tr": "Haziran 2020", "zh": "2020年6月",
    }),
    ("fr", "3,2 millions de dollars", {
        "en": "3.2 million dollars", "ru": "3,2 миллиона долларов", "ar": "3.2 مليون دولار",
        "es": "3,2 millones de dólares", "de": "3,2 Millionen Dollar",
        "tr": "3,2 milyon dolar",
    }),
    ("fr", "14 juillet 1789", {
        "en": "July 14, 1789", "ru": "14 июля 1789 г.", "ar": "14 يوليو 1789",
        "es": "14 de julio de 1789", "de": "14. Juli 1789", "tr": "14 Temmuz 1789",
        "zh": "1789年7月14日",
    }),
    ("fr", "12,5 %", {
        "en": "12.5%", "ru": "12,5 %", "ar": "12.5%", "es": "12,5 %", "de": "12,5 %",
        "tr": "%12,5", "zh": "12.5%",
    }),
    ("fr", "1 200 euros", {
        "en": "1,200 euros", "ru": "1 200 евро", "ar": "1,200 يورو", "es": "1.200 euros",
        "de": "1.200 Euro", "tr": "1.200 avro", "zh": "1,200欧元",
    }),
    ("fr", "Espagne", {
        "en": "Spain", "ru": "Испания", "ar": "إسبانيا", "es": "España", "de": "Spanien",
        "tr": "İspanya", "zh": "西班牙",
    }),
    ("ru", "2,5 млрд рублей", {
        "en": "2.5 billion rubles", "fr": "2,5 milliards de roubles", "ar": "2.5 مليار روبل",
        "es": "2,5 mil millones de rublos", "de": "2,5 Milliarden Rubel",
        "tr": "2,5 milyar ruble", "zh": "25亿卢布",
    }),
    ("ru", "9 мая 1945 года", {
        "en": "May 9, 1945", "fr": "9 mai 1945", "ar": "9 مايو 1945",
        "es": "9 de mayo de 1945", "de": "9. Mai 1945", "tr": "9 Mayıs 1945",
        "zh": "1945年5月9日",
    }),
    ("ru", "в 2012 году", {
        "en": "2012", "fr": "2012", "ar": "2012", "es": "2012", "de": "2012", "tr": "2012",
        "zh": "2012",
    }),
    ("ru", "21 евро", {
        "en": "21 euros", "fr": "21 euros", "ar": "21 يورو", "es": "21 euros", "de": "21 Euro",
        "tr": "21 avro", "zh": "21欧元",
    }),
    ("ru", "Китай", {
        "en": "China", "fr": "Chine", "ar": "الصين", "es": "China", "de": "China", "tr": "Çin",
        "zh": "中国",
    }),
    ("es", "2 millones de euros", {
        "en": "2 million euros", "fr": "2 millions d'euros", "ru": "2 миллиона евро",
        "ar": "2 مليون يورو", "de": "2 Millionen Euro", "tr": "2 milyon avro", "zh": "200万欧元",
    }),
    ("es", "5 de abril de 2019", {
        "en": "April 5, 2019", "fr": "5 avril 2019", "ru": "5 апреля 2019 г.",
        "ar": "5 أبريل 2019", "de": "5. April 2019", "tr": "5 Nisan 2019", "zh": "2019年4月5日",
    }),
    ("es", "Francia", {
        "en": "France", "fr": "France", "ru": "Франция", "ar": "فرنسا", "de": "Frankreich",
        "tr": "Fransa", "zh": "法国",
    }),
    ("de", "3.200 Euro", {
        "en": "3,200 euros", "fr": "3 200 euros", "ru": "3 200 евро", "ar": "3,200 يورو",
        "es": "3.200 euros", "tr": "3.200 avro", "zh": "3,200欧元",
    }),
    ("de", "1,5 Milliarden Euro", {
        "en": "1.5 billion euros", "fr": "1,5 milliard d'euros", "ru": "1,5 миллиарда евро",
        "ar": "1.5 مليار يورو", "es": "1,5 mil millones de euros", "tr": "1,5 milyar avro",
        "zh": "15亿欧元",
    }),
    ("de", "3. Oktober 1990", {
        "en": "October 3, 1990", "fr": "3 octobre 1990", "ru": "3 октября 1990 г.",
        "ar": "3 أكتوبر 1990", "es": "3 de octubre de 1990", "tr": "3 Ekim 1990",
        "zh": "1990年10月3日",
    }),
    ("tr", "2 milyar avro", {
        "en": "2 billion euros", "fr": "2 milliards d'euros", "ru": "2 миллиарда евро",
        "ar": "2 مليار يورو", "es": "2 mil millones de euros", "de": "2 Milliarden Euro",
        "zh": "20亿欧元",
    }),
    ("tr", "29 Ekim 1923", {
        "en": "October 29, 1923", "fr": "29 octobre 1923", "ru": "29 октября 1923 г.",
        "ar": "29 أكتوبر 1923", "es": "29 de octubre de 1923", "de": "29. Oktober 1923",
        "zh": "1923年10月29日",
    }),
    ("zh", "30亿元", {
        "en": "3 billion yuan", "fr": "3 milliards de yuans", "ru": "3 миллиарда юаней",
        "ar": "3 مليار يوان", "es": "3 mil millones de yuanes", "de": "3 Milliarden Yuan",
        "tr": "3 milyar yuan",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("source", "quote", "expected"), PAIRS)
def test_a_short_answer_in_other_languages(
    source: str, quote: str, expected: dict[str, str]
) -> None:
    for target, words in expected.items():
        found = localise(quote, source, target)
        assert found is not None
        # CLDR writes spaces that do not break.
        assert found.replace("\u202f", " ").replace("\u00a0", " ") == words


def test_there_are_two_hundred_pairs() -> None:
    assert sum(len(expected) for _, _, expected in PAIRS) >= 200


@pytest.mark.parametrize(
    ("source", "quote", "target"),
    [
        ("ar", "أوائل أفريل", "en"),  # not a date but about one
        ("ar", "سطيف", "en"),  # a city without a time zone
        ("ar", "الستين", "en"),
        ("en", "25 years", "fr"),
        ("en", "more than 3 billion dollars", "ar"),
        ("en", "3 to 5 million", "ar"),
        ("en", "12/04/2024", "fr"),  # April or December
        ("en", "31 February 2020", "fr"),
        ("en", "1,23 euros", "fr"),
        ("en", "7", "ar"),
        ("en", "3 billion dollars", "en"),
        ("en", "3 billion dollars", "xx"),
        ("en", "3 billion dollars", "zh"),  # whose dollars?
        ("ar", "كانون 2020", "en"),  # of two months
        ("en", "", "ar"),
    ],
)
def test_what_is_not_certain_stays_in_the_articles_words(
    source: str, quote: str, target: str
) -> None:
    assert localise(quote, source, target) is None


@given(
    st.text("0123456789., %$€mbilondr٣مليار دولار年月", max_size=30),
    st.sampled_from([language.code for language in LANGUAGES]),
    st.sampled_from([language.code for language in LANGUAGES]),
)
def test_any_text_is_rendered_or_left(quote: str, source: str, target: str) -> None:
    found = localise(quote, source, target)
    assert found is None or (found and found != quote)


def test_an_answer_carries_it_beside_the_quote(embedder: Embedder) -> None:
    text = "بلغ حجم التبادل التجاري بين البلدين 3 مليارات دولار في العام الماضي."
    article = Article.of(text, title="التجارة", language="ar")
    answer = ArticleQA(Store.build([article], embedder), embedder).ask("what is the trade volume?")
    assert answer.span is not None
    assert answer.span.quote == "3 مليارات دولار"
    assert answer.localised == "3 billion dollars"
    assert answer.short_answer == "3 billion dollars (3 مليارات دولار)"
    assert answer_as_json(answer)["localised"] == "3 billion dollars"


@pytest.mark.parametrize(
    ("quote", "source", "kind", "found"),
    [
        ("Mars", "fr", "thing", None),
        ("mars", "fr", "date", "March"),
        ("5 mars 2024", "fr", "thing", "March 5, 2024"),
        ("Le Caire", "fr", "person", None),
        ("Le Caire", "fr", "place", "Cairo"),
        ("Jordanie", "fr", "organisation", None),
        ("3 milliards d'euros", "fr", "person", "3 billion euros"),
    ],
)
def test_names_of_people_are_no_places_and_no_months(
    quote: str, source: str, kind: Kind, found: str | None
) -> None:
    assert localise(quote, source, "en", kind) == found


@pytest.mark.parametrize(
    ("place", "source", "target", "expected"),
    [
        ("في الجزائر", "ar", "en", "Algeria"), ("إلى موسكو", "ar", "fr", "Moscou"),
        ("بموسكو", "ar", "en", "Moscow"), ("in Moscow", "en", "fr", "Moscou"),
        ("à Paris", "fr", "en", "Paris"), ("Le Caire", "fr", "en", "Cairo"),
        ("in the old town", "en", "fr", None), ("في سوق موسكو", "ar", "en", None),
    ],
)  # fmt: skip
def test_a_place_is_read_after_its_preposition(
    place: str, source: str, target: str, expected: str | None
) -> None:
    assert localise(place, source, target, "place") == expected
