from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.articles import Article
from index.chunker import Chunk, Chunking, chunk_article
from tests.texts import mixed_text


def _article(text: str) -> Article:
    return Article("a", "title", text, "test", "en")


@given(mixed_text(120), st.integers(1, 90))
def test_chunks_are_exact_ordered_whole_and_bounded(text: str, size: int) -> None:
    assume(text.strip())
    chunks = chunk_article(_article(text), Chunking(size, min(20, size // 2)))
    cursor = 0
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        assert cursor <= chunk.start
        assert not text[cursor : chunk.start].strip()
        assert len(chunk.text) <= size
        assert chunk.text == chunk.text.strip()
        cursor = chunk.end
    assert not text[cursor:].strip()


@given(
    st.lists(
        st.sampled_from(["م\u064f\u0651", "e\u0301", "ب", "x", "👍🏽", "👩\u200d🚀"]), min_size=1
    ).map("".join),
    st.integers(8, 20),
)
def test_no_chunk_starts_with_a_mark_that_belongs_to_the_letter_before(
    text: str, size: int
) -> None:
    for chunk in chunk_article(_article(text), Chunking(size, 0))[1:]:
        assert unicodedata.category(chunk.text[0]) not in ("Mn", "Sk", "Cf")


def test_repetitive_text_is_cut_without_losing_a_repetition() -> None:
    text = "نعم لا نعم لا " * 300
    chunks = chunk_article(_article(text), Chunking(50, 10))
    assert "".join(c.text for c in chunks).replace(" ", "") == text.replace(" ", "")
    assert all(after.start >= before.end for before, after in itertools.pairwise(chunks))


def test_sentence_marks_stay_at_the_end_of_their_chunk() -> None:
    text = "هل وصل الوزير؟ نعم وصل أمس. ثم غادر المدينة! وبعد ذلك عاد إليها؛ وقال: شكرا."
    chunks = chunk_article(_article(text), Chunking(30, 0))
    assert [c.text for c in chunks] == [
        "هل وصل الوزير؟ نعم وصل أمس.",
        "ثم غادر المدينة!",
        "وبعد ذلك عاد إليها؛ وقال:",
        "شكرا.",
    ]


def test_chinese_is_cut_after_its_own_marks() -> None:
    text = "图书馆有四十万册图书。市政府宣布新馆开放！读者很高兴吗？是的。"
    assert [c.text for c in chunk_article(_article(text), Chunking(15, 0))] == [
        "图书馆有四十万册图书。",
        "市政府宣布新馆开放！",
        "读者很高兴吗？是的。",
    ]


@pytest.mark.parametrize("body", ["One sentence. " * 10, "One sentence. " * 200])
def test_a_heading_stays_with_the_text_below_it(body: str) -> None:
    text = f"First paragraph, of some length, that ends here.\n\nA heading\n\n{body}"
    chunks = chunk_article(_article(text), Chunking(400, 40))
    (holder,) = [c for c in chunks if "A heading" in c.text]
    assert holder.text.startswith("A heading\n\nOne sentence.")


def test_the_title_and_by_line_stay_with_the_first_paragraph(article: Article) -> None:
    first = chunk_article(article)[0]
    assert first.text.startswith("بوتين يوجّه دعوة للرئيس تبـون لزيارة موسكو\nمنال.ب\nأكد وزير")


def test_each_paragraph_of_the_article_is_a_chunk(article: Article) -> None:
    lines = [line for line in article.text.split("\n") if line]
    assert [c.text for c in chunk_article(article)[1:]] == lines[3:]


def test_a_chunk_must_fit_its_text() -> None:
    with pytest.raises(ValueError, match=r"Chunk \[3:5\] does not fit its text of 3"):
        Chunk("a", 3, 5, "abc")


def test_a_chunking_needs_room() -> None:
    with pytest.raises(ValueError, match="chunk size 10 must be at least twice joined 6"):
        Chunking(10, 6)


def test_a_far_heading_does_not_shrink_the_chunks_below_it() -> None:
    text = "Heading" + "\n" * 790 + "One sentence. " * 100
    chunks = chunk_article(_article(text), Chunking(800, 100))
    assert next(c.text[:7] for c in chunks) == "Heading"
    assert len(chunks) == 3
