"""The search: candidates for faces, from two models over the whole photo at several sizes and in four orientations.

No single size shows every face: one that fills the frame is found when the photo is small, one at the back of a class
when it is large. CenterFace's small passes run in all four orientations, which tells how the photo lies and finds
children who hang upside down; where upright faces are plain, the turned photo is looked at only in its smallest sizes.
CenterFace's large pass runs only in the orientation in which the photo lies, and so does RetinaFace, a second opinion:
its small pass always, its large one where something is in doubt. In that orientation the passes include the black
margin of the letterbox, which takes longer and finds more (0.982 of the clear faces; 0.978 without it). A long picture
is looked at folded (`fold`). The search returns many doubtful candidates on purpose: the second look (`features`) tells
faces from teapots.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np

from fotopoort.vision.faces import centerface, retinaface
from fotopoort.vision.faces.centerface import MULTIPLE, Detections
from fotopoort.vision.faces.fold import Fold, is_long
from fotopoort.vision.levels import enough, shrink
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.models.session import ModelSession

Array = np.ndarray[Any, np.dtype[Any]]

SQUARES = (160, 320, 480)  # side in pixels; these passes run in all four orientations
TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}  # in quarters
LARGE = (960, 1280)  # short and long side of the large pass; two passes in its place found no more
RETINAFACE_SMALL, RETINAFACE_LARGE = (256, 320), (768, 1024)  # short and long side of RetinaFace's passes
CENTERFACE_PASSES = len(SQUARES) + 1
PASSES = CENTERFACE_PASSES + 2
FINE = 1000  # pixels; a canvas of at least this size is filled by interpolation
FLOOR = 0.05  # peaks up to this score are noise
# Above this score a peak becomes a candidate: 0.99 of the clear faces do, with 25 boxes per photo that are on no face.
CANDIDATE = 0.12
RETINAFACE_CANDIDATE = 0.15  # as CANDIDATE, for what RetinaFace alone sees
SAME_FACE_IOU = 0.4  # above it two boxes are one face
VOTE = 0.25  # scores above this count in deciding which way up the photo is
# A photo counts as turned only if that orientation scores more than TURN_MARGIN times the upright one, and more than
# TURN_MIN: two clear faces, or one clear face at two sizes.
TURN_MIN = 1.0
TURN_MARGIN = 1.15
# A photo is plainly upright where upright faces score CLEAR_MIN or more, and those of any other orientation at most
# CLEAR_SHARE of that, in the passes that always run. Of 129 photos with faces 0.79 are, and none of 87 turned ones is;
# only one face on its side was then missed, which the other passes see.
CLEAR_MIN, CLEAR_SHARE = 1.5, 0.35
ALWAYS = 2  # this many of the square passes run in every orientation
# Best scores by CenterFace between which a candidate is in doubt. RetinaFace's large pass takes a fifth of the search
# and finds one or two faces in a thousand that nothing else does, all in photos in which something was in doubt. It
# runs on 65 of 100 photos with faces; from 0.2 on it would on 80, and find the same.
DOUBT = (0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Perhaps a face. Coordinates are in pixels of the picture that was given to `search`."""

    box: Array  # (4,) x1, y1, x2, y2
    landmarks: Array  # (5, 2)
    turn: int  # how many quarter turns counter-clockwise put this face upright
    # (PASSES,) best score in each pass, CenterFace's before RetinaFace's, smallest first; 0 where a pass did not see
    # it, NaN where it did not run, at all or in this orientation.
    scores: Array

    @property
    def best(self) -> float:
        """The best score in any pass."""
        return float(np.nanmax(self.scores))

    @property
    def best_by_centerface(self) -> float:
        return float(np.nanmax(self.scores[:CENTERFACE_PASSES]))

    @property
    def size(self) -> float:
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))

    @property
    def height(self) -> float:
        """In pixels, along the face: from forehead to chin."""
        height = self.box[2] - self.box[0] if self.turn % 2 else self.box[3] - self.box[1]
        return float(height)


@dataclass(frozen=True, slots=True)
class Search:
    """What the search found in one picture."""

    candidates: tuple[Candidate, ...]
    lies: int  # quarter turns counter-clockwise that put the whole photo upright
    levels: tuple[Array, ...]  # the picture and its halves, see `levels.shrink`

    @property
    def upright(self) -> list[Candidate]:
        """The candidates that lie as the photo does."""
        return [candidate for candidate in self.candidates if candidate.turn == self.lies]


