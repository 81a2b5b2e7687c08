"""Finding the faces of one photo: search, second look, weighing, pose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from fotopoort.resources import resource
from fotopoort.vision import centerface, evidence, pose, pyramid
from fotopoort.vision.fusion import Fusion
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.pyramid import Candidate, Search
from fotopoort.vocabulary import Box, Face

Array = np.ndarray[Any, np.dtype[Any]]

MODELS = ("centerface", "blazeface_full_range", "face_landmark")
# IoU from which two accepted boxes are one face; of 1,420 annotated faces, two pairs overlap by more. On those photos,
# 290 of 1,684 boxes were a second one on some face when the best of those above 0.5 was kept; now 9, no face is lost.
SAME = 0.25
APART = 0.2  # IoU below which a face lying another way up is not one that was found already
TURNED_PASS, TURNED_VIEWS = 0.35, 0.42  # least best score in the search, and least mean score in the second look
# Of a face that fills the frame a crop shows no more than the photo did, and the large pass sees nothing: from this
# height in pixels on, a plain score in one of the two smallest passes is enough, or a second look in some doubt, which
# all of them get.
HUGE, HUGE_PASS, HUGE_FACE = 400, 0.65, 0.1
KNOWN = 0.5  # IoU from which a box is on a face that is known
ROW = 0.6  # of the size of a row's highest face: how much lower the others may be
RELIABLE_HEIGHT = 20  # pixels; below, the mesh's angles are noise


class CenterFaceFinder:
    """The real `FaceFinder`: CenterFace, BlazeFace and MediaPipe's face mesh, weighed by a fitted fusion.

    Attributes:
        fingerprint: changes when any model or fitted weight does.
        precision: what the models calculate in, "bf16" or "f32".
    """

    def __init__(self, runtime: Runtime, fusion: Fusion, fingerprint: str) -> None:
        self._runtime = runtime
        self._fusion = fusion
        self.fingerprint = fingerprint
        self.precision = runtime.precision

    @classmethod
    def load(cls, catalogue: Catalogue, *, threads: int | None = None, precision: str = "auto") -> CenterFaceFinder:
        """Read and check every model. The options are those of `Runtime`.

        Raises:
            ModelMissing, ModelCorrupt: a model is not here, or is not the one the manifest names.
            ModelFailed: a model cannot be loaded.
        """
        weights = resource("models/fusion.json")
        runtime = Runtime(catalogue, threads=threads, precision=precision)
        with ThreadPoolExecutor() as pool:
            list(pool.map(runtime.session, MODELS))
        digest = hashlib.sha256(catalogue.fingerprint().encode() + weights.read_bytes()).hexdigest()
        return cls(runtime, Fusion.load(weights), digest[:16])

    def find(self, pixels: Array, scale: float = 1.0, known: Sequence[Box] = ()) -> tuple[Face, ...]:
        """The faces in upright RGB `pixels` (H, W, 3) uint8, in reading order.

        Args:
            scale: size of `pixels` over that of the full-size photo; boxes and landmarks are divided by it.
            known: boxes of faces, in pixels of the full-size photo, that need not be found again.

        Raises:
            ModelFailed: a model gave up on this picture.
        """
        search = pyramid.search(pixels, self._runtime)
        if known:
            boxes = np.array([(box.x, box.y, box.right, box.bottom) for box in known]) * scale
            new = [one for one in search.candidates if centerface.iou(one.box[None], boxes).max() < KNOWN]
            search = replace(search, candidates=tuple(new))
        weighed = self._weigh(search)
        chosen = [candidate for candidate, _ in weighed]
        meshes = pose.meshes(search.levels, chosen, self._runtime)
        order = _reading_order(chosen)
        return tuple(
            _face(f"f{number}", chosen[k], weighed[k][1], meshes[k], scale) for number, k in enumerate(order, start=1)
        )

    def _weigh(self, search: Search) -> list[tuple[Candidate, float]]:
        """The candidates that are faces, each with its probability; one per face."""
        scored: list[tuple[Candidate, float]] = []
        doubtful: list[Candidate] = []
        for candidate in search.upright:
            probability = self._fusion.first(evidence.first_features(candidate))
            small = candidate.height < self._fusion.small
            if probability >= (self._fusion.small_face if small else self._fusion.sure):
                scored.append((candidate, probability))
            elif _fills_the_frame(candidate):
                scored.append((candidate, float(np.nanmax(candidate.scores))))
            elif (probability >= self._fusion.drop and not small) or candidate.height >= HUGE:
                doubtful.append(candidate)
        found = _one_per_face(scored + self._second_look(search, doubtful))
        return found + self._other_way_up(search, found)

    def _second_look(self, search: Search, doubtful: list[Candidate]) -> list[tuple[Candidate, float]]:
        """Those that are faces, each with its probability.

        BlazeFace is asked only where its answer can make the difference. It looks at a whole crop, so of a candidate
        that CenterFace does not see there again, it may be speaking of a neighbour: that one is nothing, unless it is
        too large for a crop to show it.
        """
        views = evidence.views(search.levels, doubtful, self._runtime)
        seen = [
            (candidate, scores, HUGE_FACE if candidate.height >= HUGE else self._fusion.face)
            for candidate, scores in zip(doubtful, views, strict=True)
            if any(scores) or candidate.height >= HUGE
        ]
        logits = [0.0] * len(seen)
        unsettled = [
            number
            for number, (candidate, scores, least) in enumerate(seen)
            if not self._fusion.full.settles(
                [evidence.features(candidate, scores, logit) for logit in (evidence.BLAZE_MIN, evidence.BLAZE_MAX)],
                least,
            )
        ]
        asked = evidence.blaze(search.levels, [seen[number][0] for number in unsettled], self._runtime)
        for number, logit in zip(unsettled, asked, strict=True):
            logits[number] = logit
        faces: list[tuple[Candidate, float]] = []
        for (candidate, scores, least), logit in zip(seen, logits, strict=True):
            probability = self._fusion.full(evidence.features(candidate, scores, logit))
            if probability >= least:
                faces.append((candidate, probability))
        return faces

    def _other_way_up(self, search: Search, found: list[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
        """Faces that lie another way than the photo: a child upside down, somebody on the grass.

        They are few, too few to fit anything on, so both looks must be plain. One that fills the frame gets no second
        look: a crop would show no more of it.
        """
        boxes = np.array([candidate.box for candidate, _ in found]).reshape(-1, 4)
        others = [
            candidate
            for candidate in search.candidates
            if candidate.turn != search.lies
            and np.nanmax(candidate.scores) >= TURNED_PASS
            and not (centerface.iou(candidate.box[None], boxes) > APART).any()
        ]
        filling = [
            (candidate, float(np.nanmax(candidate.scores))) for candidate in others if _fills_the_frame(candidate)
        ]
        doubtful = [candidate for candidate in others if not _fills_the_frame(candidate)]
        views = evidence.views(search.levels, doubtful, self._runtime)
        plain = [(candidate, float(np.mean(scores))) for candidate, scores in zip(doubtful, views, strict=True)]
        return _one_per_face(filling + [one for one in plain if one[1] >= TURNED_VIEWS])


def _fills_the_frame(candidate: Candidate) -> bool:
    return candidate.height >= HUGE and bool(np.nanmax(candidate.scores[:2]) >= HUGE_PASS)


def _one_per_face(scored: list[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
    """One candidate for each face. The passes place a face differently: of several boxes on it, the mean counts."""
    faces: list[list[tuple[Candidate, float]]] = []
    for one in sorted(scored, key=lambda one: -one[1]):
        box = one[0].box[None]
        same = (face for face in faces if centerface.iou(box, _mean(face)[0].box[None])[0, 0] > SAME)
        if face := next(same, None):
            face.append(one)
        else:
            faces.append([one])
    return [_mean(face) for face in faces]


def _mean(face: list[tuple[Candidate, float]]) -> tuple[Candidate, float]:
    """The best candidate and its probability, with box and landmarks the mean of all, weighed by probability."""
    best, probability = face[0]
    weights = [weight for _, weight in face]
    box = np.average([candidate.box for candidate, _ in face], axis=0, weights=weights)
    landmarks = np.average([candidate.landmarks for candidate, _ in face], axis=0, weights=weights)
    return replace(best, box=box, landmarks=landmarks), probability


def _reading_order(faces: list[Candidate]) -> list[int]:
    """Indices row by row from the top, each row from left to right. A face is in the row of the highest one that it
    reaches with most of its height."""
    middles = [(face.box[:2] + face.box[2:]) / 2 for face in faces]
    rows: list[list[int]] = []
    for k in sorted(range(len(faces)), key=lambda k: float(middles[k][1])):
        if rows and middles[k][1] - middles[rows[-1][0]][1] < ROW * faces[rows[-1][0]].size:
            rows[-1].append(k)
        else:
            rows.append([k])
    return [k for row in rows for k in sorted(row, key=lambda k: float(middles[k][0]))]


def _face(face_id: str, candidate: Candidate, probability: float, mesh: pose.Mesh, scale: float) -> Face:
    x1, y1, x2, y2 = (float(value) / scale for value in candidate.box)
    landmarks = tuple((float(x) / scale, float(y) / scale) for x, y in candidate.landmarks)
    reliable = mesh.presence > 0 and candidate.height >= RELIABLE_HEIGHT
    return Face(
        face_id, Box(x1, y1, x2 - x1, y2 - y1), landmarks, probability, mesh.yaw, mesh.pitch, mesh.roll, reliable
    )
