from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only training needs torch itself")

from training import checkpoint, spelling  # noqa: E402
from training.card import card  # noqa: E402
from training.checkpoint import Checkpoint  # noqa: E402
from training.data import PairSet  # noqa: E402
from training.leakage import Leakage  # noqa: E402
from training.train import Encoded, Recipe, Run, Texts, train_late, train_means  # noqa: E402

RECIPE = Recipe(mean_steps=7, late_steps=7, mean_batch=8, late_batch=8)


def _sets() -> list[Encoded]:
    generator = np.random.default_rng(1)

    def texts() -> Texts:
        lengths = generator.integers(1, 6, 12)
        ids = generator.integers(0, 20, lengths.sum()).astype(np.int32)
        return Texts(ids, np.cumsum([0, *lengths]))

    kinds = ("parallel", "document", "dict")
    return [Encoded(kind, kind, 1.0, texts(), texts(), None) for kind in kinds]


def _table() -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.randn(20, 4, generator=torch.Generator().manual_seed(1)))


@pytest.mark.parametrize("train", [train_means, train_late])
def test_a_stopped_stage_goes_on_to_the_same_table(
    train: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 3)
    whole, halved = _table(), _table()
    run = Run("stage", 7, Checkpoint(tmp_path / "whole.npz", "a"))
    train(whole, _sets(), RECIPE, run)
    assert not run.checkpoint.path.exists()
    halted = Run("stage", 7, Checkpoint(tmp_path / "half.npz", "a"))
    choices = random.Random.choices
    steps = iter(range(5 if train is train_means else 10))

    def stop_after_a_while(*args: object, **kwargs: object) -> object:
        if next(steps, None) is None:
            raise KeyboardInterrupt("enough")
        return choices(*args, **kwargs)

    monkeypatch.setattr(random.Random, "choices", stop_after_a_while)
    with pytest.raises(KeyboardInterrupt, match="enough"):
        train(halved, _sets(), RECIPE, halted)
    monkeypatch.setattr(random.Random, "choices", choices)
    assert halted.checkpoint.path.exists()
    fresh = torch.nn.Parameter(torch.zeros(20, 4))  # the checkpoint holds the table
    train(fresh, _sets(), RECIPE, halted)
    np.testing.assert_array_equal(fresh.detach().numpy(), whole.detach().numpy())


def test_another_runs_checkpoint_is_left_alone(tmp_path: Path) -> None:
    table = _table()
    optimizer = torch.optim.Adam([table])
    table.sum().backward()
    optimizer.step()
    Checkpoint(tmp_path / "c.npz", "a").save(table, optimizer, checkpoint.EVERY)
    assert Checkpoint(tmp_path / "c.npz", "b").load(table, optimizer) == 0
    assert Checkpoint(tmp_path / "c.npz", "a").load(table, optimizer) == checkpoint.EVERY


def test_names_are_paired_word_by_word() -> None:
    names = PairSet(
        "dict.ru-en.wd-translit",
        "dict",
        ("Сергей Лавров", "Ян Ли", "Нью-Йорк Сити", "Москва"),
        ("Sergey Lavrov", "Jan Li", "New York City", "the city of Moscow"),
        1.0,
        False,
    )
    other = PairSet("dict.ru-en.omw", "dict", ("дом",), ("house",), 1.0, False)
    # Ян and Ли are too short; the other two do not have one or two words on both sides.
    assert spelling.name_pairs([names, other]) == [("сергей", "sergey"), ("лавров", "lavrov")]


def test_rows_that_share_eight_words_with_a_test_are_reported(tmp_path: Path) -> None:
    reported = "one two three four five six seven eight nine"
    (tmp_path / "questions.jsonl").write_text(json.dumps({"question": reported}), encoding="utf-8")
    leakage = Leakage.of([tmp_path / "questions.jsonl"])
    assert leakage.hits("a", "x", "He said: Two three four five six seven EIGHT, nine.")
    assert not leakage.hits("a", "two three four five six seven eight", "nine")
    assert leakage.removed == {("a", "questions"): 1}


def test_the_card_names_every_licence_and_score() -> None:
    facts = {"rows": {"dict.ru-en.omw": 5, "dict.de-en.omw": 7, "parallel.ar-en.ntrex": 3}}
    facts |= {"pieces": 9, "dim": 4, "seed": 7, "leaked": [["ntrex", "xquad", 2]]}
    parts = {"all": {"ndcg@10": 0.91234}, "dense": {"ndcg@10": 0.5}}
    text = card(facts, {"model": "x", "xquad en-ar": parts, "article": {}})
    assert "| omw* | 12 |" in text
    assert "| ntrex | xquad | 2 |" in text
    assert "CC BY-SA 4.0" in text
    assert "| xquad en → ar | 0.500 | 0.912 |" in text