def search(pixels: Array, runtime: Runtime) -> Search:
    """All candidates in `pixels` (H, W, 3) uint8 RGB.

    Raises:
        ModelFailed: the model gave up on this picture.
    """
    levels = shrink(pixels)
    folding = _Folding.of(levels) if is_long(*pixels.shape[:2]) else None
    seen = list(folding.levels) if folding else levels
    session = runtime.session("centerface")
    squares = [Square.of(seen, side) for side in SQUARES]
    detections = [[square.detect(session, 0, with_margin=True) for square in squares]]
    detections += [[square.detect(session, turn) for square in squares[:ALWAYS]] for turn in (1, 2, 3)]
    lies = 0
    if not _plainly_upright(detections):
        for turn in (1, 2, 3):
            detections[turn] += [square.detect(session, turn) for square in squares[ALWAYS:]]
        votes = [_votes(passes) for passes in detections]
        turned, min_votes = int(np.argmax(votes)), max(TURN_MARGIN * votes[0], TURN_MIN)
        if votes[turned] > min_votes:
            detections[turned] = [square.detect(session, turned, with_margin=True) for square in squares]
            if _votes(detections[turned]) > min_votes:
                lies = turned
    upright = seen if lies == 0 else [cv2.rotate(level, TURNS[lies]) for level in seen]
    picture, factor = canvas(upright, LARGE)
    large_pass = centerface.read(session(picture[None]), 0, FLOOR)
    detections[lies] += [
        _unturned(large_pass, seen, lies, factor),
        by_retinaface(seen, upright, lies, RETINAFACE_SMALL, runtime),
    ]
    if _in_doubt(merge(detections[lies], lies)):
        detections[lies].append(by_retinaface(seen, upright, lies, RETINAFACE_LARGE, runtime))
    if folding:
        detections = [[folding.to_picture(found) for found in passes] for passes in detections]
    candidates = [candidate for turn in range(4) for candidate in merge(detections[turn], turn)]
    return Search(tuple(candidates), lies, tuple(levels))


def _plainly_upright(detections: list[list[Detections]]) -> bool:
    """Whether the photo is plainly upright by the passes (4, …) so far, see `CLEAR_MIN`."""
    others = max(_votes(passes[:ALWAYS]) for passes in detections[1:])
    upright = _votes(detections[0])
    return upright >= CLEAR_MIN and others <= CLEAR_SHARE * upright


def _in_doubt(upright: list[Candidate]) -> bool:
    """Whether it is doubtful of any of these that it is a face, or no face is certain."""
    best = [candidate.best_by_centerface for candidate in upright]
    least, certain = DOUBT
    return max(best, default=0.0) < certain or any(least <= score < certain for score in best)


def by_retinaface(
    levels: list[Array], upright: list[Array], lies: int, sides: tuple[int, int], runtime: Runtime
) -> Detections:
    """What RetinaFace sees of a picture in a pass with these short and long sides.

    Args:
        upright: the levels, turned as `lies` says.
    """
    picture, factor = canvas(upright, sides)
    high, wide = picture.shape[:2]
    seen = retinaface.read(runtime.session("retinaface")(picture[None]), 0, high, wide, FLOOR)
    return _unturned(seen, levels, lies, factor)


def canvas(upright: list[Array], sides: tuple[int, int]) -> tuple[Array, float]:
    """What a pass with these short and long sides sees of an upright picture, and the factor it was scaled by."""
    portrait = upright[0].shape[0] > upright[0].shape[1]
    high, wide = reversed(sides) if portrait else sides
    return letterbox(upright, high, wide)


def _unturned(seen: Detections, levels: list[Array], lies: int, factor: float) -> Detections:
    height, width = (length * factor for length in levels[0].shape[:2])
    return to_picture(seen, lies, width, height, factor)


@dataclass(frozen=True, slots=True)
class _Folding:
    """A long picture, folded."""

    fold: Fold
    levels: tuple[Array, ...]  # the folded picture and its halves
    factor: float  # by which the picture was scaled before it was folded

    @classmethod
    def of(cls, levels: Sequence[Array]) -> Self:
        """From the smallest level that fills the large pass."""
        folds = [Fold.of(*level.shape[:2]) for level in levels]
        level, fold = next(
            (pair for pair in zip(reversed(levels), reversed(folds), strict=True) if pair[1].longer_side >= LARGE[1]),
            (levels[0], folds[0]),
        )
        return cls(fold, tuple(shrink(fold.folded(level))), max(level.shape[:2]) / max(levels[0].shape[:2]))

    def to_picture(self, found: Detections) -> Detections:
        """Map detections in the folded picture back to the picture."""
        unfolded = self.fold.unfolded(found)
        return Detections(unfolded.boxes / self.factor, unfolded.scores, unfolded.landmarks / self.factor)


