import copy
import json
import lzma

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from index.models import load_embedder
from qa.reader.windows import PAD
from training.data import PairSet
from training.leakage import Leakage
from training.reader.__main__ import TABLE
from training.reader.network import Network, Shape
from training.reader.question_encoder import Frozen, QuestionEncoder, train_questions
from training.reader.question_pairs import QuestionPairs, pair_batches, question_sets
from training.reader.question_scores import Direction, table_of_scores
from training.reader.train import Recipe
from training.train import Texts

TINY = Shape(hidden=32, layers=2, heads=2, inner=64)


def pair_set(name, left, right):
    return PairSet(name, name.split(".")[0], tuple(left), tuple(right), passes=1.0, taught=False)


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(TABLE / "tokenizer.json"))


@pytest.fixture(scope="module")
def pairs(tokenizer):
    paragraphs = [f"The river Ouse flooded {i // 2} streets of York." for i in range(40)]
    sets = [
        pair_set("question.en.set", [f"how many streets, {i}?" for i in range(40)], paragraphs),
        pair_set("parallel.en-ar.ntrex", ["He left.", "She came."], ["غادر.", "جاءت."]),
    ]
    return QuestionPairs.pack(sets, tokenizer, tokenizer)


@pytest.fixture(scope="module")
def table():
    return load_file(TABLE / "model.safetensors")["embedding.weight"].float()


def test_pairs_survive_a_file(pairs, tmp_path, tokenizer):
    pairs.save(tmp_path / "pairs.npz")
    again = QuestionPairs.load(tmp_path / "pairs.npz")
    assert len(again) == 42
    assert again.starts.tolist() == [0, 40, 42]
    assert len(again.found) == 22  # each passage once
    for row in (0, 17, 41):
        assert (again.question(row) == pairs.question(row)).all()
        found = again.found.pick([int(again.passage[row])])[0]
        assert (found == pairs.found.pick([int(pairs.passage[row])])[0]).all()
    expected = tokenizer.encode("how many streets, 17?", add_special_tokens=False).ids
    assert again.question(17).tolist() == [0, *expected, 2]


def test_batches_are_of_one_set_and_the_same_from_any_step_on(pairs):
    stream = pair_batches(pairs, 16, seed=3)
    first = [next(stream) for _ in range(6)]
    again = pair_batches(pairs, 16, seed=3, start=4)
    for batch in first[4:]:
        assert (next(again).ids == batch.ids).all()
    assert {len(batch.ids) for batch in first} <= {16, 2}
    for batch in first:
        if len(batch.ids) == 16:  # two questions a paragraph, in runs
            assert batch.same.sum(axis=1).tolist() == [1] * 16
            assert not batch.same.diagonal().any()
        else:
            assert not batch.same.any()


def test_other_passages_of_the_set_are_compared_with(pairs):
    batch = next(b for b in pair_batches(pairs, 16, seed=3, others=30) if len(b.ids) == 16)
    assert len(batch.found.lengths) == 16 + 30
    ends = np.cumsum(batch.found.lengths)
    texts = [tuple(t) for t in np.split(batch.found.ids, ends[:-1])]
    for row, own in enumerate(texts[:16]):  # a copy of the right passage is not a wrong one
        expected = [text == own and place != row for place, text in enumerate(texts)]
        assert batch.same[row].tolist() == expected
    assert batch.same[:, 16:].any()


def test_english_translations_come_row_by_row(tokenizer):
    left, right = ["غادر الفريق.", "جاءت الطائرة."], ["The team left.", "The plane came."]
    sets = [
        pair_set("parallel.ar-en.ntrex", left, right),
        pair_set("parallel.en-ar.ntrex", right, left),
        pair_set("parallel.ar-fr.ntrex", left, left),
    ]
    pairs = QuestionPairs.pack(sets, tokenizer, tokenizer)
    stream = pair_batches(pairs, 8, seed=1)
    batches = [next(stream) for _ in range(20)]
    translated = {
        (tokenizer.decode(asked), tokenizer.decode(english))
        for batch in batches
        if len(batch.english)
        for asked, english in zip(batch.ids.tolist(), batch.english.tolist(), strict=True)
    }
    assert [pairs.to_english(number) for number in range(3)] == [2, None, None]
    expected = {
        (tokenizer.decode(pairs.question(row)), tokenizer.decode(pairs.question(row + 2)))
        for row in range(2)
    }
    assert {(a.strip(), b.strip()) for a, b in translated} == {
        (a.strip(), b.strip()) for a, b in expected
    }


