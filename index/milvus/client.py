"""A connection to Milvus: the only module that uses its client, with its errors as ours."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from index.base import MilvusAddress
from index.bm25 import K1, B
from index.errors import StoreError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Row = dict[str, Any]
# Strong waits until all earlier writes are visible: a fifth of a second in Milvus 2.3.
Consistency = Literal["Strong", "Bounded"]

MAX_TEXT_BYTES = 65_535  # of a VARCHAR
OLDEST = (2, 3)
WITH_WORDS = (2, 5)  # the oldest with a BM25 function
CONNECT_TIMEOUT, ASK_TIMEOUT, WRITE_TIMEOUT = 10.0, 20.0, 120.0  # seconds, of all attempts together
BATCH = 1000  # rows of an iteration
_SPARSE = "words"  # the field of the BM25 function
_TRANSIENT_CODES = {101, 103, 106, 500, 501, 503, 600, 901, 902, 903, 904}
_NOT_READY = re.compile(r"not ready|unavailable", re.IGNORECASE)
_UNREACHABLE = ("Fail connecting", "UNAVAILABLE", "Retry timeout", "DEADLINE")


class CollectionSchema(NamedTuple):
    """The fields of a collection besides the ids of rows and of their articles.

    ``tokens`` is the text field, if any, that is searched by words.
    """

    dim: int
    index_type: str
    params: Mapping[str, int]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    tokens: str | None = None


class Connection:
    """A connection to the server of a collection. Failures raise StoreError, in one line.

    Calls that fail because the server is unreachable or still starting are repeated, with growing
    pauses, until the time limit of their kind.
    """

    def __init__(self, address: MilvusAddress, patience: float = ASK_TIMEOUT) -> None:
        self.address = address
        self._patience = patience  # seconds that a question waits for an unreachable server
        _prepare(address)
        self._client = self._retry(CONNECT_TIMEOUT, lambda: _client(address), _is_starting)
        self.version = str(
            self._retry(CONNECT_TIMEOUT, self._client.get_server_version, _is_starting)
        )
        number = re.search(r"(\d+)\.(\d+)", self.version)
        version = (int(number[1]), int(number[2])) if number else (0, 0)
        if version < OLDEST:
            raise StoreError(
                f"{address} answers as Milvus {self.version}; it takes "
                f"{OLDEST[0]}.{OLDEST[1]} or later"
            )
        self.searches_words = version >= WITH_WORDS

    def has(self, collection: str) -> bool:
        """Return whether there is such a collection."""
        has = self._client.has_collection
        return bool(self._retry(ASK_TIMEOUT, lambda: has(collection, timeout=ASK_TIMEOUT)))

    def create(self, collection: str, fields: CollectionSchema) -> None:
        """Create a searchable collection, unless there is one with the same fields."""
        from pymilvus import DataType, Function, FunctionType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("article", DataType.VARCHAR, max_length=32)
        for name in fields.numbers:
            schema.add_field(name, DataType.INT64)
        for name in fields.texts:
            schema.add_field(name, DataType.VARCHAR, max_length=MAX_TEXT_BYTES)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=fields.dim)
        index = self._client.prepare_index_params()
        index.add_index(
            "vector", index_type=fields.index_type, metric_type="IP", params=dict(fields.params)
        )
        if fields.tokens is not None:
            schema.add_field(
                fields.tokens, DataType.VARCHAR, max_length=MAX_TEXT_BYTES, enable_analyzer=True,
                analyzer_params={"tokenizer": "standard"},
            )  # fmt: skip
            schema.add_field(_SPARSE, DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, [fields.tokens], [_SPARSE]))
            index.add_index(
                _SPARSE, index_type="SPARSE_INVERTED_INDEX", metric_type="BM25",
                # The client takes one level off; Milvus Lite knows the parameters below it alone.
                params={"params": {"bm25_k1": K1, "bm25_b": B}},
            )  # fmt: skip
        self._retry(
            WRITE_TIMEOUT,
            lambda: self._client.create_collection(
                collection, schema=schema, index_params=index, consistency_level="Bounded",
                timeout=WRITE_TIMEOUT,
            ),
        )  # fmt: skip

    def load(self, collection: str) -> None:
        """Load a collection into the server's memory, where it can be searched."""
        self._retry(
            WRITE_TIMEOUT, lambda: self._client.load_collection(collection, timeout=WRITE_TIMEOUT)
        )

    def index_of(self, collection: str) -> str:
        """Return the type of the index on the vectors."""
        describe = self._client.describe_index
        found = self._retry(
            ASK_TIMEOUT, lambda: describe(collection, "vector", timeout=ASK_TIMEOUT)
        )
        return str(found["index_type"]) if found else "none"

    def write(self, collection: str, rows: Sequence[Row]) -> None:
        """Write rows; those with the same id are replaced."""
        self._retry(
            WRITE_TIMEOUT,
            lambda: self._client.upsert(collection, list(rows), timeout=WRITE_TIMEOUT),
        )

    def delete(self, collection: str, expression: str) -> None:
        """Delete the rows that match an expression."""
        delete = self._client.delete
        self._retry(
            WRITE_TIMEOUT, lambda: delete(collection, filter=expression, timeout=WRITE_TIMEOUT)
        )

    def settle(self, collection: str) -> None:
        """Wait until all that was written is visible to every client.

        Milvus Lite, where it is at once, writes its segments and indexes them: until then a search
        by words indexes anew what is in memory.
        """
        if self.address.is_file:
            flush = self._client.flush
            self._retry(WRITE_TIMEOUT, lambda: flush(collection, timeout=WRITE_TIMEOUT))
        else:
            self.rows(collection, "id == ''", ["id"], consistency="Strong", seconds=WRITE_TIMEOUT)

    def search(
        self,
        collection: str,
        vector: Sequence[float],
        expression: str,
        fields: Sequence[str],
        limit: int,
        params: Mapping[str, int],
    ) -> list[Row]:
        """Return the rows of the nearest vectors, with the inner product as ``distance``."""
        (found,) = self._retry(
            ASK_TIMEOUT,
            lambda: self._client.search(
                collection, data=[vector], anns_field="vector", filter=expression, limit=limit,
                output_fields=list(fields), search_params={"params": dict(params)},
                consistency_level="Bounded", timeout=ASK_TIMEOUT,
            ),
        )  # fmt: skip
        return [dict(hit["entity"]) | {"distance": hit["distance"]} for hit in found]

    def search_words(
        self,
        collection: str,
        texts: Sequence[str],
        expression: str,
        fields: Sequence[str],
        limit: int,
    ) -> list[list[Row]]:
        """Return for each text of tokens the rows best by BM25, their scores as ``distance``.

        Milvus Lite gives the scores, which are never negative, with a minus.
        """
        found = self._retry(
            ASK_TIMEOUT,
            lambda: self._client.search(
                collection, data=list(texts), anns_field=_SPARSE, filter=expression, limit=limit,
                output_fields=list(fields), search_params={"metric_type": "BM25", "params": {}},
                consistency_level="Bounded", timeout=ASK_TIMEOUT,
            ),
        )  # fmt: skip
        return [
            [dict(hit["entity"]) | {"distance": abs(hit["distance"])} for hit in hits]
            for hits in found
        ]

    def rows(
        self,
        collection: str,
        expression: str,
        fields: Sequence[str],
        *,
        limit: int | None = None,
        consistency: Consistency = "Bounded",
        seconds: float | None = None,
    ) -> list[Row]:
        """Return the rows that match an expression, 16,384 at most."""
        limited = {} if limit is None else {"limit": limit}
        found = self._retry(
            seconds or self._patience,
            lambda: self._client.query(
                collection, filter=expression, output_fields=list(fields), timeout=ASK_TIMEOUT,
                consistency_level=consistency, **limited,
            ),
        )  # fmt: skip
        return [dict(row) for row in found]

    def count(self, collection: str, expression: str, consistency: Consistency) -> int:
        """Return the number of rows that match an expression."""
        (row,) = self.rows(collection, expression, ["count(*)"], consistency=consistency)
        return int(row["count(*)"])

    def batches(
        self, collection: str, expression: str, fields: Sequence[str]
    ) -> Iterator[list[Row]]:
        """Yield all rows that match an expression, in the order of their ids."""
        found = self._retry(
            ASK_TIMEOUT,
            lambda: self._client.query_iterator(
                collection, batch_size=BATCH, filter=expression, output_fields=list(fields),
                consistency_level="Strong", timeout=WRITE_TIMEOUT,
            ),
        )  # fmt: skip
        try:
            while batch := self._retry(ASK_TIMEOUT, found.next):
                yield [dict(row) for row in batch]
        finally:
            found.close()

    def _retry(
        self,
        seconds: float,
        call: Callable[[], Any],
        is_transient: Callable[[BaseException], bool] | None = None,
    ) -> Any:
        """Return the result of a call, repeated while it fails for a transient reason."""
        import grpc
        from pymilvus.exceptions import MilvusException
        from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

        attempts = Retrying(
            retry=retry_if_exception(is_transient or _is_transient), stop=stop_after_delay(seconds),
            wait=wait_random_exponential(0.1, max=3), reraise=True,
        )  # fmt: skip
        try:
            return attempts(call)
        except (MilvusException, grpc.RpcError) as error:
            raise StoreError(f"{self.address}: {_reason(error)}") from error


