import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from index.errors import ModelError
from qa.reader.layers import FOLDER
from qa.reader.windows import BEGIN, END, OVERLAP, QUESTION, WINDOW, WindowTokenizer
from tests.texts import mixed_text


@pytest.fixture(scope="module")
def tokenizer():
    return WindowTokenizer(FOLDER / "tokenizer.json")


def test_a_window_is_question_and_passage_as_the_tokenizer_pairs_them(tokenizer):
    from tokenizers import Tokenizer

    question, passage = "what is the trade volume?", "وصل التبادل التجاري إلى 3 مليارات دولار"
    (window,) = tokenizer.windows(question, passage)
    paired = Tokenizer.from_file(str(FOLDER / "tokenizer.json")).encode(question, passage)
    assert window.ids.tolist() == paired.ids
    assert window.first == 0
    assert window.begin + window.tokens == len(window.ids) - 1


def test_windows_cover_a_long_passage_and_overlap(tokenizer):
    passage = " ".join(f"word{number}" for number in range(900))
    windows = list(tokenizer.windows("who was it?", passage))
    total = len(tokenizer.offsets(passage))
    assert len(windows) > 2
    for one, two in itertools.pairwise(windows):
        assert one.first + one.tokens - two.first == OVERLAP
        assert len(one.ids) == WINDOW
    assert windows[0].first == 0
    assert windows[-1].first + windows[-1].tokens == total


def test_a_long_question_leaves_room(tokenizer):
    (window,) = tokenizer.windows("why " * 500, "Because.")
    assert window.begin == QUESTION + 3
    assert window.ids[0] == BEGIN
    assert window.ids[-1] == END


def test_a_passage_without_tokens_has_no_windows(tokenizer):
    assert list(tokenizer.windows("who?", "")) == []


@settings(max_examples=60)
@given(mixed_text())
def test_places_are_in_order_and_inside(tokenizer, text):
    offsets = tokenizer.offsets(text)
    assert (offsets[:, 0] <= offsets[:, 1]).all()
    assert (np.diff(offsets[:, 0]) >= 0).all()
    assert offsets.size == 0 or (offsets.min() >= 0 and offsets.max() <= len(text))


def test_special_tokens_in_a_text_are_text(tokenizer):
    (window,) = tokenizer.windows("what is </s>?", "It <s>was</s> struck <pad> out.")
    assert window.ids.tolist().count(END) == 3
    assert window.ids.tolist().count(BEGIN) == 1


def test_a_missing_tokenizer_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"tokenizer.json cannot be read \(.*reinstall article-qa"):
        WindowTokenizer(tmp_path / "tokenizer.json")
