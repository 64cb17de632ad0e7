from __future__ import annotations

import io
import random
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from anyascii import anyascii
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedder import Embedder
from index.errors import ModelError
from index.spelling import (
    SpelledTexts,
    SpelledWords,
    Spelling,
    bundled_spelling,
    hash_ngrams,
    spellings,
)
from index.text import fold
from tests.texts import mixed_text

NAMES = {
    "en": ("Lavrov", "Patrushev", "Chengriha", "Tebboune", "Lamamra", "Shuvaev", "Algeria"),
    "ru": ("Лавров", "Патрушев", "Шенгриха", "Теббун", "Ламамра", "Шуваев", "Алжир"),
    "ar": ("لافروف", "باتروشيف", "شنقريحة", "تبـون", "لعمامرة", "شوڨاييف", "الجزائر"),
}


def _cosine(left: str, right: str) -> float:
    spell = bundled_spelling()
    return float((spell.words(left).vectors @ spell.words(right).vectors.T).max())


@pytest.mark.parametrize(("asked", "written"), [("en", "ar"), ("ru", "ar"), ("ar", "ru")])
def test_the_articles_names_find_themselves_in_another_script(asked: str, written: str) -> None:
    found = [max(NAMES[written], key=lambda other: _cosine(name, other)) for name in NAMES[asked]]
    assert found == list(NAMES[written])


def test_an_arabic_word_is_also_read_without_its_clitics() -> None:
    assert spellings(fold("والخارجية")) == ("والخارجيه", "خارجيه")
    assert _cosine("والخارجية", "خارجية") == pytest.approx(1.0)


@pytest.mark.parametrize("word", ["", "a", "ab", "2022", "图书馆", "こんにちは"])
def test_what_has_no_spelling(word: str) -> None:
    assert spellings(word) == ()


def test_pieces_are_counted_by_hand() -> None:
    pieces = ["^", "a", "b", "c", "$"]
    pieces += ["^a", "ab", "bc", "c$", "^ab", "abc", "bc$", "^abc", "abc$"]
    found, starts = hash_ngrams(["abc", "АБЦ"], 1 << 20)  # Ц is "ts"
    own, others = np.split(found, starts[1:])
    assert sorted(own) == sorted(zlib.crc32(piece.encode()) % (1 << 20) for piece in pieces)
    assert sorted(own) != sorted(others)


@given(st.lists(mixed_text(12), min_size=1, max_size=6), st.integers(1, 1 << 20))
def test_pieces_are_those_of_each_word_alone(words: list[str], count: int) -> None:
    """By another way: letter by letter, and by zlib."""
    words = [word.replace("\0", "") for word in words]  # a word has letters and digits only
    found, starts = hash_ngrams(words, count)
    for word, own in zip(words, np.split(found, starts[1:]), strict=True):
        letters = f"^{anyascii(word).lower()}$".replace("'", "")
        sizes = range(1, 5)
        pieces = {letters[at : at + n] for n in sizes for at in range(len(letters) - n + 1)}
        assert sorted(own) == sorted(zlib.crc32(piece.encode()) % count for piece in pieces)


@settings(max_examples=60)
@given(text=mixed_text(20))
def test_every_word_has_unit_rows_of_its_own(text: str) -> None:
    found = bundled_spelling().words(text)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1.0, atol=1e-5)
    assert list(found.starts) == sorted(set(found.starts.tolist()))
    assert all(0 <= start < len(found.vectors) for start in found.starts)


def test_a_vector_is_the_sum_of_the_rows_of_its_pieces() -> None:
    table = np.random.default_rng(5).integers(-127, 128, (64, 8), dtype=np.int8)
    total = sum(table[i].astype(float) for i in hash_ngrams(["ouse"], 64)[0])
    expected = total / np.linalg.norm(total)
    np.testing.assert_allclose(Spelling(table).words("Ouse!").vectors, [expected], atol=1e-6)


@given(st.lists(mixed_text(20), max_size=4))
def test_texts_share_the_spellings_of_their_words(texts: list[str]) -> None:
    found = bundled_spelling().texts(texts)
    assert len(found) == len(texts)
    for i, text in enumerate(texts):
        rows = found.vectors[found.ids[found.starts[i] : found.starts[i + 1]]]
        own = bundled_spelling().words(text).vectors  # of two words one spelling may be alike
        assert {row.tobytes() for row in rows} == {row.tobytes() for row in own}
    assert len(np.unique(found.ids)) == len(found.vectors)


def test_spelled_texts_must_match_their_starts() -> None:
    with pytest.raises(ValueError, match=r"1 spellings, not \[2\]"):
        SpelledTexts(np.ones((1, 4), dtype=np.float32), np.array([0]), np.array([0, 2]))


def test_words_without_spellings_are_refused() -> None:
    with pytest.raises(ValueError, match="2 words but 1 spellings"):
        SpelledWords(np.ones((1, 4), dtype=np.float32), np.array([0, 1]))


_FLOATS = io.BytesIO()
np.save(_FLOATS, np.ones((4, 4)))


@pytest.mark.parametrize(
    "content", [None, b"", b"not an array", b"\x93NUMPY\x01\x00", _FLOATS.getvalue()]
)
def test_a_damaged_table_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "spelling.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read .* reinstall article-qa"):
        Spelling.load(path)


def test_no_pickle_is_read(tmp_path: Path) -> None:
    path = tmp_path / "spelling.npy"
    np.save(path, np.array([object()]), allow_pickle=True)
    with pytest.raises(ModelError, match="cannot be read"):
        Spelling.load(path)


def test_words_are_remembered_and_forgotten_by_many_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = np.random.default_rng(3).integers(-99, 99, (997, 8)).astype(np.int8)
    plain = {f"word{n}": Spelling(table).words(f"word{n}").vectors[0] for n in range(80)}
    monkeypatch.setattr("index.spelling._WORDS", 30)  # so that it begins anew all the time
    spelling = Spelling(table)

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        for size in (5, 20, 29, 30, 31, 60) * 30:
            names = rng.sample(sorted(plain), size)
            found = spelling.texts([" ".join(names)])
            expected = np.stack([plain[name] for name in names])
            assert found.vectors[found.ids] == pytest.approx(expected)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(ask, seed) for seed in range(4)]:
            done.result()


def test_a_mean_of_many_texts_is_that_of_each(embedder: Embedder) -> None:
    texts = ["the river rose", "", "حجم التبادل التجاري حجم", "!!", "Товарооборот вырос"]
    table = embedder.token_vectors(texts)
    assert table.means == pytest.approx(np.stack([text.mean for text in table]), abs=1e-6)
    assert [sorted(map(tuple, own.vectors)) for own in table] == [
        sorted(map(tuple, embedder.token_vectors([text])[0].vectors)) for text in texts
    ]
