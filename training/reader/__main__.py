"""Make qa/reader/model: python -m training.reader --data FOLDER [--steps N].

Each stage leaves its result in --work and is skipped when that is there: pack (vocabulary and
examples), train (four runs, each goes on from its checkpoint, and their average). Then always:
export (int8, into --out), calibrate (on held-out questions) and, after benchmarks.reading, card.
``--stage`` ends after one of them. With ``--go-on`` the weights in --out are what it starts from:
the network stays as it is, and the question encoder learns for one more round.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tqdm import tqdm

from index.models import load_embedder
from qa.reader.layers import EMBEDDER, FOLDER, LOWER_FILE, QUESTION_FILE, UPPER_FILE
from training.build import evaluation_files
from training.data import load_pair_sets
from training.leakage import Leakage
from training.reader.batches import Mixture
from training.reader.calibrate import fit, read_held_out, report
from training.reader.card import write_card
from training.reader.e5 import cut_encoder, read_encoder, read_tokenizer
from training.reader.examples import Examples, pack
from training.reader.export import export_onnx, quantize
from training.reader.held_out import HeldOut
from training.reader.network import Network, from_encoder
from training.reader.parallel import parallel_rows
from training.reader.question_encoder import Frozen, QuestionEncoder, train_questions
from training.reader.question_pairs import QuestionPairs, question_sets
from training.reader.question_scores import DIRECTIONS, Direction, table_of_scores
from training.reader.questions import LANGUAGES, Row, arcd_rows, training_rows, xquad_rows
from training.reader.shipped import read_weights, shipped_facts
from training.reader.swapping import arabic_names, swapped
from training.reader.switching import switched, switched_contexts
from training.reader.texts import training_texts
from training.reader.train import Recipe, average, full_table, train
from training.reader.vocabulary import choose_pieces, count_pieces, cut_tokenizer

PIECES = 120_000
NETWORK = "network.safetensors"
ENCODER = "question_encoder.safetensors"
PAIRS = "question_pairs.npz"
TABLE = Path(str(files("index") / "model"))
DROPOUT = 0.1
SWITCHED, MIXED, PARALLEL = 16_000, 12_000, 800
SWAPPED = {
    "en.squad11-train": 15_000, "fr.piaf11": 2_000, "tr.tquad": 2_000, "fa.pquad-valtest": 1_500,
}  # fmt: skip
SEED = 7
# One row of these counts as so many; the languages that are asked most come first.
WEIGHTS = {
    "ar.arcd": 2.0, "en.squad11": 3.0, "en.squad11-train+switched": 2.0, "fr.piaf": 1.7,
    "en.squad11-train+mixed": 1.5, "en.squad11-train+swapped": 1.2, "fr.piaf11+swapped": 0.5,
    "tr.tquad+swapped": 0.4, "fa.pquad-valtest+swapped": 0.3, "ar.arcd-train+swapped": 1.0,
    "en.qed": 1.2, "tr.": 1.0, "ja.": 0.15, "zh": 0.4, "th.": 0.15, "am.": 0.1, "kk.": 0.3,
    "nb.": 0.3, "sv.": 0.3, "id.": 0.5, "he.": 0.4, "pt.": 0.5, "fa.": 1.1, "mul.afriqa": 0.6,
    "en.covid": 0.3,
    "xquad.": 0.2, "xquad.ar": 0.25, "xquad.en-ar": 0.7, "xquad.ru-ar": 0.4, "xquad.ar-ar": 0.7,
    "xquad.zh": 0.15, "xquad.en-en": 0.3,
    "parallel.": 0.4, "parallel.en-ar": 1.2, "parallel.ar-en": 0.8, "parallel.ru-ar": 0.8,
    "parallel.fr-ar": 0.8,
}  # fmt: skip
HELD_OUT = (
    "ar.arcd-train", "xquad.ar-ar", "xquad.en-en", "xquad.ru-ru", "xquad.en-ar", "xquad.ru-ar",
    "xquad.de-ar", "xquad.ar-en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A training of the network, and how it differs from the others.

    ``crossed`` and ``parallel`` multiply the weights of XQuAD and ARCD, and of sentences to find by
    their translation.
    """

    name: str
    steps: float  # times --steps
    rate: float
    head_rate: float = 10.0
    crossed: float = 1.0
    parallel: float = 1.0
    seed: int = SEED  # of the batches


