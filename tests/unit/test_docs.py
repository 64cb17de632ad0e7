"""The docs say what the code is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs.draw_modules import PAGE, imports, modules, redrawn
from index.readers import READERS
from qa.command.parser import parser
from tests.conftest import ROOT
from tests.processes import run as article_qa

_NAMED = re.compile(r"`((?:index|qa|ui|tests|benchmarks|docs)/[\w/]+\.\w+)`")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "training/README.md"]


def test_the_drawn_modules_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert redrawn(text) == text, "run: python docs/draw_modules.py"


def test_the_picture_sees_the_imports_that_the_interpreter_sees() -> None:
    """By another way: what a bare import of a module loads, imports inside functions left out."""
    run = subprocess.run(
        [sys.executable, "-c", "import ui.talk, sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    known = modules()
    loaded = {name for name in run.stdout.split() if name in known}
    reached, waiting = set(), ["ui.talk"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            packages = (name.rpartition(".")[0], "qa", "index")
            waiting += [*imports(known[name]), *(each for each in packages if each in known)]
    assert loaded <= reached


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_command_in_the_docs_is_understood() -> None:
    """Those of the README run in tests/e2e/test_readme.py; others need a server or an archive."""
    commands = [
        (page.name, line.split(" >> ")[0])
        for page in PAGES
        for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
        for line in block.splitlines()
        if line.startswith("article-qa ") and "--help" not in line
    ]
    assert {"README.md", "serving.md", "scale.md"} <= {name for name, _ in commands}
    for _, command in commands:
        assert parser().parse_args(shlex.split(command)[1:]).run


def test_the_help_names_every_format() -> None:
    said = re.sub(r"\s+", " ", article_qa("index", "--help").stdout)
    aliases = {".markdown", ".htm"}
    assert not [suffix for suffix in READERS if suffix not in aliases and suffix not in said]


def test_every_module_named_in_the_docs_exists() -> None:
    for page in PAGES:
        if page.name == "CHANGELOG.md":
            continue
        for named in re.findall(
            r"`((?:index|qa|ui|tests|benchmarks|docs)/[\w/]+\.\w+)`", page.read_text("utf-8")
        ):
            made = named in ("qa/languages/italian.py", "index/readers/fb2.py")  # by a recipe
            assert made or (ROOT / named).exists(), f"{page.name}: {named}"


def test_the_changelogs_top_version_is_the_packages() -> None:
    top = re.search(r"^## \[([\d.]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert top is not None
    assert version is not None
    assert top[1] == version[1]


def test_the_api_reference_builds(tmp_path: Path) -> None:
    pdoc = Path(sys.executable).with_name("pdoc")
    if not pdoc.exists():
        pytest.skip("pdoc is not installed: pip install -e .[test]")
    command = [pdoc, "-o", tmp_path, "--docformat", "restructuredtext", "index", "qa"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "qa.html").read_text("utf-8")
    assert "Answer with the sentence that answers the question" in page
