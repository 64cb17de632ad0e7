"""A process that is to be killed: at each line it forks a child that changes a store for ever.

The child notes every state before and after it saves it, so that the test knows what may be there.
"""

from __future__ import annotations

import os
import random
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.articles import Article
from index.chunker import chunk_article
from index.embedder import Matrix, TokenTable, Vector
from index.errors import StoreNotFoundError
from index.folder import scratch_folder, writer_lock
from index.segment import Segment, SegmentView
from index.store import Store


class Stub:
    """Vectors of whole numbers from a text's checksum: no model, no threads, exact sums."""

    id, model, dim = "stub", None, 8

    def embed_query(self, text: str) -> Vector:
        rng = np.random.default_rng(zlib.crc32(text.encode()))
        return rng.integers(-8, 8, self.dim).astype(np.float32)

    def embed_passages(self, texts: Sequence[str], *, progress: bool = False) -> Matrix:
        return np.array([self.embed_query(text) for text in texts]).reshape(-1, self.dim)

    def token_vectors(self, texts: Sequence[str]) -> TokenTable:
        raise NotImplementedError


def article(number: int) -> Article:
    text = "\n\n".join(f"Paragraph {n} of report {number}. " * 5 for n in range(1 + number % 3))
    return Article.of(text, title=f"Report {number}", language="en", source=f"{number}.txt")


def write_for_ever(folder: Path, journal: Path, seed: int) -> None:
    rng, notes = random.Random(seed), os.open(journal, os.O_WRONLY | os.O_APPEND)
    while True:
        with writer_lock(folder):
            try:
                store = Store.open(folder, Stub())
            except StoreNotFoundError:
                store = Store.build((), Stub())
            if store.articles and rng.random() < 0.4:
                ids = [held.id for held in store.articles]
                changed = store.remove(*rng.sample(ids, rng.randint(1, min(4, len(ids)))))
                _saved(changed, folder, notes)
            elif rng.random() < 0.5:
                new = [article(rng.randrange(60)) for _ in range(3)]
                _saved(store.add(new, Stub()), folder, notes)
            else:
                _built(store, article(60 + rng.randrange(10**6)), folder, notes)


def _built(store: Store, new: Article, folder: Path, notes: int) -> None:
    with scratch_folder(folder) as scratch:
        (scratch / "0").mkdir()
        chunks = chunk_article(new)
        vectors = Stub().embed_passages([chunk.text for chunk in chunks])
        Segment.build([new], [chunks], vectors, None).save(scratch / "0")
        views = (*store.views, SegmentView(Segment.open(scratch / "0")))
        _saved(replace(store, views=views), folder, notes)


def _saved(store: Store, folder: Path, notes: int) -> None:
    state = ",".join(sorted(held.id for held in store.articles))
    os.write(notes, f"try {state}\n".encode())
    store.save(folder)
    os.write(notes, f"done {state}\n".encode())


def main() -> None:
    folder, journal = map(Path, sys.argv[1:])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write_for_ever(folder, journal, int(line))
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