def _prepare(address: MilvusAddress) -> None:
    """Import the libraries, and keep them from logging the tracebacks of what they raise."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # read when grpc is loaded
    try:
        import pymilvus  # noqa: F401  # loads grpc and sets its own logging
        import tenacity  # noqa: F401  # missing, it is to be said here and not at the first retry
    except ImportError:
        raise StoreError(f'{address} needs: pip install "article-qa[milvus]"') from None
    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _client(address: MilvusAddress) -> MilvusClient:
    from pymilvus import MilvusClient

    if not address.is_file:
        options = _from_environment()
        scheme = "https" if options["secure"] else "http"
        return MilvusClient(
            f"{scheme}://{address.uri}", timeout=CONNECT_TIMEOUT, dedicated=True, **options
        )
    try:
        return MilvusClient(address.uri)
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"{address}: {_reason(error)}") from error


def _from_environment() -> dict[str, Any]:
    """Return the client's options from the environment: credentials, database, certificates."""
    named = {
        "user": "MILVUS_USER",
        "password": "MILVUS_PASSWORD",
        "token": "MILVUS_TOKEN",
        "db_name": "MILVUS_DATABASE",
        "server_name": "MILVUS_SERVER_NAME",
    }
    files = {
        "server_pem_path": "MILVUS_SERVER_CERT",
        "ca_pem_path": "MILVUS_CA_CERT",
        "client_pem_path": "MILVUS_CLIENT_CERT",
        "client_key_path": "MILVUS_CLIENT_KEY",
    }
    found = {
        option: value
        for option, variable in (named | files).items()
        if (value := os.environ.get(variable, "").strip())
    }
    for option, variable in files.items():
        if option in found and not os.path.isfile(found[option]):  # noqa: PTH113  # Path's raises for odd names
            raise StoreError(f"{variable} is {found[option]}: there is no such file")
    wanted = os.environ.get("MILVUS_TLS", "").strip().lower()
    return {**found, "secure": wanted not in ("", "0", "false", "no") or bool(files.keys() & found)}


