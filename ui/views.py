"""Stores of what was chosen to ask about: of a session's own articles and the shared ones."""

from __future__ import annotations

from typing import NamedTuple

from index.contract import AnyStore
from index.filters import Filter
from index.joined import Joined
from index.store import Store


class Choice(NamedTuple):
    """What was chosen to ask about."""

    own: Store
    shared: AnyStore
    articles: frozenset[str] | None
    where: Filter | None


def is_all(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> bool:
    """Tell whether the shared articles are all that is wanted, and wanted all."""
    if wanted is None:
        return shared.holds(own.ids) == own.ids
    return isinstance(shared, Store) and wanted == shared.ids


def view_of(own: Store, shared: AnyStore, wanted: frozenset[str] | None) -> AnyStore:
    """Return the store of these articles of both; None is all."""
    if wanted is None:
        return _together(own, shared)
    if not shared.holds(wanted):
        return own.only(wanted)
    if not wanted & own.ids:
        return shared.only(wanted)
    return _together(own.only(wanted), shared.only(wanted - own.ids))


def _together(own: Store, shared: AnyStore) -> AnyStore:
    if isinstance(shared, Store):
        return own.joined(shared)
    return shared if own.is_empty else Joined(own, shared)
