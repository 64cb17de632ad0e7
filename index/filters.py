"""Filter: which articles of a store are searched."""

from __future__ import annotations

from dataclasses import dataclass

from index.articles import is_date


@dataclass(frozen=True, slots=True)
class Filter:
    """Articles by id, language, date and source; None, or no date, lets all through.

    ``since`` and ``until`` (YYYY-MM-DD, both days included) let through only what has a date.
    ``sources`` are files or addresses in full, the last part of a file's path, or the host of
    addresses (example.org).
    """

    articles: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    since: str = ""
    until: str = ""
    sources: frozenset[str] | None = None

    @property
    def source_names(self) -> frozenset[str]:
        """Give what sources, or their sites, have to be called: hosts are written in many ways."""
        given = self.sources or frozenset()
        return given | {name.lower().removeprefix("www.") for name in given}

    def __post_init__(self) -> None:
        for name, day in (("since", self.since), ("until", self.until)):
            if day and not is_date(day):
                raise ValueError(f"{name} is {day!r}, not a day (YYYY-MM-DD)")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
