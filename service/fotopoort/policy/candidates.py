"""Who could a face be of which the teacher said nothing, and may they be shown?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fotopoort.policy.policy import Channel, Ground
from fotopoort.vocabulary import Answers, ConsentState, FaceId, Findings, Person, PersonId

REFUSALS = frozenset({ConsentState.REFUSED, ConsentState.OBJECTED, ConsentState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who any face without an answer could be. They are the same for all such faces of a photo."""

    persons: frozenset[PersonId]
    people: int  # how many people of the group they could be
    unknown: bool  # it could also be somebody who is not on the school's list
    short: bool = False  # the teacher said "nobody else is in it", but there are more faces than people


def named_in_file(findings: Findings, answers: Answers, pointed_out: Collection[PersonId]) -> frozenset[PersonId]:
    """Whom the file's metadata names as being in the photo, and of whom nobody said whether they are.

    Args:
        pointed_out: who was tapped or drawn, believed or not.
    """
    named = {person for region in findings.regions for person in region.persons}
    if answers.only_present:
        named = set() if answers.listed is None else named - answers.listed
    return frozenset(named) - answers.present - answers.absent - frozenset(pointed_out)


def named_otherwise(findings: Findings, answers: Answers) -> frozenset[FaceId]:
    """Faces that the file names by what is not, or not surely, the name of somebody on the list. A name without a place
    may be that of each face."""
    if answers.only_present:
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
    unanswered: int,
) -> Candidates:
    """Who the faces without an answer could be.

    Args:
        persons: everyone the school knows; empty where there is no list.
        placed: who was tapped or drawn, and on how many faces; they cannot be another face as well.
        unplaced: who was pointed out where that is not believed; they are in the photo, but nobody knows where.
        too_small: who was drawn, in how many places, where no recognisable face can be: none of the unanswered faces is
            theirs by that, so they do not account for one.
        unanswered: how many recognisable faces have no answer of their own.
    """

    def accounts_for(person: PersonId) -> int:
        return max(0, _left(person, persons, placed) - too_small.get(person, 0))

    located = frozenset(person for person in placed if not _left(person, persons, placed))
    members = {
        person_id
        for person_id, person in persons.items()
        if not person.has_left and (not answers.groups or answers.groups & person.groups)
    }
    members -= located | answers.absent  # those who are also said to be present come back below
    # Of several without a name, some may be pointed out and the others absent.
    in_it = (answers.present | unplaced) - located - (answers.absent & placed.keys())
    if answers.only_present:
        later = frozenset() if answers.listed is None else frozenset(members) - answers.listed
        people = sum(accounts_for(person) for person in answers.present - located)
        return Candidates(in_it | later, people, unknown=unanswered > people, short=unanswered > people)
    # Where there are more faces than people of the group, "all may be shown" says nothing: some are somebody else's.
    people = sum(accounts_for(person) for person in members if _counts(persons[person], channel))
    return Candidates(frozenset(members) | in_it, people, unknown=unanswered > people)


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
