"""Which of the chosen articles are asked: filters as the page and programs write them."""

from __future__ import annotations

from index.articles import is_date
from index.base import Filter
from qa.errors import QuestionError

# How the page's script writes its fields down, for `filter_in`.
GATHER = """(languages, since, until, source) => (
  {languages, since, until, sources: source ? [source] : []}
)"""
MOST = 100  # languages, or sources, of one filter
_LONGEST = 2_000  # characters of a source


def filter_of(
    languages: object = None, since: object = "", until: object = "", sources: object = None
) -> Filter | None:
    """Return the filter that these ask for, or None if they ask for nothing.

    They may come from anybody. Raises QuestionError, in one line.
    """
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise QuestionError(f"since {first} is after until {last}")
    named = (_names("languages", languages), _names("sources", sources))
    if not (first or last or named[0] or named[1]):
        return None
    return Filter(None, named[0] or None, first, last, named[1] or None)


def filter_in(sent: object) -> Filter | None:
    """Return the filter of the page's fields, as they were when a question was sent.

    ``sent`` may be anything. Raises QuestionError, in one line.
    """
    fields = sent if isinstance(sent, dict) else {}
    return filter_of(*(fields.get(name) for name in ("languages", "since", "until", "sources")))


def _day(name: str, given: object) -> str:
    day = given.strip() if isinstance(given, str) else given
    if not day:
        return ""
    if not isinstance(day, str) or not is_date(day):
        raise QuestionError(f"{name} is {str(given)[:40]!r}, not a day (YYYY-MM-DD)")
    return day


def _names(name: str, given: object) -> frozenset[str]:
    if not given:
        return frozenset()
    if not isinstance(given, list) or len(given) > MOST:
        raise QuestionError(f"{name} must be a list of at most {MOST}")
    if not all(isinstance(one, str) and len(one) <= _LONGEST for one in given):
        raise QuestionError(f"{name} must be a list of texts")
    return frozenset(one.strip() for one in given if one.strip())
