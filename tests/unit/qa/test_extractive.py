"""The transformers reader on a BERT of one layer over letters; weights and tokenizer made here."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.articles import seed_articles
from index.errors import ModelError
from index.models import load_embedder
from index.store import Store
from qa import ask
from qa.extractive import ExtractiveModel
from qa.reader.reader import MAX_PASSAGES, Reader
from qa.reader.spans import MASKED_LOGIT, PassageLogits
from qa.retriever import Retriever

LETTERS = list("abcdefghijklmnopqrstuvwxyz:.?0123456789ابتثجحخدذرزسشصضطظعغفقكلمنهوي")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertTokenizerFast

    torch.manual_seed(3)
    where = tmp_path_factory.mktemp("reader")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]
    vocabulary += [f"##{letter}" for letter in LETTERS]
    tokenizer = BertTokenizerFast(
        vocab={token: i for i, token in enumerate(vocabulary)}, model_max_length=96
    )
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=128,
    )  # fmt: skip
    tokenizer.save_pretrained(where)
    BertForQuestionAnswering(config).save_pretrained(where)
    return where


@pytest.fixture(scope="module")
def model(folder):
    return ExtractiveModel(str(folder))


@pytest.fixture(scope="module")
def store():
    return Store.build(seed_articles(), load_embedder())


def test_windows_cover_the_whole_text(model, store):
    text = max((chunk.text for chunk in store.chunks), key=len)
    assert len(list(model._windows("من؟", text))) > 1
    read = model.read("من؟", text)
    assert (read.logits > MASKED_LOGIT).all()
    covered = {i for start, end in read.offsets for i in range(start, end)}
    assert covered == {i for i, char in enumerate(text) if not char.isspace()}


def test_one_window_gives_what_the_model_gives(model):
    import torch

    question, text = "who?", "it was bob."
    read = model.read(question, text)
    encoded = model._tokenizer(question, text, return_tensors="pt")
    with torch.no_grad():
        out = model._model(**encoded)
    of_text = [side == 1 for side in encoded.sequence_ids(0)]
    for column, scores in enumerate((out.start_logits[0], out.end_logits[0])):
        relative = (scores - scores[0])[of_text].numpy()
        np.testing.assert_allclose(read.logits[:, column], relative, atol=1e-5)


@pytest.mark.parametrize("lift", [-100.0, 100.0])
def test_the_answer_beats_the_null_score_or_is_refused(model, store, lift):
    class Lifted:
        def read(self, question, passage):
            read = model.read(question, passage)
            return PassageLogits(read.logits + np.float32(lift), read.offsets)

    answer = ask("what is the trade volume?", reader=Lifted())
    (article,) = store.articles
    if lift < 0:
        assert (answer.status, answer.citations) == ("not_in_article", ())
        assert answer.confidence < 0.01
        return
    (citation,) = answer.citations
    assert answer.status == "answered"
    assert article.text[citation.start : citation.end] == citation.quote == answer.text
    assert article.text[answer.span.start : answer.span.end] == answer.span.quote
    assert answer.span.quote == answer.span.quote.strip()
    assert answer.emphasis is None


def test_it_reads_in_place_of_the_embedded_network(model, store):
    answer = ask("what is the trade volume?", reader=model)
    passages = Retriever(store, load_embedder()).retrieve("what is the trade volume?", MAX_PASSAGES)
    read = Reader(store, model).read("what is the trade volume?", passages)
    assert (answer.status, answer.citations, answer.span) == (
        read.status, read.citations, read.span
    )  # fmt: skip


def test_a_long_question_leaves_room_for_the_text(model):
    assert len(model.read("why " * 500, "it was bob.").offsets) == len("itwasbob.")


def test_many_may_ask_at_once(model):
    questions = ["what is the trade volume?", "who? " * 40, "متى؟"] * 20
    alone = {question: ask(question, reader=model) for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: ask(question, reader=model), questions))
    assert found == [alone[question] for question in questions]


def test_weights_without_an_answer_are_no_reader(folder, tmp_path):
    from transformers import BertModel

    shutil.copytree(folder, tmp_path / "m")
    BertModel.from_pretrained(folder).save_pretrained(tmp_path / "m")
    with pytest.raises(
        ModelError, match=r"is not a question-answering model: it has no qa_outputs"
    ):
        ExtractiveModel(str(tmp_path / "m"))


def test_no_code_of_a_folder_is_run(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "m")
    config = json.loads((tmp_path / "m" / "config.json").read_text())
    config["model_type"] = "own"
    config["auto_map"] = {name: f"own.{name}" for name in ("AutoConfig", "AutoModel")}
    (tmp_path / "m" / "config.json").write_text(json.dumps(config))
    (tmp_path / "m" / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(ModelError, match="cannot be loaded"):
        ExtractiveModel(str(tmp_path / "m"))
    assert not (tmp_path / "ran").exists()


def test_weights_that_are_not_finite_raise(folder, store):
    model = ExtractiveModel(str(folder))
    model._model.qa_outputs.bias.data[:] = float("nan")
    with pytest.raises(ModelError, match="cannot read .its scores are not finite"):
        ask("what is the trade volume?", reader=model)


def test_parts_that_do_not_fit_raise(folder):
    model = ExtractiveModel(str(folder))
    model._tokenizer.add_tokens(["trade"])  # the model has no vector for it
    with pytest.raises(ModelError, match="cannot read .* choose another --reader"):
        ask("what is the trade volume?", reader=model)


@pytest.mark.parametrize("config", ["[]", '"x"', '{"model_type": "bert", "hidden_size": "many"}'])
def test_a_damaged_config_is_one_line(folder, tmp_path, config):
    shutil.copytree(folder, tmp_path / "m")
    (tmp_path / "m" / "config.json").write_text(config)
    with pytest.raises(ModelError, match=r"cannot be loaded \("):
        ExtractiveModel(str(tmp_path / "m"))


def test_what_cannot_be_loaded_is_one_line(tmp_path: Path):
    with pytest.raises(ModelError, match=r"the model folder ./nowhere does not exist; check --rea"):
        ExtractiveModel("./nowhere")
    with pytest.raises(ModelError, match=r"cannot be loaded \(.*give --reader a whole"):
        ExtractiveModel(str(tmp_path))
    with pytest.raises(ModelError, match=r"'some/reader' is not on this machine .* check --reader"):
        ExtractiveModel("some/reader")