def test_passages_are_what_the_embedder_makes_of_them(pairs, table):
    frozen = Frozen(Network(TINY), torch.randn(len(table), 32), table)
    batch = next(b for b in pair_batches(pairs, 16, seed=3) if len(b.ids) == 2)
    found = frozen.embed(batch.found).numpy()
    expected = load_embedder().embed_passages(["غادر.", "جاءت."])
    np.testing.assert_allclose(sorted(found.tolist()), sorted(expected.tolist()), atol=1e-3)
    asked = frozen.embed(batch.asked).numpy()
    expected = np.stack([load_embedder().embed_query(text) for text in ("He left.", "She came.")])
    np.testing.assert_allclose(sorted(asked.tolist()), sorted(expected.tolist()), atol=1e-3)


def test_a_broken_off_training_goes_on_to_the_same_weights(pairs, table, tmp_path, monkeypatch):
    torch.manual_seed(1)
    words, reader, before = torch.randn(len(table), 32), Network(TINY), Network(TINY)
    frozen, reports = Frozen(reader, words, table), []
    reader_before = copy.deepcopy(reader.state_dict())

    def trained(path):
        encoder = QuestionEncoder(copy.deepcopy(before), 256)
        recipe = Recipe(8, 1e-3)
        train_questions(
            encoder,
            frozen,
            pairs,
            recipe,
            path,
            batch=16,
            report=lambda step: f"{reports.append(step)}",
        )
        return encoder

    torch.manual_seed(2)
    whole = trained(tmp_path / "whole.safetensors")
    assert reports == [2, 4, 6, 8]

    def broken(*args, **options):
        stream = pair_batches(*args, **options)
        yield from (next(stream) for _ in range(3))
        raise KeyboardInterrupt

    torch.manual_seed(2)
    with monkeypatch.context() as patch:
        patch.setattr("training.reader.question_encoder.pair_batches", broken)
        with pytest.raises(KeyboardInterrupt, match="^$"):
            trained(tmp_path / "parts.safetensors")
    again = trained(tmp_path / "parts.safetensors")
    for one, two in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, two)
    for name, value in reader.state_dict().items():
        assert (value == reader_before[name]).all()  # the reader stays as it is


def test_training_brings_questions_to_their_passages(pairs, table, tmp_path):
    torch.manual_seed(1)
    frozen = Frozen(Network(TINY), torch.randn(len(table), 32), table)
    encoder, losses = QuestionEncoder(Network(TINY), 256), []

    def loss():
        with torch.no_grad():
            batch = next(pair_batches(pairs, 16, seed=99))
            mask = torch.from_numpy((batch.ids != PAD).astype(np.float32))
            scores = encoder(frozen.states(batch.ids, mask), mask) @ frozen.embed(batch.found).T
            return float((scores.diagonal() - scores.mean(1)).mean())

    losses.append(loss())
    recipe = Recipe(60, 1e-3)
    path = tmp_path / "part.safetensors"
    train_questions(encoder, frozen, pairs, recipe, path, batch=16, others=8, report=lambda _: "")
    assert loss() > losses[0] + 0.05


def test_padding_changes_no_vector():
    torch.manual_seed(3)
    encoder = QuestionEncoder(Network(TINY), 8).eval()
    states, mask = torch.randn(1, 9, 32), torch.ones(1, 13)
    mask[:, 9:] = 0
    padded = torch.cat([states, torch.randn(1, 4, 32)], dim=1)
    with torch.no_grad():
        alone, beside = encoder(states, torch.ones(1, 9)), encoder(padded, mask)
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-4)
    assert alone.norm() == pytest.approx(1.0)


