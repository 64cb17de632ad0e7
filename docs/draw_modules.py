"""Draw the modules of docs/architecture.md anew from the code: python docs/draw_modules.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
# From the screen down: imports go to a package further on, or within one.
PACKAGES = (
    "ui", "qa.command", "qa", "qa.reader", "qa.languages", "index.ingest", "index.milvus", "index",
    "index.readers",
)  # fmt: skip
_DRAWN = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def main() -> None:
    """Replace what is drawn."""
    PAGE.write_text(redrawn(PAGE.read_text("utf-8")), encoding="utf-8")


def redrawn(text: str) -> str:
    """Return the page with its picture and its table made of the code as it is now."""
    made = {"packages": picture, "modules": table}
    return _DRAWN.sub(lambda found: found[1] + made[found[2]](), text)


def picture() -> str:
    """Return the packages, and which imports which, as a Mermaid flowchart."""
    edges = {
        (_package(name), _package(target))
        for name, path in modules().items()
        for target in imports(path)
        if _package(name) != _package(target)
    }
    nodes = [f'  {_node(name)}["{name} ({len(_within(name))})"]' for name in PACKAGES]
    arrows = sorted(f"  {_node(source)} --> {_node(target)}" for source, target in edges)
    return "\n".join(["```mermaid", "flowchart TD", *nodes, *arrows, "```", ""])


def table() -> str:
    """Return every module with what it is for, the first line of its docstring."""
    rows = ["| module | what it is for |", "|---|---|"]
    for package in PACKAGES:
        for path in _within(package).values():
            shown = path.relative_to(ROOT).as_posix()
            rows.append(f"| [{shown}](../{shown}) | {_purpose(path)} |")
    return "\n".join([*rows, ""])


@cache
def modules() -> dict[str, Path]:
    """Return the modules by name, those that hold nothing but a docstring left out."""
    found = {}
    for package in ("index", "qa", "ui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if len(ast.parse(path.read_text("utf-8")).body) > 1:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path
    return found


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the modules of ours that a file imports, inside functions and for types, too."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    known = modules()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = (f"{node.module}.{alias.name}" for alias in node.names)
            whole = [name for name in inside if name in known]
            yield from whole or [node.module for _ in (0,) if node.module in known]


def _package(name: str) -> str:
    """Return the package of PACKAGES that a module belongs to."""
    return max((p for p in PACKAGES if name == p or name.startswith(f"{p}.")), key=len)


def _within(package: str) -> dict[str, Path]:
    return {name: path for name, path in modules().items() if _package(name) == package}


def _node(package: str) -> str:
    return package.replace(".", "_")


def _purpose(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.split("\n")[0].replace("|", "\\|")


if __name__ == "__main__":
    main()
