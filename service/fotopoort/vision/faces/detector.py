"""Finding the faces of one photo: search, second look, fusion, pose."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fotopoort.resources import resource
from fotopoort.vision.faces import centerface, features, pose, pyramid
from fotopoort.vision.faces.again import search_again
from fotopoort.vision.faces.fusion import Fusion
from fotopoort.vision.faces.pyramid import CENTERFACE_PASSES, Candidate, Search
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.reading_order import reading_order
from fotopoort.vocabulary import Box, Face

Array = np.ndarray[Any, np.dtype[Any]]

MODELS = ("centerface", "retinaface", "face_landmark")

# IoU above which two accepted boxes are one face. Of 1,420 annotated faces, two pairs overlap by more. With 0.5 and the
# best box alone, 290 of 1,684 boxes on those photos were a second one on some face; now 9 are, and no face is lost.
SAME_FACE_IOU = 0.25

# This many candidates of one photo get a second look: those about which the search is least sure. The search decides
# about the others: what looks like a face in a crowd mostly is one. With at most 131, 48, 24 and 12 second looks,
# the same faces were found on 129 photos, with 0.61, 0.62, 0.66 and 0.75 boxes on nothing annotated (an earlier fit).
MAX_SECOND_LOOKS = 12

# Faces that do not lie as the photo does: the IoU up to which one is not a face found already, the lowest best score in
# the search, and the lowest mean score in the second look. `MAX_TURNED` get a second look, those with the best scores;
# of the others, a score of TURNED_SURE is enough.
TURNED_MAX_IOU, TURNED_MIN_SCORE, TURNED_MIN_MEAN, TURNED_SURE, MAX_TURNED = 0.2, 0.35, 0.5, 0.6, 8

# From this height in pixels on, a face fills the frame: a crop shows no more of it than the photo did, and the large
# passes miss it. A score of FRAME_FILLING_SCORE in one of CenterFace's two smallest passes, or of FRAME_FILLING_SURE in
# RetinaFace's smallest, is then enough. Every other candidate of that height gets a second look, in which
# FRAME_FILLING_PROBABILITY is enough. Where nobody at all is found, a score of FRAME_FILLING_LAST in any pass is.
FRAME_FILLING_HEIGHT, FRAME_FILLING_SCORE, FRAME_FILLING_SURE, FRAME_FILLING_PROBABILITY = 400, 0.65, 0.9, 0.1
FRAME_FILLING_LAST = 0.35

# Where RetinaFace's large pass scores so much, and the better of its two crops so much, there is a face whatever
# CenterFace says. On 129 photos that adds one of 720 clear faces, nine others, and two boxes on nothing that is
# annotated. As one more weight its score did no good.
SURE_AT_ONCE_AND_AGAIN = ((0.9, 0.3), (0.7, 0.6))

EXPECTED_FACE_IOU = 0.5  # from here on a box is on a face that the caller expects
STATED_IOU = 0.15  # from here on a candidate is in a box that a program or person drew around a face, mostly a head
MIN_POSE_HEIGHT = 20  # pixels; of smaller faces the mesh's angles are noise


@dataclass(frozen=True, slots=True)
class _Scored:
    candidate: Candidate
    probability: float  # that it is a face


class FaceDetector:
    """The real `FaceFinder`: CenterFace and RetinaFace, combined by a fitted fusion, and MediaPipe's face mesh.

    Attributes:
        fingerprint: changes when any model or fitted weight does.
        precision: the type the models calculate in, "bf16" or "f32".
    """

    def __init__(self, runtime: Runtime, fusion: Fusion, fingerprint: str) -> None:
        self._runtime = runtime
        self._fusion = fusion
        self.fingerprint = fingerprint
        self.precision = runtime.precision

    @classmethod
    def load(cls, catalogue: Catalogue, *, threads: int | None = None, precision: str = "auto") -> FaceDetector:
        """Do what `load_into` does, into a runtime of its own. The options are those of `Runtime`."""
        return cls.load_into(Runtime(catalogue, threads=threads, precision=precision), catalogue)

    @classmethod
    def load_into(cls, runtime: Runtime, catalogue: Catalogue) -> FaceDetector:
        """Read and check every model.

        Raises:
            ModelMissing, ModelCorrupt: a model is not here, or is not the one the manifest names.
            ModelFailed: a model cannot be loaded.
        """
        weights = resource("models/fusion.json")
        with ThreadPoolExecutor() as pool:
            list(pool.map(runtime.session, MODELS))
        digest = hashlib.sha256(catalogue.fingerprint().encode() + weights.read_bytes()).hexdigest()
        return cls(runtime, Fusion.load(weights), digest[:16])

    def find(
        self, pixels: Array, scale: float = 1.0, expected: Sequence[Box] = (), stated: Sequence[Box] = ()
    ) -> tuple[Face, ...]:
        """The faces in upright RGB `pixels` (H, W, 3) uint8, in reading order.

        Args:
            scale: size of `pixels` over that of the full-size photo; boxes and landmarks are divided by it.
            expected: boxes of faces, in pixels of the full-size photo, that need not be found again.
            stated: boxes in pixels of the full-size photo in each of which somebody says that there is a face: the best
                candidate there is one, whatever its score.

        Raises:
            ModelFailed: a model gave up on this picture.
        """
        return self._found(pyramid.search(pixels, self._runtime), scale, expected, stated)

    def find_again(
        self, pixels: Array, scale: float, places: Sequence[Box], expected: Sequence[Box]
    ) -> tuple[Face, ...]:
        """The upright faces in and near `places`: what `find` finds there, faster. See `again.search_again`.

        Where the photo has more faces than get a second look, none takes away what the search finds likely: `find` may
        have had no look left for it.

        Args:
            places: in pixels of the full-size photo; at least one. The other arguments are those of `find`.

        Raises:
            ModelFailed: a model gave up on this picture.
        """
        crowd = len(places) + len(expected) > MAX_SECOND_LOOKS
        search = search_again(pixels, np.array([box.corners for box in places]) * scale, self._runtime)
        return self._found(search, scale, expected, (), crowd=crowd)

    def _found(
        self, search: Search, scale: float, expected: Sequence[Box], stated: Sequence[Box], *, crowd: bool = False
    ) -> tuple[Face, ...]:
        """The faces among the candidates. `crowd`: see `find_again`; the other arguments are those of `find`."""
        if expected:
            boxes = np.array([box.corners for box in expected]) * scale
            unexpected = [
                candidate
                for candidate in search.candidates
                if centerface.iou(candidate.box[None], boxes).max() < EXPECTED_FACE_IOU
            ]
            search = replace(search, candidates=tuple(unexpected))
        scored = self._classify(search, crowd=crowd)
        scored += _in_stated_boxes(search, scored, np.array([box.corners for box in stated]).reshape(-1, 4) * scale)
        accepted = [face.candidate for face in scored]
        meshes = pose.meshes(search.levels, accepted, self._runtime)
        order = reading_order(np.array([candidate.box for candidate in accepted]).reshape(-1, 4))
        return tuple(_face(f"f{number}", scored[k], meshes[k], scale) for number, k in enumerate(order, start=1))

    def _classify(self, search: Search, *, crowd: bool = False) -> list[_Scored]:
        """The candidates that are faces, one per face. `crowd`: see `find_again`."""
        sure = self._fusion.face if crowd else self._fusion.sure
        accepted, doubtful = list[_Scored](), list[_Scored]()
        for candidate in search.upright:
            scored = _Scored(candidate, self._fusion.first(features.first_stage(candidate)))
            small = candidate.height < self._fusion.small
            if scored.probability >= (self._fusion.small_face if small else sure):
                accepted.append(scored)
            elif _fills_the_frame(candidate):
                accepted.append(_Scored(candidate, candidate.best))
            elif (
                (scored.probability >= self._fusion.drop and not small)
                or candidate.height >= FRAME_FILLING_HEIGHT
                or is_sure(candidate)
            ):
                doubtful.append(scored)
        faces = _one_per_face(accepted + self._second_look(search, doubtful))
        return faces + self._turned(search, faces) or _last_resort(search)

    def _second_look(self, search: Search, doubtful: list[_Scored]) -> list[_Scored]:
        """Those of the doubtful candidates that are faces. Those that fill the frame are looked at first."""

        def sureness(scored: _Scored) -> tuple[bool, float]:
            doubt = abs(_logit(scored.probability) - _logit(self._fusion.face))
            return scored.candidate.height < FRAME_FILLING_HEIGHT, doubt

        by_doubt = sorted(doubtful, key=sureness)
        looked_at, others = by_doubt[:MAX_SECOND_LOOKS], by_doubt[MAX_SECOND_LOOKS:]
        candidates = [scored.candidate for scored in looked_at]
        again = features.seen_again(search.levels, candidates, self._runtime)
        faces = [scored for scored in others if scored.probability >= self._fusion.face or is_sure(scored.candidate)]
        for candidate, scores in zip(candidates, again, strict=True):
            probability = self._fusion.full(features.second_stage(candidate, scores))
            if is_sure(candidate, max(scores)):
                probability = max(probability, self._fusion.face)
            if probability >= self._threshold(candidate):
                faces.append(_Scored(candidate, probability))
        return faces

    def _threshold(self, candidate: Candidate) -> float:
        """The probability from which on a candidate is a face after the second look."""
        return FRAME_FILLING_PROBABILITY if candidate.height >= FRAME_FILLING_HEIGHT else self._fusion.face

    def _turned(self, search: Search, faces: list[_Scored]) -> list[_Scored]:
        """Faces that do not lie as the photo does: a child upside down, somebody on the grass.

        There are too few of them to fit weights on, so both looks must be clear. One that fills the frame gets no
        second look, as a crop would show no more of it.
        """
        boxes = np.array([face.candidate.box for face in faces]).reshape(-1, 4)
        candidates = [
            candidate
            for candidate in search.candidates
            if candidate.turn != search.lies
            and candidate.best >= TURNED_MIN_SCORE
            and not (centerface.iou(candidate.box[None], boxes) > TURNED_MAX_IOU).any()
        ]
        candidates.sort(key=lambda candidate: candidate.best, reverse=True)
        accepted = [candidate for candidate in candidates if _fills_the_frame(candidate)]
        doubtful = [candidate for candidate in candidates if not _fills_the_frame(candidate)]
        accepted += [candidate for candidate in doubtful[MAX_TURNED:] if candidate.best >= TURNED_SURE]
        found = [_Scored(candidate, candidate.best) for candidate in accepted]
        again = features.seen_again(search.levels, doubtful[:MAX_TURNED], self._runtime)
        for candidate, scores in zip(doubtful, again, strict=False):
            mean = float(np.mean(scores))
            if mean >= TURNED_MIN_MEAN:
                found.append(_Scored(candidate, mean))
        return _one_per_face(found)


def _in_stated_boxes(search: Search, faces: Sequence[_Scored], stated: Array) -> list[_Scored]:
    """The best candidate in each of the stated boxes (N, 4) that has no face yet."""
    found: list[_Scored] = []
    for box in stated[:, None]:
        boxes = np.array([face.candidate.box for face in (*faces, *found)]).reshape(-1, 4)
        if (centerface.iou(box, boxes) >= STATED_IOU).any():
            continue
        there = [
            (candidate.best, -number)
            for number, candidate in enumerate(search.candidates)
            if centerface.iou(candidate.box[None], box)[0, 0] >= STATED_IOU
            and not (centerface.iou(candidate.box[None], boxes) > SAME_FACE_IOU).any()
        ]
        if there:
            score, number = max(there)
            found.append(_Scored(search.candidates[-number], score))
    return found


def _fills_the_frame(candidate: Candidate) -> bool:
    return candidate.height >= FRAME_FILLING_HEIGHT and bool(
        np.nanmax(candidate.scores[:2]) >= FRAME_FILLING_SCORE
        or candidate.scores[CENTERFACE_PASSES] >= FRAME_FILLING_SURE
    )


def is_sure(candidate: Candidate, again: float = 1.0) -> bool:
    """Whether RetinaFace is sure of a face: in its large pass and, where that was asked, in a crop."""
    at_once = candidate.scores[-1]
    return any(at_once >= large_pass and again >= crop for large_pass, crop in SURE_AT_ONCE_AND_AGAIN)


def _last_resort(search: Search) -> list[_Scored]:
    """What may be a face that fills the frame, in a photo in which there is no other."""
    large = [candidate for candidate in search.upright if candidate.height >= FRAME_FILLING_HEIGHT]
    return _one_per_face([_Scored(face, face.best) for face in large if face.best >= FRAME_FILLING_LAST])


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _one_per_face(scored: list[_Scored]) -> list[_Scored]:
    """One candidate per face. The passes place a face differently, so its box is the mean of all boxes on it."""
    faces: list[list[_Scored]] = []
    boxes = np.empty((len(scored), 4))  # of each face
    for detection in sorted(scored, key=lambda detection: -detection.probability):
        same = centerface.iou(detection.candidate.box[None], boxes[: len(faces)])[0] > SAME_FACE_IOU
        number = int(same.argmax()) if same.any() else len(faces)
        if number == len(faces):
            faces.append([])
        faces[number].append(detection)
        boxes[number] = _mean(faces[number]).candidate.box
    return [_mean(face) for face in faces]


def _mean(face: list[_Scored]) -> _Scored:
    """The best candidate and its probability; box and landmarks are the mean of all, weighted by probability."""
    best = face[0]
    weights = [detection.probability for detection in face]
    box = np.average([detection.candidate.box for detection in face], axis=0, weights=weights)
    landmarks = np.average([detection.candidate.landmarks for detection in face], axis=0, weights=weights)
    return replace(best, candidate=replace(best.candidate, box=box, landmarks=landmarks))


def _face(face_id: str, scored: _Scored, mesh: pose.Mesh, scale: float) -> Face:
    candidate = scored.candidate
    x1, y1, x2, y2 = (float(value) / scale for value in candidate.box)
    return Face(
        id=face_id,
        box=Box(x1, y1, x2 - x1, y2 - y1),
        landmarks=tuple((float(x) / scale, float(y) / scale) for x, y in candidate.landmarks),
        score=scored.probability,
        yaw=mesh.yaw,
        pitch=mesh.pitch,
        roll=mesh.roll,
        pose_reliable=mesh.presence > 0 and candidate.height >= MIN_POSE_HEIGHT,
    )
