"""Any sentence-transformers model: a tiny BERT and a tiny static one, made here."""

from __future__ import annotations

import json
import logging
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.errors import ModelError, StoreMismatchError
from index.huggingface import TransformerEmbedder
from index.ingest.update import update
from index.models import load_embedder
from index.store import Store
from qa import ArticleQA

LETTERS = list("abcdefghijklmnopqrstuvwxyz:.0123456789ابتثجحخدذرزسشصضطظعغفقكلمنهوي")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer over letters, that reads at most 32 tokens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    where = tmp_path_factory.mktemp("models")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]
    vocabulary += [f"##{letter}" for letter in LETTERS]
    tokenizer = BertTokenizerFast(vocab={token: i for i, token in enumerate(vocabulary)})
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64,
    )  # fmt: skip
    tokenizer.save_pretrained(where / "bert")
    BertModel(config).save_pretrained(where / "bert")
    transformer = Transformer(str(where / "bert"), max_seq_length=32)
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension())], device="cpu"
    )
    model.save(str(where / "tiny"), create_model_card=False)
    return where / "tiny"


def _with_prompts(folder: Path, target: Path, prompts: dict[str, str]) -> Path:
    shutil.copytree(folder, target)
    path = target / "config_sentence_transformers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": prompts}))
    return target


def _theirs(folder: Path, text: str) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return np.asarray(
        SentenceTransformer(str(folder), device="cpu").encode(text, normalize_embeddings=True)
    )


def test_vectors_are_the_models_own(folder: Path) -> None:
    embedder = load_embedder(str(folder))
    assert embedder.dim == 16
    np.testing.assert_allclose(embedder.embed_query("abc"), _theirs(folder, "abc"), atol=1e-6)
    np.testing.assert_allclose(
        embedder.embed_passages(["abc", "xy"])[1], _theirs(folder, "xy"), atol=1e-6
    )
    assert embedder.embed_passages([]).shape == (0, 16)


def test_configured_prompts_are_used(folder: Path, tmp_path: Path) -> None:
    prompts = {"query": "ask: ", "document": "doc: "}
    embedder = TransformerEmbedder(str(_with_prompts(folder, tmp_path / "m", prompts)))
    np.testing.assert_allclose(embedder.embed_query("abc"), _theirs(folder, "ask: abc"), atol=1e-6)
    np.testing.assert_allclose(
        embedder.embed_passages(["abc"])[0], _theirs(folder, "doc: abc"), atol=1e-6
    )


def test_e5_gets_its_prefixes_though_its_configuration_lacks_them(
    folder: Path, tmp_path: Path
) -> None:
    named = shutil.copytree(folder, tmp_path / "multilingual-e5-small")
    embedder = TransformerEmbedder(str(named))
    np.testing.assert_allclose(
        embedder.embed_query("abc"), _theirs(folder, "query: abc"), atol=1e-6
    )
    np.testing.assert_allclose(
        embedder.embed_passages(["abc"])[0], _theirs(folder, "passage: abc"), atol=1e-6
    )


def test_long_chunks_are_reported(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    embedder = load_embedder(str(folder))
    with caplog.at_level(logging.WARNING):
        embedder.embed_passages(["abc", "a b c d e f g h " * 5])
    assert "1 of 2 chunks are longer than the 32 tokens this model reads" in caplog.text
    assert "(the longest: 42)" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        embedder.embed_passages(["abc"])
    assert not caplog.text


def test_token_vectors_are_unit_and_one_a_token(folder: Path) -> None:
    tokens = load_embedder(str(folder)).token_vectors(["a b", "a"])
    assert [len(t.weights) for t in tokens] == [4, 3]
    np.testing.assert_allclose(np.linalg.norm(tokens[0].vectors, axis=1), 1.0, atol=1e-5)


def test_the_id_tells_weights_apart(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    other = shutil.copytree(folder, tmp_path / folder.name)
    assert load_embedder(str(other)).id == load_embedder(str(folder)).id
    (weights,) = other.rglob("model.safetensors")
    changed = load_file(weights)
    changed["embeddings.LayerNorm.bias"] += 1
    save_file(changed, weights, metadata={"format": "pt"})
    assert load_embedder(str(other)).id != load_embedder(str(folder)).id


def test_the_whole_way_with_it(folder: Path, tmp_path: Path) -> None:
    import qa

    embedder = load_embedder(str(folder))
    article = Article.of("the river rose. the gate was closed.", language="en")
    store = Store.build([article], embedder)
    store.save(tmp_path / "s")
    opened = Store.open(tmp_path / "s", embedder)
    passages = qa.retrieve("river", store=opened, embedder=embedder)
    assert passages[0].chunk.text == article.text
    with pytest.raises(StoreMismatchError, match="give the same --model"):
        Store.open(tmp_path / "s", load_embedder())
    with pytest.raises(StoreMismatchError, match="give the same --model"):
        qa.retrieve("river", store=opened)


def test_a_static_model_gives_the_vectors_that_we_read_ourselves() -> None:
    ours, theirs = load_embedder(), load_embedder(str(files("index") / "model"))
    text = "what is the trade volume?"
    np.testing.assert_allclose(theirs.embed_query(text), ours.embed_query(text), atol=2e-3)
    (mine,), (other,) = ours.token_vectors([text]), theirs.token_vectors([text])
    order = np.argsort(mine.weights), np.argsort(other.weights)
    np.testing.assert_allclose(mine.weights[order[0]], other.weights[order[1]], atol=2e-3)
    np.testing.assert_allclose(mine.vectors[order[0]], other.vectors[order[1]], atol=2e-3)


def test_without_a_hub_the_answer_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(ModelError, match=r"is not on this machine and there is no hub; .*--model"):
        load_embedder("no/such-model")


def test_an_unknown_id_without_network_is_one_line() -> None:
    with pytest.raises(ModelError, match=r"'no/such-model'.*--model") as caught:
        load_embedder("no/such-model")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("harm", ["no weights", "half weights", "no config", "empty"])
def test_a_half_downloaded_model_is_one_line(folder: Path, tmp_path: Path, harm: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "m")
    (weights,) = copy.rglob("model.safetensors")
    if harm == "no weights":
        weights.unlink()
    elif harm == "half weights":
        weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    elif harm == "no config":
        (weights.parent / "config.json").unlink()
    else:
        shutil.rmtree(copy)
        copy.mkdir()
    with pytest.raises(ModelError, match=r"model folder .*/m cannot be loaded .*--model") as caught:
        load_embedder(str(copy))
    assert "\n" not in str(caught.value)


def test_a_store_knows_the_model_that_it_was_made_with(folder: Path, tmp_path: Path) -> None:
    made = ArticleQA.from_text("The river rose by 3.2 metres.", model=str(folder))
    place = made.save(tmp_path / "s") and tmp_path / "s"
    opened = ArticleQA.open(place)
    assert opened.embedder.id == made.embedder.id
    assert json.loads((place / "manifest.json").read_text())["model"] == str(folder.resolve())
    (tmp_path / "river.txt").write_text("The Ouse fell by one metre.", encoding="utf-8")
    assert update(place, [str(tmp_path / "river.txt")]).store.counts.articles == 2
    other = _with_prompts(folder, tmp_path / "other", {"query": "q: ", "document": ""})
    with pytest.raises(StoreMismatchError, match="give the same --model"):
        ArticleQA.open(place, model=str(other))
