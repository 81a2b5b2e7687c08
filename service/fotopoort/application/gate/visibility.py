"""What a rendition that is out was decided to show, and whether that may still be seen.

It need not be what would be made now: a rendition that covers more than is asked for may stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fotopoort.vocabulary import Action, Box, Outcome, Verdict


def shown_by(verdict: Verdict) -> dict[str, Any]:
    """What is shown by a verdict that lets something go out: numbers and ids of faces in this photo, nothing else.

    Raises:
        ValueError: it lets nothing go out.
    """
    if verdict.outcome is Outcome.REJECT:
        raise ValueError("nothing went out by this verdict")
    return {
        "outcome": verdict.outcome.value,
        "covered": sorted(map(_box, verdict.covered)),
        "kept": sorted(face for face, judged in verdict.faces.items() if judged.action is Action.KEEP),
        "part": _box(verdict.part) if verdict.part else None,
    }


def may_still_be_shown(shown: Mapping[str, Any], now: Verdict) -> bool:
    """Whether nothing that is shown may not be any more.

    Args:
        shown: from `shown_by`.
        now: what is decided about the same photo now.
    """
    covered = [[*box] for box in shown["covered"]]
    if now.outcome.strictness > Outcome(shown["outcome"]).strictness:
        return False
    if any(_box(box) not in covered for box in now.covered):
        return False
    faces = [now.faces.get(face) for face in shown["kept"]]
    if any(face is None or face.action is Action.COVER for face in faces):
        return False
    return shown["part"] is None or (now.crop is not None and _box(now.crop.box) == [*shown["part"]])


def _box(box: Box) -> list[float]:
    return [box.x, box.y, box.w, box.h]
