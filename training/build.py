"""Make index/model from nothing: python -m training.build --data TRAIN.

Each stage leaves its result under --work and is skipped when that is there.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from training import teacher, tokenizer
from training.card import write_card
from training.data import PairSet, load_pair_sets
from training.export import export
from training.leakage import Leakage
from training.train import Encoded, encode_set, train_late, train_means

DIM = 256
MEAN_STEPS = 6_000


def main() -> None:
    """Run the stages that --work does not hold yet and write the model folder."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    started = time.monotonic()

    leakage = Leakage.of(_evaluation_files(options.data.parent))
    sets = load_pair_sets(options.data, leakage, options.seed)
    print(f"{len(sets)} sets, {sum(len(s.left) for s in sets)} rows, {leakage.removed} leaked out")
    vocabulary = _tokenizer(sets, options.work / "tokenizer.json", options.seed)
    encoded = _encode(sets, vocabulary, options.work / "teacher.npz")
    table = _train(encoded, vocabulary.get_vocab_size(), options.work, options.seed)
    export(table, vocabulary, options.out)
    facts: dict[str, Any] = {"rows": {s.name: len(s.left) for s in sets}, "leaked": leakage.removed}
    facts |= {"seed": options.seed, "seconds": round(time.monotonic() - started)}
    facts |= {"pieces": len(table), "dim": DIM}
    (options.work / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    write_card(options.out / "README.md", facts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the training sets")
    parser.add_argument("--work", type=Path, default=Path("build/model"))
    parser.add_argument("--out", type=Path, default=Path("index/model"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _evaluation_files(data: Path) -> list[Path]:
    """Return the test texts that lie beside the training sets."""
    return [
        *sorted((data / "eval").glob("xquad.*.json.xz")),
        data / "eval" / "arcd-test.json.xz",
        *sorted((data.parent / "eval").glob("*.jsonl")),
    ]


def _tokenizer(sets: list[PairSet], path: Path, seed: int) -> Tokenizer:
    return Tokenizer.from_file(str(path)) if path.exists() else tokenizer.train(sets, path, seed)


def _encode(sets: list[PairSet], vocabulary: Tokenizer, cache: Path) -> list[Encoded]:
    english = [text for pairs in sets if pairs.taught for text in pairs.right]
    vectors = teacher.english_vectors(english, DIM, cache)
    return [encode_set(pairs, vocabulary, vectors) for pairs in sets]


def _train(sets: list[Encoded], vocabulary: int, work: Path, seed: int) -> np.ndarray:
    table = torch.nn.Parameter(torch.randn(vocabulary, DIM) * 0.1)
    for stage in ("means", "late"):
        path = work / f"{stage}.npy"
        if path.exists():
            table.data = torch.from_numpy(np.load(path))
            continue
        if stage == "means":
            train_means(table, sets, MEAN_STEPS, random.Random(seed))
        else:
            train_late(table, sets, random.Random(seed))
        np.save(path, table.detach().numpy())
    return table.detach().numpy()


if __name__ == "__main__":
    main()
