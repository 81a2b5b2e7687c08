"""The search in a picture of which a few places have changed since it was searched: in and near those alone.

CenterFace's small passes and RetinaFace's see the whole picture, as in `pyramid.search`. The large pass sees windows:
around each place, and around whatever the others saw that reaches into one, however large it is. So a candidate at a
place has the scores that the whole search gives it, within what a window's edge changes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from fotopoort.vision.faces import centerface, pyramid
from fotopoort.vision.faces.centerface import Detections
from fotopoort.vision.faces.fold import is_long
from fotopoort.vision.faces.pyramid import CANDIDATE, FLOOR, LARGE, SQUARES, Search, Square
from fotopoort.vision.faces.windows import Window, are_clear, windows
from fotopoort.vision.levels import shrink
from fotopoort.vision.models.runtime import Runtime, Session

Array = np.ndarray[Any, np.dtype[Any]]

NEAR: Final = 0.25  # of a place's longer side: how far around it a candidate is looked for again
OUT: Final = 32  # pixels of the large pass: how far a face that only this pass sees may stick out of a place


def search_again(pixels: Array, places: Array, runtime: Runtime) -> Search:
    """The candidates in `pixels` (H, W, 3) uint8 RGB that reach into `places` or stand near them, of those upright.

    A long picture, which is folded, is searched whole.

    Args:
        places: (N, 4), as x1, y1, x2, y2 in `pixels`; at least one.

    Raises:
        ModelFailed: the model gave up on this picture.
    """
    if is_long(*pixels.shape[:2]):
        return pyramid.search(pixels, runtime)
    levels = shrink(pixels)
    session = runtime.session("centerface")
    passes = [Square.of(levels, side).detect(session, 0, with_margin=True) for side in SQUARES]
    retinaface = pyramid.retinaface_passes(levels, levels, 0, runtime)
    near = _grown(places)
    seen = np.concatenate([one.boxes[one.scores > CANDIDATE] for one in (*passes, *retinaface)])
    picture, factor = pyramid.canvas(levels, LARGE)
    out = np.array([-OUT, -OUT, OUT, OUT])
    looked_for = np.concatenate([places * factor + out, seen[_touch(seen, near)] * factor])
    large_pass = _large_pass(session, picture, looked_for)
    height, width = (length * factor for length in pixels.shape[:2])
    passes.append(pyramid.to_picture(large_pass, 0, width, height, factor))
    passes += retinaface
    candidates = [candidate for candidate in pyramid.merge(passes, 0) if _touch(candidate.box[None], near).any()]
    return Search(tuple(candidates), 0, tuple(levels))


def _large_pass(session: Session, picture: Array, boxes: Array) -> Detections:
    """What the large pass sees of its canvas at these boxes (N, 4); all of it where windows would be no faster."""
    parts = windows(boxes, *picture.shape[:2])
    if parts is None:
        return centerface.read(session(picture[None]), 0, FLOOR)
    found = [_in_window(session, picture, window) for window in parts]
    return Detections(
        np.concatenate([part.boxes for part in found]),
        np.concatenate([part.scores for part in found]),
        np.concatenate([part.landmarks for part in found]),
    )


def _in_window(session: Session, picture: Array, window: Window) -> Detections:
    """The detections in a window, in the picture's pixels. What its edge may cut through may look like another face,
    and is left out."""
    rows, columns = window
    seen = centerface.read(session(picture[None, rows, columns]), 0, FLOOR)
    corner = np.array([columns.start, rows.start], float)
    moved = Detections(seen.boxes + np.tile(corner, 2), seen.scores, seen.landmarks + corner)
    return moved[are_clear(moved.boxes, window, *picture.shape[:2])]


def _grown(places: Array) -> Array:
    """Boxes (N, 4), larger by `NEAR` of their longer side in every direction."""
    by = NEAR * (places[:, 2:] - places[:, :2]).max(axis=1, initial=0.0)[:, None]
    return np.concatenate([places[:, :2] - by, places[:, 2:] + by], axis=1)


def _touch(boxes: Array, places: Array) -> Array:
    """Which of the boxes (N, 4) reach into one of the places (M, 4)."""
    return np.asarray((centerface.iou(boxes, places) > 0).any(axis=1))
