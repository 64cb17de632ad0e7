from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bcrypt
import pytest

from index.errors import ArticleQAError
from ui.auth import Accounts, account_line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    path.write_text(f"# ours\n\n{account_line('amel', 'open sesame')}\n", encoding="utf-8")
    return path


def test_the_right_password_of_a_known_name(file: Path) -> None:
    accounts = Accounts.load(file)
    assert accounts.check("amel", "open sesame")
    assert not accounts.check("amel", "open sesam")
    assert not accounts.check("boris", "open sesame")
    assert not accounts.check("boris", "nobody")
    assert not accounts.check("", "")


def test_what_htpasswd_writes_is_read(tmp_path: Path) -> None:
    made = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")
    (tmp_path / "f").write_text(f"amel:{made}\n")
    assert Accounts.load(tmp_path / "f").check("amel", "open sesame")


def test_passwords_are_not_in_the_file(file: Path) -> None:
    assert "sesame" not in file.read_text()
    assert account_line("amel", "open sesame") != account_line("amel", "open sesame")


def test_a_name_that_was_tried_too_often_waits(file: Path) -> None:
    accounts = Accounts.load(file)
    for _ in range(20):
        accounts.check("amel", "wrong")
    assert not accounts.check("amel", "open sesame")


def test_a_longer_password_is_not_cut(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(account_line("amel", "x" * 72))
    accounts = Accounts.load(tmp_path / "f")
    assert accounts.check("amel", "x" * 72)
    assert not accounts.check("amel", "x" * 73)  # bcrypt looks at 72 bytes alone


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("amel:plain password", "line 1: not a name and a bcrypt hash; make one with: article-qa"),
        ("amel", "line 1: not a name"),
        ("amel:$2b$12$" + "!" * 53, "line 1: not a name"),
        ("# nothing", "holds no account; add one with: article-qa password NAME >>"),
    ],
)
def test_a_file_that_is_not_one_is_reported(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(ArticleQAError, match=reason):
        Accounts.load(tmp_path / "f")
    with pytest.raises(ArticleQAError, match="cannot be read"):
        Accounts.load(tmp_path / "none")


@pytest.mark.parametrize("name", ["", "a:b", " a", "a\n"])
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(ArticleQAError, match="cannot be a name"):
        account_line(name, "open sesame")


@pytest.mark.parametrize("password", ["short", "x" * 73])
def test_what_cannot_be_a_password(password: str) -> None:
    with pytest.raises(ArticleQAError, match="8 to 72 bytes"):
        account_line("amel", password)


def test_tries_at_once_are_all_counted(file: Path) -> None:
    accounts = Accounts.load(file)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: accounts.check("amel", "wrong"), range(20)))
    assert not accounts.check("amel", "open sesame")


def test_a_right_password_clears_the_wrong_ones(tmp_path: Path) -> None:
    made = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(4)).decode()
    accounts = Accounts({"amel": made})
    for _ in range(3):
        assert not any(accounts.check("amel", "wrong") for _ in range(15))
        assert accounts.check("amel", "open sesame")


def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    made = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(6)).decode()
    assert Accounts({"amel": made})._nobody.startswith("$2b$06$")
