"""THE use case: one photo in, one verdict per channel out, with a safe rendition where the verdict allows one.

Every front door calls `screen()`. Its halves are `looking.py`, what is in a photo, and `renditions.py`, what goes out.
Models, people and policy are given as arguments. Whatever goes wrong with a photo, the answer is a reject by rule R01,
never an exception.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from fotopoort.errors import UseError
from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.photo.decode import Limits, Photo
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.decide import decide_all, unverified
from fotopoort.policy.measures import published_sides
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import (
    ALL_TEXT,
    NO_TEXT,
    Detectors,
    FaceFinder,
    Stopwatch,
    TextNeeds,
    TextReader,
    failed,
    look,
)
from fotopoort.screening.name_search import find, require_searchable
from fotopoort.screening.renditions import SecondLook, may_be_read, preview, render
from fotopoort.vocabulary import (
    Answers,
    Box,
    ChannelId,
    Findings,
    NamePlace,
    Outcome,
    People,
    Receipt,
    Rendition,
    Verdict,
)

NOTHING_BLOCKED: Final = Blocklist()
SOMETHING: Final = "…"  # stands for a text that is not kept


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
    """The whole result for one photo.

    Attributes:
        milliseconds: per step.
        clean: the caption without the names in it.
        preview: a small JPEG, where one was asked for and there may be one, see `renditions.preview`.
    """

    id: str
    findings: Findings
    verdicts: Mapping[ChannelId, Verdict]
    renditions: Mapping[ChannelId, Rendition]
    receipt: Receipt
    milliseconds: Mapping[str, float]
    clean: str | None = field(default=None, repr=False)
    preview: bytes | None = field(default=None, repr=False)


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
    preview_side: int = 0,
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
        preview_side: pixels of the longer side of a preview; 0: none is wanted.

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
        eyes = Detectors(finder, reader)
        wanted = _wanted(request, policy, names)
        side = max(sides.values())
        photo, found = look(data, eyes, limits=limits, long_side=side, clock=clock, findings=findings, wanted=wanted)
        found = replace(found, blocked=blocked.holds(found.sha256, found.likeness))
        if findings is None:
            with clock.step("names"):
                found = _named(found, request, names)
        clean = find(names, request.caption)[1] if names and request.caption else None
        names = names or NameList(())
        screening = _judge(
            photo, found, request, sides, eyes=eyes, policy=policy, people=people, names=names, clock=clock
        )
        return replace(screening, clean=clean, preview=_previewed(photo, screening, policy, preview_side))
    except UseError:
        raise
    except Exception as error:
        return unjudged(data, request, error, policy=policy, people=people)


def _wanted(request: Request, policy: Policy, names: NameList | None) -> TextNeeds:
    """Text is read where a public channel asks; for closed ones only where there is so much that it may be a list."""
    if any(policy.channel(channel).public for channel in request.channels):
        return ALL_TEXT
    return TextNeeds(policy.private_list.min_names) if names else NO_TEXT


def _named(found: Findings, request: Request, names: NameList | None) -> Findings:
    """What was seen, with the names in it and around it."""
    has_text = found.has_text or bool(request.caption)
    if not names:
        return replace(found, has_text=has_text)
    require_searchable(request.caption)
    hits = places.in_photo(
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
    eyes: Detectors,
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
            allowed = may_be_read(findings, request.answers)
            again = SecondLook(findings, verdict, eyes, names, allowed, clock)
            made[same] = render(photo, again, sides[channel], policy)
        if made[same].verified:
            renditions[channel] = made[same]
        else:
            verdicts[channel] = unverified(verdict)
    return conclude(findings, request, verdicts, renditions, clock)


def _previewed(photo: Photo, screening: Screening, policy: Policy, side: int) -> bytes | None:
    if not side:
        return None
    return preview(photo, screening.findings, screening.verdicts, screening.renditions, policy, side)


def unjudged(
    data: bytes, request: Request, error: Exception, *, policy: Policy, people: People | None = None
) -> Screening:
    """The screening of a photo that could not be judged: a reject on every channel, by rule R01."""
    findings = failed(data, error)
    verdicts = decide_all(findings, request.answers, people, policy, request.channels)
    return conclude(findings, request, verdicts, {}, Stopwatch())


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
