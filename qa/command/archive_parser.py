"""The verbs of a store and their options."""

from __future__ import annotations

import argparse

from qa.command import archive
from qa.command.options import Verbs, add_filter, add_model, place, positive

KINDS = ("flat", "half", "codes")  # as index.vectors names them, which loads FAISS

_INDEX_EXAMPLES = """examples:
  article-qa index news/ --store news.store
  article-qa index 'archive/**/*.jsonl' --store news.store --prune
  article-qa index https://example.org/feed.xml --store news.store --watch
  article-qa index archive/ --store milvus://127.0.0.1:19530/news
"""


def add_index(verbs: Verbs) -> None:
    """Add the verb index."""
    index = verbs.add_parser(
        "index",
        help="bring a store up to what files, folders and addresses hold",
        description="Add what PATHs hold to a store folder. Articles that it has already, by "
        "their content, are not indexed again; those of a file or page that changed are "
        "replaced. What cannot be read is told at the end, and the rest goes on. With no PATH, "
        "index the shipped article.",
        epilog=_INDEX_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    index.add_argument(
        "articles", nargs="*", metavar="PATH",
        help="a file (.txt, .md, .html, .pdf, .docx; .jsonl with title, text, url, date and "
        "language a line; .xml, a feed or sitemap), a folder of such, a glob in quotes, or the "
        "address of a page, a feed or a sitemap",
    )  # fmt: skip
    index.add_argument("--store", type=place, metavar="DIR",
                       help="a folder to keep it in, or milvus://HOST:PORT/NAME")  # fmt: skip
    index.add_argument("--replace", action="store_true", help="drop what the store held before")
    index.add_argument(
        "--prune", action="store_true",
        help="remove what the store holds and the PATHs do not, whoever added it",
    )  # fmt: skip
    index.add_argument(
        "--watch", action="store_true", help="stay, and do so again whenever something changes"
    )
    index.add_argument(
        "--every", type=positive, default=600, metavar="SECONDS",
        help="how often --watch asks addresses again (default 600)",
    )  # fmt: skip
    index.add_argument(
        "--jobs", type=positive, metavar="N",
        help="processes that read and index (default: as many as the work and the machine ask for)",
    )  # fmt: skip
    index.add_argument(
        "--vectors", choices=KINDS,
        help="how vectors are kept: flat (exact, 4 bytes a number), half (exact in 2 bytes), codes "
        "(shortlisted by product codes); default: by the number in each segment",
    )  # fmt: skip
    index.add_argument("--chunk-size", type=positive, metavar="N", help="longest chunk, characters")
    add_model(index)
    index.set_defaults(run=archive.index)


def add_list(verbs: Verbs) -> None:
    """Add the verb list."""
    listed = verbs.add_parser(
        "list",
        help="print the articles of a store",
        description="Print id, date, language, title and source of a store's articles.",
    )
    listed.add_argument("--store", type=place, metavar="DIR", help="(default: the shipped article)")
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_filter(listed)
    listed.set_defaults(run=archive.list_articles)


def add_remove(verbs: Verbs) -> None:
    """Add the verb remove."""
    remove = verbs.add_parser(
        "remove", help="remove articles of a store", description="Remove articles of a store."
    )
    remove.add_argument("articles", nargs="+", metavar="ARTICLE",
                        help="an id or a source, as list prints them")  # fmt: skip
    remove.add_argument("--store", type=place, required=True, metavar="DIR")
    remove.set_defaults(run=archive.remove)


def add_info(verbs: Verbs) -> None:
    """Add the verb info."""
    info = verbs.add_parser(
        "info",
        help="print what a store is made of",
        description="Print a store's numbers of articles and chunks, languages, dates, model, and "
        "how its vectors are kept.",
    )
    info.add_argument("--store", type=place, metavar="DIR", help="(default: the shipped article)")
    info.add_argument("--json", action="store_true", help="print one JSON object")
    info.set_defaults(run=archive.info)
