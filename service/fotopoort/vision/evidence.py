"""The second look: what speaks for and against a candidate being a face.

Each candidate is cut out and looked at again, closer and from wider off, mirrored, and by an unlike model, MediaPipe's
BlazeFace. The logistic fusion in `models/fusion.json` weighs all of it; `models/fit_fusion.py` fits it with this very
code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fotopoort.vision import centerface
from fotopoort.vision.crop import cut
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.pyramid import FLOOR, Candidate

Array = np.ndarray[Any, np.dtype[Any]]

CROP = 192
BATCH = 12  # crops per call: more would only take more memory
VIEWS = ((2.6, (False, True)), (4.0, (False,)))  # crop side over face size; mirrored?
BLAZE_VIEWS = (3.0, 2.2, 4.2)  # the same for BlazeFace, which sees each crop as it is and mirrored
SAME = 0.3  # IoU from which a detection in a crop is the candidate
LARGE = 45  # pixels; of smaller faces BlazeFace knows little: the first of its views is enough
TALL = 120  # pixels; a face that is higher is not less of one
BLAZE_MIN, BLAZE_MAX = -3.0, 2.0  # logits beyond these say no more than these
CLAMP = 0.02  # scores nearer to 0 or 1 than this say no more than this


def first_features(candidate: Candidate) -> Array:
    """What the search alone says, as the fusion's first stage takes it."""
    passes = _logit(np.nan_to_num(candidate.scores))
    height = np.log(min(candidate.height, TALL) / LARGE)
    return np.array([*passes, passes.max(), height, height**2])


def features(candidate: Candidate, scores: Sequence[float], logit: float) -> Array:
    """Everything known of a candidate, as the fusion's second stage takes it.

    Args:
        scores: what `views` says of it.
        logit: what `blaze` says of it.

    The face's height enters in pixels, never relative to the photo: photos without people are often smaller, and a fit
    would learn that.
    """
    passes = _logit(np.nan_to_num(candidate.scores))
    height = np.log(min(candidate.height, TALL) / LARGE)
    large = max(height, 0.0)
    known = min(max(logit, BLAZE_MIN), BLAZE_MAX)
    return np.array([*passes[1:], *_logit(np.array(scores)), known, height, large * known])


def views(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[list[float]]:
    """CenterFace's score of each candidate in each of VIEWS, each way round in turn, 0 to 1.

    `levels`: the picture and its halves, as `vision.levels` makes them.
    """
    scores: list[list[float]] = [[] for _ in candidates]
    session = runtime.session("centerface")
    for view, mirrors in VIEWS:
        for chunk in _chunks(levels, candidates, view, mirrors):
            outputs = session(np.stack([crop for _, crop in chunk]))
            for place, (number, _) in enumerate(chunk):
                found = centerface.read(outputs, place, FLOOR)
                scores[number].append(_score_at_centre(found, candidates[number], view))
    return scores


def blaze(levels: Sequence[Array], candidates: Sequence[Candidate], runtime: Runtime) -> list[float]:
    """BlazeFace's best logit for each candidate, mean over its crops. `levels` as for `views`."""
    logits: list[list[float]] = [[] for _ in candidates]
    session = runtime.session("blazeface_full_range")
    for view in BLAZE_VIEWS:
        large = [number for number, one in enumerate(candidates) if one.height >= LARGE or view == BLAZE_VIEWS[0]]
        for chunk in _chunks(levels, [candidates[number] for number in large], view, [False, True]):
            _, scores = session(np.stack([crop for _, crop in chunk]).astype(np.float32) / 127.5 - 1)
            for (place, _), best in zip(chunk, scores.reshape(len(chunk), -1).max(axis=1), strict=True):
                logits[large[place]].append(float(best))
    return [float(np.mean(row)) for row in logits]


def _chunks(
    levels: Sequence[Array], candidates: Sequence[Candidate], view: float, mirrors: Sequence[bool]
) -> Iterator[list[tuple[int, Array]]]:
    """Crops of the candidates, each with the number of its candidate; at most BATCH at a time."""
    crops: list[tuple[int, Array]] = []
    for number, candidate in enumerate(candidates):
        crop, _ = cut(levels, candidate, view, CROP, 90 * candidate.turn)
        crops += [(number, crop[:, ::-1] if mirrored else crop) for mirrored in mirrors]
        if len(crops) > BATCH - len(mirrors):
            yield crops
            crops = []
    if crops:
        yield crops


def _score_at_centre(found: centerface.Detections, candidate: Candidate, view: float) -> float:
    """The best score of a detection that is the candidate in its crop."""
    width, height = candidate.box[2:] - candidate.box[:2]
    half = np.array([height, width] if candidate.turn % 2 else [width, height]) / candidate.size * CROP / view / 2
    expected = np.concatenate([CROP / 2 - half, CROP / 2 + half])[None]
    same = centerface.iou(expected, found.boxes)[0] > SAME
    return float(found.scores[same].max(initial=0.0))


def _logit(scores: Array) -> Array:
    bounded = np.clip(scores, CLAMP, 1 - CLAMP)
    return np.asarray(np.log(bounded / (1 - bounded)))
