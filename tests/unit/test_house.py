"""The rules of the house that no other test sees."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("index", "qa", "ui")


def _modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, package
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize(("package", "forbidden"), [("index", {"qa", "ui"}), ("qa", {"ui"})])
def test_imports_run_from_ui_to_qa_to_index(package: str, forbidden: set[str]) -> None:
    for path in _modules(package):
        assert not {name.split(".")[0] for name in _imported(path)} & forbidden, path


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("faiss", {"index/vectors.py"}),
        ("pymilvus", {"index/milvus/client.py"}),
        (
            "gradio",
            {
                "ui/app.py",
                "ui/article_events.py",
                "ui/cards.py",
                "ui/theme.py",
                "ui/endpoints.py",
                "ui/layout.py",
                "ui/server.py",
                "ui/chat_events.py",
            },
        ),
        ("mcp", {"ui/mcp.py"}),
        ("requests", {"index/fetch.py"}),
        ("torch", {"index/huggingface.py", "qa/extractive.py"}),
        ("transformers", {"qa/extractive.py"}),
        ("sentence_transformers", {"index/huggingface.py"}),
        ("onnxruntime", {"qa/reader/layers.py"}),
        ("pickle", set()),
    ],
)
def test_a_library_has_one_home(library: str, homes: set[str]) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in _modules(package)
        if library in {name.split(".")[0] for name in _imported(path)}
    }
    assert users == homes


def test_modules_are_short() -> None:
    for package in (*PACKAGES, "training", "benchmarks"):
        for path in _modules(package):
            assert len(path.read_text("utf-8").splitlines()) <= 500, path


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checkers count, too."""
    modules = {_name(path): path for package in PACKAGES for path in _modules(package)}
    imports: dict[str, set[str]] = {}
    for name, path in modules.items():
        found = {n for n in _imported(path) if n in modules}
        # `from index.milvus import schema` imports a module, too.
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}" for alias in node.names} & modules.keys()
        imports[name] = found - {name}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def _modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.split(".")[0] for name in run.stderr.split()}


HEAVY = {"torch", "transformers", "sentence_transformers", "gradio", "langchain_text_splitters"}


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_every_module_loads_nothing_heavy_and_says_nothing(package: str) -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in _modules(package)
    ]
    run = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert run.stdout == run.stderr == ""
    assert not _modules_after(f"import {', '.join(names)}") & HEAVY


def test_ask_loads_neither_torch_nor_gradio() -> None:
    ask = "from qa.cli import main; main(['ask', 'what is the trade volume?'])"
    _modules_after(ask)  # the first time indexes the article, and may load the splitter
    assert not _modules_after(ask) & HEAVY
