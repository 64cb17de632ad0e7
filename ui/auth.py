"""Who may come in: names and hashed passwords in a file as Apache's htpasswd writes it."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import time
from pathlib import Path

from index.errors import ArticleQAError
from ui.request import Rate

TRIES = "20 per 15 minutes"  # wrong passwords for one name, from wherever
_BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}")
_LONGEST = 72  # bytes that bcrypt looks at
_NAME = 200  # characters; a longer one would only be remembered
_REMEMBERED = 300.0  # seconds


class Accounts:
    """The accounts of a file, ``name:bcrypt hash`` a line."""

    def __init__(self, hashes: dict[str, str]) -> None:
        self._hashes = hashes
        self._tries = Rate(TRIES)
        self._nobody = _like(next(iter(hashes.values())))
        self._key, self._admitted = secrets.token_bytes(32), dict[bytes, float]()

    @classmethod
    def load(cls, path: Path) -> Accounts:
        """Read the file; raises ArticleQAError naming the line that is not as it should be."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ArticleQAError(f"--auth {path} cannot be read ({error})") from error
        hashes = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, hashed = line.strip().partition(":")
            if not name or not _BCRYPT.fullmatch(hashed):
                raise ArticleQAError(
                    f"--auth {path}, line {number}: not a name and a bcrypt hash; make one with: "
                    "article-qa password NAME"
                )
            hashes[name] = hashed
        if not hashes:
            raise ArticleQAError(
                f"--auth {path} holds no account; add one with: article-qa password NAME >> {path}"
            )
        return cls(hashes)

    def check(self, name: str, password: str) -> bool:
        """Return whether the password is the name's; False for a name that was tried too often."""
        import bcrypt

        given = password.encode("utf-8", "replace")
        # An unknown name takes as long as a known one: the time must not say which names exist.
        hashed = self._hashes.get(name, self._nobody)
        if len(name) > _NAME or not self._tries.hit(name):
            return False
        right = bcrypt.checkpw(given[:_LONGEST], hashed.encode())
        if right and name in self._hashes and len(given) <= _LONGEST:
            self._tries.clear(name)
            return True
        return False

    async def check_in_thread(self, name: str, password: str) -> bool:
        """Check in a thread: a hash takes a fifth of a second, which must not block the server."""
        from anyio import to_thread

        return await to_thread.run_sync(self.check, name, password)

    async def admit(self, basic: bytes) -> bool:
        """Return whether an Authorization header holds an account; remember it for some minutes."""
        try:
            scheme, _, encoded = basic.partition(b" ")
            given = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        name, _, password = given.partition(":")
        if scheme.lower() != b"basic" or not await self.check_in_thread(name, password):
            return False
        now = time.monotonic()
        self._admitted = {k: end for k, end in self._admitted.items() if end > now}
        self._admitted[self._digest(basic)] = now + _REMEMBERED
        return True

    def is_remembered(self, basic: bytes) -> bool:
        """Return whether a header was admitted a short while ago."""
        return self._admitted.get(self._digest(basic), 0.0) > time.monotonic()

    def _digest(self, basic: bytes) -> bytes:
        return hmac.digest(self._key, basic, "sha256")


def account_line(name: str, password: str) -> str:
    """Return the line of a new account; raises ArticleQAError if it cannot be one."""
    import bcrypt

    if not name or ":" in name or not name.isprintable() or name != name.strip():
        raise ArticleQAError(f"{name!r} cannot be a name: no colon, no space at its ends")
    if not 8 <= len(password.encode()) <= _LONGEST:
        raise ArticleQAError(f"a password has 8 to {_LONGEST} bytes")
    return f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()}"


def _like(hashed: str) -> str:
    """Return a hash of no password that takes as long to check as another."""
    import bcrypt

    return bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(int(hashed[4:6]))).decode()
