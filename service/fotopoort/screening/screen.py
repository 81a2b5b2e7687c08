"""THE use case: one photo in, one verdict per channel out, with a safe rendition where the verdict allows one.

Every front door ends in `screen()`. Its halves are `analysis.py`, what is in a photo, and `renditions.py`, what goes
out. Models, people and policy are given as arguments. Whatever goes wrong with a photo, the answer is a reject by rule
R01, never an exception.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from fotopoort.errors import Damaged, UseError
from fotopoort.names import places
from fotopoort.names.name_list import NameList
from fotopoort.photo.decode import Limits, Photo, decode
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.policy.crops.own_child import parents_copy, part_is_alone
from fotopoort.policy.decide import decide_all, decide_part, unverified
from fotopoort.policy.measures import public_side, published_sides, seen_side
from fotopoort.policy.policy import Policy, StaffNames
from fotopoort.policy.posts.asks import NOTHING, Asks
from fotopoort.policy.posts.verdicts import decide_photo
from fotopoort.screening.analysis import (
    ALL_TEXT,
    NO_TEXT,
    Detectors,
    Stopwatch,
    TextNeeds,
    analyse,
    failed,
)
from fotopoort.screening.file_regions import with_persons
from fotopoort.screening.name_search import find, name_list, require_searchable
from fotopoort.screening.renditions import Renderer, covers_of_preview, may_be_read, preview
from fotopoort.screening.stored_form import digest, without_texts
from fotopoort.screening.verification import Verifier
from fotopoort.vocabulary import (
    Answers,
    Box,
    ChannelId,
    Findings,
    NameEntry,
    Outcome,
    People,
    PersonId,
    Receipt,
    Rendition,
    Text,
    Verdict,
)

NOTHING_BLOCKED: Final = Blocklist()


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks about one photo."""

    channels: tuple[ChannelId, ...]
    answers: Answers = field(default_factory=Answers)
    caption: str | None = field(default=None, repr=False)
    together: bool = False  # one message on all channels: one rendition, by the strictest of them
    file_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Screening:
    """The whole result for one photo.

    Attributes:
        milliseconds: per step.
        clean: the caption without the names in it.
        preview: a small JPEG, where one was requested and there may be one, see `renditions.preview`.
        view: the whole photo as a small JPEG with nothing covered, where one was requested: for whoever sent it.
    """

    id: str
    findings: Findings
    verdicts: Mapping[ChannelId, Verdict]
    renditions: Mapping[ChannelId, Rendition]
    receipt: Receipt
    milliseconds: Mapping[str, float]
    clean: str | None = field(default=None, repr=False)
    preview: bytes | None = field(default=None, repr=False)
    view: bytes | None = field(default=None, repr=False)
    asks: Asks = NOTHING  # on all its channels together


@dataclass(frozen=True, slots=True)
class ScreeningJob:
    """What one photo is judged by, beside its bytes and the models. It is sent to a screening process as it is.

    Attributes:
        people: everyone the school knows; None: anyone could be anyone.
        names: what texts and the picture are searched for; none: names are not checked.
        blocked: photos that may not be published.
        findings: what was found in this photo before: it is judged by that, and not looked at again.
        preview_side: pixels of the longer side of a preview; 0: no preview is made.
        view_side: the same of a view, see `Screening.view`.
        renders: whether renditions are made. Without them a verdict is what is decided before what goes out is looked
            at once more, which may still turn it into a reject.
        own_child: the copy for the parents of this child is made, as large as the channel has it, instead of what may
            be published.
    """

    request: Request
    policy: Policy
    people: People | None = None
    names: tuple[NameEntry, ...] = field(default=(), repr=False)
    blocked: Blocklist = NOTHING_BLOCKED
    findings: Findings | None = None
    preview_side: int = 0
    view_side: int = 0
    renders: bool = True
    own_child: PersonId | None = None