@dataclass(frozen=True, slots=True)
class Square:
    """The picture in a black square."""

    canvas: Array
    tight: Array  # the part of the canvas that holds the picture, in multiples of 32 pixels
    factor: float  # by which the picture was scaled

    @classmethod
    def of(cls, levels: list[Array], side: int) -> Self:
        canvas, factor = letterbox(levels, side, side)
        height, width = (math.ceil(length * factor / MULTIPLE) * MULTIPLE for length in levels[0].shape[:2])
        return cls(canvas, canvas[:height, :width], factor)

    def detect(self, session: ModelSession, turn: int, *, with_margin: bool = False) -> Detections:
        picture = self.canvas if with_margin else self.tight
        height, width = picture.shape[:2]
        turned = cv2.rotate(picture, TURNS[turn]) if turn else picture
        return to_picture(centerface.read(session(turned[None]), 0, FLOOR), turn, width, height, self.factor)


def letterbox(levels: list[Array], height: int, width: int) -> tuple[Array, float]:
    """The picture fitted into the top left of a black (height, width, 3) canvas, and the factor it was scaled by."""
    full_height, full_width = levels[0].shape[:2]
    factor = min(height / full_height, width / full_width)
    size = (min(width, max(1, round(full_width * factor))), min(height, max(1, round(full_height * factor))))
    source = enough(levels, *size)
    canvas = np.zeros((height, width, 3), np.uint8)
    # The source is less than twice as large, so interpolation skips no pixel; on a large canvas it is ten times faster.
    averages = source.shape[1] > size[0] and max(height, width) < FINE
    canvas[: size[1], : size[0]] = cv2.resize(
        source, size, interpolation=cv2.INTER_AREA if averages else cv2.INTER_LINEAR
    )
    return canvas, factor


def unturn(points: Array, turn: int, width: float, height: float) -> Array:
    """Map points (…, 2) from a picture turned by `turn` quarters counter-clockwise back to the picture before turning.

    `width` and `height` are those of the picture before turning.
    """
    x, y = points[..., 0], points[..., 1]
    unturned = {0: (x, y), 1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
    return np.stack(unturned[turn], axis=-1)


def to_picture(detections: Detections, turn: int, width: float, height: float, factor: float) -> Detections:
    """Map detections in a turned canvas back to the picture, before turning and scaling."""
    corners = unturn(detections.boxes.reshape(-1, 2, 2), turn, width, height)
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    landmarks = unturn(detections.landmarks, turn, width, height)
    return Detections(boxes / factor, detections.scores, landmarks / factor)


def _votes(passes: list[Detections]) -> float:
    """How much these passes, all in one orientation, speak for it that the photo lies that way."""
    return sum(float(detections.scores[detections.scores > VOTE].sum()) for detections in passes)


def merge(passes: list[Detections], turn: int) -> list[Candidate]:
    """The candidates of all passes in one orientation, one for each face: its box is CenterFace's where that saw it."""
    boxes = np.concatenate([detections.boxes for detections in passes])
    landmarks = np.concatenate([detections.landmarks for detections in passes])
    scores = np.concatenate([detections.scores for detections in passes])
    by_centerface = np.repeat(np.arange(len(passes)) < CENTERFACE_PASSES, [len(detections) for detections in passes])
    strong = scores > np.where(by_centerface, CANDIDATE, RETINAFACE_CANDIDATE)
    boxes, landmarks = boxes[strong], landmarks[strong]
    best = centerface.suppress(boxes, (scores + by_centerface)[strong], SAME_FACE_IOU)
    per_pass = np.full((len(best), PASSES), np.nan)
    for number, detections in enumerate(passes):
        same = centerface.iou(boxes[best], detections.boxes) > SAME_FACE_IOU
        per_pass[:, number] = np.where(same, detections.scores[None], 0.0).max(axis=1, initial=0.0)
    return [Candidate(boxes[k], landmarks[k], turn, row) for k, row in zip(best, per_pass, strict=True)]
