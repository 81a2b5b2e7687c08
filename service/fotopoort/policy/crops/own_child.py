"""The copy of a photo for the parents of one child: everybody else in it covered, or the part with that child alone.

Parents may pass on only photos with just their own child. Who else may be shown where does not count here, and nobody's
consent is looked at, so that nothing can be learned of anybody from what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from fotopoort.errors import NoCopy
from fotopoort.policy.candidates import SAME_FACE
from fotopoort.policy.case import Case, open_case
from fotopoort.policy.crops.geometry import grown, largest_crops
from fotopoort.policy.crops.offer import BLOCKS
from fotopoort.policy.crops.part import answers_about
from fotopoort.policy.measures import drawn_covers, face_cover, figure_cover, in_order, is_meant
from fotopoort.policy.policy import Covering, Policy
from fotopoort.vocabulary import (
    Action,
    Answers,
    Basis,
    Box,
    ChannelId,
    Crop,
    DrawnFace,
    Face,
    FaceLabel,
    FaceVerdict,
    Findings,
    NamePlace,
    Outcome,
    PersonId,
    Text,
    Verdict,
)

MIN_SHARE: Final = 0.1  # of the photo's area that a crop keeps: one child is a smaller thing than a scene
MAY_BE_ANOTHERS: Final = frozenset({FaceLabel.COVER, FaceLabel.OTHER_CHILD, FaceLabel.PERSON})
MAX_BEHIND: Final = 0.3  # of the child's face that may be behind what is covered of others

NOT_POINTED_OUT: Final = Text(
    "Op deze foto is niet aangewezen wie dit kind is.", "Nobody pointed out in this photo who this child is."
)
POINT_OUT: Final = Text(
    "Laat de foto beoordelen en wijs het kind één keer aan, bij zijn of haar gezicht.",
    "Have the photo judged, and point the child out once, at its face.",
)
MAY_HIDE_OTHERS: Final = Text(
    "Op deze foto kunnen mensen staan van wie het gezicht niet is gevonden.",
    "There may be people in this photo whose faces were not found.",
)
SAY_WHO: Final = Text(
    "Zeg bij de foto dat er verder niemand op staat, of teken wie er niet is gevonden.",
    "Say of the photo that nobody else is in it, or draw who was not found.",
)
BEHIND_OTHERS: Final = Text(
    "Het gezicht van dit kind zit achter wat van een ander wordt bedekt.",
    "This child's face is behind what is covered of somebody else.",
)
NOT_COVERABLE: Final = Text(
    "In de foto is een naam te lezen waarvan de plek niet bekend is.",
    "A name can be read in the photo, and its place is not known.",
)
BLOCKED: Final = Text("Deze foto is gemeld of geblokkeerd.", "This photo was reported or blocked.")
HARMFUL: Final = Text("Iemand kan last krijgen van deze foto.", "Somebody can come to harm by this photo.")
ANOTHER: Final = Text("Kies een andere foto.", "Choose another photo.")


def parents_copy(
    findings: Findings, answers: Answers, child: PersonId, policy: Policy, channel: ChannelId, *, crop: bool
) -> Verdict:
    """What is covered in the copy for a child's parents, as a verdict on this one photo.

    Everybody counts as somebody else whose face does not have an answer that it is this child, whatever its size; a
    poster is nobody, where somebody said so of that very face.

    Args:
        answers: to a photo of that SHA-256; those about a face hold where they were given with its box.
        channel: as large as which the copy is.
        crop: the part with the child alone is wanted, where there is one.

    Raises:
        NoCopy: there can be none; the message says why.
    """
    case = open_case(findings, answers, None, policy, policy.channel(channel))
    face = _face_of(case, child)
    if findings.blocked:
        raise NoCopy(BLOCKED, hint=ANOTHER)
    if answers.harmful or answers.elsewhere.harmful:
        raise NoCopy(HARMFUL, hint=ANOTHER)
    if case.may_hide_people or case.unseen:
        raise NoCopy(MAY_HIDE_OTHERS, hint=SAY_WHO)
    others = [
        other.face
        for other in case.faces
        if other.id != face.id and not (other.label is FaceLabel.NOT_A_PERSON and other.answered)
    ]
    elsewhere = len(case.missing - {child})  # in it, and nobody knows where
    if elsewhere > len(others) or (answers.others and not others):
        raise NoCopy(MAY_HIDE_OTHERS, hint=SAY_WHO)
    said = [*_drawn(case, face, child), *_elsewhere(case, face, child)]
    covers = _in_photo([*_covers(case, others), *said, *_names(case, child)], findings)
    part = _part(case, face, others, covers) if crop and covers else None
    if part is None and _is_behind(face, covers):
        raise NoCopy(BEHIND_OTHERS, hint=ANOTHER)
    hidden = {other.id for other in others}
    return Verdict(
        channel=channel,
        outcome=Outcome.BLUR if covers else Outcome.PUBLISH,
        faces={
            other.id: FaceVerdict(Action.COVER, Basis.NONE)
            if other.id in hidden
            else FaceVerdict(Action.KEEP, other.basis)
            for other in case.faces
        },
        covered=() if part else covers,
        reasons=(),
        questions=(),
        neutral_name=True,
        basis=case.channel.basis,
        policy=policy.id,
        registry=None,
        crop=Crop(part, applied=True) if part else None,
    )


def part_is_alone(
    findings: Findings, answers: Answers, child: PersonId, policy: Policy, channel: ChannelId, part: Findings, box: Box
) -> bool:
    """Whether nobody but the child is in a part of the photo, with what was seen in it.

    Args:
        findings, answers: of the whole photo.
        part: what was found in the part.
        box: where it is.
    """
    part_answers = answers_about(open_case(findings, answers, None, policy, policy.channel(channel)), box)
    try:
        return parents_copy(part, part_answers, child, policy, channel, crop=False).outcome is Outcome.PUBLISH
    except NoCopy:
        return False


def _face_of(case: Case, child: PersonId) -> Face:
    """The one face of which somebody said that it is this child."""
    answers = case.answers
    theirs = [face for face in case.faces if face.label is FaceLabel.PERSON and answers.faces[face.id].person == child]
    if len(theirs) != 1:
        raise NoCopy(NOT_POINTED_OUT, hint=POINT_OUT)
    box = theirs[0].face.box
    if any(shape.person != child and is_meant(box, shape.box) for shape in answers.drawn):
        raise NoCopy(NOT_POINTED_OUT, hint=POINT_OUT)
    if any(_is_elsewhere(shape, child, box) for shape in answers.drawn):
        raise NoCopy(NOT_POINTED_OUT, hint=POINT_OUT)
    return theirs[0].face


def _is_elsewhere(shape: DrawnFace, child: PersonId, box: Box) -> bool:
    return shape.person == child and shape.box.iou(box) < SAME_FACE


def _covers(case: Case, others: Sequence[Face]) -> Iterator[Box]:
    size = case.findings.width, case.findings.height
    figures = {figure.face: figure for figure in case.findings.figures}
    for face in others:
        yield face_cover(face, *size, case.policy)
        if case.policy.settings.cover is Covering.FIGURE:
            roll = face.roll if face.pose_reliable else 0.0
            yield figure_cover(face.box, figures.get(face.id), *size, case.policy, roll=roll)


def _drawn(case: Case, face: Face, child: PersonId) -> Iterator[Box]:
    for shape in case.answers.drawn:
        if shape.person != child:
            yield from drawn_covers(shape, case.findings, case.policy, shown=False)
    for id, answer in case.answers.faces.items():
        is_childs = answer.label is FaceLabel.PERSON and answer.person == child
        if answer.label in MAY_BE_ANOTHERS and not is_childs and answer.box and id != face.id:
            yield answer.box


def _elsewhere(case: Case, face: Face, child: PersonId) -> Iterator[Box]:
    """Where somebody was drawn, pointed out or to be covered when the same photo was sent at another time. Whoever that
    is, it is not the child where it is not its face now. Such a place accounts for nobody."""
    for place in case.answers.elsewhere.places:
        is_child = place.person == child  # whose face was not found then can have a roomy box
        if place.box.iou(face.box) < SAME_FACE and not (is_child and is_meant(face.box, place.box)):
            shape = DrawnFace(place.box, place.person)
            yield from drawn_covers(shape, case.findings, case.policy, shown=False)


def _names(case: Case, child: PersonId) -> Iterator[Box]:
    """Names in the picture, other than the child's own."""
    for hit in case.names(NamePlace.PICTURE, NamePlace.CODE):
        if hit.person == child and hit.certain:
            continue
        if hit.box is None:
            raise NoCopy(NOT_COVERABLE, hint=ANOTHER)
        yield hit.box


def _in_photo(boxes: Sequence[Box], findings: Findings) -> tuple[Box, ...]:
    return in_order(box.clipped(findings.width, findings.height) for box in boxes)


def _is_behind(face: Face, covers: Sequence[Box]) -> bool:
    hidden = any(cover.contains(face.box.centre) for cover in covers)
    return hidden or any(cover.overlap(face.box) >= MAX_BEHIND * face.box.area for cover in covers)


def _part(case: Case, face: Face, others: Sequence[Face], covers: Sequence[Box]) -> Box | None:
    """The largest part with the child's face whole and nothing of anybody else."""
    size, hidden = (case.findings.width, case.findings.height), {other.id for other in others}
    figures = [
        figure_cover(figure.box, figure, *size, case.policy)
        for figure in case.findings.figures
        if figure.face is None or figure.face in hidden
    ]
    left_out = [grown(box, BLOCKS) for box in (*covers, *figures)]
    crops = largest_crops(*size, left_out, [face_cover(face, *size, case.policy)], MIN_SHARE)
    return crops[0] if crops else None
