"""Train the one subword vocabulary that all eight languages share."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from index.text import DROPPED, LETTERS
from training.data import PairSet

VOCABULARY = 40_000
ROWS_PER_SET = 12_000  # keeps the large name lists from filling the vocabulary
UNKNOWN = "[UNK]"
WORDLESS = r"[^\p{L}\p{M}\p{N}%$€£¥]+"


def normalizer() -> normalizers.Normalizer:
    """Return `index.text.fold` as a chain that tokenizer.json can hold."""
    by_target: dict[str, str] = {}
    for letter, target in LETTERS.items():
        by_target[target] = by_target.get(target, "") + letter
    steps = [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(DROPPED), "")]
    steps += [
        normalizers.Replace(Regex(f"[{letters}]"), target) for target, letters in by_target.items()
    ]
    return normalizers.Sequence(steps)


def train(sets: Sequence[PairSet], path: Path, seed: int) -> Tokenizer:
    """Train a Unigram tokenizer on a sample of every set and write it to ``path``."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # White space and punctuation go: they would be tokens that match in every text.
            pre_tokenizers.Split(Regex(WORDLESS), "removed"),
            pre_tokenizers.UnicodeScripts(),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Metaspace(),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY,
        max_piece_length=16,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        show_progress=True,
    )
    tokenizer.train_from_iterator(_sample(sets, seed), trainer)
    tokenizer.save(str(path), pretty=False)
    return tokenizer


def _sample(sets: Sequence[PairSet], seed: int) -> list[str]:
    rng = random.Random(seed)
    texts: list[str] = []
    for pairs in sets:
        rows = range(len(pairs.left))
        chosen = rng.sample(rows, min(ROWS_PER_SET, len(rows)))
        texts += [pairs.left[i] for i in chosen] + [pairs.right[i] for i in chosen]
    return texts
