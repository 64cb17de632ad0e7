from __future__ import annotations

import pytest

from index.analysis import analyse


def _terms(text: str, language: str) -> set[str]:
    return {term for group in analyse(text, language) for term in group}


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("ar", "والتعاون", "التعاون"),
        ("ar", "روسيا", "رُوسيا"),
        ("ar", "للاجتماع", "اجتماعات"),
        ("ar", "وثائق", "وثيقة"),
        ("en", "invited", "invites"),
        ("fr", "echanges", "échange"),
        ("ru", "товарооборота", "товарооборот"),
        ("de", "Verträge", "Vertrag"),
        ("tr", "kitaplar", "kitap"),
        ("xx", "Tèst", "test"),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, asked: str, written: str) -> None:
    assert _terms(asked, language) & _terms(written, language)


def test_chinese_has_characters_and_pairs() -> None:
    assert analyse("图书馆 3", "zh") == (("图", "书", "馆", "图书", "书馆"), ("3", "3", "3"))


def test_unrelated_words_share_none() -> None:
    assert not _terms("الطاقة", "ar") & _terms("الوزير", "ar")
    assert not _terms("trade", "en") & _terms("travel", "en")


def test_chinese_words_are_found_beside_digits_and_letters() -> None:
    written = _terms("图书馆有3层楼2019年9月开放WTO成员", "zh")
    assert _terms("图书馆", "zh") <= written
    assert {"2019", "wto", "成员"} <= written
    assert _terms("サーバー", "ja") >= {"ー", "サー"}
