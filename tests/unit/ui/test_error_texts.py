"""Reasons in the page's languages: of every message that reading can fail with."""

from __future__ import annotations

import re

import pytest

from index.errors import ArticleError, StoreError
from qa.errors import QuestionError
from ui.error_texts import _ERROR_TEXTS, LocalisedError, error_text
from ui.i18n import LANGUAGES, PageLanguage

MESSAGES = {
    "a.pdf: this PDF is damaged (no /Root)": "تالف",
    "a.pdf: this PDF is encrypted; save it without a password": "مشفّر",
    "a.docx: this is an old .doc or an encrypted document; save it as plain .docx": "مشفّر",
    "a.txt: the file is empty": "لا يوجد فيه نص",
    "a.jpg: no text was found in this picture": "لا يوجد فيه نص",
    "a.pdf: 3 of 3 pages of this PDF without a text layer (scans?); read them with --ocr": "صور",
    "a.zip: unknown format; use one of .csv, .txt": "غير معروفة",
    "a.txt: this is binary data, not text": "غير معروفة",
    "a.txt: 30,000,000 bytes; the limit is 20,000,000": "أكبر",
    "it unpacks to 200,000,000 bytes; the limit is 100,000,000": "أكبر",
    "reading it took longer than 60 seconds": "وقتا",
    "reading it took more time or memory than one article may": "وقتا",
    "http://10.0.0.1/: this address is not on the public internet": "رابط",
    "ftp://a.example: give the whole address, http:// or https://": "رابط",
    "https://a.example/: the server answered 404": "الوصول",
    "https://a.example/: cannot be reached (ConnectionError)": "الوصول",
    "there are 20 articles already, the most one browser may keep; remove one first": "احذف",
    "too many articles in a short time; wait some minutes": "انتظر",
    "since is 'x', not a day (YYYY-MM-DD)": "التاريخ",
    "since 2024-01-02 is after until 2023-01-01": "التاريخ",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_reasons_are_in_the_pages_language(message: str) -> None:
    error = ArticleError(message)
    assert error_text(error, "en") == message
    arabic = error_text(error, "ar")
    assert MESSAGES[message] in arabic
    name = re.match(r"a\.\w+(?=: )", message)
    assert arabic.startswith(name[0] if name else "")
    assert not re.search("[A-Za-z]", arabic.removeprefix(name[0] if name else ""))
    for language in LANGUAGES:
        assert error_text(error, language)


def test_what_is_in_the_pages_language_already_stays() -> None:
    assert error_text(LocalisedError("Il n'y a pas d'article."), "fr") == "Il n'y a pas d'article."


@pytest.mark.parametrize("language", LANGUAGES)
def test_failures_of_ours_are_not_reported(language: PageLanguage) -> None:
    assert error_text(StoreError("/srv/secret cannot be read"), language) == ""
    assert error_text(ValueError("x"), language) == ""
    assert error_text(QuestionError("since is 'x', not a day (YYYY-MM-DD)"), language)


def test_every_reason_is_in_all_languages() -> None:
    for reason in _ERROR_TEXTS:
        arabic, french, russian = reason.texts
        assert re.search("[\u0600-\u06ff]", arabic)
        assert re.search("[a-z]", french)
        assert re.search("[а-я]", russian)