# The average of three networks reads better than any of them, and one that goes on from there
# better still when it is averaged with it; most across languages.
RUNS = (
    Run("first", 1.0, 3e-4),
    Run("second", 1.0, 3e-4, crossed=2.5, parallel=0.0),
    Run("third", 1.0, 1.5e-4),
)
LAST = Run("last", 2 / 3, 1e-4, head_rate=2.0, seed=SEED + 1)


@dataclass(frozen=True, slots=True)
class Round:
    """A training of the question encoder that goes on from the one before."""

    steps: float  # times --question-steps
    matrix_rate: float  # of its last matrix, times the rate of its layers


# The matrix starts at random, and has been learned when the last round begins.
ROUNDS = (Round(1.0, 10.0), Round(1.0, 10.0), Round(10 / 3, 1.0))


def main() -> None:
    """Run the stages that are not done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="holds train/, qa/ and eval/")
    parser.add_argument(
        "--work", type=Path, default=Path("build/reader"), help="default: %(default)s"
    )
    parser.add_argument(
        "--steps", type=int, default=3_700, help="of each of the first runs; default: %(default)s"
    )
    parser.add_argument("--batch", type=int, default=128, help="windows; default: %(default)s")
    parser.add_argument(
        "--question-steps",
        type=int,
        default=900,
        help="of the question encoder; default: %(default)s",
    )
    parser.add_argument(
        "--go-on", action="store_true", help="from the weights in --out, not from nothing"
    )
    parser.add_argument("--device", default="cpu", help="cpu or cuda; default: %(default)s")
    parser.add_argument("--out", type=Path, default=FOLDER, help="default: %(default)s")
    parser.add_argument("--limit", type=int, default=96, help="held-out questions a direction")
    parser.add_argument("--stage", choices=[*STAGES, "card"], default="calibrate")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.stage == "card":
        _card(options)
        return
    for name, stage in STAGES.items():
        stage(options)
        if name == options.stage:
            break


def _pack(options: argparse.Namespace) -> None:
    if not (options.work / "embeddings.npy").exists():
        _vocabulary(options)
    if not (options.work / "examples.npz").exists():
        _examples(options)
    if not (options.work / PAIRS).exists():
        _pairs(options)


def _pairs(options: argparse.Namespace) -> None:
    """Pack what the question encoder learns from."""
    leakage = Leakage.of(evaluation_files(options.data))
    sets = load_pair_sets(options.data / "train", leakage, SEED)
    made = question_sets(options.data, sets, leakage, SEED)
    reader, table = (
        Tokenizer.from_file(str(folder / "tokenizer.json")) for folder in (options.work, TABLE)
    )
    reader.encode_special_tokens = True
    half_written = options.work / "part.npz"
    QuestionPairs.pack(made, reader, table).save(half_written)
    half_written.replace(options.work / PAIRS)


def _vocabulary(options: argparse.Namespace) -> None:
    """Choose the pieces, or with ``--go-on`` take those of the weights."""
    cut_encoder(options.work / "encoder.bin")
    if options.go_on:
        for name in ("tokenizer.json", "embeddings.npy"):
            shutil.copyfile(options.out / name, options.work / name)
        return
    encoder, content = read_encoder(), read_tokenizer()
    whole = Tokenizer.from_str(json.dumps(content))
    texts = tqdm(training_texts(options.data), "pieces", unit=" texts")
    kept = choose_pieces(content["model"]["vocab"], count_pieces(whole, texts), PIECES)
    (options.work / "tokenizer.json").write_text(cut_tokenizer(content, kept), encoding="utf-8")
    half_written = options.work / "part.npy"  # a file that is there counts as done
    np.save(half_written, encoder.words[kept])
    half_written.replace(options.work / "embeddings.npy")


def _examples(options: argparse.Namespace) -> None:
    rows = list(training_rows(options.data))
    of_set: dict[str, list[Row]] = {}
    for row in rows:
        of_set.setdefault(row.dataset, []).append(row)
    squad = of_set["en.squad11-train"]
    rows += switched(squad, options.data, SWITCHED, SEED)
    rows += switched_contexts(squad, options.data, MIXED, SEED)
    rows += _swapped(of_set, options.data)
    rows += parallel_rows(options.data / "train", PARALLEL, SEED)
    held = [*arcd_rows(options.data, "hold"), *xquad_rows(options.data / "eval", "hold")]
    held = [row for row in held if row.dataset in HELD_OUT]
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    tokenizer.encode_special_tokens = True  # "</s>" in a text is text
    embedder = load_embedder()
    HeldOut.pack(held, tokenizer, embedder).save(options.work)
    half_written = options.work / "part.npz"
    pack(rows, tokenizer, embedder).save(half_written)
    half_written.replace(options.work / "examples.npz")


def _swapped(of_set: dict[str, list[Row]], folder: Path) -> Iterator[Row]:
    """Yield rows with a name or number exchanged, of every set whose names can be found."""
    names = arabic_names(folder)
    for name, count in SWAPPED.items():
        yield from swapped(of_set[name], count, SEED)
    yield from swapped(of_set["ar.arcd-train"], len(of_set["ar.arcd-train"]), SEED, names=names)
    for asked in ("ar", "en", "es", "de", "ru", "tr"):
        paragraphs = [row.context for row in of_set[f"xquad.{asked}-{asked}"]]
        for written in LANGUAGES:
            rows = of_set[f"xquad.{asked}-{written}"]
            found = names if asked == "ar" else frozenset()
            yield from swapped(rows, len(rows), SEED, paragraphs, found)


def _train(options: argparse.Namespace) -> None:
    target = options.work / NETWORK
    if target.exists():
        return
    if options.go_on:
        state = from_encoder(read_encoder(options.work / "encoder.bin")).state_dict()
        for name in (LOWER_FILE, UPPER_FILE):
            state.update(read_weights(options.out / name))
        save_file(state, target, {"windows": str(shipped_facts(options.out).windows)})
        return
    table = torch.from_numpy(full_table(np.load(options.work / "embeddings.npy")))
    sources = Sources(
        table.to(options.device),
        Examples.load(options.work / "examples.npz"),
        HeldOut.load(options.work),
    )
    networks = []
    for run in RUNS:
        network = from_encoder(read_encoder(options.work / "encoder.bin"), DROPOUT)
        networks.append(_run(run, network, sources, options))
    mean = average(networks)
    both = average([_run(LAST, copy.deepcopy(mean), sources, options), mean])
    print(sources.held_out.table(both, sources.table))
    windows = sum(round(run.steps * options.steps) for run in (*RUNS, LAST)) * options.batch
    state = {name: value.cpu() for name, value in both.state_dict().items()}
    save_file(state, target, {"windows": str(windows)})


@dataclass(frozen=True, slots=True)
class Sources:
    """What every run reads."""

    table: torch.Tensor
    examples: Examples
    held_out: HeldOut


def _run(run: Run, network: Network, sources: Sources, options: argparse.Namespace) -> Network:
    print(run)
    weights = {
        name: weight
        * (run.crossed if name.startswith(("xquad.", "ar.arcd")) else 1.0)
        * (run.parallel if name.startswith("parallel.") else 1.0)
        for name, weight in WEIGHTS.items()
    }
    train(
        network,
        sources.table,
        sources.examples,
        Mixture(weights, batch=options.batch, seed=run.seed),
        Recipe(round(run.steps * options.steps), run.rate, run.head_rate, seed=SEED),
        options.work / f"{run.name}.safetensors",
        held_out=sources.held_out,
    )
    return network


def _questions(options: argparse.Namespace) -> None:
    """Train the question encoder on top of the trained network's lower layers."""
    target = options.work / ENCODER
    if target.exists():
        return
    pairs = QuestionPairs.load(options.work / PAIRS)
    words = torch.from_numpy(full_table(np.load(options.work / "embeddings.npy")))
    table = load_file(TABLE / "model.safetensors")["embedding.weight"].float()
    frozen = Frozen(_trained(options), words.to(options.device), table.to(options.device))
    encoder = _question_encoder(options, table.shape[1])
    rounds, steps = list(enumerate(ROUNDS)), 0
    if options.go_on:
        encoder.load_state_dict(read_weights(options.out / QUESTION_FILE))
        rounds, steps = rounds[-1:], shipped_facts(options.out).question_steps
    tokenizer, embedder = Tokenizer.from_file(str(options.work / "tokenizer.json")), load_embedder()
    directions = tuple(
        Direction.read(name, options.data / "eval", tokenizer, embedder) for name in DIRECTIONS
    )
    for number, each in rounds:
        count = round(each.steps * options.question_steps)
        recipe = Recipe(count, 2e-4, each.matrix_rate, seed=SEED + number)
        steps += recipe.steps
        train_questions(
            encoder,
            frozen,
            pairs,
            recipe,
            options.work / f"question_encoder.{number}.safetensors",
            batch=options.batch,
            report=lambda _: table_of_scores(directions, encoder, frozen),
        )
    state = {name: value.half().cpu() for name, value in encoder.state_dict().items()}
    save_file(state, target, {EMBEDDER: embedder.id, "steps": str(steps)})


