"""Open a store wherever it lies."""

from __future__ import annotations

from index.addresses import MilvusAddress, Place
from index.contract import AnyStore
from index.embedder import Embedder


def open_store(place: Place, embedder: Embedder | None = None) -> AnyStore:
    """Open the store of a folder or a collection, as `Store.open` and `MilvusStore.open` do."""
    if isinstance(place, MilvusAddress):
        from index.scale import MilvusStore

        return MilvusStore.open(place, embedder)
    from index.store import Store

    return Store.open(place, embedder)
