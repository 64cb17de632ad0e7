"""Make index/model from nothing: python -m training.build --data TRAIN.

Each stage leaves its result under --work and is skipped when that is there; a stage that was
stopped half-done goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from training import spelling, teacher, tokenizer
from training.checkpoint import Checkpoint
from training.data import PairSet, load_pair_sets
from training.export import export
from training.leakage import Leakage
from training.train import Encoded, Recipe, Run, train_late, train_means

DIM = 256


def main() -> None:
    """Run the stages that --work does not hold yet and write the model folder."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    started = time.monotonic()

    leakage = Leakage.of(evaluation_files(options.data.parent))
    sets = load_pair_sets(options.data, leakage, options.seed)
    print(f"{len(sets)} sets, {sum(len(s.left) for s in sets)} rows")
    for (name, test), count in sorted(leakage.removed.items()):
        print(f"{name}: {count} rows left out that share eight words in a row with {test}")
    vocabulary = _tokenizer(sets, options.work / "tokenizer.json", options.seed)
    encoded = _encode(sets, vocabulary, options.work / "teacher.npz")
    table = _train(encoded, vocabulary.get_vocab_size(), options.work, options.seed)
    spellings = _spelling(sets, options.work / "spelling.npy", options.seed)
    export(table, vocabulary, spellings, options.out)
    facts = {
        "rows": {s.name: len(s.left) for s in sets},
        "leaked": [[name, test, count] for (name, test), count in sorted(leakage.removed.items())],
        "seed": options.seed,
        "seconds": round(time.monotonic() - started),
        "threads": options.threads,
        "pieces": len(table),
        "dim": DIM,
    }
    (options.work / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the training sets")
    parser.add_argument("--work", type=Path, default=Path("build/model"))
    parser.add_argument("--out", type=Path, default=Path("index/model"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def evaluation_files(data: Path) -> list[Path]:
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
    return [Encoded.of(pairs, vocabulary, vectors) for pairs in sets]


def _train(sets: list[Encoded], vocabulary: int, work: Path, seed: int) -> npt.NDArray[np.float32]:
    recipe = Recipe()
    key = hashlib.sha256(f"{recipe} {seed} {[(s.name, len(s)) for s in sets]}".encode()).hexdigest()
    generator = torch.Generator().manual_seed(seed)
    table = torch.nn.Parameter(torch.randn(vocabulary, DIM, generator=generator) * 0.1)
    for name, train in (("means", train_means), ("late", train_late)):
        path = work / f"{name}.npy"
        if path.exists():
            table.data = torch.from_numpy(np.load(path))
            continue
        checkpoint = Checkpoint(work / f"{name}.checkpoint.npz", f"{name} {key}")
        train(table, sets, recipe, Run(name, seed, checkpoint))
        np.save(path, table.detach().numpy())
    return np.asarray(table.detach().numpy())


def _spelling(sets: list[PairSet], path: Path, seed: int) -> npt.NDArray[np.int8]:
    if not path.exists():
        np.save(path, spelling.train(sets, seed))
    return np.asarray(np.load(path))


if __name__ == "__main__":
    main()
