#!/usr/bin/env python3
"""Fit `fusion.json`: the weights that turn the features of a candidate into the probability that it is a face.

    pip install scikit-learn
    python models/fit_fusion.py ../shared/eval

Reads `faces/` and `no_faces/` with their lists from the given folder. There are few photos without people, so those are
also used at half their size and mirrored. A candidate is a face if it overlaps an annotated one as `score.py` counts
it, nothing if it overlaps none, and left out where the annotation says to ignore the place. The fit is a logistic
regression (L2, C = 0.3). The figures beside the weights are cross-validated by photo, in ten folds: the prediction for
a photo comes from a fit that did not include it in any variant.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "service"))

from fotopoort.settings import load_settings  # noqa: E402
from fotopoort.vision.faces import centerface, features, pyramid  # noqa: E402
from fotopoort.vision.faces.detector import MAX_SECOND_LOOKS, is_sure  # noqa: E402
from fotopoort.vision.faces.pyramid import Candidate  # noqa: E402
from fotopoort.vision.models.catalogue import Catalogue  # noqa: E402
from fotopoort.vision.models.runtime import Runtime  # noqa: E402

C = 0.3
NO_FACE_WEIGHT = 10.0  # there are few photos without people, and false boxes on them are what users notice
# The thresholds of `vision.faces.fusion.Fusion`, chosen on the cross-validated curve.
DROP, SURE, FACE, SMALL, SMALL_FACE = 0.1, 0.85, 0.25, 18.0, 0.3
MIN_SCORE = 0.15  # best score in the search above which a candidate is an example; the detector goes lower


@dataclass(frozen=True)
class Example:
    photo: str
    variant: str
    candidate: Candidate
    first: np.ndarray
    full: np.ndarray
    again: list[float]  # in the crops
    label: int  # 1 face, 0 nothing, -1 left out


def main(folder: Path) -> None:
    fit_all(gather(folder), folder)


def fit_all(examples: list[Example], folder: Path) -> None:
    first = np.array([e.first for e in examples])
    full = np.array([e.full for e in examples])
    label = np.array([e.label for e in examples])
    group = np.unique([e.photo for e in examples], return_inverse=True)[1]
    weight = np.array([NO_FACE_WEIGHT if e.photo.startswith("no_faces") else 1.0 for e in examples])
    by_first, by_full = (cross_validated(x, label, group, weight) for x in (first, full))
    small = np.array([e.candidate.height < SMALL for e in examples])
    doubtful = ~small & (by_first >= DROP) & (by_first < SURE)
    looked_at = doubtful & (order_of_doubt(examples, by_first, doubtful) < MAX_SECOND_LOOKS)
    probability = np.where(looked_at, by_full, by_first)
    accepted = probability >= np.where(small, SMALL_FACE, np.where(doubtful, FACE, SURE))
    accepted |= np.array([is_sure(e.candidate, max(e.again)) for e in examples])
    figures = score(folder, examples, accepted, probability)
    fitted: dict[str, Any] = {
        "what": "weights of vision/faces/fusion.py, fitted by models/fit_fusion.py",
        "cross_validated": figures | {"second_looks_per_candidate": round(float(looked_at.mean()), 3)},
        "examples": {"faces": int((label == 1).sum()), "nothing": int((label == 0).sum())},
        "first": weights(first, label, weight),
        "full": weights(full, label, weight),
        "drop": DROP,
        "sure": SURE,
        "face": FACE,
        "small": SMALL,
        "small_face": SMALL_FACE,
    }
    (ROOT / "models" / "fusion.json").write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(fitted["cross_validated"], indent=1), fitted["examples"])


def order_of_doubt(examples: list[Example], probability: np.ndarray, doubtful: np.ndarray) -> np.ndarray:
    """The place (N,) of each doubtful example among those of its picture; the most doubtful are looked at."""
    order = np.zeros(len(examples), int)
    doubt = np.abs(logit(probability) - logit(np.array(FACE)))
    pictures = np.unique([f"{e.photo} {e.variant}" for e in examples], return_inverse=True)[1]
    for picture in range(pictures.max() + 1):
        mine = np.flatnonzero((pictures == picture) & doubtful)
        order[mine[np.argsort(doubt[mine], kind="stable")]] = np.arange(len(mine))
    return order


def logit(probability: np.ndarray) -> np.ndarray:
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(bounded / (1 - bounded)))


def gather(folder: Path) -> list[Example]:
    models = load_settings().models_folder
    runtime = Runtime(Catalogue(models))
    examples = []
    for name in ("no_faces", "faces"):
        for entry in json.loads((folder / f"{name}.json").read_text()):
            picture = np.asarray(cv2.imread(str(folder / entry["file"])))[:, :, ::-1]
            for variant, pixels in variants(picture) if name == "no_faces" else [("whole", picture)]:
                found = pyramid.search(np.ascontiguousarray(pixels), runtime)
                candidates = [candidate for candidate in found.upright if np.nanmax(candidate.scores) > MIN_SCORE]
                again = features.seen_again(found.levels, candidates, runtime)
                for candidate, scores in zip(candidates, again, strict=True):
                    examples.append(
                        Example(
                            entry["file"],
                            variant,
                            candidate,
                            features.first_stage(candidate),
                            features.second_stage(candidate, scores),
                            scores,
                            label_of(candidate, entry),
                        )
                    )
    return examples


def variants(picture: np.ndarray) -> list[tuple[str, np.ndarray]]:
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return [("whole", picture), ("half", half), ("mirrored", picture[:, ::-1])]


def label_of(candidate: Candidate, entry: dict[str, Any]) -> int:
    if "faces" not in entry:
        return 0
    faces, ignored = corners(entry["faces"]), corners(entry["ignore"])
    box = candidate.box[None].astype(float)
    area = centerface.area(box)[0]
    shared = overlap(box, faces)
    if (
        (centerface.iou(box, faces)[0] >= 0.35)
        | ((shared >= 0.7 * centerface.area(faces)) & (area < 5 * centerface.area(faces)))
    ).any():
        return 1
    left_out = overlap(box, ignored)
    unsure = (shared > 0.3 * area).any() or (left_out > 0.3 * area).any()
    return -1 if unsure or (left_out > 0.5 * centerface.area(ignored)).any() or candidate.height < 10 else 0


def corners(boxes: list[list[float]]) -> np.ndarray:
    """[x, y, w, h] as (N, 4) x1, y1, x2, y2."""
    b = np.array(boxes, dtype=float).reshape(-1, 4)
    return np.concatenate([b[:, :2], b[:, :2] + b[:, 2:]], axis=1)


def overlap(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    corner = np.minimum(box[:, 2:], others[:, 2:]) - np.maximum(box[:, :2], others[:, :2])
    return np.asarray(np.clip(corner, 0, None).prod(axis=1))


def cross_validated(x: np.ndarray, label: np.ndarray, group: np.ndarray, weight: np.ndarray) -> np.ndarray:
    probability = np.zeros(len(label))
    for train, test in GroupKFold(10, shuffle=True, random_state=3).split(x, label, group):
        train = train[label[train] >= 0]
        probability[test] = fit(x[train], label[train], weight[train]).predict_proba(x[test])[:, 1]
    return probability


def fit(x: np.ndarray, label: np.ndarray, weight: np.ndarray) -> Any:  # noqa: ANN401 - a scikit-learn pipeline
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=3000))
    return model.fit(x, label, logisticregression__sample_weight=weight)


def weights(x: np.ndarray, label: np.ndarray, weight: np.ndarray) -> dict[str, Any]:
    """The fit on everything, as weights of the raw features."""
    scaler, model = fit(x[label >= 0], label[label >= 0], weight[label >= 0]).named_steps.values()
    raw = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - raw @ scaler.mean_)
    return {"weights": [round(float(w), 5) for w in raw], "intercept": round(intercept, 5)}


def score(folder: Path, examples: list[Example], accepted: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    sys.path.insert(0, str(folder))
    import score as scorer

    found: dict[str, dict[str, Any]] = {}
    for name in ("faces", "no_faces"):
        for entry in json.loads((folder / f"{name}.json").read_text()):
            file = entry["file"]
            chosen = [k for k, e in enumerate(examples) if accepted[k] and e.photo == file and e.variant == "whole"]
            boxes = np.array([examples[k].candidate.box for k in chosen]).reshape(-1, 4)
            best: Any = centerface.suppress(boxes, probability[chosen], 0.5) if chosen else []
            found[Path(file).name] = {
                "faces": [{"box": [x1, y1, x2 - x1, y2 - y1]} for x1, y1, x2, y2 in boxes[best].tolist()]
            }
    faces, none = scorer.score_faces(found, folder), scorer.score_none(found, folder)
    return {
        "clear": faces["clear"],
        "extra_per_photo": faces["extra_per_photo"],
        "false_per_photo": {kind: row["false_per_photo"] for kind, row in none.items()},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