def test_scores_by_hand():
    encoder = QuestionEncoder(Network(TINY), 2)
    torch.nn.init.zeros_(encoder.out.weight)
    encoder.out.bias.data = torch.tensor([1.0, 0.0])  # every question's vector
    frozen = Frozen(Network(TINY), torch.randn(5, 32), torch.empty(0))
    direction = Direction(
        "en-ar",
        (np.array([0, 3, 2]), np.array([0, 4, 2])),
        np.array([[0, 1], [0, 1]], dtype=np.float32),
        np.array([[1, 0], [0, 1]], dtype=np.float32),
        np.array([1, 1]),
    )
    second = 1 / np.log2(3)
    found = direction.scores(encoder, frozen)
    assert found == pytest.approx((1.0, second, 1.0))  # in the sum both are alike: no one is ahead
    lines = table_of_scores((direction,), encoder, frozen).splitlines()
    assert lines[1].split() == ["en-ar", "1.0000", f"{second:.4f}", "1.0000"]
    assert lines[2].split()[0] == "mean"


def test_sets_are_in_both_directions_and_without_rows_of_the_tests(tmp_path):
    (tmp_path / "qa").mkdir()
    (tmp_path / "eval").mkdir()
    (tmp_path / "train").mkdir()
    leaked = "one two three four five six seven eight"
    rows = [
        {"question": f"who came {i}?", "context": f"Amel came on day {i}.", "title": f"b{i % 2}",
         "lang": "en", "answers": [{"text": "Amel", "start": 0}]}
        for i in range(4)
    ]  # fmt: skip
    rows.append({**rows[0], "context": f"Amel came. {leaked}"})
    rows.append({**rows[1], "answers": []})
    for name in ("ar.arcd-train", "en.squad11-train", "ja.jaquad"):
        with lzma.open(tmp_path / "qa" / f"{name}.jsonl.xz", "wt") as stream:
            own = [{**row, "context": f"{row['context']} ({name})"} for row in rows]
            stream.writelines(json.dumps(row) + "\n" for row in own)
    (tmp_path / "eval" / "xquad.tune.ids").write_text("q0\nq1")  # q2 is a test question
    for language in ("ar", "en", "ru", "es", "de", "tr", "zh"):
        articles = [
            {"title": f"t{number}", "paragraphs": [{"context": f"Paragraph {number} in {language}.",
             "qas": [{"id": f"q{number}", "question": f"question {number} in {language}?",
                      "answers": [{"text": "in", "answer_start": 12}]}]}]}
            for number in range(3)
        ]  # fmt: skip
        with lzma.open(tmp_path / "eval" / f"xquad.{language}.json.xz", "wt") as stream:
            json.dump({"data": articles}, stream)
    (tmp_path / "test.jsonl").write_text(json.dumps({"question": leaked}))
    sets = [
        pair_set(
            "parallel.ar-en.ntrex",
            ["قصير", "جملة طويلة بما يكفي"],
            ["short", "A long enough sentence."],
        ),
        pair_set("document.ar.news.title", ["عنوان"], ["نص"]),
        pair_set("document.ar.news.neighbours", ["نص"], ["نص"]),
    ]
    leakage = Leakage.of([tmp_path / "test.jsonl"])
    found = {s.name: s for s in question_sets(tmp_path, sets, leakage, 7, switched_rows=2)}
    assert found["parallel.ar-en.ntrex"].left == ("جملة طويلة بما يكفي",)
    assert found["parallel.en-ar.ntrex"].right == ("جملة طويلة بما يكفي",)
    assert found["document.ar.news.title"].left == ("عنوان",)
    translated = found["parallel.ru-en.xquad"]  # t0 is held out
    assert (translated.left, translated.right) == (("question 1 in ru?",), ("question 1 in en?",))
    assert "parallel.en-en.xquad" not in found
    squad = found["question.en.squad11-train"]
    assert squad.left == ("who came 0?", "who came 2?", "who came 1?", "who came 3?")  # by article
    assert leakage.removed[("en.squad11-train", "test")] == 1
    assert "question.ja.jaquad" not in found  # the table knows no Japanese
    assert "document.ar.news.neighbours" not in found


def test_texts_are_cut(tokenizer):
    made = Texts.of(["one two three four"], tokenizer, 2)
    assert len(made.pick([0])[0]) == 2
