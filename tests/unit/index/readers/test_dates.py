"""Days as people and programs write them; what is not sure is no day."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.dates import day_of, day_of_line


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-05-02T23:30:00-05:00", "2024-05-02"),  # in its own time zone
        ("20240502", "2024-05-02"),
        ("2024/5/2", "2024-05-02"),
        ("Thu, 02 May 2024 23:30:00 -0500", "2024-05-02"),
        ("1714656600", "2024-05-02"),
        ("1714656600000", "2024-05-02"),
        ("May 2, 2024", "2024-05-02"),
        ("2 mai 2024", "2024-05-02"),
        ("2. Mai 2024, 10:30 Uhr", "2024-05-02"),
        ("2 мая 2024 г.", "2024-05-02"),
        ("2 de mayo de 2024", "2024-05-02"),
        ("2 Mayıs 2024", "2024-05-02"),
        ("٢ مايو ٢٠٢٤", "2024-05-02"),
        ("15 أفريل 2023", "2023-04-15"),  # as the Maghreb names April
        ("2024年5月2日", "2024-05-02"),
        ("25/03/2024", "2024-03-25"),
        ("3/25/2024", "2024-03-25"),
        ("4/4/2024", "2024-04-04"),
        ("05/03/2024", ""),  # the fifth of March or the third of May
        ("2024-02-30", ""),
        ("May 2024", ""),
        ("2024", ""),
        ("next Tuesday", ""),
        ("2024-05-02junk", ""),
        ("", ""),
    ],
)
def test_days(moment: str, day: str) -> None:
    assert day_of(moment) == day


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_iso_days_are_themselves(day: datetime.date) -> None:
    assert day_of(day.isoformat()) == day.isoformat()
    assert day_of(day.isoformat() + " 10:00") == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_is_a_day_or_none(text: str) -> None:
    for day in (day_of(text), day_of_line(text)):
        assert day == "" or datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    "line",
    [
        "12 June 2024",
        "Published on Wednesday, 12 June 2024",
        "Publié le 12 juin 2024",
        "نشر في ١٢ يونيو ٢٠٢٤",
        "Опубликовано 12 июня 2024 года",
        "12. Juni 2024",
        "12.06.2024, 14:05 Uhr",
        "14:05 12.06.2024",
        "发布时间：2024年6月12日 10:26",
        "الأربعاء 6 ذو الحجة 1445 هـ الموافق 12 يونيو 2024 م",
        "Yayınlanma tarihi: 12 Haziran 2024 Çarşamba",
    ],
)
def test_a_line_that_says_a_day_alone(line: str) -> None:
    assert day_of_line(line) == "2024-06-12"


@pytest.mark.parametrize(
    "line",
    [
        "The flood of 14 March 2003",
        "Budget of 12 June 2024",
        "12 June",
        "Meeting 2024",
        "In June 2024",
    ],
)
def test_a_line_that_says_more_or_less_than_a_day(line: str) -> None:
    assert day_of_line(line) == ""


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("الخميس ١٤ كانون الثاني ٢٠٢١", "2021-01-14"),
        ("23 غشت 2017", "2017-08-23"),
        ("3 تشرين الثاني 2020", "2020-11-03"),
        ("16 Фев 2021", "2021-02-16"),
    ],
)
def test_months_by_names_of_places_and_in_short(line: str, day: str) -> None:
    assert day_of_line(line) == day


def test_a_year_of_any_length_is_no_error() -> None:
    assert day_of_line("Published on 5 May 99999999999999999999") == ""
