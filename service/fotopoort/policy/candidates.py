"""Who could a face be of which the teacher said nothing, and may they be shown?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fotopoort.policy.policy import Channel, Ground
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    Face,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Findings,
    Person,
    PersonId,
    Role,
)

SAME_FACE: Final = 0.5  # overlap (IoU) from which a box that was answered about is this face
REFUSALS = frozenset({ConsentState.REFUSED, ConsentState.OBJECTED, ConsentState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who any face without an answer could be. They are the same for all such faces of a photo."""

    persons: frozenset[PersonId]
    people: int  # how many people of the group they could be
    unknown: bool  # it could also be somebody who is not on the school's list
    short: bool = False  # the teacher said "nobody else is in it", but there are more faces than people
    faces: int = 0  # recognisable ones without an answer, which are counted against these people
    counted: frozenset[PersonId] = frozenset()  # who these people are

    @property
    def surplus(self) -> int:
        """How many faces there are more than people whom they could be: at least so many are somebody else's."""
        return max(0, self.faces - self.people)


def named_in_file(findings: Findings, answers: Answers) -> frozenset[PersonId]:
    """Whom the file's metadata names as being in the photo, and of whom nobody said whether they are."""
    named = {person for region in findings.regions for person in region.persons}
    if answers.nobody_else:
        named = set() if answers.listed is None else named - answers.listed
    return frozenset(named) - answers.present - answers.absent - answers.pointed_out


def named_otherwise(findings: Findings, answers: Answers) -> frozenset[FaceId]:
    """Faces that the file names by what is not, or not surely, the name of somebody on the list. A name without a place
    may be that of each face."""
    if answers.nobody_else:
        return frozenset()
    strange = {
        region.face
        for region in findings.regions
        if region.name is not None and not (region.certain and region.persons)
    }
    return frozenset(face.id for face in findings.faces if face.id in strange or None in strange)


def candidates(
    answers: Answers,
    persons: Mapping[PersonId, Person],
    channel: Channel,
    *,
    placed: Mapping[PersonId, int],
    unplaced: frozenset[PersonId],
    too_small: Mapping[PersonId, int],
    named: frozenset[PersonId],
    unanswered: int,
    is_child_elsewhere: bool,
) -> Candidates:
    """Who the faces without an answer could be.

    Args:
        persons: everyone the school knows; empty where there is no list.
        placed: who was pointed out or drawn, and on how many faces; they cannot be another face as well.
        unplaced: who was pointed out where that is not believed; they are in the photo, but nobody knows where.
        too_small: who was drawn, in how many places, where no recognisable face can be: none of the unanswered faces is
            theirs by that, so they do not account for one.
        named: whom the file names, see `named_in_file`.
        unanswered: how many recognisable faces have no answer of their own.
        is_child_elsewhere: another child was pointed out where no face is found now: each may be that child's.
    """

    def accounts_for(people: Collection[PersonId]) -> int:
        return sum(max(0, _left(person, persons, placed) - too_small.get(person, 0)) for person in people)

    located = frozenset(person for person in placed if not _left(person, persons, placed))
    members = {
        person_id
        for person_id, person in persons.items()
        if (person_id in named or _is_expected(person, channel))
        and not person.has_left
        and (not answers.groups or answers.groups & person.groups)
    }
    members -= located | answers.absent  # those who are also said to be present come back below
    # Of several without a name, some may be pointed out and the others absent.
    in_it = (answers.present | unplaced) - located - (answers.absent & placed.keys())
    said_to_be = answers.present - answers.unbound - located
    if answers.nobody_else:
        later = frozenset() if answers.listed is None else frozenset(members) - answers.listed
        people = accounts_for(said_to_be)
        short = unanswered > people
        unknown = short or is_child_elsewhere
        return Candidates(in_it | later, people, unknown=unknown, short=short, faces=unanswered, counted=said_to_be)
    # Where there are more faces than people of the group, "all may be shown" says nothing: some are somebody else's.
    pupils = (person for person in members if persons[person].role is Role.PUPIL)
    counted = frozenset(pupils) | (said_to_be & in_it & persons.keys())
    counted = frozenset(person for person in counted if _counts(persons[person], channel))
    people = accounts_for(counted)
    unknown = answers.others or is_child_elsewhere or unanswered > people
    return Candidates(frozenset(members) | in_it, people, unknown=unknown, faces=unanswered, counted=counted)


