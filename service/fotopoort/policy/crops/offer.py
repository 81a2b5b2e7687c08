"""Whether leaving out a part of the photo would do instead of covering it, and what is decided of what stays.

A part can take away only what has a place: a face, a figure, a text. Where it is not known who is in the photo, or the
photo as a whole may not go out, no part of it may. What stays is judged by the same rules, as a photo of its own: in it
a face is larger, and may be one that can be recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeAlias

from fotopoort.policy.case import Case, open_case
from fotopoort.policy.crops.geometry import grown, largest_crops
from fotopoort.policy.crops.part import answers_about, findings_of, within_count
from fotopoort.policy.measures import face_cover, figure_cover
from fotopoort.policy.policy import Policy
from fotopoort.policy.rule import Then
from fotopoort.policy.rules import rule
from fotopoort.vocabulary import (
    Action,
    Answers,
    Basis,
    Box,
    ChannelId,
    Crop,
    FaceId,
    FaceVerdict,
    Findings,
    NamePlace,
    Outcome,
    People,
    Reason,
    Verdict,
)

Judge: TypeAlias = Callable[[Findings, Answers, ChannelId], Verdict]  # without questions

MIN_SHARE: Final = 0.5  # of the photo's area
# Pixels around what is left out, so that no block in which a JPEG codes its pixels reaches from there into the crop:
# the rest of the block in which it ends, and one block more, as around a cover.
BLOCKS: Final = 32
HAVE_A_PLACE: Final = frozenset({"R15", "R17", "R30", "R40"})  # of the rules that reject: what they are about


@dataclass(frozen=True, slots=True)
class Offer:
    """A part of a photo that may go out as it is, and its verdicts as a photo of its own."""

    box: Box
    verdicts: Mapping[ChannelId, Verdict]


def with_crops(
    verdicts: Mapping[ChannelId, Verdict],
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    judge: Judge,
    *,
    together: bool,
) -> dict[ChannelId, Verdict]:
    """The verdicts, each with the crop that may go out instead, where there is one; where the answers ask for that, it
    is what goes out.

    Args:
        together: the channels get one rendition, so that one crop has to do for all of them.
    """
    given = dict(verdicts)
    for channels in [tuple(verdicts)] if together else [(channel,) for channel in verdicts]:
        if not all(_can_be_lifted(verdicts[channel], policy) for channel in channels):
            continue
        cases = [open_case(findings, answers, people, policy, policy.channel(channel)) for channel in channels]
        if any(answers.pointed_out & case.candidates.persons for case in cases):  # doubted: nobody knows where they are
            continue
        if (offer := find([verdicts[channel] for channel in channels], cases, judge)) is None:
            continue
        for channel in channels:
            verdict, crop = verdicts[channel], Crop(offer.box)
            asked_for = applied(verdict, offer.verdicts[channel], crop)
            given[channel] = asked_for if answers.crop else replace(verdict, crop=crop)
    return given


def find(verdicts: Sequence[Verdict], cases: Sequence[Case], judge: Judge) -> Offer | None:
    """The largest part that all these verdicts would let out as it is, if there is one.

    Args:
        cases: that of each verdict.
    """
    case = cases[0]
    width, height = case.findings.width, case.findings.height
    hidden = _hidden(verdicts, case)
    kept = _to_be_kept(verdicts) - hidden
    places = list(chain.from_iterable(map(_places, verdicts, cases)))
    faces_kept = [_with_margin(case, face) for face in sorted(kept)]
    while True:
        left_out = [grown(box, BLOCKS) for box in (*places, *_all_of(case, hidden))]
        more = hidden
        for box in largest_crops(width, height, left_out, faces_kept, MIN_SHARE):
            part = findings_of(case.findings, box)
            judged = {
                other.channel.id: judge(part, within_count(other, answers_about(other, box), part), other.channel.id)
                for other in cases
            }
            if all(verdict.outcome is Outcome.PUBLISH for verdict in judged.values()):
                return Offer(box, judged)
            more |= _hidden(judged.values(), case) - kept
        if more == hidden:
            return None
        hidden = more  # with faces that can be recognised in the crop alone


def applied(verdict: Verdict, part: Verdict, crop: Crop) -> Verdict:
    """The verdict of a photo of which only a part goes out: `blur`, so that whoever reads no more than the outcome does
    not take the whole photo for what may go out."""
    row = rule("R44")
    outside = {
        id: FaceVerdict(Action.COVER, judged.basis) for id, judged in verdict.faces.items() if id not in part.faces
    }
    about = tuple(id for id in verdict.faces if id in outside and verdict.faces[id].action is Action.COVER)
    others = tuple(reason for reason in part.reasons if reason.rule != "R50")
    return replace(
        verdict,
        outcome=Outcome.BLUR,
        faces={id: outside.get(id) or part.faces[id] for id in verdict.faces},
        covered=(),
        reasons=(Reason(row.id, about, row.says.nl, row.says.en), *others),
        questions=(),
        neutral_name=verdict.neutral_name or part.neutral_name,
        not_yet=False,
        crop=replace(crop, applied=True),
    )


def _can_be_lifted(verdict: Verdict, policy: Policy) -> bool:
    """Whether all that holds the photo back has a place in it."""
    rejecting = {reason.rule for reason in verdict.reasons if rule(reason.rule).effect(policy) is Then.REJECT}
    return verdict.outcome is not Outcome.PUBLISH and rejecting <= HAVE_A_PLACE


def _hidden(verdicts: Iterable[Verdict], case: Case) -> frozenset[FaceId]:
    """The faces that may not be seen."""
    row = rule("R30")
    hidden = {id for verdict in verdicts for id, judged in verdict.faces.items() if judged.action is Action.COVER}
    if row.effect(case.policy) is Then.REJECT:
        hidden |= {
            face
            for verdict in verdicts
            for reason in verdict.reasons
            if reason.rule == row.id and (verdict.channel, row.id) not in case.answers.overridden
            for face in reason.faces
        }
    return frozenset(hidden)


def _to_be_kept(verdicts: Iterable[Verdict]) -> frozenset[FaceId]:
    """The people who can be recognised, whether they may be seen or not: they are what the photo is of."""
    others = (Basis.TOO_SMALL, Basis.NOT_A_PERSON)
    return frozenset(id for verdict in verdicts for id, face in verdict.faces.items() if face.basis not in others)


def _places(verdict: Verdict, case: Case) -> Iterator[Box]:
    """What is to be left out besides faces; all of the photo, where nobody knows where it is."""
    width, height = case.findings.width, case.findings.height
    rules = {reason.rule for reason in verdict.reasons}
    yield from verdict.covered
    if "R17" in rules:
        yield from (figure_cover(figure.box, figure, width, height, case.policy) for figure in case.unseen)
    if "R15" in rules:
        yield from (hit.box or Box(0, 0, width, height) for hit in case.names(NamePlace.PICTURE))


def _all_of(case: Case, faces: frozenset[FaceId]) -> Iterator[Box]:
    """Faces with hair and ears, and the figures that were found with them, as they were found."""
    yield from (_with_margin(case, face) for face in sorted(faces))
    yield from (figure.box for figure in case.findings.figures if figure.face in faces)


def _with_margin(case: Case, id: FaceId) -> Box:
    face = next(face for face in case.findings.faces if face.id == id)
    return face_cover(face, case.findings.width, case.findings.height, case.policy)
