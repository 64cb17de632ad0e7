"""Who may come in: names and hashed passwords in a file as Apache's htpasswd writes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from index.errors import ArticleQAError
from ui.rates import Rate

TRIES = "20 per 15 minutes"  # wrong passwords for one name, from wherever
_BCRYPT = ("$2a$", "$2b$", "$2y$")
_LONGEST = 72  # bytes that bcrypt looks at


class Accounts:
    """The accounts of a file, ``name:bcrypt hash`` a line."""

    def __init__(self, hashes: dict[str, str]) -> None:
        self._hashes = hashes
        self._tries = Rate(TRIES)

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
            if not name or not hashed.startswith(_BCRYPT) or len(hashed) != 60:
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
        """Tell whether the password is the name's; not for a name that was tried too often."""
        import bcrypt

        given = password.encode()
        # An unknown name takes as long as a known one: else the time would tell them apart.
        hashed = self._hashes.get(name) or _unknown()
        if not self._tries.allows(name):
            return False
        right = bcrypt.checkpw(given[:_LONGEST], hashed.encode())
        if right and name in self._hashes and len(given) <= _LONGEST:
            return True
        self._tries.count(name)
        return False


def hashed(name: str, password: str) -> str:
    """Return the line of a new account; raises ArticleQAError if it cannot be one."""
    import bcrypt

    if not name or ":" in name or not name.isprintable() or name != name.strip():
        raise ArticleQAError(f"{name!r} cannot be a name: no colon, no space at its ends")
    if not 8 <= len(password.encode()) <= _LONGEST:
        raise ArticleQAError(f"a password has 8 to {_LONGEST} bytes")
    return f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()}"


@lru_cache(maxsize=1)
def _unknown() -> str:
    import bcrypt

    return bcrypt.hashpw(b"nobody", bcrypt.gensalt()).decode()
