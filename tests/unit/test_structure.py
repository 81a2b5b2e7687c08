"""The house rules that a reader counts on: where things are, and that the documents speak of what is there."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "service" / "fotopoort"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
FOLDERS = sorted({path.parent for path in MODULES} - {PACKAGE})
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").glob("*.md")])
HISTORY = "CHANGELOG.md"  # speaks of what is no longer there

MAX_LINES = 300
MAX_MODULES = 12


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_long_file_says_why(path: Path) -> None:
    if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES:
        assert re.search(r"(?i)\bone (file|module)\b", docstring(path)), "split it, or say why it is one file"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_folder_is_small_and_says_where_to_begin(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= MAX_MODULES
    said = docstring(folder / "__init__.py")
    assert 3 <= len(said.splitlines()) <= 8, "three to eight lines: what is in it, and where to begin"


def test_no_name_explains_nothing() -> None:
    assert not [
        path for path in MODULES if path.stem in {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    ]


def test_the_drawing_of_the_rooms_is_true() -> None:
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_rooms.py"))
    assert drawing["DRAWING"].read_text(encoding="utf-8") == drawing["draw"](), "run: python docs/draw_rooms.py"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_name_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"there is no {target}"
    if path.name == HISTORY:
        return
    folders = "|".join(sorted({entry.name for entry in [*ROOT.iterdir(), *PACKAGE.iterdir()] if entry.is_dir()}))
    for named in re.findall(rf"`((?:{folders})/[\w./-]*)`", text):
        places = [base / named for base in (ROOT, PACKAGE, path.parent)]
        assert any(place.exists() for place in places), f"there is no {named}"
    for module, name in re.findall(r"`(\w+(?:/\w+)*)\.py: ?(\w+)`", text):
        assert defines(PACKAGE / f"{module}.py", name), f"there is no {name} in {module}.py"


def defines(path: Path, name: str) -> bool:
    """Whether a module defines a function, class or method of that name."""
    return path.is_file() and any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
