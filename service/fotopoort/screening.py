"""THE use case: one photo in, one verdict per channel out, with a safe rendition where the verdict allows one.

Every front door calls `screen()`; `look()` is its first half, for seeing what is in a photo without judging it.
Models, people and policy are given as arguments. Whatever goes wrong with a photo, the answer is a reject by rule R01,
never an exception.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from PIL import Image

from fotopoort.errors import Damaged, FotopoortError, UseError
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.likeness import Blocklist, print_of
from fotopoort.photo.render import encode
from fotopoort.photo.verify import centre_is_covered, found_again
from fotopoort.policy.decide import decide_all, unverified
from fotopoort.policy.measures import cover_box, published_sides
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    Face,
    Findings,
    Outcome,
    People,
    Receipt,
    Rendition,
    Verdict,
)

Array = np.ndarray[Any, np.dtype[Any]]

log = logging.getLogger(__name__)

NOTHING_BLOCKED = Blocklist()
SOMETHING = "…"  # stands for a text that is not kept
ENLARGED = 0.25  # of its size, on each side: how much a cover grows for the second try


class FaceFinder(Protocol):
    """What looks for faces; `vision.finder.CenterFaceFinder` is the real one."""

    fingerprint: str

    def find(self, pixels: Array, scale: float = 1.0, known: Sequence[Box] = ()) -> tuple[Face, ...]:
        """Faces in upright RGB `pixels` (H, W, 3) uint8; boxes are divided by `scale` (seen size / full size).

        Faces plainly at one of the `known` boxes (in full-size pixels) need not be among them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller asks of one photo."""

    channels: tuple[ChannelId, ...]
    answers: Answers = field(default_factory=Answers)
    caption: str | None = field(default=None, repr=False)
    together: bool = False  # one message: one rendition for all channels, by the strictest of them


@dataclass(frozen=True, slots=True)
class Screening:
    """The whole result for one photo. `milliseconds` has a figure per step."""

    id: str
    findings: Findings
    verdicts: Mapping[ChannelId, Verdict]
    renditions: Mapping[ChannelId, Rendition]
    receipt: Receipt
    milliseconds: Mapping[str, float]


def screen(
    data: bytes,
    request: Request,
    *,
    finder: FaceFinder,
    policy: Policy,
    people: People | None = None,
    blocked: Blocklist = NOTHING_BLOCKED,
    findings: Findings | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Screening:
    """Judge one photo for every channel asked for.

    Args:
        data: the file's bytes, whatever they are.
        request: channels, and what the teacher said.
        finder: looks for faces; shared between calls, loaded once.
        policy: the school's rules.
        people: everyone the school knows; None means that anyone could be anyone.
        blocked: photos that may not be published.
        findings: what was seen in this photo before; it is judged by that, and not looked at again.
        limits: how large a file may be.

    Returns:
        A verdict for each channel of the request, in that order, and a rendition wherever the outcome is not reject.

    Raises:
        UseError: the request itself cannot be (no channel, or an unknown one); never for anything about the photo.
    """
    if not request.channels:
        raise UseError("No channel is named.", hint="Say where the photo would be published.")
    clock = Stopwatch()
    sides = published_sides(policy, request.channels, together=request.together)
    try:
        photo, found = look(data, finder, limits=limits, long_side=max(sides.values()), clock=clock, findings=findings)
        found = replace(
            found,
            has_text=found.has_text or bool(request.caption),
            blocked=blocked.holds(found.sha256, found.likeness),
        )
        return _judge(photo, found, request, sides, finder=finder, policy=policy, people=people, clock=clock)
    except UseError:
        raise
    except Exception as error:
        return unjudged(data, request, error, policy=policy, people=people)


def _judge(
    photo: Photo,
    findings: Findings,
    request: Request,
    sides: Mapping[ChannelId, int],
    *,
    finder: FaceFinder,
    policy: Policy,
    people: People | None,
    clock: Stopwatch,
) -> Screening:
    """Decide, and make the renditions that the verdicts allow."""
    verdicts = decide_all(findings, request.answers, people, policy, request.channels, together=request.together)
    renditions: dict[ChannelId, Rendition] = {}
    made: dict[tuple[tuple[Box, ...], int], Rendition] = {}
    for channel, verdict in verdicts.items():
        if verdict.outcome is Outcome.REJECT:
            continue
        same = (verdict.covered, sides[channel])
        if same not in made:
            made[same] = _render(photo, findings, verdict, sides[channel], finder, policy, clock)
        if made[same].verified:
            renditions[channel] = made[same]
        else:
            verdicts[channel] = unverified(verdict)
    return conclude(findings, request, verdicts, renditions, clock)


def unjudged(
    data: bytes, request: Request, error: Exception, *, policy: Policy, people: People | None = None
) -> Screening:
    """The screening of a photo that could not be judged: a reject on every channel, by rule R01."""
    findings = failed(data, error)
    verdicts = decide_all(findings, request.answers, people, policy, request.channels)
    return conclude(findings, request, verdicts, {}, Stopwatch())


def failed(data: bytes, error: Exception) -> Findings:
    """The findings of a photo that could not be judged. What is logged names the photo by its hash only."""
    failure = (error if isinstance(error, FotopoortError) else FotopoortError()).failure()
    digest = hashlib.sha256(data).hexdigest() if data else ""
    log.warning("photo %s not judged: %s (%s)", digest[:12], failure.code, type(error).__name__)
    return Findings(sha256=digest, width=0, height=0, format="", failure=failure)


def inspect(data: bytes, *, finder: FaceFinder, limits: Limits, long_side: int) -> tuple[Findings, dict[str, float]]:
    """What is in a photo, without judging it, and milliseconds per step. Never fails: see `Findings.failure`."""
    clock = Stopwatch()
    try:
        _, findings = look(data, finder, limits=limits, long_side=long_side, clock=clock)
    except Exception as error:
        findings = failed(data, error)
    return findings, clock.milliseconds


def look(
    data: bytes,
    finder: FaceFinder,
    *,
    limits: Limits,
    long_side: int,
    clock: Stopwatch | None = None,
    findings: Findings | None = None,
) -> tuple[Photo, Findings]:
    """What is in a photo, without judging it.

    Args:
        long_side: pixels that are enough for seeing and for every rendition; a larger JPEG is decoded smaller.
        findings: what is in it, where that is known already.

    Raises:
        PhotoError: the file cannot be judged.
        ModelError: the models could not look.
    """
    clock = clock or Stopwatch()
    with clock.step("decode"):
        photo = decode(data, limits, long_side)
    if findings is not None:
        if findings.sha256 != photo.sha256:
            raise Damaged("This is not the photo that was seen before.", hint="Send the photo again.")
        return photo, findings
    with clock.step("look"):
        faces = finder.find(photo.pixels, photo.scale)
        likeness = print_of(photo.pixels)
    return photo, Findings(
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        format=photo.format,
        faces=faces,
        hints=photo.hints,
        likeness=likeness,
        models=finder.fingerprint,
    )


def _render(
    photo: Photo,
    findings: Findings,
    verdict: Verdict,
    side: int,
    finder: FaceFinder,
    policy: Policy,
    clock: Stopwatch,
) -> Rendition:
    """The rendition, looked at again as at a new photo; covered more generously once if anything is still seen."""
    with clock.step("render"):
        rendition = encode(photo, verdict.covered, side)
    if not verdict.covered:
        return replace(rendition, verified=True)
    kept = [face.box for face in findings.faces if verdict.faces[face.id].action is Action.KEEP]
    again = _look_again(rendition, findings, kept, finder, clock)
    if not again:
        return replace(rendition, verified=True)
    larger = [_grown(box).clipped(findings.width, findings.height) for box in verdict.covered]
    larger += [cover_box(box, findings.width, findings.height, policy) for box in again]
    with clock.step("render"):
        rendition = encode(photo, larger, side)
    return replace(rendition, verified=not _look_again(rendition, findings, kept, finder, clock))


def _look_again(
    rendition: Rendition, findings: Findings, kept: list[Box], finder: FaceFinder, clock: Stopwatch
) -> tuple[Box, ...]:
    with clock.step("verify"):
        pixels = np.asarray(Image.open(io.BytesIO(rendition.jpeg)))
        plainly = [box for box in kept if not centre_is_covered(box, rendition.covered)]
        found = finder.find(pixels, rendition.width / findings.width, plainly)
        return found_again(found, rendition.covered, kept, findings.faces)


def _grown(box: Box) -> Box:
    dx, dy = ENLARGED * box.w, ENLARGED * box.h
    return Box(box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy)


def conclude(
    findings: Findings,
    request: Request,
    verdicts: Mapping[ChannelId, Verdict],
    renditions: Mapping[ChannelId, Rendition],
    clock: Stopwatch,
) -> Screening:
    """The screening, with a receipt that ties everything together."""
    first = next(iter(verdicts.values()))
    receipt = Receipt(
        photo=findings.sha256,
        findings=_digest(asdict(without_texts(findings))),
        answers=_digest(asdict(request.answers)),
        models=findings.models,
        policy=first.policy,
        registry=first.registry,
        renditions={channel: rendition.sha256 for channel, rendition in renditions.items()},
    )
    return Screening(uuid.uuid4().hex, findings, verdicts, renditions, receipt, clock.milliseconds)


def without_texts(findings: Findings) -> Findings:
    """The findings as they are kept: that the file carried texts, not what they said."""
    return replace(findings, hints=tuple(replace(hint, text=hint.text and SOMETHING) for hint in findings.hints))


def _digest(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, default=sorted, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Stopwatch:
    """How long each step took; a step done several times adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + (time.perf_counter() - start) * 1000
