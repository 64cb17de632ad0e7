"""Subcommands of a store: index, list, remove and info."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.errors import StoreError
from qa.answer import article_as_json
from qa.command.options import filter_of, ocr_of

if TYPE_CHECKING:
    from index.articles import Article
    from index.base import AnyStore
    from index.ingest.targets import UpdateReport
    from index.ingest.update import UpdateSettings

EXIT_ERROR, EXIT_USAGE = 1, 2
_SHOWN = 20  # failures, and near-duplicates, that are printed one by one


def index(options: Namespace) -> int:
    """Bring a store up to date with paths and addresses."""
    given = options.articles or options.chunk_size or options.replace or options.watch
    if options.store is None and given:
        print("article-qa index: --store DIR is needed to keep your own articles", file=sys.stderr)
        return EXIT_USAGE
    if (options.watch or options.prune) and not options.articles:
        name = "--watch" if options.watch else "--prune"
        print(f"article-qa index: {name} needs a PATH", file=sys.stderr)
        return EXIT_USAGE
    if options.store is None:
        return _index_seeds_in_cache(options)
    from index.ingest.update import UpdateSettings

    settings = UpdateSettings(
        options.model, options.chunk_size, options.vectors, options.replace, options.prune,
        options.jobs, ocr_of(options),
    )  # fmt: skip
    if not options.articles:
        return _index_seeds(options, settings)
    return _watch(options, settings) if options.watch else _update(options, settings)


def _index_seeds_in_cache(options: Namespace) -> int:
    from index.models import load_embedder
    from qa.defaults import default_store

    _print_counts(default_store(load_embedder(options.model)), "the cache")
    return 0


def _index_seeds(options: Namespace, settings: UpdateSettings) -> int:
    """Index the shipped articles, wherever the package lies."""
    from importlib.resources import as_file, files

    from index.ingest.update import update

    with as_file(files("seeds")) as folder:
        found = sorted(str(path) for path in folder.glob("*.txt"))
        return _report(update(options.store, found, settings), options)


def _update(options: Namespace, settings: UpdateSettings) -> int:
    from index.ingest.update import update

    shown = sys.stderr.isatty()
    return _report(update(options.store, options.articles, settings, progress=shown), options)


def _watch(options: Namespace, settings: UpdateSettings) -> int:
    from index.ingest.watch import watch

    print("watching; Ctrl-C stops", file=sys.stderr)

    def report_failure(error: StoreError) -> None:
        print(f"article-qa: {error}; trying again soon", file=sys.stderr)

    reports = watch(
        options.store,
        options.articles,
        settings,
        interval_seconds=options.every,
        on_failure=report_failure,
    )
    for report in reports:
        _report(report, options)
    return 0


def _report(report: UpdateReport, options: Namespace) -> int:
    """Print what an update did; return the exit code."""
    for line in _report_lines(report, str(options.store), verbose=options.verbose):
        print(line, file=sys.stderr)
    return EXIT_ERROR if report.failures or report.notice else 0


def _report_lines(report: UpdateReport, place: str, *, verbose: bool = False) -> Iterator[str]:
    """Yield the counts, near-duplicates, notes, failures and the store's new size, a line each."""
    changed = bool(report.added or report.unchanged or not report.failures)
    if changed:
        yield ", ".join(_changes(report))
    duplicates = [
        f"{_title_of(pair.new)} shares {pair.share:.0%} of its words with {_title_of(pair.other)}"
        for pair in report.near_duplicates
    ]
    yield from _first_lines(duplicates)
    notes = [f"{note.name}: {note.text}" for note in report.notes]
    if notes and not verbose:
        yield f"left out in places: {len(notes):,} (index -v says what)"
    yield from _first_lines(notes if verbose else [])
    if report.passed_over:
        counts = ", ".join(
            f"{n:,} {suffix or 'without suffix'}" for suffix, n in report.passed_over
        )
        yield f"not read, of other formats: {counts}"
    failures = [f"article-qa: {failure.name}: {failure.reason}" for failure in report.failures]
    yield from _first_lines(failures)
    if report.notice:
        yield f"article-qa: {report.notice}"
    if changed:
        yield _counts(report.store, place)


