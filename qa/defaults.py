"""Defaults of `retrieve` and `ask`: the bundled model, and the shipped article in the cache."""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from index.articles import Article, seed_articles
from index.chunker import Chunking
from index.embedder import Embedder
from index.errors import StoreDamagedError, StoreError, StoreMismatchError, StoreNotFoundError
from index.folder import FORMAT
from index.models import load_embedder
from index.store import Store

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """Return the bundled model, loaded once in a process."""
    return load_embedder()


@lru_cache(maxsize=4)
def default_store(embedder: Embedder) -> Store:
    """Return the store of the shipped articles, built in the user's cache if it is not there.

    Processes that start at the same time wait for the first. If the cache cannot be written, the
    store is kept in memory, and a warning is logged.
    """
    articles = seed_articles()
    folder = default_folder(articles, embedder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            return _open_or_build(folder, articles, embedder)
    except OSError as error:
        logger.warning("%s cannot be used (%s); indexing in memory", folder, error.strerror)
        return Store.build(articles, embedder)


def default_folder(articles: tuple[Article, ...], embedder: Embedder) -> Path:
    """Return the cache folder for these articles, this embedder, chunking and format."""
    parts = [*(article.id for article in articles), embedder.id, repr(Chunking()), str(FORMAT)]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return user_cache_path("article-qa") / "stores" / key


def _open_or_build(folder: Path, articles: tuple[Article, ...], embedder: Embedder) -> Store:
    try:
        return Store.open(folder, embedder)
    except StoreNotFoundError:
        pass
    except (StoreDamagedError, StoreMismatchError) as error:
        logger.warning("%s; rebuilding it", error)
    store = Store.build(articles, embedder)
    try:
        store.save(folder)
    except StoreError as error:
        logger.warning("%s; indexing in memory", error)
    return store
