"""Addresses: where a store lies, a folder or a collection of Milvus."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from index.errors import StoreError

_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}", re.ASCII)
_SCHEME, _LITE, _PORT = "milvus://", ".db", 19530
_FORM = "milvus://HOST:PORT/COLLECTION"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """A collection of a server, ``uri`` HOST:PORT, or of the file of Milvus Lite."""

    uri: str
    collection: str

    @property
    def is_file(self) -> bool:
        """Tell whether it is of Milvus Lite."""
        return self.uri.endswith(_LITE)

    def __str__(self) -> str:
        return self.uri if self.is_file else f"{_SCHEME}{self.uri}/{self.collection}"

    @classmethod
    def parse(cls, text: str) -> MilvusAddress:
        """Take milvus://HOST:PORT/COLLECTION, or a file's name that ends in .db.

        Raises StoreError.
        """
        if not _is_milvus(text):
            return cls(text, "articles")
        if set("@?#") & set(text):  # whatever it is, it is not repeated
            raise StoreError(
                f"an address is {_FORM}, without a user or a password, which other users of this "
                "machine can see: set MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD"
            )
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError as error:
            raise StoreError(f"{text}: {error}; it is {_FORM}") from None
        collection = parts.path.strip("/")
        if not host or not _COLLECTION.fullmatch(collection):
            raise StoreError(
                f"{text} is not {_FORM}; a collection is named in letters, digits and _"
            )
        return cls(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", collection)


Place: TypeAlias = "Path | MilvusAddress"


def place_of(text: str) -> Place:
    """Return where a store lies: a folder, unless the name is that of a collection or ends in .db.

    Raises StoreError for an address that is none.
    """
    folder = Path(text)
    if _is_milvus(text):
        return MilvusAddress.parse(text)
    if "://" in text:
        raise StoreError(f"a store is a folder, a file NAME{_LITE} or {_FORM}")
    if text.endswith(_LITE) and not (folder / "manifest.json").exists():  # a folder named so
        return MilvusAddress.parse(os.path.abspath(text))  # noqa: PTH100  # resolves no links
    return folder


def _is_milvus(text: str) -> bool:
    return text[: len(_SCHEME)].lower() == _SCHEME
