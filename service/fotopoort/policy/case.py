"""One photo on one channel, with everything a rule may ask about it worked out beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fotopoort.policy.candidates import Candidates, candidates, may_be_shown
from fotopoort.policy.measures import is_close_up, is_frontal, is_recognisable
from fotopoort.policy.policy import Channel, Policy
from fotopoort.vocabulary import (
    Answers,
    Basis,
    Box,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Findings,
    NameHit,
    NamePlace,
    Outcome,
    People,
    Person,
    PersonId,
    Role,
)

SAME_FACE: Final = 0.5  # overlap (IoU) from which a box of an earlier look is taken to be this face


@dataclass(frozen=True, slots=True)
class CaseFace:
    """A face and what is known about it on this channel."""

    face: Face
    recognisable: bool
    frontal: bool
    close_up: bool
    saying: FaceLabel | None  # what the teacher said of it
    tapped: Person | None  # with Saying.PERSON: who it is, where the school knows that person
    may_be_shown: bool  # by the rules about persons: tapped, group, or the teacher's word
    could_be_pupil: bool

    @property
    def id(self) -> FaceId:
        return self.face.id

    @property
    def unanswered(self) -> bool:
        """It matters who this is, and nobody said so."""
        return self.recognisable and self.saying is None

    @property
    def too_small(self) -> bool:
        return not self.recognisable and self.saying is None

    @property
    def basis(self) -> Basis:
        if self.saying is FaceLabel.PERSON:
            return Basis.IDENTIFIED
        if self.saying is FaceLabel.NOT_A_PERSON:
            return Basis.NOT_A_PERSON
        if self.saying is not None:
            return Basis.VOUCHED
        if self.too_small:
            return Basis.TOO_SMALL
        return Basis.GROUP if self.may_be_shown else Basis.NONE


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the rules before this one came to."""

    outcome: Outcome = Outcome.PUBLISH
    faces: frozenset[FaceId] = frozenset()  # to cover
    boxes: tuple[Box, ...] = ()  # to cover, of faces and of other places


@dataclass(frozen=True, slots=True)
class Case:
    findings: Findings
    answers: Answers
    known: Mapping[PersonId, Person]
    policy: Policy
    channel: Channel
    faces: tuple[CaseFace, ...]
    drawn: tuple[Box, ...]  # what the teacher asked to cover besides the faces that were found
    candidates: Candidates  # of every face that is `unanswered`
    blockers: frozenset[PersonId]  # candidates who may not be shown
    involved: frozenset[PersonId]  # in the photo, or not ruled out
    missing: frozenset[PersonId]  # in it and may not be shown, but nobody knows where
    so_far: SoFar = SoFar()

    def names(self, *places: NamePlace) -> tuple[NameHit, ...]:
        """Names readable in these places that the teacher did not say are none."""
        return tuple(hit for hit in self.findings.names if hit.place in places and hit.id not in self.answers.not_names)

    def unanswered(self) -> tuple[FaceId, ...]:
        return tuple(face.id for face in self.faces if face.unanswered)


def open_case(findings: Findings, answers: Answers, people: People | None, policy: Policy, channel: Channel) -> Case:
    """Work out what the rules ask of a photo that could be judged."""
    known = people.persons if people else {}
    width, height = findings.width, findings.height
    taken = {face.id: answers.faces[face.id] for face in findings.faces if _is_about(answers.faces.get(face.id), face)}
    drawn = [drawn for drawn in answers.drawn if drawn.box.clipped(width, height).area > 0]
    wished = [answer.box for answer in answers.faces.values() if answer.label is FaceLabel.COVER and answer.box]

    # What was said of a face that is not there now clears nobody, but it still holds that this person is in the photo.
    located = _persons(*taken.values(), *drawn)
    unplaced = _persons(*answers.faces.values(), *answers.drawn) - located
    large = {face.id for face in findings.faces if is_recognisable(face, width, height, channel.max_side, policy)}
    unanswered = sum(face_id not in taken for face_id in large)
    could_be = candidates(answers, known, located=located, unplaced=unplaced, unanswered=unanswered)

    said_present = answers.present | unplaced
    blockers = frozenset(person for person in could_be.persons if not may_be_shown(known.get(person), channel))

    def seen(face: Face) -> CaseFace:
        answer = taken.get(face.id)
        if answer is None:
            who, shown = None, not blockers and not could_be.unknown
            pupil = could_be.unknown or any(_could_be_pupil(known.get(person)) for person in could_be.persons)
        elif answer.label is FaceLabel.PERSON:
            who = known.get(answer.person or "")
            shown, pupil = may_be_shown(who, channel), _could_be_pupil(who)
        else:
            who, shown, pupil = None, answer.label is not FaceLabel.COVER, False
        return CaseFace(
            face=face,
            recognisable=face.id in large,
            frontal=is_frontal(face, policy),
            close_up=is_close_up(face, width, height, policy),
            saying=answer.label if answer else None,
            tapped=who,
            may_be_shown=shown,
            could_be_pupil=pupil,
        )

    return Case(
        findings=findings,
        answers=answers,
        known=known,
        policy=policy,
        channel=channel,
        faces=tuple(seen(face) for face in findings.faces),
        drawn=(*(one.box for one in drawn), *wished),
        candidates=could_be,
        blockers=blockers,
        involved=located | said_present | (could_be.persons if unanswered else frozenset()),
        missing=frozenset(person for person in said_present - located if not may_be_shown(known.get(person), channel)),
    )


def _is_about(answer: FaceAnswer | None, face: Face) -> bool:
    """Whether an answer was given about this very face. A wish to cover is always taken: it cannot do harm."""
    if answer is None or answer.box is None or answer.label is FaceLabel.COVER:
        return answer is not None
    return answer.box.iou(face.box) >= SAME_FACE


def _persons(*sayings: FaceAnswer | DrawnFace) -> frozenset[PersonId]:
    named = (one for one in sayings if isinstance(one, DrawnFace) or one.label is FaceLabel.PERSON)
    return frozenset(one.person for one in named if one.person)


def _could_be_pupil(person: Person | None) -> bool:
    return person is None or person.role is Role.PUPIL