def _is_transient(error: BaseException) -> bool:
    """Return whether a call that failed may succeed a little later.

    The codes are of https://github.com/milvus-io/milvus/blob/master/pkg/util/merr/errors.go: the
    service is not ready, a collection is not loaded yet, channels, segments and nodes are missing.
    """
    messages = " ".join(map(str, _causes(error)))
    unreachable = any(word in messages for word in (*_UNREACHABLE, "empty grpc client"))
    code = getattr(error, "code", None)
    # 1 and 2 mean that a server is not ready, but also that the client itself refuses the call.
    return (
        unreachable
        or code in _TRANSIENT_CODES
        or (code in (1, 2) and bool(_NOT_READY.search(messages)))
    )


def _is_starting(error: BaseException) -> bool:
    """Return whether a server refuses connections because it is still starting."""
    return "not ready" in " ".join(map(str, _causes(error)))


def _reason(error: BaseException) -> str:
    """Return in one line why a call failed, and what to do."""
    text = " ".join(str(getattr(error, "message", "") or error).split())
    causes = " ".join(map(str, _causes(error)))
    if "UNAUTHENTICATED" in causes or "auth check failure" in causes:
        return (
            "the server refused the credentials; set MILVUS_TOKEN, or MILVUS_USER and "
            "MILVUS_PASSWORD"
        )
    if "CERTIFICATE_VERIFY_FAILED" in causes:
        return "the server's certificate is not known; name its file in MILVUS_SERVER_CERT"
    if any(word in text for word in _UNREACHABLE):
        return "the server cannot be reached; is it running, and does it want TLS (MILVUS_TLS=1)?"
    if text == "Open local milvus failed":  # the whole message of the client
        return "it cannot be opened: another process has it open, or it is no store"
    return text[:500]


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and its causes; the client's errors have cycles."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
