"""The search in a picture of which a few places have changed since it was searched: in and near those alone.

The small passes see the whole picture, as in `pyramid.search`; they take a tenth of its time. The large ones, of
CenterFace and of RetinaFace, see windows: around each place, and around whatever the small passes saw that reaches into
one, however large it is. So a candidate at a place has the scores that the whole search gives it, within what a
window's edge changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np

from fotopoort.vision.faces import centerface, pyramid, retinaface
from fotopoort.vision.faces.centerface import Detections
from fotopoort.vision.faces.fold import is_long
from fotopoort.vision.faces.pyramid import (
    CANDIDATE,
    FLOOR,
    LARGE,
    RETINAFACE_LARGE,
    RETINAFACE_SMALL,
    SQUARES,
    Search,
    Square,
)
from fotopoort.vision.faces.windows import Window, are_clear, windows
from fotopoort.vision.levels import shrink
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession

Array = np.ndarray[Any, np.dtype[Any]]
Pass: TypeAlias = Callable[[Array], Detections]  # what a model sees in a picture (H, W, 3)

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
    small = [Square.of(levels, side).detect(session, 0, with_margin=True) for side in SQUARES]
    small_retinaface = pyramid.by_retinaface(levels, levels, 0, RETINAFACE_SMALL, runtime)
    near = _grown(places)
    seen = np.concatenate([found.boxes[found.scores > CANDIDATE] for found in (*small, small_retinaface)])
    seen = seen[_touch(seen, near)]
    large = _large_pass(partial(_by_centerface, session), levels, LARGE, places, seen)
    by_retinaface = partial(_by_retinaface, runtime.session("retinaface"))
    large_retinaface = _large_pass(by_retinaface, levels, RETINAFACE_LARGE, places, seen)
    passes = [*small, large, small_retinaface, large_retinaface]
    candidates = [candidate for candidate in pyramid.merge(passes, 0) if _touch(candidate.box[None], near).any()]
    return Search(tuple(candidates), 0, tuple(levels))


def _by_centerface(session: ModelSession, picture: Array) -> Detections:
    return centerface.read(session(picture[None]), 0, FLOOR)


def _by_retinaface(session: ModelSession, picture: Array) -> Detections:
    height, width = picture.shape[:2]
    return retinaface.read(session(picture[None]), 0, height, width, FLOOR)


def _large_pass(see: Pass, levels: list[Array], sides: tuple[int, int], places: Array, seen: Array) -> Detections:
    """What a pass with these short and long sides sees at the places and at what was seen there, all (N, 4) in pixels
    of the picture; all that it sees, where windows would be no faster."""
    picture, factor = pyramid.canvas(levels, sides)
    out = np.array([-OUT, -OUT, OUT, OUT])
    parts = windows(np.concatenate([places * factor + out, seen * factor]), *picture.shape[:2])
    found = [see(picture)] if parts is None else [_in_window(see, picture, window) for window in parts]
    return Detections(
        np.concatenate([part.boxes for part in found]) / factor,
        np.concatenate([part.scores for part in found]),
        np.concatenate([part.landmarks for part in found]) / factor,
    )


def _in_window(see: Pass, picture: Array, window: Window) -> Detections:
    """The detections in a window, in the picture's pixels. What its edge may cut through may look like another face,
    and is left out."""
    rows, columns = window
    seen = see(picture[rows, columns])
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
