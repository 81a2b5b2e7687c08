"""Renditions: made of a photo and, where anything is covered, looked at again as at a new one; and previews."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PIL import Image

from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.names.tokens import folded
from fotopoort.photo.decode import Photo
from fotopoort.photo.render import encode
from fotopoort.photo.verify import centre_is_covered, found_again
from fotopoort.policy.measures import cover_box, face_cover
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Detectors, Stopwatch
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    Findings,
    NameHit,
    NamePlace,
    Outcome,
    Rendition,
    Verdict,
)

ENLARGED: Final = 0.25  # of its size, on each side: how much a cover grows for the second try
# Where something is to be hidden of which it is not known where it is, or the whole photo is.
NOT_SHOWN: Final = frozenset({"R01", "R02", "R41"})


def render(photo: Photo, again: SecondLook, side: int, policy: Policy) -> Rendition:
    """The rendition, looked at again as at a new photo; covered more generously once if anything is still seen."""
    findings, covers = again.findings, again.verdict.covered
    texts = again.texts
    with again.clock.step("render"):
        rendition = encode(photo, covers, side, plain=texts)
    if not covers:
        return replace(rendition, verified=True)
    faces, names = again.seen(rendition)
    if not (faces or names):
        return replace(rendition, verified=True)
    larger = {box: _grown(box).clipped(findings.width, findings.height) for box in covers}
    plain = [*(larger[box] for box in covers if box in texts), *(_grown(box) for box in names)]
    larger_covers = [*larger.values(), *plain[len(texts) :]]
    larger_covers += [cover_box(box, findings.width, findings.height, policy) for box in faces]
    with again.clock.step("render"):
        rendition = encode(photo, larger_covers, side, plain=plain)
    return replace(rendition, verified=again.seen(rendition) == ((), ()))


def may_be_read(findings: Findings, answers: Answers) -> tuple[tuple[str, Box], ...]:
    """What the teacher said is no name, folded, and where it stands in the picture."""
    said = (hit for hit in findings.names if hit.id in answers.not_names)
    return tuple((folded(hit.text or ""), hit.box) for hit in said if hit.box)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The second look, at a rendition: what is seen that should not be."""

    findings: Findings
    verdict: Verdict
    eyes: Detectors
    names: NameList
    allowed: tuple[tuple[str, Box], ...]  # texts that are no names, and where
    clock: Stopwatch

    @property
    def texts(self) -> tuple[Box, ...]:
        """The covers that lie on text."""
        boxes = {hit.box.clipped(self.findings.width, self.findings.height) for hit in self.findings.names if hit.box}
        return tuple(box for box in self.verdict.covered if box in boxes)

    def seen(self, rendition: Rendition) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """Boxes of faces and of names that should be covered and are not, in pixels of the upright full-size photo."""
        findings, scale = self.findings, rendition.width / self.findings.width
        kept = [face.box for face in findings.faces if self.verdict.faces[face.id].action is Action.KEEP]
        with self.clock.step("verify"):
            pixels = np.asarray(Image.open(io.BytesIO(rendition.jpeg)))
            plainly = [box for box in kept if not centre_is_covered(box, rendition.covered)]
            found = self.eyes.finder.find(pixels, scale, plainly)
            faces = found_again(found, rendition.covered, kept, findings.faces)
            if not self.texts or self.eyes.reader is None:
                return faces, ()
            reader = self.eyes.reader
            lines = reader.read(pixels, scale, complete=True)
            if any(hit.place is NamePlace.CODE for hit in findings.names):
                lines += reader.codes(pixels, scale)
            boxes = [hit.box for hit in places.in_picture(self.names, lines) if hit.box and not self._is_allowed(hit)]
        return faces, tuple(boxes)

    def _is_allowed(self, hit: NameHit) -> bool:
        text, box = folded(hit.text or ""), hit.box
        return box is not None and any(text == said and box.overlap(place) > 0 for said, place in self.allowed)


def _grown(box: Box) -> Box:
    dx, dy = ENLARGED * box.w, ENLARGED * box.h
    return Box(box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy)


def preview(
    photo: Photo,
    findings: Findings,
    verdicts: Mapping[ChannelId, Verdict],
    renditions: Mapping[ChannelId, Rendition],
    policy: Policy,
    side: int,
) -> bytes | None:
    """A small JPEG, of `side` pixels at most, for whoever looks through many photos: nothing is left in it of anything
    that may be a face or a name that is not to be shown. None: there may be no such picture.
    """
    covers = covers_of_preview(findings, verdicts, renditions, policy)
    if covers is None:
        return None
    times = max(1, max(photo.pixels.shape[:2]) // side)  # covering costs by the pixel
    return encode(photo.reduced(times), covers, side).jpeg


def covers_of_preview(
    findings: Findings,
    verdicts: Mapping[ChannelId, Verdict],
    renditions: Mapping[ChannelId, Rendition],
    policy: Policy,
) -> tuple[Box, ...] | None:
    """What is covered in a photo's preview: all that any channel covers, and where one rejects the photo every face
    and every name. Boxes in pixels of the upright full-size photo. None: there may be no preview of it."""
    rules = {reason.rule for verdict in verdicts.values() for reason in verdict.reasons}
    if findings.failure is not None or rules & NOT_SHOWN:
        return None
    covers: list[Box] = []
    for channel, verdict in verdicts.items():
        rendition = renditions.get(channel)
        covers += rendition.covered if rendition else verdict.covered
    if any(verdict.outcome is Outcome.REJECT for verdict in verdicts.values()):
        covers += [face_cover(face, findings.width, findings.height, policy) for face in findings.faces]
        covers += [hit.box.clipped(findings.width, findings.height) for hit in findings.names if hit.box]
    return tuple(dict.fromkeys(covers))
