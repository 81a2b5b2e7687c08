"""Which way a face looks: yaw, pitch and roll from MediaPipe's face mesh.

The mesh gives 468 points in three dimensions from a crop of 192 × 192 pixels; the line between the outer corners of
the eyes and the line from forehead to chin span the head's axes. Measured on 100 faces with known pose: see
`benchmarks/RESULTS.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fotopoort.vision.faces.crop import cut
from fotopoort.vision.faces.pyramid import Candidate
from fotopoort.vision.models.runtime import Runtime

Array = np.ndarray[Any, np.dtype[Any]]

SIZE = 192
BATCH = 12  # crops per call
VIEW = 1.3  # crop side over face size: 1.3 gave 3.2° mean yaw error, 1.5 gave 3.9°, 1.8 gave 5.4°
LEFT_EYE, RIGHT_EYE, FOREHEAD, CHIN = 33, 263, 10, 152  # mesh points; left = the image's left


@dataclass(frozen=True, slots=True)
class Mesh:
    """Which way a face looks. Angles in degrees, see `vocabulary.Face`."""

    presence: float  # logit: how sure the mesh model is that there is a face
    yaw: float
    pitch: float
    roll: float


def meshes(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[Mesh]:
    """The mesh of each candidate.

    Args:
        levels: the picture and its halves, as `vision.levels` makes them.

    Raises:
        ModelFailed: the model gave up on a crop.
    """
    session = runtime.session("face_landmark")
    found: list[Mesh] = []
    for start in range(0, len(candidates), BATCH):
        chunk = candidates[start : start + BATCH]
        tilts = [_tilt(candidate) for candidate in chunk]
        crops = [cut(levels, face, VIEW, SIZE, tilt)[0] for face, tilt in zip(chunk, tilts, strict=True)]
        points, presences = session(np.stack(crops).astype(np.float32) / 255)
        points, presences = points.reshape(len(chunk), -1, 3), presences.reshape(-1)
        found += [_mesh(*output) for output in zip(points, presences, tilts, strict=True)]
    return found


def _tilt(candidate: Candidate) -> float:
    """The angle of the line between the eyes, in degrees, clockwise."""
    across = candidate.landmarks[1] - candidate.landmarks[0]
    return float(np.degrees(np.arctan2(across[1], across[0])))


def _mesh(points: Array, presence: float, tilt: float) -> Mesh:
    right = _unit(points[RIGHT_EYE] - points[LEFT_EYE])
    down = points[CHIN] - points[FOREHEAD]
    down = _unit(down - (down @ right) * right)
    forward = np.cross(right, down)
    roll = tilt + float(np.degrees(np.arctan2(right[1], right[0])))
    return Mesh(
        presence=float(presence),
        yaw=float(np.degrees(np.arctan2(right[2], right[0]))),
        pitch=float(np.degrees(np.arcsin(np.clip(forward[1], -1.0, 1.0)))),
        roll=(roll + 180.0) % 360.0 - 180.0,
    )


def _unit(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))
