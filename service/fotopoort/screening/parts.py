"""A part of a photo, looked at as the photo of its own that it becomes: in it a face is larger, and so is a text.

What was found in it before stays found; whatever is seen besides is judged by the same rules as everything else, and
nobody has said anything of it.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import numpy as np
from PIL import Image

from fotopoort.names import places
from fotopoort.names.tokens import folded
from fotopoort.photo.verify import found_again
from fotopoort.policy.crops.part import findings_of, moved
from fotopoort.screening.look import look
from fotopoort.screening.verification import Verifier
from fotopoort.vision.people import with_faces
from fotopoort.vocabulary import Box, Face, Figure, Findings, NameHit, Rendition

SAME = 0.5  # overlap (IoU) from which two figures are one


def seen_in(verifier: Verifier, rendition: Rendition, part: Box) -> Findings:
    """What is in a rendition of a part of a photo: what was found there in the photo, and what is seen now.

    Returns:
        In pixels from the part's corner, at the size that it has in the full-size photo.

    Raises:
        ModelFailed: a model gave up on the rendition.
        TooMuchText: not all of its text could be read.
    """
    before, detectors = findings_of(verifier.findings, part), verifier.detectors
    pixels, scale = np.asarray(Image.open(io.BytesIO(rendition.jpeg))), rendition.width / part.w
    expected = [face.box for face in before.faces]
    found, pattern = look(detectors.finder, pixels, scale, expected)
    others = set(found_again(found, (), expected))
    faces = (*before.faces, *_numbered([face for face in found if face.box in others], verifier.findings))
    figures = detectors.people.find(pixels, scale) if detectors.people else ()
    names, has_text = _names_in(verifier, pixels, scale, part)
    return replace(
        before,
        faces=faces,
        figures=(*before.figures, *_others(with_faces(figures, faces), before.figures)),
        names=(*before.names, *_new_hits(names, before.names)),
        has_text=before.has_text or has_text,
        pattern=before.pattern or pattern,
    )


def _numbered(faces: list[Face], findings: Findings) -> list[Face]:
    """Faces that were not found in the photo, under ids that none in it has."""
    last = max((int(face.id[1:]) for face in findings.faces), default=0)
    return [replace(face, id=f"f{number}") for number, face in enumerate(faces, start=last + 1)]


def _others(figures: tuple[Figure, ...], earlier: tuple[Figure, ...]) -> list[Figure]:
    return [figure for figure in figures if not any(figure.box.iou(other.box) >= SAME for other in earlier)]


def _names_in(verifier: Verifier, pixels: np.ndarray, scale: float, part: Box) -> tuple[list[NameHit], bool]:
    """The names to be read in it, but for what was said to be none; and whether there is any text."""
    reader = verifier.detectors.reader
    if reader is None or not verifier.names:
        return [], False
    lines = reader.read(pixels, scale, complete=True, side=max(pixels.shape[:2])) + reader.codes(pixels, scale)
    readable = [(text, moved(place, part)) for text, place in verifier.readable]
    hits = places.in_picture(verifier.names, lines)
    names = [
        hit
        for hit in hits
        if not any(folded(hit.text or "") == text and hit.box and hit.box.overlap(at) > 0 for text, at in readable)
    ]
    return names, bool(lines)


def _new_hits(hits: list[NameHit], earlier: tuple[NameHit, ...]) -> list[NameHit]:
    """The hits elsewhere than the earlier ones, under ids that none of them has."""
    boxes = [hit.box for hit in earlier if hit.box]
    new = [hit for hit in hits if not (hit.box and any(hit.box.overlap(box) > 0 for box in boxes))]
    return [replace(hit, id=f"part-{number}") for number, hit in zip(itertools.count(1), new, strict=False)]
