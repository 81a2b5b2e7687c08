"""How often a crop is offered instead of covers, that it does not show who may not be shown, and what is left.

Of each photo one face may not be shown: once the largest, once one at random. Everybody else who can be recognised
may, as somebody said who looked, and there is nobody else. The crop is asked for, and what comes out is looked at by
the face finder and held against the faces that people labelled.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.table import markdown, none
from fotopoort.policy.decide import decide_all
from fotopoort.policy.measures import is_recognisable, scene
from fotopoort.policy.policy import Policy
from fotopoort.policy_file import load_policy
from fotopoort.screening.analysis import Detectors
from fotopoort.screening.screen import Request, ScreeningJob, screen
from fotopoort.settings import load_settings
from fotopoort.vision.faces.detector import FaceDetector
from fotopoort.vision.models.catalogue import Catalogue
from fotopoort.vision.models.runtime import Runtime
from fotopoort.vision.people import PersonDetector
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    Face,
    FaceAnswer,
    FaceLabel,
    Findings,
    People,
    Person,
    Rendition,
)

CHANNEL: Final = "website"
PHOTOS: Final = 60
SEED: Final = 18
PEOPLE: Final = People({"refuser": Person("refuser", "", consents={CHANNEL: ConsentState.REFUSED})}, "1")
SAME_FACE: Final = 0.3  # overlap (IoU) of a found face and one that was labelled
WHO: Final = ("the largest face", "a face at random")


@dataclass(frozen=True)
class Trial:
    """A photo with one face that may not be shown.

    Attributes:
        box: of the crop that is offered, if one is.
        rendition: that was made of it, if it may go out.
        shows: the hidden face was found in it, or what people labelled as that face lies in it.
        kind: of photo.
    """

    photo: str
    who: str
    hidden: Face
    findings: Findings
    box: Box | None
    rendition: Rendition | None
    shows: bool
    kind: str

    @property
    def share(self) -> float:
        """Of the photo's area that the crop keeps."""
        return self.box.area / (self.findings.width * self.findings.height) if self.box else 0.0


def report(folder: Path, photos: int | None = None) -> str:
    """The chapter of RESULTS.md.

    Args:
        photos: on how many it is measured; 60 if not said.
    """
    trials = list(run(folder, photos or PHOTOS))
    rows = [_row(who, [trial for trial in trials if trial.who == who]) for who in WHO]
    kinds = sorted({trial.kind for trial in trials})
    rows += [_row(f"in a photo: {kind}", [trial for trial in trials if trial.kind == kind]) for kind in kinds]
    titles = ["Not shown", "photos", "crop offered", "goes out", "shows that face", "share kept, median", "least"]
    told = (
        f"{photos or PHOTOS} photos, drawn with seed {SEED}, for the website; one face may not be shown. *Goes out*:"
        " the crop was asked for, and nothing that was seen in it besides held it back.\n"
    )
    return "\n".join(["## A crop instead of covers\n", told, markdown(titles, rows)])


def run(folder: Path, photos: int) -> Iterator[Trial]:
    """The photos, the same ones each time, with one face hidden in each, for each of `WHO`."""
    catalogue, policy = Catalogue(load_settings().models_folder), load_policy()
    detectors = Detectors(FaceDetector.load(catalogue), people=PersonDetector.load(Runtime(catalogue)))
    entries = json.loads((folder / "faces.json").read_text(encoding="utf-8"))
    labels = {entry["file"]: [Box(*face) for face in entry["faces"]] for entry in entries}
    chance, done = random.Random(SEED), 0
    for name in chance.sample(sorted(labels), k=len(labels)):
        data = (folder / name).read_bytes()
        findings = screen(data, ScreeningJob(Request((CHANNEL,)), policy, PEOPLE), detectors).findings
        seen = [face for face in findings.faces if _can_be_recognised(face, findings, policy)]
        if not seen:
            continue
        for who, hidden in zip(WHO, (max(seen, key=lambda face: face.box.area), chance.choice(seen)), strict=True):
            yield _trial(name, who, data, findings, hidden, seen, policy, detectors, labels[name])
        done += 1
        if done == photos:
            return


def _trial(
    name: str,
    who: str,
    data: bytes,
    findings: Findings,
    hidden: Face,
    seen: Sequence[Face],
    policy: Policy,
    detectors: Detectors,
    labels: Sequence[Box],
) -> Trial:
    faces = {face.id: FaceAnswer(FaceLabel.NO_PUPIL, box=face.box) for face in seen}
    faces[hidden.id] = FaceAnswer(FaceLabel.PERSON, "refuser", hidden.box)
    answers = Answers(faces=faces, no_unseen_people=True, crop=True)
    crop = decide_all(findings, answers, PEOPLE, policy, [CHANNEL])[CHANNEL].crop
    kind = scene(findings, policy).value
    if crop is None:
        return Trial(name, who, hidden, findings, None, None, shows=False, kind=kind)
    job = ScreeningJob(Request((CHANNEL,), answers), policy, PEOPLE, findings=findings)
    rendition = screen(data, job, detectors).renditions.get(CHANNEL)
    theirs = [label for label in labels if label.iou(hidden.box) >= SAME_FACE] + [hidden.box]
    shows = rendition is not None and any(_is_shown(place, rendition, crop.box, detectors) for place in theirs)
    return Trial(name, who, hidden, findings, crop.box, rendition, shows, kind)


def _is_shown(place: Box, rendition: Rendition, part: Box, detectors: Detectors) -> bool:
    """Whether anything of that place in the photo is in a rendition of the part, or a face found in that is there."""
    scale = rendition.width / part.w
    found = detectors.finder.find(np.asarray(Image.open(io.BytesIO(rendition.jpeg))), scale)
    in_photo = [Box(face.box.x + part.x, face.box.y + part.y, face.box.w, face.box.h) for face in found]
    return place.overlap(part) > 0 or any(box.iou(place) >= SAME_FACE for box in in_photo)


def _row(title: str, trials: Sequence[Trial]) -> list[str]:
    offered = [trial for trial in trials if trial.box]
    shares = [trial.share for trial in offered]
    return [
        title,
        str(len(trials)),
        str(len(offered)),
        str(sum(trial.rendition is not None for trial in offered)),
        none(sum(trial.shows for trial in offered)),
        f"{median(shares):.2f}" if shares else "–",
        f"{min(shares):.2f}" if shares else "–",
    ]


def _can_be_recognised(face: Face, findings: Findings, policy: Policy) -> bool:
    return is_recognisable(face, findings.width, findings.height, policy.channel(CHANNEL).max_side, policy)