def _question_encoder(options: argparse.Namespace, dim: int) -> QuestionEncoder:
    return QuestionEncoder(from_encoder(read_encoder(options.work / "encoder.bin")), dim)


def _trained(options: argparse.Namespace) -> Network:
    network = from_encoder(read_encoder(options.work / "encoder.bin"))
    network.load_state_dict(load_file(options.work / NETWORK))
    return network.eval()


def _export(options: argparse.Namespace) -> None:
    """Write the trained network, with what it reads by, into --out."""
    network = _trained(options)
    with safe_open(options.work / ENCODER, "pt") as stored:
        origin = stored.metadata()
    with safe_open(options.work / NETWORK, "pt") as stored:
        origin |= stored.metadata()
    state = load_file(options.work / ENCODER)
    questions = _question_encoder(options, len(state["out.bias"]))
    questions.load_state_dict(state)
    whole = options.work / "float32"
    whole.mkdir(exist_ok=True)
    export_onnx(network, questions.eval(), origin, whole)
    options.out.mkdir(parents=True, exist_ok=True)
    for name in (LOWER_FILE, UPPER_FILE, QUESTION_FILE):
        quantize(whole / name, options.out / name)
    for name in ("embeddings.npy", "tokenizer.json"):
        shutil.copyfile(options.work / name, options.out / name)


def _calibrate(options: argparse.Namespace) -> None:
    read_trials = read_held_out(options.data / "eval", options.out, options.limit)
    calibration = fit(read_trials)
    calibration.save(options.out)
    report(read_trials, calibration)


def _card(options: argparse.Namespace) -> None:
    examples = Examples.load(options.work / "examples.npz")
    facts = shipped_facts(options.out)
    write_card(facts, examples, Path("benchmarks/results/reading.json"), options.out / "README.md")


STAGES = {
    "pack": _pack,
    "train": _train,
    "questions": _questions,
    "export": _export,
    "calibrate": _calibrate,
}


if __name__ == "__main__":
    main()
