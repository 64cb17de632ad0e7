"""Make qa/names.npy: which Arabic words are parts of names, by their vectors and spelling.

python -m training.names --data FOLDER. Names are the Arabic sides of the lists of names whose
English words all begin with a capital; other words are those of the news corpus and of the
dictionary that are in no name.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import regex
from tqdm import tqdm

from index.embedder import Matrix
from qa.names import WEIGHTS
from qa.reader import embedded_reading
from training.data import NAMES, json_rows, tsv_rows

EACH = 20_000  # names and other words
SEED = 7
_LONGEST_NAME = 3  # words; longer ones are titles and descriptions
_SHORTEST, _SEEN = 3, 3  # letters of a word; times that another word is in the news
_WORD = regex.compile(r"(?=\p{L})[[\p{Arabic}&&\p{L}]\p{M}]+", regex.V1)
_AT_ONCE = 500


def main() -> None:
    """Fit the model, print how well it tells, and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds the training sets")
    parser.add_argument("--out", type=Path, default=Path("qa"), help="default: qa")
    options = parser.parse_args()
    names = set(_names(options.data))
    others = set(_others(options.data)) - names
    random = np.random.default_rng(SEED)
    kept = [random.permutation(sorted(words))[:EACH].tolist() for words in (names, others)]
    rows = np.concatenate([_rows(words) for words in kept])
    is_name = np.repeat([True, False], [len(words) for words in kept])
    np.save(options.out / WEIGHTS, _fitted(rows, is_name, random), allow_pickle=False)


def _names(folder: Path) -> Iterator[str]:
    for name in NAMES:
        for arabic, english in tsv_rows(folder / f"dict.ar-en.{name}.tsv.xz"):
            words = _WORD.findall(arabic)
            if len(words) <= _LONGEST_NAME and all(w[:1].isupper() for w in english.split()):
                yield from (word for word in words if len(word) >= _SHORTEST)


def _others(folder: Path) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for row in json_rows(folder / "news.ar.antcorpus.jsonl.xz"):
        seen.update(_WORD.findall(row["body"]))
    yield from (word for word, times in seen.items() if times >= _SEEN)
    for arabic, english in tsv_rows(folder / "dict.ar-en.omw.tsv.xz"):
        if english[:1].islower():
            yield from _WORD.findall(arabic)


def _rows(words: Iterable[str]) -> Matrix:
    every = list(words)
    found = []
    for start in tqdm(range(0, len(every), _AT_ONCE), "words", unit="batch"):
        # Without a language: what is made here is read for the Arabic ones.
        read = embedded_reading().words("\n".join(every[start : start + _AT_ONCE]), "")
        found.append(np.concatenate([read.vectors, read.spelled[:, 0]], axis=1))
    return np.concatenate(found)


def _fitted(rows: Matrix, is_name: np.ndarray, random: np.random.Generator) -> Matrix:
    from sklearn.linear_model import LogisticRegression

    order = random.permutation(len(rows))
    cut = len(order) * 4 // 5
    model = LogisticRegression(max_iter=300).fit(rows[order[:cut]], is_name[order[:cut]])
    share = model.score(rows[order[cut:]], is_name[order[cut:]])
    print(f"right on {len(order) - cut:,} words it was not fitted on: {share:.3f}")
    model.fit(rows, is_name)
    return np.concatenate([model.intercept_, model.coef_[0]]).astype(np.float32)


if __name__ == "__main__":
    main()
