"""Comparisons of two things, asked of each: "which is longer, the bridge or the tunnel?".

A text seldom compares them itself, and a reader that finds one of the two sentences would name
its thing as the answer.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from index.text import fold
from qa.languages import lexicon
from qa.languages.record import Language
from qa.questions.question import analyse_question

_COMMA = "[,،:：，]"
_LONGEST = 60  # characters of a thing


def split_comparison(text: str) -> tuple[str, ...]:
    """Return what is asked of each of the two things; nothing if a text compares none.

    The language's `comparisons` say how it is asked of one: "how long is the bridge?".
    """
    for language in lexicon().languages:
        found = _pattern(language).fullmatch(text.strip()) if language.disjunctions else None
        is_question = found is not None and analyse_question(found["asked"]).asking != (0, 0)
        template = _template(found["asked"], language) if found and is_question else None
        if found is not None and template is not None:
            things = (found["first"].strip(), found["second"].strip())
            if template:
                return tuple(template.replace("{}", thing) for thing in things)
            return tuple(
                f"{found['asked']}{found['comma']} {each}{found['mark']}" for each in things
            )
    return ()


@lru_cache(maxsize=64)
def _pattern(language: Language) -> regex.Pattern[str]:
    """Return the pattern of a comparison: what is compared, a comma, one thing "or" the other."""
    words = "|".join(map(regex.escape, language.disjunctions.split()))
    particles = "|".join(map(regex.escape, language.yes_no_words.split()))
    space = r"\s*" if language.has_no_spaces else r"\s+"
    thing = rf"[^,،，]{{1,{_LONGEST}}}?"
    particle = rf"(?:\s+(?:{particles}))?" if particles else ""
    return regex.compile(
        rf"(?P<asked>[^,،:：，]+?)\s*(?P<comma>{_COMMA})\s*(?P<first>{thing}){particle}"
        rf"{space}(?:{words}){space}(?P<second>{thing}){particle}\s*(?P<mark>[?؟？]*)",
        regex.IGNORECASE,
    )


def _template(asked: str, language: Language) -> str | None:
    """Return how one thing is asked for, "" for as in the comparison; None if none is made."""
    space = "" if language.has_no_spaces else " "
    folded = space + fold(asked) + space
    for template, phrases in language.comparisons.items():
        for phrase in (space + fold(each) + space for each in phrases):
            # Not within: "who has a lower risk" does not ask how low somebody is.
            if folded.endswith(phrase) if template else phrase in folded:
                return template
    return None
