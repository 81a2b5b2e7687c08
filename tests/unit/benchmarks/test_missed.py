"""The table of missed faces counts as the score does, kind by kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import missed

SCORE = """
import numpy as np

def corners(boxes):
    b = np.asarray(boxes, float).reshape(-1, 4)
    return np.concatenate([b[:, :2], b[:, :2] + b[:, 2:]], axis=1)

def overlap(a, b):
    corner = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    return np.clip(corner, 0, None).prod(axis=2)

def area(b):
    return (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
"""
FACES = [
    # box, blur, occlusion, pose
    ([0, 0, 20, 30], 0, 0, 0),
    ([100, 0, 80, 90], 1, 0, 1),
    ([300, 0, 80, 90], 0, 1, 0),
    ([500, 0, 80, 90], 2, 0, 0),  # not clear
    ([700, 0, 10, 15], 0, 0, 0),  # too small
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "score.py").write_text(SCORE, encoding="utf-8")
    boxes, *kinds = zip(*FACES, strict=True)
    attrs = dict(zip(("blur", "occlusion", "pose"), kinds, strict=True))
    listed = [{"file": "faces/one.jpg", "faces": boxes, "attrs": attrs}, {"file": "faces/two.jpg", "faces": []}]
    (tmp_path / "faces.json").write_text(json.dumps(listed), encoding="utf-8")
    return tmp_path


def line(*boxes: list[float]) -> list[str]:
    return [json.dumps({"file": "/somewhere/one.jpg", "faces": [{"box": box} for box in boxes]})]


def test_faces_are_counted_by_kind(folder: Path) -> None:
    looks = {"nobody": line(), "one": line([105, 2, 80, 90]), "a huge box": line([0, 0, 1000, 1000])}
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in missed.table(folder, looks).splitlines()[2:]]
    assert {name: tuple(map(int, cells)) for name, *cells in rows} == {
        "20 to 40 pixels high": (1, 1, 1, 1),
        "40 to 80": (0, 0, 0, 0),
        "80 to 160": (2, 2, 1, 2),
        "160 and more": (0, 0, 0, 0),
        "in an unusual pose": (1, 1, 0, 1),
        "partly hidden": (1, 1, 1, 1),
        "a little blurred": (1, 1, 0, 1),
        "none of these three": (1, 1, 1, 1),
        "all": (3, 3, 2, 3),
    }
