"""The page at an address, without letting the address reach into the machine's own network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index._readers import READERS, Reader, read_html, read_text
from index.articles import MAX_BYTES, MAX_URL, Article, article_of_bytes
from index.errors import ArticleError, NotPublicError

if TYPE_CHECKING:
    from requests import Response, Session

MAX_REDIRECTS = 5
_CONNECT, _READ, _WHOLE = 5.0, 10.0, 30.0  # seconds
_BLOCK = 1 << 16
_TYPES = {
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "text/plain": read_text,
    "text/markdown": READERS[".md"],
    "application/pdf": READERS[".pdf"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": READERS[".docx"],
}


# What lists addresses instead of being an article: feeds and sitemaps.
LISTS = (
    "application/rss+xml", "application/atom+xml", "application/xml", "text/xml",
    "application/gzip", "application/x-gzip",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """What an address holds: ``url`` is where it came from in the end, ``kind`` its media type."""

    url: str
    kind: str
    data: bytes

    def article(self) -> Article:
        """Return the article of the page; raises ArticleError if it holds none."""
        return article_of_bytes(self.data, _reader(self.url, self.kind), _plain(self.url))


def fetch_article(url: str, *, trusted: frozenset[str] = frozenset()) -> Article:
    """Fetch the article at an http or https address; its source is where it came from in the end.

    Parameters and errors as for `fetch`.
    """
    return fetch(url, trusted=trusted).article()


def fetch(url: str, *, trusted: frozenset[str] = frozenset(), lists: bool = False) -> Page:
    """Fetch the page at an http or https address that is an article by its type.

    Every address that a name resolves to is checked before it is connected to, after each redirect
    too: loopback, private, link-local and reserved ones are refused, however they are spelled,
    but for hosts (``example.org:8000``, as they stand in addresses) that are ``trusted``. At most
    20 MB, five redirects and 30 seconds. With ``lists`` the types of LISTS are taken too. Raises
    ArticleError.
    """
    deadline = monotonic() + _WHOLE
    with _opened(url, trusted, deadline) as response:
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if not (lists and kind in LISTS):
            _reader(response.url, kind)  # not to fetch 20 MB of what is no article
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
    # A proxy would connect in our stead, where nothing is checked; nor is .netrc the page's affair.
    session.trust_env = False
    return session


@contextmanager
def _opened(url: str, trusted: frozenset[str], deadline: float) -> Iterator[Response]:
    """Follow redirects to a response; their bodies, of any length, are never read."""
    for _ in range(MAX_REDIRECTS + 1):
        session = _session(filtered=not _is_trusted(url, trusted))
        with session, _get(session, url) as response:
            target = session.get_redirect_target(response)
            if target is None:
                if response.status_code != 200:
                    raise ArticleError(f"{_plain(url)}: the server answered {response.status_code}")
                yield response
                return
        _in_time(url, deadline)
        url = urljoin(url, target)
    raise ArticleError(f"{_plain(url)}: more than {MAX_REDIRECTS} redirects")


def _is_trusted(url: str, trusted: frozenset[str]) -> bool:
    """Tell whether an address lies at a trusted host; raises ArticleError if it is no address."""
    name = _plain(url)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= MAX_URL
        private = parts.username is not None or parts.password is not None
        _ = parts.port  # one that is no number raises here
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
    """Tell whether a host is a literal of the kinds that requests-hardened lets through."""
    try:
        literal = ip_address(host)
    except ValueError:
        return False
    return literal.is_reserved or (literal.version == 6 and literal.is_site_local)


def _get(session: Session, url: str) -> Response:
    from requests import RequestException
    from requests_hardened.ip_filter import InvalidIPAddress
    from urllib3.exceptions import HTTPError

    name = _plain(url)
    try:
        return session.get(url, stream=True)
    except InvalidIPAddress:
        raise NotPublicError(f"{name}: this address is not on the public internet") from None
    # ValueError and UnicodeError: what the libraries let through on odd host names.
    except (RequestException, HTTPError, OSError, ValueError) as error:
        raise ArticleError(f"{name}: cannot be reached ({type(error).__name__})") from error


def _reader(url: str, kind: str) -> Reader:
    if (reader := _TYPES.get(kind)) is not None:
        return reader
    path = urlsplit(url).path.lower()
    for suffix, by_name in READERS.items():
        if kind in ("", "application/octet-stream") and path.endswith(suffix):
            return by_name
    raise ArticleError(f"{_plain(url)}: no article but {kind or 'something unnamed'}")


def _within_limits(response: Response, deadline: float) -> Iterator[bytes]:
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    url, size = response.url, 0
    try:
        # As it comes: to wait for a whole block would be to wait for as long as the page likes.
        while block := response.raw.read1(_BLOCK, decode_content=True):
            size += len(block)
            if size > MAX_BYTES:  # counted unpacked: the header may say anything
                raise ArticleError(f"{_plain(url)}: more than the limit of {MAX_BYTES:,} bytes")
            _in_time(url, deadline)
            yield block
    except (RequestException, HTTPError, OSError) as error:
        raise ArticleError(f"{_plain(url)}: broke off ({type(error).__name__})") from error


def _in_time(url: str, deadline: float) -> None:
    if monotonic() > deadline:
        raise ArticleError(f"{_plain(url)}: took longer than {_WHOLE:.0f} seconds")


def _plain(url: str) -> str:
    """Return an address as it may be shown: no control characters, no end of it."""
    shown = "".join(char for char in url if char.isprintable())
    return shown if len(shown) <= 200 else shown[:200] + "…"
