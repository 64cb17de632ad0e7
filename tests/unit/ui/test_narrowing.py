from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.base import Filter
from qa.errors import QuestionError
from ui.request import parse_filter, parse_page_filter

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["2024-01-02", "ar"]),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["languages", "since", "until", "sources"]) | st.text(), inner
    ),
)  # fmt: skip


def test_what_is_asked_for_is_the_filter() -> None:
    assert parse_filter() is parse_filter([], " ", None, [" "]) is None
    assert parse_filter(["ar", " en "], " 2024-01-02 ", "2024-01-02", ["example.org"]) == Filter(
        None, frozenset({"ar", "en"}), "2024-01-02", "2024-01-02", frozenset({"example.org"})
    )


@pytest.mark.parametrize(
    ("given", "reported"),
    [
        ((None, "2024-02-30"), "since is '2024-02-30', not a day"),
        ((None, "", 3), "until is '3', not a day"),
        ((None, "2024-02-01", "2024-01-01"), "since 2024-02-01 is after until 2024-01-01"),
        (("ar",), "languages must be a list of at most 100"),
        (([1],), "languages must be a list of texts"),
        ((None, "", "", ["x"] * 101), "sources must be a list of at most 100"),
        ((None, "", "", ["x" * 2_001]), "sources must be a list of texts"),
    ],
)
def test_what_is_no_filter_is_reported(given: tuple[object, ...], reported: str) -> None:
    with pytest.raises(QuestionError, match=reported):
        parse_filter(*given)


@given(JSON)
def test_what_a_browser_sends_is_a_filter_or_refused(sent: object) -> None:
    try:
        found = parse_page_filter(sent)
    except QuestionError as error:
        assert "\n" not in str(error)
    else:
        assert found is None or isinstance(found, Filter)


def test_the_fields_are_the_filter() -> None:
    fields = {"languages": ["ar"], "since": "2024-01-02", "until": "", "sources": ["example.org"]}
    assert parse_page_filter(fields) == parse_filter(["ar"], "2024-01-02", "", ["example.org"])
    assert parse_page_filter({"languages": [], "since": "", "until": "", "sources": []}) is None
