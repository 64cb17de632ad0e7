"""Fetch the page at an address, but never from the machine's own network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import PurePosixPath
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.articles import MAX_BYTES, MAX_URL, Article, article_of_bytes
from index.errors import ArticleError, NotPublicError
from index.readers import READERS
from index.readers.base import FileReader

if TYPE_CHECKING:
    from requests import Response, Session

MAX_REDIRECTS = 5
_CONNECT, _READ, _WHOLE = 5.0, 10.0, 30.0  # seconds
_BLOCK = 1 << 16
_OFFICE = "application/vnd.openxmlformats-officedocument."
# Media types by suffix. A page in HTML or plain text has any suffix, or none.
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "text/csv": ".csv",
    "message/rfc822": ".eml",
    "application/x-subrip": ".srt",
    "text/vtt": ".vtt",
}
_PLAIN = (".md", ".markdown", ".csv", ".srt", ".vtt", ".eml")  # often served as text/plain
# Media types that say nothing about what is in a file.
_UNKNOWN = ("", "application/octet-stream", "binary/octet-stream", "application/zip")


# Media types of feeds and sitemaps, which list addresses.
LISTS = (
    "application/rss+xml", "application/atom+xml", "application/xml", "text/xml",
    "application/gzip", "application/x-gzip",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page; ``url`` is its address after redirects, ``kind`` its media type."""

    url: str
    kind: str
    data: bytes

    def article(self) -> Article:
        """Return the article of the page; raises ArticleError if it holds none."""
        return article_of_bytes(self.data, _reader(self.url, self.kind), _printable(self.url))


def fetch_article(url: str, *, trusted: frozenset[str] = frozenset()) -> Article:
    """Fetch the article at an http or https address; its source is the address after redirects.

    Parameters and errors as for `fetch`.
    """
    return fetch(url, trusted=trusted).article()


def fetch(url: str, *, trusted: frozenset[str] = frozenset(), lists: bool = False) -> Page:
    """Fetch the page at an http or https address that is an article by its type.

    Every address that a name resolves to is checked before connecting, also after each redirect:
    loopback, private, link-local and reserved ones are refused, however they are spelled, unless
    the host (``example.org:8000``, as it stands in the address) is ``trusted``. The limits are
    20 MB, five redirects and 30 seconds. With ``lists`` the types of LISTS are accepted, too.
    Raises ArticleError.
    """
    deadline = monotonic() + _WHOLE
    with _open(url, trusted, deadline) as response:
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if not (lists and kind in LISTS):
            _reader(response.url, kind)  # raises before 20 MB of something else are fetched
        data = b"".join(_within_limits(response, deadline))
        return Page(response.url or url, kind, data)


def _session(filtered: bool) -> Session:
    from requests_hardened import Config, Manager

    config = Config(
        ip_filter_enable=filtered,
        ip_filter_allow_loopback_ips=not filtered,
        never_redirect=True,
        default_timeout=(_CONNECT, _READ),
        user_agent_override="article-qa",
    )
    session: Session = Manager(config).get_session()
    # A proxy would connect for us, unchecked; and a page must not get credentials of .netrc.
    session.trust_env = False
    return session


@contextmanager
def _open(url: str, trusted: frozenset[str], deadline: float) -> Iterator[Response]:
    """Yield the response after all redirects, whose bodies are never read."""
    for _ in range(MAX_REDIRECTS + 1):
        session = _session(filtered=not _is_trusted(url, trusted))
        with session, _get(session, url) as response:
            target = session.get_redirect_target(response)
            if target is None:
                if response.status_code != 200:
                    raise ArticleError(
                        f"{_printable(url)}: the server answered {response.status_code}"
                    )
                yield response
                return
        _check_time(url, deadline)
        url = urljoin(url, target)
    raise ArticleError(f"{_printable(url)}: more than {MAX_REDIRECTS} redirects")


def _is_trusted(url: str, trusted: frozenset[str]) -> bool:
    """Return whether an address is at a trusted host; raise ArticleError if it is malformed."""
    name = _printable(url)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= MAX_URL
        private = parts.username is not None or parts.password is not None
        _ = parts.port  # one that is not a number raises here
        trusts = parts.netloc.lower() in trusted
        local = not trusts and _is_odd_literal(parts.hostname or "")
    except ValueError:
        raise ArticleError(f"{name}: this is not an address of the web") from None
    if not usable:
        raise ArticleError(f"{name}: give the whole address, http:// or https://")
    if local:
        raise NotPublicError(f"{name}: this address is not on the public internet")
    if private:
        raise ArticleError("an address with a user name or a password in it is not fetched")
    return trusts


def _is_odd_literal(host: str) -> bool:
    """Return whether a host is an IP literal of the kinds that requests-hardened misses."""
    try:
        literal = ip_address(host)
    except ValueError:
        return False
    return literal.is_reserved or (literal.version == 6 and literal.is_site_local)


def _get(session: Session, url: str) -> Response:
    from requests import RequestException
    from requests_hardened.ip_filter import InvalidIPAddress
    from urllib3.exceptions import HTTPError

    name = _printable(url)
    try:
        return session.get(url, stream=True)
    except InvalidIPAddress:
        raise NotPublicError(f"{name}: this address is not on the public internet") from None
    # ValueError and UnicodeError: what the libraries let through on odd host names.
    except (RequestException, HTTPError, OSError, ValueError) as error:
        raise ArticleError(f"{name}: cannot be reached ({type(error).__name__})") from error


def _reader(url: str, kind: str) -> FileReader:
    """Return the reader of a file: by its media type, or by its name where that says nothing."""
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    if kind == "text/plain" and suffix in _PLAIN:
        return READERS[suffix]
    if kind in _TYPES:
        return READERS[_TYPES[kind]]
    if kind in _UNKNOWN and suffix in READERS:
        return READERS[suffix]
    raise ArticleError(f"{_printable(url)}: no article but {kind or 'something unnamed'}")


def _within_limits(response: Response, deadline: float) -> Iterator[bytes]:
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    url, size = response.url, 0
    try:
        # read1 returns what has arrived: waiting for a whole block could take forever.
        while block := response.raw.read1(_BLOCK, decode_content=True):
            size += len(block)
            if size > MAX_BYTES:  # counted unpacked: the header may say anything
                raise ArticleError(f"{_printable(url)}: more than the limit of {MAX_BYTES:,} bytes")
            _check_time(url, deadline)
            yield block
    except (RequestException, HTTPError, OSError) as error:
        raise ArticleError(f"{_printable(url)}: broke off ({type(error).__name__})") from error


def _check_time(url: str, deadline: float) -> None:
    if monotonic() > deadline:
        raise ArticleError(f"{_printable(url)}: took longer than {_WHOLE:.0f} seconds")


def _printable(url: str) -> str:
    """Return an address that is safe to show: without control characters, and shortened."""
    shown = "".join(char for char in url if char.isprintable())
    return shown if len(shown) <= 200 else shown[:200] + "…"
