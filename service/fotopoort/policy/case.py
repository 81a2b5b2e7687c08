"""One photo on one channel, with everything that a rule may ask about it already worked out."""

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

SAME_FACE: Final = 0.5  # overlap (IoU) from which a box that was answered about is this face


@dataclass(frozen=True, slots=True)
class CaseFace:
    """A face, and what the rules ask about it on this channel."""

    face: Face
    recognisable: bool
    frontal: bool
    close_up: bool
    label: FaceLabel | None  # what the teacher said of it
    person: Person | None  # with FaceLabel.PERSON: who it is, where the school knows that person
    may_be_shown: bool  # because of who was tapped, who it could be, or the teacher's word
    could_be_pupil: bool

    @property
    def id(self) -> FaceId:
        return self.face.id

    @property
    def unanswered(self) -> bool:
        """It matters who this is, and nobody said who."""
        return self.recognisable and self.label is None

    @property
    def too_small(self) -> bool:
        return not self.recognisable and self.label is None

    @property
    def basis(self) -> Basis:
        if self.label is FaceLabel.PERSON:
            return Basis.IDENTIFIED
        if self.label is FaceLabel.NOT_A_PERSON:
            return Basis.NOT_A_PERSON
        if self.label is not None:
            return Basis.VOUCHED
        if self.too_small:
            return Basis.TOO_SMALL
        return Basis.GROUP if self.may_be_shown else Basis.NONE


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the steps before this one decided."""

    outcome: Outcome = Outcome.PUBLISH
    faces: frozenset[FaceId] = frozenset()  # to cover
    boxes: tuple[Box, ...] = ()  # to cover, of faces and of other places


@dataclass(frozen=True, slots=True)
class Case:
    findings: Findings
    answers: Answers
    persons: Mapping[PersonId, Person]  # everyone the school knows
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
    persons = people.persons if people else {}
    width, height = findings.width, findings.height
    answered = {
        face.id: answers.faces[face.id] for face in findings.faces if _is_about(answers.faces.get(face.id), face)
    }
    drawn = [drawn for drawn in answers.drawn if drawn.box.clipped(width, height).area > 0]
    cover_wishes = [answer.box for answer in answers.faces.values() if answer.label is FaceLabel.COVER and answer.box]

    # An answer about a face that is not there now clears nobody, but this person is still in the photo.
    located = _identified(*answered.values(), *drawn)
    unplaced = _identified(*answers.faces.values(), *answers.drawn) - located
    large = {face.id for face in findings.faces if is_recognisable(face, width, height, channel.max_side, policy)}
    unanswered = sum(face_id not in answered for face_id in large)
    could_be = candidates(answers, persons, located=located, unplaced=unplaced, unanswered=unanswered)

    present = answers.present | unplaced
    blockers = frozenset(person for person in could_be.persons if not may_be_shown(persons.get(person), channel))

    def case_face(face: Face) -> CaseFace:
        answer = answered.get(face.id)
        if answer is None:
            person, shown = None, not blockers and not could_be.unknown
            pupil = could_be.unknown or any(_could_be_pupil(persons.get(person_id)) for person_id in could_be.persons)
        elif answer.label is FaceLabel.PERSON:
            person = persons.get(answer.person or "")
            shown, pupil = may_be_shown(person, channel), _could_be_pupil(person)
        else:
            person, shown, pupil = None, answer.label is not FaceLabel.COVER, False
        return CaseFace(
            face=face,
            recognisable=face.id in large,
            frontal=is_frontal(face, policy),
            close_up=is_close_up(face, width, height, policy),
            label=answer.label if answer else None,
            person=person,
            may_be_shown=shown,
            could_be_pupil=pupil,
        )

    return Case(
        findings=findings,
        answers=answers,
        persons=persons,
        policy=policy,
        channel=channel,
        faces=tuple(case_face(face) for face in findings.faces),
        drawn=(*(face.box for face in drawn), *cover_wishes),
        candidates=could_be,
        blockers=blockers,
        involved=located | present | (could_be.persons if unanswered else frozenset()),
        missing=frozenset(person for person in present - located if not may_be_shown(persons.get(person), channel)),
    )


def _is_about(answer: FaceAnswer | None, face: Face) -> bool:
    """Whether an answer is about this very face. A wish to cover always holds: it cannot do harm."""
    if answer is None or answer.box is None or answer.label is FaceLabel.COVER:
        return answer is not None
    return answer.box.iou(face.box) >= SAME_FACE


def _identified(*answers: FaceAnswer | DrawnFace) -> frozenset[PersonId]:
    named = (answer for answer in answers if isinstance(answer, DrawnFace) or answer.label is FaceLabel.PERSON)
    return frozenset(answer.person for answer in named if answer.person)


def _could_be_pupil(person: Person | None) -> bool:
    return person is None or person.role is Role.PUPIL
