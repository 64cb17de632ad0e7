from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embedder import StaticEmbedder, TokenVectors
from index.errors import ModelError
from tests.texts import mixed_text

MODEL = Path(str(files("index") / "model"))
_EMBEDDER = StaticEmbedder(MODEL)
TEXTS = ["ما هو حجم التبادل التجاري؟", "what is the trade volume?", "каков объём", "图书馆", "3.5"]


def test_sentence_transformers_gives_the_same_vectors(embedder: StaticEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(MODEL), device="cpu").float().encode(TEXTS)
    np.testing.assert_allclose(embedder.embed_passages(TEXTS), theirs, atol=1e-5)


def test_a_query_is_embedded_like_a_passage(embedder: StaticEmbedder) -> None:
    passages = embedder.embed_passages(TEXTS)
    for text, vector in zip(TEXTS, passages, strict=True):
        np.testing.assert_array_equal(embedder.embed_query(text), vector)


@settings(max_examples=50)
@given(mixed_text())
def test_vectors_are_of_unit_length_or_zero(text: str) -> None:
    vector = _EMBEDDER.embed_query(text)
    tokens = _EMBEDDER.token_vectors([text])[0]
    assert np.linalg.norm(vector) == pytest.approx(1.0 if len(tokens.weights) else 0.0, abs=1e-4)
    if len(tokens.weights):
        np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1.0, atol=1e-4)


def test_a_text_is_the_mean_of_its_tokens_by_weight(embedder: StaticEmbedder) -> None:
    text = "what is the trade volume between Russia and Algeria"  # no token twice
    tokens = embedder.token_vectors([text])[0]
    mean = tokens.weights @ tokens.vectors
    np.testing.assert_allclose(embedder.embed_query(text), mean / np.linalg.norm(mean), atol=1e-5)


def test_tokens_are_distinct(embedder: StaticEmbedder) -> None:
    once, thrice = embedder.token_vectors(["trade", "trade trade trade"])
    np.testing.assert_array_equal(once.vectors, thrice.vectors)


_WHOLE = Tokenizer.from_file(str(MODEL / "tokenizer.json"))


@settings(max_examples=500)
@given(mixed_text())
def test_a_text_has_the_tokens_that_the_tokenizer_gives_it_whole(text: str) -> None:
    """Words are tokenised one by one, and remembered."""
    assert _EMBEDDER._ids(text).tolist() == _WHOLE.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("between", [chr(c) for c in range(0x80) if not chr(c).isalnum()])
def test_nothing_that_words_are_cut_at_is_in_a_token(between: str) -> None:
    for text in (f"ab{between}cd", f"ab{between}\u0338", f"{between}\u0301ab", f"ب{between}\u0654"):
        assert _EMBEDDER._ids(text).tolist() == _WHOLE.encode(text, add_special_tokens=False).ids


def test_texts_share_the_vectors_of_their_tokens(embedder: StaticEmbedder) -> None:
    texts = ["the trade volume", "trade", "", "volume of trade"]
    table = embedder.token_vectors(texts)
    assert len(table.vectors) == len(set(table.ids.tolist())) < len(table.ids)
    for found, text in zip(table, texts, strict=True):
        (alone,) = embedder.token_vectors([text])
        np.testing.assert_array_equal(found.vectors, alone.vectors)
        np.testing.assert_array_equal(found.weights, alone.weights)


def test_no_passages_are_no_rows(embedder: StaticEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dim)


def test_translations_are_nearer_than_other_sentences(embedder: StaticEmbedder) -> None:
    arabic = embedder.embed_query("التبادل التجاري بين البلدين")
    near = embedder.embed_query("trade exchange between the two countries")
    far = embedder.embed_query("the weather will be sunny tomorrow")
    assert arabic @ near > arabic @ far + 0.2


def test_it_works_without_torch() -> None:
    code = (
        "import sys; from index.models import load_embedder;"
        "load_embedder().embed_query('x');"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_id_changes_with_the_weights(embedder: StaticEmbedder, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = shutil.copytree(MODEL, tmp_path / "model")
    assert StaticEmbedder(folder).id == embedder.id
    weights = load_file(folder / "model.safetensors")
    weights["embedding.weight"][0, 0] += 1
    save_file(weights, folder / "model.safetensors")
    assert StaticEmbedder(folder).id != embedder.id


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_model_is_one_clear_error(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(MODEL, tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be read .* reinstall article-qa"):
        StaticEmbedder(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match="cannot be read .* reinstall article-qa"):
        StaticEmbedder(folder)


def test_token_vectors_must_match_their_weights() -> None:
    with pytest.raises(ValueError, match="1 vectors but 2 weights"):
        TokenVectors(np.zeros((1, 4), np.float32), np.zeros(2, np.float32))


def test_the_model_is_within_its_budget() -> None:
    assert sum(p.stat().st_size for p in MODEL.rglob("*")) <= 24_000_000


@given(st.text("abctrdevolumnxyz", min_size=1) | st.text("حجمالتبدريةكوأإآؤئءىي", min_size=1)
       | st.text("товарбкелгыцщъэюяйё", min_size=1))  # fmt: skip
def test_a_word_of_one_script_has_the_tokens_that_the_tokenizer_gives_it(word: str) -> None:
    """Such words go past the tokenizer's cutting."""
    assert _EMBEDDER._ids(word).tolist() == _WHOLE.encode(word, add_special_tokens=False).ids
