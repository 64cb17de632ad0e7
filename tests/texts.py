"""Hypothesis strategies for hard texts: both directions, CJK, emoji, marks, repetition."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = [
    "قال لافروف", "الجزائر", "3 مليارات دولار", "مُحَمَّد", "ﷺ", "«تبـون»", "،", "؟", "۔", "؛",
    "The river rose", "e\u0301", "ÉCOLE", "Straße", "Mr. Smith", "U.S.", "...", "!", "?", ":",
    "Привет, мир", "й", "图书馆", "。", "！", "こんにちは", "한국어",
    "👨‍👩‍👧", "👍🏽", "🇩🇿", "❤️", "\u202babc\u202c", "\u200f", "\u0301\u0301", "a\u0300\u0301\u0302",
    "<script>", "&amp;", '"', "”", "x", "1", "٣٫٥",
]  # fmt: skip
_SPACES = ["", " ", " ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u2028", "\f", "  \n "]


def _join(parts: list[tuple[str, str]]) -> str:
    return "".join(piece + space for piece, space in parts)


def mixed_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Real pieces of many scripts in any order, arbitrary text, or one piece many times."""
    pieces = st.lists(
        st.tuples(st.sampled_from(_PIECES), st.sampled_from(_SPACES)), max_size=max_size
    ).map(_join)
    arbitrary = st.text(max_size=max_size * 3)
    repeated = st.builds(
        lambda piece, space, times: (piece + space) * times,
        st.sampled_from(_PIECES),
        st.sampled_from(_SPACES),
        st.integers(1, max_size * 3),
    )
    return st.one_of(pieces, arbitrary, repeated)