def _changes(report: UpdateReport) -> Iterator[str]:
    counts = {
        "added": report.added,
        "unchanged": report.unchanged,
        "replaced": report.replaced,
        "pruned": report.pruned,
        "not read": len(report.failures),
        "near-duplicates": len(report.near_duplicates),
    }
    yield from (f"{name}: {n:,}" for name, n in counts.items() if n or name == "added")


def _first_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the first lines, and how many there are beside them."""
    yield from map(_on_one_line, lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"… and {len(lines) - _SHOWN:,} more"


def _title_of(article: Article) -> str:
    return f"«{article.title}» ({article.source})"


def _print_counts(store: AnyStore, place: str) -> None:
    print(_counts(store, place), file=sys.stderr)


def _counts(store: AnyStore, place: str) -> str:
    articles, chunks = store.counts
    return f"articles: {articles:,}, chunks: {chunks:,}, in {place}"


def list_articles(options: Namespace) -> int:
    """Print the articles of a store, one a line."""
    for article in _open_store(options).where(filter_of(options)).articles:
        if options.json:
            print(json.dumps(_article_as_json(article), ensure_ascii=False))
        else:
            facts = (article.id, article.date or "-" * 10, article.language, article.title)
            print(*map(_on_one_line, (*facts, f"({article.source})")), sep="  ")
    return 0


def _on_one_line(text: str) -> str:
    """Return a text without line breaks and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _open_store(options: Namespace) -> AnyStore:
    """Return the store of the options, whatever its model, or that of the shipped article."""
    from index.store import open_store
    from qa.defaults import default_store, shared_embedder

    if options.store is None:
        return default_store(shared_embedder())
    return open_store(options.store)


def _article_as_json(article: Article) -> dict[str, Any]:
    """Return the facts about an article, its source in full."""
    return {**article_as_json(article), "source": article.source}


def remove(options: Namespace) -> int:
    """Remove articles of a store by id or source."""
    from index.store import remove_articles

    store = remove_articles(options.store, lambda opened: _ids_to_remove(opened, options))
    _print_counts(store, str(options.store))
    return 0


def _ids_to_remove(store: AnyStore, options: Namespace) -> set[str]:
    """Return the ids of the articles to remove; raise StoreError if one is missing."""
    ids: set[str] = set()
    for name in options.articles:
        found = store.held_ids({name}) or _ids_of_source(store, name)
        if not found:
            raise StoreError(
                f"{options.store} holds no article with the id or source {name}; nothing was "
                f"removed (what there is: article-qa list --store {options.store})"
            )
        ids |= found
    return ids


def _ids_of_source(store: AnyStore, name: str) -> set[str]:
    from index.base import Filter

    names = frozenset({name, os.path.abspath(name)})  # noqa: PTH100  # keeps symbolic links
    chosen = store.where(Filter(sources=names))  # a host matches its articles, too
    return {article.id for article in chosen.articles if article.source in names}


def info(options: Namespace) -> int:
    """Print facts about a store."""
    store = _open_store(options)
    articles, chunks = store.counts
    facts: dict[str, Any] = {
        "articles": articles,
        "chunks": chunks,
        "model": store.embedder_id,
        "dimensions": store.dim,
        "chunk_size": store.chunking.size,
        **store.details,
    }
    if options.json:
        print(json.dumps(facts))
        return 0
    for name, value in facts.items():
        print(f"{name.replace('_', ' '):26}{_readable(value)}")
    return 0


def _readable(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} ({count})" for key, count in value.items()) or "-"
    if isinstance(value, list):
        return " ".join(value) or "-"
    return f"{value:,}" if isinstance(value, int) else str(value)
