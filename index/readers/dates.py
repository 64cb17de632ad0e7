"""Days as files and feeds write them, as YYYY-MM-DD."""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

import regex

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = regex.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T\s].*)?")
_YEAR_FIRST = regex.compile(r"(\d{4})[./年](\d{1,2})[./月](\d{1,2})(?:日|\b).*")
_NUMBERS = regex.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4})\b.*")
_EPOCH = regex.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_FIRST_YEAR = 1000
_LINE = 80  # characters of a line that says a day alone
_LANGUAGES = (
    "en", "fr", "es", "de", "it", "pt", "ru", "uk", "tr", "ar", "ar_DZ", "ar_IQ", "ar_MA",
    "fa", "he", "id", "nl", "pl", "sv", "da", "nb", "cs",
)  # fmt: skip
# Words that may stand beside a day in a line of its own.
_LEADS = frozenset(
    """
    published posted issued on at by of date dated written the am pm st nd rd th gmt utc
    publié publiée le mis à paru du de er publicado el del fecha a las
    veröffentlicht am vom den um uhr
    опубликовано дата года г от в yayınlandı yayınlanma yayımlanma yayın tarihi tarih
    نشر نشرت في يوم بتاريخ تاريخ النشر الموافق هـ م 发布 发布时间 发布于 发表于 日期 年 月 日 начала
    """.split()  # noqa: SIM905  # a list takes a line a word
)
_MORE_MONTHS = {"фев": 2, "сен": 9, "ноя": 11, "sept": 9}  # besides CLDR's abbreviations
# Months of two words, as they are said from Lebanon to Iraq, by names of one word.
_TWO_WORDS = {
    "كانون الثاني": "يناير", "كانون الأول": "ديسمبر", "كانون الاول": "ديسمبر",
    "تشرين الأول": "أكتوبر", "تشرين الاول": "أكتوبر", "تشرين الثاني": "نوفمبر",
}  # fmt: skip
_HIJRI_FIRST = regex.compile(r"^.*\bالموافق\s+(?:ل)?")  # a day of the Hijri calendar, then ours
_MARKS = regex.compile(r"[\u064b-\u0652]")  # of vowels
# With a dot between its hours and minutes only where no date is: 14.05, but not 12.03.2024.
_CLOCK = regex.compile(
    r"(?<![\d./])\d{1,2}(?:[:h]\d{2}(?::\d{2})?|\.\d{2}(?!\.?\d))(?:\s?[ap]\.?m\.?)?(?=\W|$)",
    regex.I,
)
_SECOND = regex.compile(
    r"[,;|·–-]\s*(?:mis à jour|updated?|aktualisiert|обновлено|actualizado)\b", regex.I
)
_PART_ENDS = regex.compile(  # marks, or the word that begins with the day
    r"\s+[|·•–—-]\s+|[,،]\s+|\s+(?=(?:published|posted|publi|veröffentlicht|опубликован|نشر)\w*\s)",
    regex.I,
)
_LEAD = regex.compile(r"^[^\d\n]{0,30}?[:：]\s*")


def day_of(moment: str) -> str:
    """Return the day of a moment in its own time zone, "" where it is unclear.

    Understood are ISO 8601, RFC 2822, seconds or milliseconds since 1970, days named in words of
    the languages of CLDR that we know, and numbers whose order is sure (13/5/2024 and 5.3.2024, not
    5/3/2024).
    """
    text = _with_months_of_one_word(" ".join(moment.translate(_DIGITS).split()))
    if not text or len(text) > 100:
        return ""
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return _day(*map(int, found.groups()))
    if found := _NUMBERS.fullmatch(text):
        first, mark, second, year = found.groups()
        return _of_numbers(int(first), int(second), int(year), day_first=mark == ".")
    if _EPOCH.fullmatch(text):
        return _of_epoch(float(text))
    try:
        return _checked(parsedate_to_datetime(text).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        return _of_words(text)


def day_of_line(line: str) -> str:
    """Return the day that a line says and nothing else: "12 June 2024", "Published on 5 May 2024".

    "" where the line says more, or the day is unclear.
    """
    text = _with_months_of_one_word(_MARKS.sub("", line.translate(_DIGITS)))
    text = _HIJRI_FIRST.sub("", text)
    if len(line) > _LINE or not regex.search(r"\d{4}", text):
        return ""
    first = _SECOND.split(text, maxsplit=1)[0]  # not the day of a change
    text = " ".join(_CLOCK.sub(" ", first).split()).rstrip(" .,;|·–-")
    words = [word.rstrip(".") for word in regex.findall(r"[\p{L}\p{M}]+\.?", text.casefold())]
    known = _LEADS.union(_week_names(), _month_names())
    if any(word not in known for word in words):
        return ""
    return day_of(_LEAD.sub("", text)) or day_of(text)


def day_of_dateline(line: str) -> str:
    """Return the day of a line of its own, after a place or an author: "Paris, 3 May 2024"."""
    if day := day_of_line(line):
        return day
    parts = split_line(line)
    if not 1 < len(parts) <= 4 or len(line) > _LINE or len(parts[0].split()) > 4:
        return ""
    rest = (", ".join(parts[1:]), *parts[1:])
    return next(filter(None, map(day_of_line, rest)), "")


def split_line(line: str) -> list[str]:
    """Return the parts of a line under a title: author, place, day."""
    return [part.strip() for part in _PART_ENDS.split(line) if part.strip()]


def _with_months_of_one_word(text: str) -> str:
    for two_words, name in _TWO_WORDS.items():
        text = text.replace(two_words, name)
    return text


@lru_cache(maxsize=1)
def _week_names() -> tuple[str, ...]:
    """Return the names of the days of the week in the languages that we know."""
    from babel.dates import get_day_names

    return tuple(
        name.casefold().rstrip(".")
        for language in _LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, context, language).values()
    )


def _of_numbers(first: int, second: int, year: int, *, day_first: bool) -> str:
    if first == second or first > 12 or day_first:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else ""


def _of_epoch(number: float) -> str:
    seconds = number / 1000 if number >= 1e11 else number
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).date().isoformat()


def _day(year: int, month: int, day: int) -> str:
    try:
        return _checked(datetime.date(year, month, day))
    except (ValueError, OverflowError):
        return ""


def _checked(day: datetime.date) -> str:
    return day.isoformat() if day.year >= _FIRST_YEAR else ""


def _of_words(text: str) -> str:
    """Return the day of "12 June 2024", "June 12, 2024", "12. März 2024", "12 июня 2024 г."."""
    words = regex.findall(r"[\p{L}\p{M}]+\.?|\d+", text.casefold())
    numbers = [int(word) for word in words if word.isdigit()]
    years = [n for n in numbers if n >= _FIRST_YEAR]
    days = [n for n in numbers if n < 32]
    months = {m for word in words if (m := _month_names().get(word.rstrip(".")))}
    if len(years) != 1 or len(months) != 1:
        return ""
    if len(days) != 1:  # a time may follow the day
        days = days[:1] if regex.search(r"\d:\d\d", text) else []
    return _day(years[0], months.pop(), days[0]) if days else ""


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Return the months by the names that CLDR gives them in the languages that we know."""
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names | _MORE_MONTHS