def screen(
    data: bytes,
    job: ScreeningJob,
    detectors: Detectors,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Screening:
    """Judge one photo for every channel of the request.

    Args:
        data: the file's bytes, whatever they are.
        detectors: shared between calls, loaded once.
        limits: how large a file may be.

    Returns:
        A verdict for each channel of the request, in that order, and a rendition wherever the outcome is not reject.

    Raises:
        UseError: the request itself cannot be (no channel, or an unknown one); never for anything about the photo.
    """
    request, policy = job.request, job.policy
    if not request.channels:
        raise UseError(
            Text(nl="Er is geen kanaal genoemd.", en="No channel is named."),
            hint=Text(nl="Zeg waar de foto geplaatst zou worden.", en="Say where the photo would be published."),
        )
    clock = Stopwatch()
    sides = published_sides(policy, request.channels, together=request.together)
    try:
        names = names_to_find(job)
        with clock.step("decode"):
            photo = decode(data, limits, seen_side(policy))
        findings = _findings(photo, job, names, detectors, clock)
        clean = find(names, request.caption)[1] if names and request.caption else None
        readable = may_be_read(findings, request.answers)
        verifier = Verifier(findings, detectors, names, readable)
        renderer = Renderer(photo, findings, policy, verifier, clock, partial(_may_go_out, job, findings))
        screening = _judge(job, renderer, sides)
        view = preview(photo, (), job.view_side) if job.view_side else None
        return replace(screening, clean=clean, preview=_preview(photo, screening, job), view=view)
    except UseError:
        raise
    except Exception as error:
        return unjudged(data, request, error, policy=policy, people=job.people)


def names_to_find(job: ScreeningJob) -> NameList:
    """The names to look for; strictly those of the groups and persons that are said to be in the photo."""
    if not job.names:
        return NameList(())
    answers = job.request.answers
    present = answers.present | {answer.person for answer in answers.faces.values() if answer.person}
    staff_counts = job.policy.settings.staff_names is StaffNames.COUNT
    return name_list(job.names, answers.groups, present, staff_counts)


def _findings(photo: Photo, job: ScreeningJob, names: NameList, detectors: Detectors, clock: Stopwatch) -> Findings:
    """What is in the photo, with the names in it and around it; or what was found before."""
    if job.findings is None:
        findings = analyse(photo, detectors, _text_needs(job, names), clock)
    elif not job.findings.failure and job.findings.models != detectors.finder.fingerprint:
        raise Damaged(
            Text(
                nl="Deze foto is bekeken door een eerdere versie van dit programma.",
                en="This photo was seen by an earlier version of this program.",
            ),
            hint=Text(nl="Stuur de foto opnieuw.", en="Send the photo again."),
        )
    elif job.findings.sha256 == photo.sha256:
        findings = job.findings
    else:
        raise Damaged(
            Text(nl="Dit is niet de foto die eerder is bekeken.", en="This is not the photo that was seen before."),
            hint=Text(nl="Stuur de foto opnieuw.", en="Send the photo again."),
        )
    findings = replace(findings, blocked=job.blocked.holds(findings.sha256, findings.perceptual_hash))
    if job.findings is not None:
        return findings
    with clock.step("names"):
        return search_names(findings, job.request, names)


def _text_needs(job: ScreeningJob, names: NameList) -> TextNeeds:
    """Public channels need all text; closed ones only so much of it that it may be a list of names."""
    if any(job.policy.channel(channel).public for channel in job.request.channels):
        return replace(ALL_TEXT, side=seen_side(job.policy), code_side=public_side(job.policy))
    return TextNeeds(job.policy.private_list.min_names, side=seen_side(job.policy)) if names else NO_TEXT


def search_names(findings: Findings, request: Request, names: NameList) -> Findings:
    """The findings with the names that can be read in and around the photo: in what was given and what was read.

    Raises:
        TextTooLong: the caption has more than a million characters.
    """
    has_text = findings.has_text or bool(request.caption)
    findings = with_persons(findings, names)
    if not names:
        return replace(findings, has_text=has_text, names=(), names_checked=False)
    require_searchable(request.caption)
    hits = places.in_photo(
        names,
        sha256=findings.sha256,
        caption=request.caption,
        file_name=request.file_name,
        hints=findings.hints,
        lines=findings.text,
    )
    return replace(findings, has_text=has_text, names=hits, names_checked=True)


def _judge(job: ScreeningJob, renderer: Renderer, sides: Mapping[ChannelId, int]) -> Screening:
    """Decide, and make the renditions that the verdicts allow; channels with the same covers and size share one."""
    findings, request = renderer.findings, job.request
    verdicts, asks = _verdicts(job, findings)
    published = [channel for channel, verdict in verdicts.items() if verdict.outcome is not Outcome.REJECT]
    if not job.renders:
        return conclude(findings, request, verdicts, {}, renderer.clock, asks)
    made = {channel: renderer.render(verdicts[channel], sides[channel]) for channel in published}
    renditions = {channel: made[channel] for channel in published if made[channel].verified}
    verdicts |= {channel: unverified(verdicts[channel]) for channel in published if not made[channel].verified}
    return conclude(findings, request, verdicts, renditions, renderer.clock, asks)


def _verdicts(job: ScreeningJob, findings: Findings) -> tuple[dict[ChannelId, Verdict], Asks]:
    answers, child, channels = job.request.answers, job.own_child, job.request.channels
    if child is None:
        return decide_photo(findings, answers, job.people, job.policy, channels, together=job.request.together)
    copies = {of: parents_copy(findings, answers, child, job.policy, of, crop=answers.crop) for of in channels}
    return copies, NOTHING


def _may_go_out(job: ScreeningJob, findings: Findings, part: Findings, box: Box, channel: ChannelId) -> bool:
    """Whether a part of the photo, with what was seen in it, may go out as it is; in one message to several channels,
    on all of them."""
    request = job.request
    if job.own_child is not None:
        return part_is_alone(findings, request.answers, job.own_child, job.policy, channel, part, box)
    return all(
        decide_part(findings, request.answers, job.people, job.policy, other, part, box).outcome is Outcome.PUBLISH
        for other in (request.channels if request.together else (channel,))
    )


def _preview(photo: Photo, screening: Screening, job: ScreeningJob) -> bytes | None:
    if not job.preview_side:
        return None
    answers = job.request.answers
    covers = covers_of_preview(screening.findings, answers, screening.verdicts, screening.renditions, job.policy)
    return None if covers is None else preview(photo, covers, job.preview_side)


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
    asks: Asks = NOTHING,
) -> Screening:
    """The screening, with a receipt that ties everything together."""
    receipt = Receipt(
        photo=findings.sha256,
        findings=digest(without_texts(findings)),
        answers=digest(request.answers),
        models=findings.models,
        policy=next(iter(verdicts.values())).policy,
        registry=next(iter(verdicts.values())).registry,
        renditions={channel: rendition.sha256 for channel, rendition in renditions.items()},
    )
    return Screening(uuid.uuid4().hex, findings, verdicts, renditions, receipt, clock.milliseconds, asks=asks)
