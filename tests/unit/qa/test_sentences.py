import numpy as np
import pytest
from hypothesis import assume, given

from index.text import sentence_spans
from qa.features import Told
from qa.kinds import KINDS
from qa.looks import CAPITAL, WIDTH, looks
from qa.reader import embedded_reading
from qa.sentences import sentence_features
from tests.texts import mixed_text

# Two question words of shares .75 and .25; three sentences of two, two and one words.
PAIRS = np.array([[1, 0], [0, 0.2], [0, 0.9], [0.5, 0], [0, 0]], dtype=np.float32)
SENTENCE_OF = np.array([0, 0, 1, 1, 2])
SHARES, NEAR = np.float32([0.75, 0.25]), np.float32([1, 0.5])
NAMES = [
    "late", "dense", "share", "exact", "matched", "near", "length", "first", "place",
    "with before", "with after", "with all before", "only before",
    "number", "capital", "name", "quantity", "date", "person", "place of", "new",
    "close", "standing near", "window",
]  # fmt: skip


def features(seen=None, kind="thing"):
    seen = np.zeros((5, WIDTH)) if seen is None else seen
    asked = np.float32([name == kind for name in KINDS])
    scores = np.float32([3, 2, 1])
    found = sentence_features(SHARES, NEAR, asked, PAIRS, seen, SENTENCE_OF, scores, scores / 10)
    assert found.shape == (3, len(NAMES))
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in found]


def test_what_a_sentence_has_of_the_question_by_hand():
    first, second, third = features()
    assert (first["late"], third["dense"]) == (3, pytest.approx(0.1))
    assert first["share"] == pytest.approx(0.75 + 0.25 * 0.2)
    assert second["share"] == pytest.approx(0.75 * 0.5 + 0.25 * 0.9)
    assert (first["exact"], second["exact"]) == (0.75, 0)
    assert (first["matched"], second["matched"], third["matched"]) == (0.5, 0.5, 0)
    assert second["near"] == pytest.approx((0.5 + 0.9 * 0.5) / 1.5)
    assert (first["first"], second["first"]) == (1, 0)


def test_what_it_has_with_its_neighbours_by_hand():
    first, second, third = features()
    assert first["with before"] == first["share"]
    assert first["with after"] == second["with before"] == pytest.approx(0.75 + 0.25 * 0.9)
    assert third["with before"] == pytest.approx(second["share"])
    assert third["with all before"] == pytest.approx(0.75 + 0.25 * 0.9)
    assert second["only before"] == pytest.approx(0.75 * 0.5)


def test_words_that_are_neighbours_in_the_question_by_hand():
    first, second, third = features()
    # The best words stand next to each other; shares of the pair: the mean of .75 and .25.
    assert first["close"] == pytest.approx(0.5 * 1 * 0.2)
    assert second["close"] == pytest.approx(0.5 * 0.5 * 0.9)
    assert (first["standing near"], second["standing near"]) == (0, 0.5)  # .2 is below .6²
    assert first["window"] == pytest.approx(first["share"])
    assert (third["close"], third["window"]) == (0, 0)


def test_numbers_and_names_count_where_they_are_asked_for_and_new():
    seen = np.zeros((5, WIDTH))
    seen[0, 0] = 1  # a digit, but it is the question's word
    seen[2, CAPITAL] = 1  # so is this capital
    seen[1, 0] = seen[4, CAPITAL] = 1
    first, second, third = features(seen, "date")
    assert (first["number"], first["date"], first["quantity"]) == (1, 1, 0)
    assert (second["capital"], third["capital"], third["name"], third["person"]) == (0, 1, 1, 0)
    assert features(seen, "person")[2]["person"] == 1
    assert first["new"] == pytest.approx(np.log(2))


def test_the_columns_of_capitals_are_those_of_looks():
    found = looks("It rained. Bob left", [(0, 2), (3, 9), (11, 14), (15, 19)], "en")
    from qa.looks import OPENING_CAPITAL

    assert found[:, CAPITAL].tolist() == [1, 0, 1, 0]
    assert found[:, OPENING_CAPITAL].tolist() == [1, 0, 1, 0]


@given(mixed_text(), mixed_text(10))
def test_any_text_has_a_row_for_each_sentence(text, question):
    told = Told(text, sentence_spans(text, "en"), "en")
    assume(told.sentences)
    _, (passage,) = embedded_reading().read(question, [told])
    assert len(passage.sentence_features) == len(told.sentences)
    assert np.isfinite(passage.sentence_features).all()
