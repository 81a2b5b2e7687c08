"""Renditions, which are looked at again where anything is covered, and previews."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
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
from fotopoort.screening.look import look
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    Findings,
    NamePlace,
    Outcome,
    Rendition,
    Verdict,
)

ENLARGED: Final = 0.25  # the part of its size by which a cover grows on each side for the second try
# By these rules the whole photo is to be hidden, or something whose place is not known.
NO_PREVIEW: Final = frozenset({"R01", "R02", "R16", "R41"})


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes renditions of one photo, and verifies them.

    Attributes:
        names: looked for again in the renditions.
        readable: texts, folded, that are no names, and where they stand.
    """

    photo: Photo
    findings: Findings
    policy: Policy
    detectors: Detectors
    names: NameList
    readable: tuple[tuple[str, Box], ...]
    clock: Stopwatch

    def render(self, verdict: Verdict, side: int) -> Rendition:
        """A rendition whose longer side is at most `side` pixels.

        Where it covers anything it is looked at again as a new photo; if something still shows, it is covered more
        generously, once. `Rendition.verified` tells whether nothing shows any more.
        """
        width, height = self.findings.width, self.findings.height
        covers, text_covers = verdict.covered, self._text_covers(verdict)
        with self.clock.step("render"):
            rendition = encode(self.photo, covers, side, plain=text_covers)
        if not covers:
            return replace(rendition, verified=True)
        faces, names = self._uncovered(verdict, rendition)
        if not (faces or names):
            return replace(rendition, verified=True)
        enlarged = {box: _enlarged(box).clipped(width, height) for box in covers}
        name_covers = [_enlarged(box) for box in names]
        face_covers = [cover_box(box, width, height, self.policy) for box in faces]
        with self.clock.step("render"):
            rendition = encode(
                self.photo,
                [*enlarged.values(), *name_covers, *face_covers],
                side,
                plain=[*(enlarged[box] for box in covers if box in text_covers), *name_covers],
            )
        return replace(rendition, verified=self._uncovered(verdict, rendition) == ((), ()))

    def _text_covers(self, verdict: Verdict) -> tuple[Box, ...]:
        """The covers that lie on text."""
        boxes = {hit.box.clipped(self.findings.width, self.findings.height) for hit in self.findings.names if hit.box}
        return tuple(box for box in verdict.covered if box in boxes)

    def _uncovered(self, verdict: Verdict, rendition: Rendition) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """Faces and names that the rendition shows and should not: boxes in pixels of the upright full-size photo."""
        findings, scale = self.findings, rendition.width / self.findings.width
        shown = [face.box for face in findings.faces if verdict.faces[face.id].action is Action.KEEP]
        with self.clock.step("verify"):
            pixels = np.asarray(Image.open(io.BytesIO(rendition.jpeg)))
            expected = [box for box in shown if not centre_is_covered(box, rendition.covered)]
            found, _ = look(self.detectors.finder, pixels, scale, expected)
            faces = found_again(found, rendition.covered, shown, findings.faces)
            reader = self.detectors.reader
            if reader is None or not self._text_covers(verdict):
                return faces, ()
            lines = reader.read(pixels, scale, complete=True, side=max(pixels.shape[:2]))
            if any(hit.place is NamePlace.CODE for hit in findings.names):
                lines += reader.codes(pixels, scale)
            hits = places.in_picture(self.names, lines)
        return faces, tuple(hit.box for hit in hits if hit.box and not self._is_readable(hit.text, hit.box))

    def _is_readable(self, text: str | None, box: Box) -> bool:
        return any(folded(text or "") == readable and box.overlap(place) > 0 for readable, place in self.readable)


def may_be_read(findings: Findings, answers: Answers) -> tuple[tuple[str, Box], ...]:
    """The texts, folded, that the teacher said are no names, and where they stand in the picture."""
    hits = (hit for hit in findings.names if hit.id in answers.not_names)
    return tuple((folded(hit.text or ""), hit.box) for hit in hits if hit.box)


def _enlarged(box: Box) -> Box:
    dx, dy = ENLARGED * box.w, ENLARGED * box.h
    return Box(box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy)


def preview(photo: Photo, covers: Sequence[Box], side: int) -> bytes:
    """A small JPEG, of `side` pixels at most, for whoever looks through many photos.

    Args:
        covers: see `covers_of_preview`.
    """
    reduction = max(1, max(photo.pixels.shape[:2]) // side)  # the cost of covering grows with the pixels
    return encode(photo.reduced(reduction), covers, side).jpeg


def covers_of_preview(
    findings: Findings,
    verdicts: Mapping[ChannelId, Verdict],
    renditions: Mapping[ChannelId, Rendition],
    policy: Policy,
) -> tuple[Box, ...] | None:
    """What a photo's preview covers: all that any channel covers and, where a channel rejects the photo, every face,
    everybody in whom none was found, and every name. Boxes in pixels of the upright full-size photo. None: the photo
    may have no preview."""
    rules = {reason.rule for verdict in verdicts.values() for reason in verdict.reasons}
    if findings.failure is not None or rules & NO_PREVIEW:
        return None
    covers: list[Box] = []
    for channel, verdict in verdicts.items():
        rendition = renditions.get(channel)
        covers += rendition.covered if rendition else verdict.covered
    if any(verdict.outcome is Outcome.REJECT for verdict in verdicts.values()):
        covers += [face_cover(face, findings.width, findings.height, policy) for face in findings.faces]
        covers += [figure.box for figure in findings.figures if figure.face is None]
        covers += [hit.box.clipped(findings.width, findings.height) for hit in findings.names if hit.box]
    return tuple(dict.fromkeys(covers))
