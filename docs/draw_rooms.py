"""Draw `docs/rooms.svg`: every room of `service/fotopoort`, in layers, with arrows for what it imports.

    python docs/draw_rooms.py

The layers are those of import-linter in `pyproject.toml`; the arrows come from the imports themselves, without those
that follow from others. `tests/unit/test_structure.py` fails when the drawing is no longer true.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "service" / "fotopoort"
DRAWING = ROOT / "docs" / "rooms.svg"

WIDTH, MARGIN, GAP, ROW_GAP = 1120, 24, 20, 34  # pixels
TITLE, LINE = 24, 16  # height of a room's name, and of a line below it
CHARACTER = 6.4  # width of one, in the small type


def layers() -> list[list[str]]:
    """The rooms that exist, the highest layer first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layered,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    rows = [re.findall(r"\w+", row) for row in layered["layers"]]
    existing = [[room for room in row if _source(room)] for row in rows]
    return [row for row in existing if row]


def _source(room: str) -> list[Path]:
    folder, module = PACKAGE / room, PACKAGE / f"{room}.py"
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [module] if module.is_file() else []


def contents(room: str) -> list[str]:
    """What is in a room: its folders, then its modules."""
    folder = PACKAGE / room
    if not folder.is_dir():
        return []
    folders = [f"{path.name}/" for path in sorted(folder.iterdir()) if (path / "__init__.py").is_file()]
    modules = [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    return folders + modules


def imports(room: str) -> set[str]:
    """The other rooms that a room imports."""
    found = set[str]()
    for path in _source(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "fotopoort":
                names = [node.module] if "." in node.module else [f"fotopoort.{alias.name}" for alias in node.names]
                found |= {name.split(".")[1] for name in names}
    return found - {room}


def reduced(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The arrows that do not follow from others."""

    def reach(room: str) -> set[str]:
        return set().union(*({other} | reach(other) for other in graph.get(room, ()) if other in graph))

    return {
        room: {other for other in others if not any(other in reach(third) for third in others - {other})}
        for room, others in graph.items()
    }


def draw() -> str:
    """The drawing, as SVG."""
    rows = layers()
    rooms = {room: contents(room) for row in rows for room in row}
    graph = {room: imports(room) & rooms.keys() for room in rooms}
    boxes, height = _boxes(rows, rooms)
    parts = [*_arrows(reduced(graph), boxes), *(part for room in rooms for part in _room(room, boxes[room]))]
    style = (
        "text{font:12px sans-serif;fill:#222}.name{font-weight:bold;font-size:14px}"
        "rect{fill:#f6f4ee;stroke:#8a8577}path{fill:none;stroke:#b9b3a3}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    arrow = '<marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    arrow += '<path d="M0 0L8 4L0 8" style="stroke:#8a8577"/></marker>'
    title = "<title>The rooms of Fotopoort: each imports only rooms below it</title>"
    return "\n".join(
        [head, title, f"<style>{style}</style>", f"<defs>{arrow}</defs>",
         f'<rect width="{WIDTH}" height="{height}" style="fill:#fff;stroke:none"/>', *parts, "</svg>", ""]
    )  # fmt: skip


Placed = tuple[float, float, float, float, list[str]]  # x, y, width, height, lines of text


def _boxes(rows: Sequence[Sequence[str]], rooms: Mapping[str, list[str]]) -> tuple[dict[str, Placed], int]:
    boxes: dict[str, Placed] = {}
    top = float(MARGIN)
    for row in rows:
        width = (WIDTH - 2 * MARGIN - GAP * (len(row) - 1)) / len(row)
        lines = {room: _wrapped(rooms[room], int((width - 20) / CHARACTER)) for room in row}
        height = TITLE + 10 + LINE * max(len(lines[room]) for room in row)
        for place, room in enumerate(row):
            boxes[room] = (MARGIN + place * (width + GAP), top, width, height, lines[room])
        top += height + ROW_GAP
    return boxes, int(top - ROW_GAP + MARGIN)


def _wrapped(words: Sequence[str], most: int) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]}   {word}".strip()
        if len(longer) <= most or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _room(room: str, box: Placed) -> Iterator[str]:
    x, y, width, height, lines = box
    yield f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="5"/>'
    yield f'<text class="name" x="{x + 10:.0f}" y="{y + 19:.0f}">{escape(room)}</text>'
    for number, line in enumerate(lines):
        yield (
            f'<text x="{x + 10:.0f}" y="{y + 19 + LINE * (number + 1):.0f}" xml:space="preserve">{escape(line)}</text>'
        )


def _arrows(graph: Mapping[str, set[str]], boxes: Mapping[str, Placed]) -> Iterator[str]:
    for room, others in graph.items():
        x, y, width, height, _ = boxes[room]
        for number, other in enumerate(sorted(others, key=lambda other: (boxes[other][0], other)), start=1):
            from_x, from_y = x + width * number / (len(others) + 1), y + height
            other_x, other_y, other_width, _, _ = boxes[other]
            to_x = min(max(from_x, other_x + 16), other_x + other_width - 16)
            middle = (from_y + other_y) / 2
            yield (
                f'<path marker-end="url(#a)" d="M{from_x:.0f} {from_y:.0f}C{from_x:.0f} {middle:.0f} '
                f'{to_x:.0f} {middle:.0f} {to_x:.0f} {other_y:.0f}"/>'
            )


if __name__ == "__main__":
    DRAWING.write_text(draw(), encoding="utf-8")
