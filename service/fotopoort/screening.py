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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from PIL import Image

from fotopoort import naming
from fotopoort.errors import Damaged, FotopoortError, UseError
from fotopoort.names.name_list import NameList
from fotopoort.names.tokens import folded
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
    NameHit,
    NamePlace,
    Outcome,
    People,
    Receipt,
    Rendition,
    TextLine,
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


class TextReader(Protocol):
    """What reads text in pictures; `vision.text.PhotoReader` is the real one. Pixels as for `FaceFinder`."""

    def read(
        self, pixels: Array, scale: float = 1.0, least: int = 0, *, complete: bool = False
    ) -> tuple[TextLine, ...]:
        """Every line that can be read; none where there seem to be fewer than `least` words.

        Raises:
            TooMuchText: there is more than can be read, and `complete` says that all of it is wanted.
        """
        ...

    def codes(self, pixels: Array, scale: float = 1.0) -> tuple[TextLine, ...]:
        """The contents of QR and bar codes."""
        ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """What looks at a photo. Loaded once, shared between calls. `reader`: None: no text is read."""

    finder: FaceFinder
    reader: TextReader | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What text is to be read in a picture.

    Attributes:
        words: it is read where there seem to be at least so many words; None: not at all.
        codes: the contents of codes are wanted too.
        complete: all of it, or else the photo cannot be judged.
    """

    words: int | None = None
    codes: bool = False
    complete: bool = False


NO_TEXT = Wanted()
ANY_TEXT = Wanted(1, codes=True)
ALL_TEXT = Wanted(1, codes=True, complete=True)


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller asks of one photo."""

    channels: tuple[ChannelId, ...]
    answers: Answers = field(default_factory=Answers)
    caption: str | None = field(default=None, repr=False)
    together: bool = False  # one message: one rendition for all channels, by the strictest of them
    file_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Screening:
    """The whole result for one photo. `milliseconds` has a figure per step."""

    id: str
    findings: Findings
    verdicts: Mapping[ChannelId, Verdict]
    renditions: Mapping[ChannelId, Rendition]
    receipt: Receipt
    milliseconds: Mapping[str, float]
    clean: str | None = field(default=None, repr=False)  # the caption without the names in it


