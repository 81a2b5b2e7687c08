"""Which of the clear faces are missed: how large they are and how they are seen, as the annotation says."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.table import markdown

MIN_HEIGHT, HEAVILY = 20, 2  # of clear faces: pixels, and the annotation's word for heavily blurred or hidden


@dataclass(frozen=True)
class ClearFace:
    """An annotated face that is neither heavily blurred nor heavily hidden."""

    height: float  # pixels
    blurred: bool  # a little
    hidden: bool  # a little
    unusual: bool  # turned far away, bent or thrown back
    found: bool


KINDS: Final[Mapping[str, Callable[[ClearFace], bool]]] = {
    "20 to 40 pixels high": lambda face: face.height < 40,
    "40 to 80": lambda face: 40 <= face.height < 80,
    "80 to 160": lambda face: 80 <= face.height < 160,
    "160 and more": lambda face: face.height >= 160,
    "in an unusual pose": lambda face: face.unusual,
    "partly hidden": lambda face: face.hidden,
    "a little blurred": lambda face: face.blurred,
    "none of these three": lambda face: not (face.unusual or face.hidden or face.blurred),
    "all": lambda face: True,
}


def clear_faces(folder: Path, lines: Sequence[str]) -> Iterator[ClearFace]:
    """The clear faces in `folder`, by what was found there: JSON lines as `fotopoort inspect` writes them."""
    score = _score(folder)
    found = {Path(row["file"]).name: row.get("faces", []) for row in map(json.loads, lines)}
    for photo in json.loads((folder / "faces.json").read_text(encoding="utf-8")):
        faces, kinds = score.corners(photo["faces"]), photo.get("attrs")
        boxes = score.corners([face["box"] for face in found.get(Path(photo["file"]).name, [])])
        shared = score.overlap(boxes, faces)
        most, own = score.area(boxes)[:, None], score.area(faces)[None]
        hits = (shared >= 0.35 * (most + own - shared)) | ((shared >= 0.7 * own) & (most < 5 * own))
        for number, (_, _, _, height) in enumerate(photo["faces"]):
            blur, occlusion, pose = (kinds[name][number] if kinds else 0 for name in ("blur", "occlusion", "pose"))
            if height >= MIN_HEIGHT and max(blur, occlusion) < HEAVILY:
                is_found = bool(hits[:, number].any())
                yield ClearFace(height, bool(blur), bool(occlusion), bool(pose), is_found)


def table(folder: Path, looks: Mapping[str, Sequence[str]]) -> str:
    """How many clear faces of each kind each of the looks missed, as Markdown."""
    faces = {name: list(clear_faces(folder, lines)) for name, lines in looks.items()}
    rows = []
    for kind, is_one in KINDS.items():
        missed = [str(sum(is_one(face) and not face.found for face in seen)) for seen in faces.values()]
        rows.append([kind, str(sum(map(is_one, next(iter(faces.values()))))), *missed])
    return markdown(["Clear faces", "there are", *(f"missed: {name}" for name in faces)], rows)


def _score(folder: Path) -> Any:  # noqa: ANN401 - a module that comes with the photos
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
