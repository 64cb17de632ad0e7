"""What all tests share: the real article, the real model, and stores made of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from index.articles import Article, seed_articles
from index.embedder import Embedder
from index.models import load_embedder
from index.store import Store

ROOT = Path(__file__).parent.parent

# Slow is not wrong: the machine may be busy.
settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")


# Modules that take seconds: processes, models that are loaded, machines of states.
_SLOW = frozenset({
    "test_api", "test_auth", "test_chat_service", "test_crashes", "test_defaults", "test_docs",
    "test_embedder", "test_explain", "test_extractive", "test_fetch", "test_follow_ups",
    "test_house", "test_huggingface", "test_intake", "test_library", "test_limits",
    "test_middleware", "test_near_duplicates", "test_network", "test_office",
    "test_reader_training", "test_sandbox", "test_scans", "test_store_machine", "test_training",
    "test_update", "test_watch", "test_workers", "test_writer",
})  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow modules, so that `make check` leaves them out."""
    for item in items:
        if item.path.stem in _SLOW:
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's cache out of the tests, and the tests out of it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="session")
def article() -> Article:
    (found,) = seed_articles()
    return found


@pytest.fixture(scope="session")
def store(article: Article, embedder: Embedder) -> Store:
    return Store.build([article], embedder)


@pytest.fixture(scope="session")
def library(article: Article, embedder: Embedder) -> Store:
    """Three articles in three languages."""
    english = Article.of(
        "River levels\n\nThe river Ouse rose by 3.2 metres in York on Monday.\n\n"
        "Engineers closed the flood gate at Foss Barrier. Nobody was hurt.",
        source="river.txt",
        language="en",
    )
    chinese = Article.of(
        "新图书馆\n\n市政府宣布新图书馆将于九月开放。\n\n图书馆有四十万册图书。",
        source="library.txt",
        language="zh",
    )
    return Store.build([article, english, chinese], embedder)
