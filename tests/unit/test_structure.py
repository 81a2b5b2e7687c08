"""The house rules that a reader counts on: where things are, and that the documents speak of what is there."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "service" / "fotopoort"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
FOLDERS = sorted({path.parent for path in MODULES} - {PACKAGE})
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").glob("*.md")])
HISTORY = "CHANGELOG.md"  # speaks of what is no longer there

MAX_PICTURE_BYTES = 1_300_000  # of all documents: they are in every clone
MAX_LINES = 300
MAX_MODULES = 12

# Pictures, which a reader has to guess at: no name has one as a part. With each, what to say instead.
PICTURES = {
    "bench": "worker settings",
    "desk": "authenticator",
    "doorkeeper": "authenticator",
    "eyes": "detectors",
    "looking": "analysis",
    "rounds": "maintenance",
    "shelf": "rendition cache",
    "tapped": "identified",
    "turns": "concurrency limit, slot",
    "LEAST": "MIN",
    "MOST": "MAX",
}


WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")  # of a name, in either case


def names_in(path: Path) -> Iterator[str]:
    """The names that a module gives: to functions, classes, arguments and what is assigned to."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


@cache
def all_names() -> tuple[tuple[str, str], ...]:
    """Every name in the package, with the module that gives it."""
    return tuple((name, path.relative_to(PACKAGE).as_posix()) for path in MODULES for name in names_in(path))


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


@pytest.mark.parametrize("picture", PICTURES)
def test_names_are_no_pictures(picture: str) -> None:
    forms = {picture} if picture.isupper() else {picture, picture.capitalize()}
    found = [f"{place}: {name}" for name, place in all_names() if forms.intersection(WORDS.findall(name))]
    assert not found, f"say {PICTURES[picture]}"


def test_the_drawing_of_the_rooms_is_true() -> None:
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_rooms.py"))
    assert drawing["DRAWING"].read_text(encoding="utf-8") == drawing["draw"](), "run: python docs/draw_rooms.py"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_name_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', text)
    for target in [*re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text), *pictures]:
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), f"there is no {target}"
    if path.name == HISTORY:
        return
    entries = {entry.name for entry in [*ROOT.iterdir(), *PACKAGE.iterdir()] if entry.is_dir()}
    folders = "|".join(sorted(entries - {"demo-output"}))  # there is of that what a demo showed last
    for named in re.findall(rf"`((?:{folders})/[\w./-]*)`", text):
        places = [base / named for base in (ROOT, PACKAGE, path.parent)]
        assert any(place.exists() for place in places), f"there is no {named}"
    for module, name in re.findall(r"`(\w+(?:/\w+)*)\.py:\s*(\w+)`", text):
        assert defines(PACKAGE / f"{module}.py", name), f"there is no {name} in {module}.py"


def test_pictures_of_documents_are_used_and_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    shown = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [picture.name for picture in pictures if f"pictures/{picture.name}" not in shown] == []
    assert sum(picture.stat().st_size for picture in pictures) < MAX_PICTURE_BYTES


def defines(path: Path, name: str) -> bool:
    """Whether a module defines a function, class or method of that name."""
    return path.is_file() and any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
