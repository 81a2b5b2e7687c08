"""Where could there be a face? CenterFace over the whole photo at several sizes and turned all four ways.

One size does not see every face: those that fill the frame are found when the photo is small, those at the back of a
class when it is large. Small passes look all four ways up, which tells how the photo lies and finds children who
hang upside down; the large pass looks only the way the photo lies. That way it is looked at with black beside it, which
takes longer and finds more (0.982 of the clear faces; 0.978 without). Candidates are many and doubtful on purpose:
telling faces from teapots is the second look's work (`evidence.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np

from fotopoort.vision import centerface
from fotopoort.vision.centerface import MULTIPLE, Detections
from fotopoort.vision.levels import enough, shrink
from fotopoort.vision.models.runtime import Runtime, Session

Array = np.ndarray[Any, np.dtype[Any]]

SQUARES = (160, 320, 480)  # side in pixels; these look all four ways
TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}  # in quarters
LARGE = (960, 1280)  # short and long side; this one looks the way the photo lies: two in its place found no more
PASSES = len(SQUARES) + 1
FINE = 1000  # pixels: a canvas from this size on is filled by interpolating
FLOOR = 0.05  # below this a peak is noise
CANDIDATE = (
    0.12  # from here it deserves a second look: finds 0.99 of the clear faces, among 25 boxes on nothing a photo
)
SAME = 0.4  # IoU from which two boxes are one face
VOTE = 0.25  # scores from here count for how the photo lies
TURN_MIN = 1.0  # and no less than this: two plain faces, or one in two sizes
TURN_MARGIN = 1.15  # a photo is taken to lie turned only when that way scores so much more than upright


@dataclass(frozen=True, slots=True)
class Candidate:
    """Perhaps a face. Coordinates are in pixels of the picture that was given to `search`.

    `turn`: how many quarter turns counter-clockwise put this face upright. `scores`: best score in each pass, smallest
    pass first; 0 where a pass did not see it, NaN where it did not look this way.
    """

    box: Array  # (4,) x1, y1, x2, y2
    landmarks: Array  # (5, 2)
    turn: int
    scores: Array  # (PASSES,)

    @property
    def size(self) -> float:
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))

    @property
    def height(self) -> float:
        """Along the face, from forehead to chin, in pixels."""
        across = self.box[2] - self.box[0] if self.turn % 2 else self.box[3] - self.box[1]
        return float(across)


@dataclass(frozen=True, slots=True)
class Search:
    candidates: tuple[Candidate, ...]
    lies: int  # quarter turns counter-clockwise that put the whole photo upright
    levels: tuple[Array, ...]  # the picture and its halves, see `levels.shrink`

    @property
    def upright(self) -> list[Candidate]:
        """The candidates that lie as the photo does."""
        return [candidate for candidate in self.candidates if candidate.turn == self.lies]


def search(pixels: Array, runtime: Runtime) -> Search:
    """All candidates in `pixels` (H, W, 3) uint8 RGB."""
    levels = shrink(pixels)
    session = runtime.session("centerface")
    squares = [_Square.of(levels, side) for side in SQUARES]
    seen = [[square.look(session, turn, with_margin=turn == 0) for square in squares] for turn in range(4)]
    votes = [_votes(passes) for passes in seen]
    lies, turned, least = 0, int(np.argmax(votes)), max(TURN_MARGIN * votes[0], TURN_MIN)
    if votes[turned] > least:
        seen[turned] = [square.look(session, turned, with_margin=True) for square in squares]
        if _votes(seen[turned]) > least:
            lies = turned
    upright_levels = levels if lies == 0 else [cv2.rotate(level, TURNS[lies]) for level in levels]
    portrait = upright_levels[0].shape[0] > upright_levels[0].shape[1]
    high, wide = reversed(LARGE) if portrait else LARGE
    picture, factor = letterbox(upright_levels, high, wide)
    found = centerface.read(session(picture[None]), 0, FLOOR)
    height, width = (length * factor for length in pixels.shape[:2])
    seen[lies].append(_place(found, lies, width, height, factor))
    candidates = [candidate for turn in range(4) for candidate in _merge(seen[turn], turn)]
    return Search(tuple(candidates), lies, tuple(levels))


@dataclass(frozen=True, slots=True)
class _Square:
    """The picture in a black square. `tight`: as much of it as holds the picture, in multiples of 32 pixels."""

    canvas: Array
    tight: Array
    factor: float

    @classmethod
    def of(cls, levels: list[Array], side: int) -> Self:
        canvas, factor = letterbox(levels, side, side)
        height, width = (math.ceil(length * factor / MULTIPLE) * MULTIPLE for length in levels[0].shape[:2])
        return cls(canvas, canvas[:height, :width], factor)

    def look(self, session: Session, turn: int, *, with_margin: bool) -> Detections:
        picture = self.canvas if with_margin else self.tight
        height, width = picture.shape[:2]
        turned = cv2.rotate(picture, TURNS[turn]) if turn else picture
        return _place(centerface.read(session(turned[None]), 0, FLOOR), turn, width, height, self.factor)


def letterbox(levels: list[Array], height: int, width: int) -> tuple[Array, float]:
    """The picture fitted into the top left of a black (height, width, 3) canvas, and the factor it was scaled by."""
    full_height, full_width = levels[0].shape[:2]
    factor = min(height / full_height, width / full_width)
    size = (min(width, max(1, round(full_width * factor))), min(height, max(1, round(full_height * factor))))
    source = enough(levels, *size)
    canvas = np.zeros((height, width, 3), np.uint8)
    # The source is less than twice as large: for a large canvas, interpolating is ten times faster and skips no pixel.
    averages = source.shape[1] > size[0] and max(height, width) < FINE
    canvas[: size[1], : size[0]] = cv2.resize(
        source, size, interpolation=cv2.INTER_AREA if averages else cv2.INTER_LINEAR
    )
    return canvas, factor


def unturn(points: Array, turn: int, width: float, height: float) -> Array:
    """Points (…, 2) seen in a picture turned by `turn` quarters counter-clockwise, in the unturned picture's frame.

    `width` and `height` are those of the unturned picture.
    """
    x, y = points[..., 0], points[..., 1]
    places = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
    return np.stack(places[turn], axis=-1)


def _place(found: Detections, turn: int, width: float, height: float, factor: float) -> Detections:
    corners = unturn(found.boxes.reshape(-1, 2, 2), turn, width, height)
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return Detections(boxes / factor, found.scores, unturn(found.landmarks, turn, width, height) / factor)


def _votes(passes: list[Detections]) -> float:
    """How much speaks for it that a photo lies the way in which this was seen."""
    return sum(float(found.scores[found.scores > VOTE].sum()) for found in passes)


def _merge(passes: list[Detections], turn: int) -> list[Candidate]:
    boxes = np.concatenate([found.boxes for found in passes])
    scores = np.concatenate([found.scores for found in passes])
    landmarks = np.concatenate([found.landmarks for found in passes])
    strong = scores > CANDIDATE
    boxes, landmarks = boxes[strong], landmarks[strong]
    kept = centerface.suppress(boxes, scores[strong], SAME)
    per_pass = np.full((len(kept), PASSES), np.nan)
    for number, found in enumerate(passes):
        same = centerface.iou(boxes[kept], found.boxes) > SAME
        per_pass[:, number] = np.where(same, found.scores[None], 0.0).max(axis=1, initial=0.0)
    return [Candidate(boxes[k], landmarks[k], turn, row) for k, row in zip(kept, per_pass, strict=True)]
