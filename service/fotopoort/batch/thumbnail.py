"""The small pictures of a report: of anything that may be a face that is not to be shown, nothing is left."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from typing import Final

from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Policy
from fotopoort.screening import Screening
from fotopoort.vocabulary import Box, Outcome
from fotopoort.workers import Screeners

SIDE: Final = 320  # pixels at most, of the longer side
FOLDER: Final = "report/thumbnails"
# Where something is to be hidden of which it is not known where it is, or the whole photo is.
NOT_SHOWN: Final = frozenset({"R01", "R02", "R41"})


def covers_of_thumbnail(screening: Screening, policy: Policy) -> tuple[Box, ...] | None:
    """What is covered in a photo's thumbnail: all that any channel covers, and where one rejects the photo every face
    and every name. Boxes in pixels of the upright full-size photo. None: there may be no thumbnail of it."""
    findings = screening.findings
    rules = {reason.rule for verdict in screening.verdicts.values() for reason in verdict.reasons}
    if findings.failure is not None or rules & NOT_SHOWN:
        return None
    covers: list[Box] = []
    for channel, verdict in screening.verdicts.items():
        rendition = screening.renditions.get(channel)
        covers += rendition.covered if rendition else verdict.covered
    if any(verdict.outcome is Outcome.REJECT for verdict in screening.verdicts.values()):
        covers += [face_cover(face, findings.width, findings.height, policy) for face in findings.faces]
        covers += [hit.box.clipped(findings.width, findings.height) for hit in findings.names if hit.box]
    return tuple(dict.fromkeys(covers))


def thumbnail(
    screeners: Screeners, data: bytes | None, screening: Screening, policy: Policy
) -> Future[bytes | None] | None:
    """A thumbnail, from the smallest rendition where there is one: that is quickly read. None: there may be none.

    Args:
        data: the photo itself.
    """
    covers = covers_of_thumbnail(screening, policy)
    if covers is None or data is None:
        return None
    small = min(screening.renditions.values(), key=lambda one: len(one.jpeg), default=None)
    return screeners.thumbnail(small.jpeg if small else data, covers, width=screening.findings.width, side=SIDE)


def place_of(jpeg: bytes) -> str:
    """Where a thumbnail lies, below the output folder: two that differ in anything lie in two places."""
    digest = hashlib.sha256(jpeg).hexdigest()
    return f"{FOLDER}/{digest[:2]}/{digest}.jpg"
