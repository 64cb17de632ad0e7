"""What fuzzing found in readers of untrusted bytes, each mended (`benchmarks/fuzz.py`)."""

from __future__ import annotations

import pytest

from index._readers import READERS
from index.articles import article_of_bytes
from index.errors import ArticleError


def test_emphasis_within_emphasis_is_refused() -> None:
    deep = ("*a " * 500 + "b" + "*" * 500).encode()
    with pytest.raises(ArticleError, match=r"a\.md: emphasis within emphasis, too deep to read"):
        article_of_bytes(deep, READERS[".md"], "a.md")
