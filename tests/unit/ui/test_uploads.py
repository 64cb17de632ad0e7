from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.uploads import is_upload, names_foreign_file, upload_folder

HASH = "a1" * 32


@pytest.fixture
def uploaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    path = tmp_path / "gradio" / HASH / "river.txt"
    path.parent.mkdir(parents=True)
    path.write_text("The river rose.")
    (tmp_path / "secret.txt").write_text("secret")
    return path


def file(path: object, **more: object) -> dict[str, object]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **more}


def test_an_upload_may_be_named(uploaded: Path) -> None:
    assert upload_folder() == uploaded.parent.parent.resolve()
    assert not names_foreign_file({"data": [file(str(uploaded)), []], "fn_index": 3})
    assert not names_foreign_file({"data": ["a text", 3, None], "session_hash": "x"})


def test_nothing_else_may(uploaded: Path) -> None:
    root = uploaded.parent.parent
    inside = root / HASH / "link.txt"
    inside.symlink_to(root.parent / "secret.txt")
    (root / ("b2" * 32)).symlink_to(root.parent)
    (root / "short").mkdir()
    (root / "short" / "river.txt").write_text("x")
    for path in (
        "/etc/passwd", "/dev/zero", "/proc/self/environ", str(root.parent / "secret.txt"),
        str(inside), str(root / ("b2" * 32) / "secret.txt"), str(root / "short" / "river.txt"),
        f"{uploaded.parent}/../{HASH}/river.txt", str(uploaded.parent), str(root), "river.txt",
        "", "\0", "x" * 10_000, "http://127.0.0.1/x.txt", "https://example.org/x.pdf", None, 3,
        ["a"], {"path": str(uploaded)},
    ):  # fmt: skip
        assert names_foreign_file({"data": [file(path)]}), path
        assert names_foreign_file({"data": [{"path": path}]}), path
        assert names_foreign_file([[{"deep": [file(path)]}]]), path
    assert names_foreign_file(file(str(uploaded), is_stream=True))
    assert names_foreign_file({"meta": {"_type": "gradio.FileData"}, "url": "http://127.0.0.1/"})


def test_nesting_has_no_end() -> None:
    body: object = file("/etc/passwd")
    for _ in range(100_000):
        body = [body]
    assert names_foreign_file(body)


@given(st.text(max_size=60) | st.text("/.\0a1~\\%", max_size=60))
def test_no_other_text_is_an_upload(path: str) -> None:
    assert not is_upload(path)
