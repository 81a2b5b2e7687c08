"""One photo on one channel, with everything that a rule may ask about it already worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fotopoort.policy.candidates import Candidates, candidates, may_be_shown, named_in_file, named_otherwise
from fotopoort.policy.measures import (
    can_hold_a_face,
    drawn_covers,
    faceless,
    is_close_up,
    is_frontal,
    is_meant,
    is_recognisable,
)
from fotopoort.policy.policy import Channel, Policy
from fotopoort.vocabulary import (
    Answers,
    Basis,
    Box,
    Face,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Figure,
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
    answered: bool  # it was said of this very face, and is believed; a wish to cover holds even where it is not
    person: Person | None  # with FaceLabel.PERSON: who it is, where the school knows that person
    may_be_shown: bool  # because of who was tapped, who it could be, or the teacher's word
    could_be_pupil: bool

    @property
    def id(self) -> FaceId:
        return self.face.id

    @property
    def unanswered(self) -> bool:
        """It matters who this is, and nobody said who."""
        return self.recognisable and not self.answered

    @property
    def too_small(self) -> bool:
        return not self.recognisable and self.label is None

    @property
    def basis(self) -> Basis:
        if self.label is FaceLabel.PERSON:
            return Basis.IDENTIFIED
        if self.label is FaceLabel.NOT_A_PERSON:
            return Basis.NOT_A_PERSON
        if self.label is FaceLabel.OTHER_CHILD:
            return Basis.OTHER_CHILD
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
    missing: frozenset[PersonId]  # in it and may not be shown, but nobody knows where
    named: frozenset[PersonId]  # in it according to the file, and may not be shown; nobody said whether they are
    named_otherwise: frozenset[FaceId]  # faces that the file names by a name that nobody on the list need have
    pointed_out: frozenset[PersonId]  # tapped or drawn, believed or not
    unseen: tuple[Figure, ...]  # people seen large in whom no face was found or drawn
    first_say_who: bool  # the photo waits while somebody who may not be shown is not ruled out
    so_far: SoFar = SoFar()

    @property
    def doubtful(self) -> frozenset[PersonId]:
        """Those who may not be shown and are not ruled out; nobody said that they are in it."""
        return self.blockers - self.missing

    @property
    def waiting(self) -> bool:
        """Whether it must first be said who is in it. A face too small to recognise counts: it is somebody's too."""
        return self.first_say_who and bool(self.doubtful) and bool(self.without_answer())

    @property
    def may_hide_people(self) -> bool:
        """Whether there may be people behind a pattern whose faces were not found. Faces that were found say nothing
        of the others, so they do not count here."""
        return self.findings.pattern is not None and not self.answers.no_unseen_people

    def is_pupil(self, person: PersonId) -> bool:
        """Whether the list says so."""
        return person in self.persons and self.persons[person].role is Role.PUPIL

    def names(self, *places: NamePlace) -> tuple[NameHit, ...]:
        """Names readable in these places that the teacher did not say are none."""
        return tuple(hit for hit in self.findings.names if hit.place in places and hit.id not in self.answers.not_names)

    def without_answer(self) -> frozenset[FaceId]:
        """The faces of any size of which nobody said anything that is believed."""
        return frozenset(face.id for face in self.faces if not face.answered)

    def unanswered(self) -> tuple[FaceId, ...]:
        return tuple(face.id for face in self.faces if face.unanswered)


