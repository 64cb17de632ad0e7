"""Who asks: the browser session and the language of the page, told by the request."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from ui.strings import LANGUAGES, Language

SESSION_COOKIE, LANGUAGE_COOKIE = "article_qa_session", "article_qa_language"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser session; ``session`` is a secret that the server gave it, ``user`` its account."""

    session: str
    language: Language = LANGUAGES[0]
    user: str | None = None


def visitor_of(
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
    return Visitor(f"{user} {name}" if user else name, language_of(cookies, headers), user)


def language_of(cookies: Mapping[str, str], headers: Mapping[str, str]) -> Language:
    """Return the page's language: the one chosen, or the browser's first that the page speaks."""
    asked = [cookies.get(LANGUAGE_COOKIE, "")]
    asked += [part.split(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
    for code in asked:
        for language in LANGUAGES:
            if code.lower().split("-")[0] == language:
                return language
    return LANGUAGES[0]
