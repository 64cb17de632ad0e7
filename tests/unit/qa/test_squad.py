import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import exact_match, f1, normalise_answer


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The «Trade» volume, 3.5!", "en", ["trade", "volume", "35"]),
        ("الرئيس الروسي", "ar", ["رئيس", "روسي"]),
        ("La casa de los Reyes", "es", ["casa", "de", "reyes"]),
        ("Der Präsident des Landes", "de", ["präsident", "landes"]),
        ("в Москве.", "ru", ["в", "москве"]),
        ("北京2008年", "zh", ["北", "京", "2008", "年"]),
    ],
)
def test_text_is_compared_without_case_punctuation_and_articles(text, language, words):
    assert normalise_answer(text, language) == words


def test_f1_by_hand():
    # Of {3, billion, dollars} two are shared with {billion, dollars}: P 2/3, R 1, F1 .8.
    assert f1("3 billion dollars", ["billion dollars"], "en") == pytest.approx(0.8)
    assert f1("3 billion dollars", ["euros", "billion dollars"], "en") == pytest.approx(0.8)
    assert f1("tea", ["billion dollars"], "en") == 0.0
    # A word said twice counts twice: one of two against one of one.
    assert f1("new new", ["new"], "en") == pytest.approx(2 / 3)


def test_exact_match_takes_any_gold():
    assert exact_match("the Treaty.", ["pact", "Treaty"], "en") == 1.0
    assert exact_match("the Treaty of 1960", ["Treaty"], "en") == 0.0


@given(st.text(max_size=60), st.sampled_from(["ar", "en", "ru", "es", "de", "tr", "zh", "fr"]))
def test_a_text_is_itself(text, language):
    assert exact_match(text, [text], language) == 1.0
    assert f1(text, [text], language) == pytest.approx(1.0)