def open_case(findings: Findings, answers: Answers, people: People | None, policy: Policy, channel: Channel) -> Case:
    """Work out what the rules ask of a photo that could be judged."""
    persons = people.persons if people else {}
    width, height = findings.width, findings.height
    drawn = [drawn for drawn in answers.drawn if drawn.box.clipped(width, height).area > 0]
    cover_wishes = [answer.box for answer in answers.faces.values() if answer.label is FaceLabel.COVER and answer.box]

    said = {face.id: answers.faces[face.id] for face in findings.faces if _is_about(answers.faces.get(face.id), face)}
    places = [_Place(tap, face.box, face.id) for face in findings.faces if (tap := _tapped(said.get(face.id)))]
    persons_drawn = [_Place(shape.person, shape.box.clipped(width, height)) for shape in drawn if shape.person]
    large_enough = [
        place for place in persons_drawn if can_hold_a_face(place.box, width, height, channel.max_side, policy)
    ]
    places += large_enough
    too_small = [place for place in persons_drawn if place not in large_enough]
    believed = _believed(places, persons)
    # Boxes with a face in it of which nobody said whose it is.
    nobodys = [
        box
        for box in (shape.box.clipped(width, height) for shape in drawn if not shape.person)
        if can_hold_a_face(box, width, height, channel.max_side, policy)
    ]
    in_a_box = {face.id for face in findings.faces if any(is_meant(face.box, shape.box) for shape in drawn)}
    answered = {
        face: answer
        for face, answer in said.items()
        if not _tapped(answer) or any(place.face == face for place in believed)
    }
    placed = Counter(place.person for place in _apart(believed))
    # A wish to cover does not say whose a face is: it could be that of somebody who would account for another.
    told = {face for face, answer in answered.items() if answer.label is not FaceLabel.COVER}
    accounted = [*believed, *(_Place("", face.box, face.id) for face in findings.faces if face.id in told)]

    # Somebody pointed out where that is not believed is cleared nowhere, and is still in the photo.
    said_to_be = [*map(_tapped, answers.faces.values()), *(shape.person for shape in answers.drawn)]
    pointed_out = frozenset(person for person in said_to_be if person)
    unplaced = pointed_out - placed.keys()
    large = {face.id for face in findings.faces if is_recognisable(face, width, height, channel.max_side, policy)}
    could_be = candidates(
        answers,
        persons,
        channel,
        placed=placed,
        unplaced=unplaced,
        too_small=Counter(place.person for place in _apart(too_small)),
        unanswered=_unaccounted([face for face in findings.faces if face.id in large], nobodys, accounted),
    )
    in_file, strangers = named_in_file(findings, answers, pointed_out), named_otherwise(findings, answers)
    blockers = frozenset(person for person in could_be.persons if not may_be_shown(persons.get(person), channel))

    def case_face(face: Face) -> CaseFace:
        answer, person = answered.get(face.id), None
        wish = answers.faces.get(face.id)
        to_cover, in_box = wish is not None and wish.label is FaceLabel.COVER, face.id in in_a_box
        if answer is None:
            shown = not blockers and not could_be.unknown and face.id not in strangers
            # Of a face that nobody is cleared for, nobody knows that it is an adult's.
            pupil = not shown or any(_could_be_pupil(persons.get(id)) for id in could_be.persons | in_file)
        elif answer.label in (FaceLabel.PERSON, FaceLabel.OTHER_CHILD):
            person = persons.get(answer.person or "")  # another child is nobody on the list
            shown, pupil = may_be_shown(person, channel), _could_be_pupil(person)
        else:
            shown, pupil = True, False
        return CaseFace(
            face=face,
            recognisable=face.id in large,
            frontal=is_frontal(face, policy),
            close_up=is_close_up(face, width, height, policy),
            label=FaceLabel.COVER if to_cover or (in_box and not answer) else answer.label if answer else None,
            answered=answer is not None or any(place.is_where(_Place("", face.box, face.id)) for place in believed),
            person=person,
            may_be_shown=shown and not to_cover and not in_box,
            could_be_pupil=pupil,
        )

    in_it = (answers.present | unplaced) - placed.keys()
    return Case(
        findings=findings,
        answers=answers,
        persons=persons,
        policy=policy,
        channel=channel,
        faces=tuple(case_face(face) for face in findings.faces),
        drawn=(
            *(
                box
                for shape in drawn
                for box in drawn_covers(
                    shape, findings, policy, shown=may_be_shown(persons.get(shape.person or ""), channel)
                )
            ),
            *cover_wishes,
        ),
        candidates=could_be,
        blockers=blockers,
        missing=frozenset(person for person in in_it if not may_be_shown(persons.get(person), channel)),
        named=frozenset(person for person in in_file if not may_be_shown(persons.get(person), channel)),
        named_otherwise=strangers,
        pointed_out=pointed_out,
        unseen=() if answers.no_unseen_people else faceless(findings, answers.drawn, channel.max_side, policy),
        # Where somebody must never be found it may not be off; should it be all the same, it is on for every photo.
        first_say_who=policy.settings.first_say_who or any(person.never_locatable for person in persons.values()),
    )


def _is_about(answer: FaceAnswer | None, face: Face) -> bool:
    """Whether an answer was given about this very face: an id alone says nothing."""
    return answer is not None and answer.box is not None and answer.box.iou(face.box) >= SAME_FACE


def _unaccounted(faces: Sequence[Face], boxes: Sequence[Box], accounted: Sequence[_Place]) -> int:
    """How many of these faces, found and drawn, could be anybody's: nobody was pointed out or vouched for there."""
    places = [*(_Place("", face.box, face.id) for face in faces), *(_Place("", box) for box in boxes)]
    return sum(not any(place.is_where(other) for other in accounted) for place in _apart(places))


class _Place(NamedTuple):
    """Where somebody was pointed out: on a face that was found, or drawn."""

    person: PersonId
    box: Box
    face: FaceId | None = None

    def is_where(self, other: _Place) -> bool:
        if self.face and other.face:
            return self.face == other.face
        return self.box.iou(other.box) >= SAME_FACE


def _tapped(answer: FaceAnswer | None) -> PersonId | None:
    """Who was tapped, if that is what the answer says."""
    return answer.person if answer and answer.label is FaceLabel.PERSON else None


def _believed(places: Sequence[_Place], persons: Mapping[PersonId, Person]) -> list[_Place]:
    """The places of those who are in no more places than there are people, and alone in each."""
    doubted = {one.person for one in places for other in places if one.person != other.person and one.is_where(other)}
    for person in {place.person for place in places}:
        stands_for = persons[person].count if person in persons else 1
        if len(_apart([place for place in places if place.person == person])) > stands_for:
            doubted.add(person)
    return [place for place in places if place.person not in doubted]


def _apart(places: Sequence[_Place]) -> list[_Place]:
    """Each place once: a box drawn around a face that was tapped is the same face."""
    apart: list[_Place] = []
    for place in places:
        if not any(place.is_where(other) for other in apart):
            apart.append(place)
    return apart


def _could_be_pupil(person: Person | None) -> bool:
    return person is None or person.role is Role.PUPIL
