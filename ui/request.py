"""What a request carries: its visitor and filters; and how often it may come."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from index.articles import is_date
from index.base import Filter
from qa.errors import QuestionError
from ui.i18n import LANGUAGES, PageLanguage, page_language

SESSION_COOKIE = "article_qa_session"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser session; ``session`` is a secret that the server gave it, ``user`` its account."""

    session: str
    language: PageLanguage = LANGUAGES[0]
    user: str | None = None


def visitor_from(
    cookies: Mapping[str, str],
    headers: Mapping[str, str],
    fallback: str | None,
    user: str | None = None,
) -> Visitor:
    """Return the visitor of a request.

    ``fallback`` names the page where a browser keeps no cookies, as in another site's frame.
    """
    name = cookies.get(SESSION_COOKIE) or f"page {fallback or secrets.token_hex(16)}"
    # Another account in the same browser is somebody else.
    return Visitor(f"{user} {name}" if user else name, page_language(cookies, headers), user)


# How the page's script writes its fields down, for `parse_page_filter`.
GATHER = """(languages, since, until, source) => (
  {languages, since, until, sources: source ? [source] : []}
)"""
MAX_FILTER_VALUES = 100  # languages, or sources, of one filter
_LONGEST = 2_000  # characters of a source


def parse_filter(
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


def parse_page_filter(sent: object) -> Filter | None:
    """Return the filter of the page's fields, as they were when a question was sent.

    ``sent`` may be anything. Raises QuestionError, in one line.
    """
    fields = sent if isinstance(sent, dict) else {}
    return parse_filter(*(fields.get(name) for name in ("languages", "since", "until", "sources")))


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
    if not isinstance(given, list) or len(given) > MAX_FILTER_VALUES:
        raise QuestionError(f"{name} must be a list of at most {MAX_FILTER_VALUES}")
    if not all(isinstance(one, str) and len(one) <= _LONGEST for one in given):
        raise QuestionError(f"{name} must be a list of texts")
    return frozenset(one.strip() for one in given if one.strip())


class Rate:
    """A rate such as "120 per minute", counted for each name on its own; "" has no limit.

    Any number of threads may count.
    """

    def __init__(self, rate: str) -> None:
        from limits import parse
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._item = parse(rate) if rate else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._lock = Lock()  # the storage reads, then counts

    def hit(self, name: str) -> bool:
        """Count one more, and return whether it is within the rate."""
        with self._lock:
            return self._item is None or self._limiter.hit(self._item, name)

    def clear(self, name: str) -> None:
        """Forget what was counted for a name."""
        if self._item is not None:
            self._limiter.clear(self._item, name)

    @property
    def seconds(self) -> int:
        """The length of the window."""
        return 0 if self._item is None else self._item.get_expiry()