def screen(
    data: bytes,
    request: Request,
    *,
    finder: FaceFinder,
    policy: Policy,
    people: People | None = None,
    names: NameList | None = None,
    reader: TextReader | None = None,
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
        names: what texts and the picture are searched for; None: names are not checked.
        reader: reads the text in the picture; None: nobody reads it.
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
        eyes = Eyes(finder, reader)
        wanted = _wanted(request, policy, names)
        side = max(sides.values())
        photo, found = look(data, eyes, limits=limits, long_side=side, clock=clock, findings=findings, wanted=wanted)
        found = replace(found, blocked=blocked.holds(found.sha256, found.likeness))
        if findings is None:
            with clock.step("names"):
                found = _named(found, request, names)
        clean = naming.find(names, request.caption)[1] if names and request.caption else None
        names = names or NameList(())
        screening = _judge(
            photo, found, request, sides, eyes=eyes, policy=policy, people=people, names=names, clock=clock
        )
        return replace(screening, clean=clean)
    except UseError:
        raise
    except Exception as error:
        return unjudged(data, request, error, policy=policy, people=people)


def _wanted(request: Request, policy: Policy, names: NameList | None) -> Wanted:
    """Text is read where a public channel asks; for closed ones only where there is so much that it may be a list."""
    if any(policy.channel(channel).public for channel in request.channels):
        return ALL_TEXT
    return Wanted(policy.private_list.min_names) if names else NO_TEXT


def _named(found: Findings, request: Request, names: NameList | None) -> Findings:
    """What was seen, with the names in it and around it."""
    has_text = found.has_text or bool(request.caption)
    if not names:
        return replace(found, has_text=has_text)
    hits = naming.in_photo(
        names,
        sha256=found.sha256,
        caption=request.caption,
        file_name=request.file_name,
        hints=found.hints,
        lines=found.text,
    )
    return replace(found, has_text=has_text, names=hits, names_checked=True)


def _judge(
    photo: Photo,
    findings: Findings,
    request: Request,
    sides: Mapping[ChannelId, int],
    *,
    eyes: Eyes,
    policy: Policy,
    people: People | None,
    names: NameList,
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
            allowed = _may_be_read(findings, request.answers)
            again = _Again(findings, verdict, eyes, names, allowed, clock)
            made[same] = _render(photo, again, sides[channel], policy)
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


def inspect(data: bytes, *, eyes: Eyes, limits: Limits, long_side: int) -> tuple[Findings, dict[str, float]]:
    """What is in a photo, without judging it, and milliseconds per step. Never fails: see `Findings.failure`."""
    clock = Stopwatch()
    try:
        _, findings = look(data, eyes, limits=limits, long_side=long_side, clock=clock, wanted=ANY_TEXT)
    except Exception as error:
        findings = failed(data, error)
    return findings, clock.milliseconds


def look(
    data: bytes,
    eyes: Eyes,
    *,
    limits: Limits,
    long_side: int,
    clock: Stopwatch | None = None,
    findings: Findings | None = None,
    wanted: Wanted = NO_TEXT,
) -> tuple[Photo, Findings]:
    """What is in a photo, without judging it.

    Args:
        long_side: pixels that are enough for seeing and for every rendition; a larger JPEG is decoded smaller.
        findings: what is in it, where that is known already.
        wanted: what text is to be read.

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
    with ThreadPoolExecutor(1) as beside:  # codes need one processor at most, and leave the models most of it
        codes = beside.submit(_codes, photo.pixels, photo.scale, eyes.reader, wanted)
        with clock.step("look"):
            faces = eyes.finder.find(photo.pixels, photo.scale)
            likeness = print_of(photo.pixels)
        with clock.step("read"):
            lines = _words(photo.pixels, photo.scale, eyes.reader, wanted) + codes.result()
    return photo, Findings(
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        format=photo.format,
        faces=faces,
        hints=photo.hints,
        text=lines,
        has_text=bool(lines),
        likeness=likeness,
        models=eyes.finder.fingerprint,
    )


def _words(pixels: Array, scale: float, reader: TextReader | None, wanted: Wanted) -> tuple[TextLine, ...]:
    """The text that is wanted."""
    if reader is None or wanted.words is None:
        return ()
    return reader.read(pixels, scale, wanted.words, complete=wanted.complete)


def _codes(pixels: Array, scale: float, reader: TextReader | None, wanted: Wanted) -> tuple[TextLine, ...]:
    """The contents of codes, where they are wanted."""
    return reader.codes(pixels, scale) if reader is not None and wanted.codes else ()


def _render(photo: Photo, again: _Again, side: int, policy: Policy) -> Rendition:
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


def _may_be_read(findings: Findings, answers: Answers) -> tuple[tuple[str, Box], ...]:
    """What the teacher said is no name, folded, and where it stands in the picture."""
    said = (hit for hit in findings.names if hit.id in answers.not_names)
    return tuple((folded(hit.text or ""), hit.box) for hit in said if hit.box)


@dataclass(frozen=True, slots=True)
class _Again:
    """The second look, at a rendition: what is seen that should not be."""

    findings: Findings
    verdict: Verdict
    eyes: Eyes
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
            boxes = [hit.box for hit in naming.in_picture(self.names, lines) if hit.box and not self._is_allowed(hit)]
        return faces, tuple(boxes)

    def _is_allowed(self, hit: NameHit) -> bool:
        text, box = folded(hit.text or ""), hit.box
        return box is not None and any(text == said and box.overlap(place) > 0 for said, place in self.allowed)


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
    hints = tuple(replace(hint, text=hint.text and SOMETHING) for hint in findings.hints)
    carried = NamePlace.METADATA
    names = tuple(replace(hit, text=None) if hit.place is carried else hit for hit in findings.names)
    return replace(findings, hints=hints, text=(), names=names)


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
