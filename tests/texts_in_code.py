"""Every text in two languages that the service's code has, found in the code itself: none can be forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fotopoort

SERVICE: Final = Path(fotopoort.__file__).parent
FILLED_IN: Final = "\N{WHITE VERTICAL RECTANGLE}"  # in the place of what a text is filled in with
# Calls with a text in two languages: the place of the Dutch one, the English one is behind it.
PAIRS: Final = {"Text": 0, "Question": 2, "PostQuestion": 2, "Reason": 2, "RetentionRule": 1}
PLAIN_PAIRS: Final = frozenset({"cli/demo/page.py"})  # where a tuple of two strings is a text in two languages
_IN_TEMPLATE: Final = re.compile(r'both\("([^"]*)", "([^"]*)"\)')
_DUTCH: Final = re.compile(
    r"\b(het|een|niet|zijn|deze|wordt|voor|alle|ook|wie|staat|van|je|naar|als|bij)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in the code.

    Attributes:
        module: as in "policy/rules.py".
        nl: with `FILLED_IN` where something is filled in; so is `en`.
    """

    module: str
    line: int
    nl: str
    en: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.nl}"


@dataclass(frozen=True, slots=True)
class Dutch:
    """A string that is Dutch, and no part of a text in two languages."""

    module: str
    line: int
    nl: str


def modules() -> Iterator[tuple[str, ast.Module]]:
    """All modules of the service."""
    for path in sorted(SERVICE.rglob("*.py")):
        yield path.relative_to(SERVICE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def texts(module: str, tree: ast.Module) -> Iterator[Written]:
    """Those of one module."""
    for node, nl, en in (*_pairs(tree), *_plain_pairs(module, tree)):
        yield Written(module, node.lineno, _literal(nl), _literal(en))


def texts_of_templates() -> Iterator[Written]:
    """Those that stand in two languages in a page's template."""
    for path in sorted(SERVICE.rglob("*.j2")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for nl, en in _IN_TEMPLATE.findall(line):
                yield Written(path.relative_to(SERVICE).as_posix(), number, nl, en)


def dutch_elsewhere(module: str, tree: ast.Module) -> Iterator[Dutch]:
    """Strings of one module that are Dutch and stand in no text, and in no docstring."""
    pairs = (*_pairs(tree), *_plain_pairs(module, tree))
    told = {id(part) for _, *pair in pairs for side in pair for part in ast.walk(side)}
    told |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if len(_DUTCH.findall(node.value)) > 1:
                yield Dutch(module, node.lineno, node.value)


def _pairs(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.expr, ast.expr]]:
    names = PAIRS | {
        name.asname: PAIRS[name.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.asname and name.name in PAIRS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        if "nl" in named and "en" in named:
            yield node, named["nl"], named["en"]
        elif isinstance(node.func, ast.Name) and node.func.id in names:
            pair = node.args[names[node.func.id] :][:2]
            if len(pair) == 2 and not any(isinstance(side, ast.Starred) for side in pair):
                yield node, pair[0], pair[1]


def _plain_pairs(module: str, tree: ast.Module) -> Iterator[tuple[ast.Tuple, ast.expr, ast.expr]]:
    for node in ast.walk(tree) if module in PLAIN_PAIRS else ():
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            yield node, node.elts[0], node.elts[1]


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_literal, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _literal(node.left) + _literal(node.right)
    return FILLED_IN
