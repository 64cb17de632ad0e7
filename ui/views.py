"""Stores of what was chosen to ask about: of a session's own articles and the shared ones."""

from __future__ import annotations

from typing import NamedTuple

from index.base import AnyStore, Filter
from index.store import Store
from index.union import UnionStore


class Choice(NamedTuple):
    """What was chosen to ask about."""

    own: Store
    shared: AnyStore
    articles: frozenset[str] | None
    where: Filter | None


def is_all(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> bool:
    """Tell whether the shared articles are all that is wanted, and wanted all."""
    if wanted is None:
        return shared.held_ids(own.ids) == own.ids
    return isinstance(shared, Store) and wanted == shared.ids


def view_of(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> AnyStore:
    """Return the store of these articles of both; None is all."""
    if wanted is None:
        return _together(own, shared)
    if not shared.held_ids(wanted):
        return own.select(wanted)
    if not wanted & own.ids:
        return shared.select(wanted)
    return _together(own.select(wanted), shared.select(wanted - own.ids))


def _together(own: Store, shared: AnyStore) -> AnyStore:
    if isinstance(shared, Store):
        return own.union(shared)
    return shared if own.is_empty else UnionStore(own, shared)