def _is_expected(person: Person, channel: Channel) -> bool:
    """Whether a face could be this person's though nobody said that they are in it. A member of staff is not, unless
    they may not be shown because of what they said themselves, or must never be found."""
    said_no = person.never_locatable or person.consent(channel.id) in REFUSALS
    return person.role is not Role.STAFF or person.nameless or said_no


def may_be_shown(person: Person | None, channel: Channel) -> bool:
    """Whether this person may be shown on the channel; somebody who is not on the list may not."""
    if person is None or person.never_locatable:
        return False
    consent = person.consent(channel.id)
    return consent is ConsentState.GRANTED if channel.basis is Ground.CONSENT else consent not in REFUSALS


def _left(person: PersonId, persons: Mapping[PersonId, Person], placed: Mapping[PersonId, int]) -> int:
    """How many of the people whom this stands for are not pointed out."""
    stands_for = persons[person].count if person in persons else 1
    return stands_for - placed.get(person, 0)


def _counts(person: Person, channel: Channel) -> bool:
    """Whether a face can be cleared by being this person's. People without a name never clear one."""
    return not person.nameless or not may_be_shown(person, channel)


# --- where people were pointed out -----------------------------------------------------------------------


def is_at(answer: FaceAnswer, face: Face) -> bool:
    """Whether something was said of the place where this face is."""
    return answer.box is not None and answer.box.iou(face.box) >= SAME_FACE


def is_anywhere_else(
    answers: Mapping[FaceId, FaceAnswer], faces: Sequence[Face], said_again: Sequence[Face], drawn: Sequence[Box]
) -> bool:
    """Whether any of these was said of a place, or of an id, that none of the faces has.

    Args:
        said_again: faces of which the same was said where they are now: an earlier place around such a face was theirs.
        drawn: boxes in which somebody says there is a face.
    """
    ids = {face.id for face in faces}

    def is_found(box: Box) -> bool:
        places = [*(face.box for face in faces), *drawn]
        return any(box.iou(place) >= SAME_FACE for place in places) or any(
            box.contains(face.box.centre) for face in said_again
        )

    return not all(is_found(it.box) if it.box else id in ids for id, it in answers.items())


def unaccounted(faces: Sequence[Face], boxes: Sequence[Box], accounted: Sequence[Place]) -> int:
    """How many of these faces, found and drawn, could be anybody's: nobody was pointed out or vouched for there."""
    places = [*(Place("", face.box, face.id) for face in faces), *(Place("", box) for box in boxes)]
    return sum(not any(place.is_where(other) for other in accounted) for place in apart(places))


class Place(NamedTuple):
    """Where somebody was pointed out: on a face that was found, or drawn."""

    person: PersonId
    box: Box
    face: FaceId | None = None

    def is_where(self, other: Place) -> bool:
        if self.face and other.face:
            return self.face == other.face
        return self.box.iou(other.box) >= SAME_FACE


def identified(answer: FaceAnswer | None) -> PersonId | None:
    """Who the face is, where the answer says it."""
    return answer.person if answer and answer.label is FaceLabel.PERSON else None


def believed_places(places: Sequence[Place], persons: Mapping[PersonId, Person]) -> list[Place]:
    """The places of those who are in no more places than there are people, and alone in each."""
    doubted = {
        place.person for place in places for other in places if place.person != other.person and place.is_where(other)
    }
    for person in {place.person for place in places}:
        stands_for = persons[person].count if person in persons else 1
        if len(apart([place for place in places if place.person == person])) > stands_for:
            doubted.add(person)
    return [place for place in places if place.person not in doubted]


def apart(places: Sequence[Place]) -> list[Place]:
    """Each place once: a box drawn around a face that was pointed out is the same face."""
    apart: list[Place] = []
    for place in places:
        if not any(place.is_where(other) for other in apart):
            apart.append(place)
    return apart
