from __future__ import annotations

import re

import pytest

from qa.languages import name_of_language
from tests.conftest import ROOT
from ui.i18n import (
    LANGUAGE_COOKIE,
    LANGUAGES,
    card_language,
    direction,
    page_language,
    page_text,
    page_texts,
    refusal_text,
)
from ui.request import SESSION_COOKIE, visitor_from


def test_every_language_has_every_text() -> None:
    texts = page_texts()
    assert set(texts) == set(LANGUAGES) == {"en", "ar", "fr", "ru"}
    assert all(text.strip() for by_key in texts.values() for text in by_key.values())


@pytest.mark.parametrize(("language", "script"), [("ar", "[\u0600-\u06ff]"), ("ru", "[а-я]")])
def test_texts_are_in_their_script(language: str, script: str) -> None:
    texts = page_texts()[language]  # type: ignore[index]
    plain = {key for key, text in texts.items() if not re.search(script, text, re.I)}
    assert plain == set()


def test_every_text_of_the_page_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "ui").glob("*.py"))
    code = code.replace((ROOT / "ui/i18n.py").read_text("utf-8"), "")
    unused = {
        key for key in page_texts()["en"]
        if not re.search(f"[\"']{key.removeprefix('article-qa ')}[\"']", code)
    }  # fmt: skip
    assert unused == set()


def test_unknown_languages_fall_back() -> None:
    assert name_of_language("xx", "fr") == "xx"
    assert name_of_language("ar", "ru") == "арабский"
    assert name_of_language("sw", "en") == "Swahili"
    assert card_language("de", "fr") == "de"
    assert card_language("sw", "fr") == "fr"
    assert refusal_text("xx") == refusal_text("en")
    assert refusal_text("ar") != refusal_text("en")
    assert (direction("ar"), direction("fr")) == ("rtl", "ltr")
    with pytest.raises(KeyError, match="no such text"):
        page_text("no such text", "en")


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "ar-DZ,ar;q=0.9,en;q=0.8", "ar"),
        ("", "de-DE,de;q=0.9,ru;q=0.8", "ru"),
        ("", "de", "en"),
        ("", "", "en"),
        ("fr", "ar", "fr"),
        ("xx", "ar", "ar"),
        ("<script>", "", "en"),
    ],
)
def test_the_page_speaks_as_chosen_or_as_the_browser_does(
    cookie: str, accepted: str, language: str
) -> None:
    assert page_language({LANGUAGE_COOKIE: cookie}, {"accept-language": accepted}) == language


def test_a_browser_is_known_by_its_cookie_and_else_by_its_page() -> None:
    assert visitor_from({SESSION_COOKIE: "secret"}, {}, "hash").session == "secret"
    one, other = visitor_from({}, {}, "hash"), visitor_from({}, {}, "other")
    assert one.session != other.session
    assert visitor_from({}, {}, None).session != visitor_from({}, {}, None).session
    amel, boris = (
        visitor_from({SESSION_COOKIE: "s"}, {}, None, user) for user in ("amel", "boris")
    )
    assert len({amel.session, boris.session, "s"}) == 3
