"""What the fusion knows of a candidate: features from the search, and from a second look at the candidate alone.

In the second look the candidate is cut out at several sizes, also mirrored, and judged again by CenterFace and by a
model of another kind, MediaPipe's BlazeFace. The logistic fusion in `models/fusion.json` weighs these features;
`models/fit_fusion.py` fits it with this same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fotopoort.vision.faces import centerface
from fotopoort.vision.faces.crop import cut
from fotopoort.vision.faces.pyramid import FLOOR, Candidate
from fotopoort.vision.models.runtime import Runtime

Array = np.ndarray[Any, np.dtype[Any]]

CROP = 192
BATCH = 12  # crops per call; more only takes more memory
VIEWS = ((2.6, (False, True)), (4.0, (False,)))  # for CenterFace: crop side over face size, and whether to mirror
BLAZE_VIEWS = (3.0, 2.2, 4.2)  # for BlazeFace: crop side over face size; each crop is used as it is and mirrored
SAME_FACE_IOU = 0.3  # a detection in a crop that overlaps the candidate by more is the candidate
LARGE = 45  # pixels; BlazeFace knows little of smaller faces, so they get the first of its views only
MAX_HEIGHT = 120  # pixels; the height feature stops here, as a higher face is not less of a face
BLAZE_MIN, BLAZE_MAX = -3.0, 2.0  # logits beyond these are cut off
MIN_SCORE = 0.02  # scores closer to 0 or 1 than this are cut off


def first_stage(candidate: Candidate) -> Array:
    """The features (F,) of `Fusion.first`: what the search alone says of a candidate."""
    passes = _logit(np.nan_to_num(candidate.scores))
    height = np.log(min(candidate.height, MAX_HEIGHT) / LARGE)
    return np.array([*passes, passes.max(), height, height**2])


def second_stage(candidate: Candidate, scores: Sequence[float], logit: float) -> Array:
    """The features (F,) of `Fusion.full`: everything known of a candidate.

    Args:
        scores: its row of `centerface_scores`.
        logit: its entry of `blazeface_logits`.

    The face's height enters in pixels, never relative to the photo: photos without people are often smaller, and a fit
    would learn that.
    """
    passes = _logit(np.nan_to_num(candidate.scores))
    height = np.log(min(candidate.height, MAX_HEIGHT) / LARGE)
    large = max(height, 0.0)
    blazeface = min(max(logit, BLAZE_MIN), BLAZE_MAX)
    return np.array([*passes[1:], *_logit(np.array(scores)), blazeface, height, large * blazeface])


def centerface_scores(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[list[float]]:
    """For each candidate, CenterFace's score (0 to 1) in every view of `VIEWS`, as it is and mirrored where so listed.

    Args:
        levels: the picture and its halves, as `vision.levels` makes them.

    Raises:
        ModelFailed: the model gave up on a crop.
    """
    scores: list[list[float]] = [[] for _ in candidates]
    session = runtime.session("centerface")
    for view, mirrors in VIEWS:
        for chunk in _chunks(levels, candidates, view, mirrors):
            outputs = session(np.stack([crop for _, crop in chunk]))
            for row, (number, _) in enumerate(chunk):
                detections = centerface.read(outputs, row, FLOOR)
                scores[number].append(_score_at_centre(detections, candidates[number], view))
    return scores


def blazeface_logits(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[float]:
    """For each candidate, BlazeFace's best logit in a crop, averaged over its crops. As `centerface_scores`."""
    logits: list[list[float]] = [[] for _ in candidates]
    session = runtime.session("blazeface_full_range")
    for view in BLAZE_VIEWS:
        included = [
            number for number, candidate in enumerate(candidates) if candidate.height >= LARGE or view == BLAZE_VIEWS[0]
        ]
        for chunk in _chunks(levels, [candidates[number] for number in included], view, [False, True]):
            _, scores = session(np.stack([crop for _, crop in chunk]).astype(np.float32) / 127.5 - 1)
            for (row, _), best in zip(chunk, scores.reshape(len(chunk), -1).max(axis=1), strict=True):
                logits[included[row]].append(float(best))
    return [float(np.mean(row)) for row in logits]


def _chunks(
    levels: Sequence[Array], candidates: Sequence[Candidate], view: float, mirrors: Sequence[bool]
) -> Iterator[list[tuple[int, Array]]]:
    """Crops of the candidates, each with the index of its candidate; at most `BATCH` at a time."""
    crops: list[tuple[int, Array]] = []
    for number, candidate in enumerate(candidates):
        crop, _ = cut(levels, candidate, view, CROP, 90 * candidate.turn)
        crops += [(number, crop[:, ::-1] if mirrored else crop) for mirrored in mirrors]
        if len(crops) > BATCH - len(mirrors):
            yield crops
            crops = []
    if crops:
        yield crops


def _score_at_centre(detections: centerface.Detections, candidate: Candidate, view: float) -> float:
    """The best score of those detections in a crop that are the candidate; 0 where there are none."""
    width, height = candidate.box[2:] - candidate.box[:2]
    half = np.array([height, width] if candidate.turn % 2 else [width, height]) / candidate.size * CROP / view / 2
    expected = np.concatenate([CROP / 2 - half, CROP / 2 + half])[None]
    same = centerface.iou(expected, detections.boxes)[0] > SAME_FACE_IOU
    return float(detections.scores[same].max(initial=0.0))


def _logit(scores: Array) -> Array:
    bounded = np.clip(scores, MIN_SCORE, 1 - MIN_SCORE)
    return np.asarray(np.log(bounded / (1 - bounded)))
