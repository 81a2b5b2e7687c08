"""Who could a face be of which the teacher said nothing, and may they be shown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fotopoort.policy.policy import Channel, Ground
from fotopoort.vocabulary import Answers, ConsentState, Person, PersonId

REFUSALS = frozenset({ConsentState.REFUSED, ConsentState.OBJECTED, ConsentState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who any face without an answer could be. They are the same for all such faces of a photo."""

    persons: frozenset[PersonId]
    unknown: bool  # it could also be somebody who is not on the school's list
    short: bool = False  # the teacher said "nobody else is in it", but there are more faces than people


def candidates(
    answers: Answers,
    persons: Mapping[PersonId, Person],
    *,
    located: frozenset[PersonId],
    unplaced: frozenset[PersonId],
    unanswered: int,
) -> Candidates:
    """Who the faces without an answer could be.

    Args:
        persons: everyone the school knows; empty where there is no list.
        located: who was tapped or drawn; they cannot be another face as well.
        unplaced: who was tapped where no face is now; they are in the photo, but nobody knows where.
        unanswered: how many recognisable faces have no answer of their own.
    """
    if answers.only_present:
        named = answers.present - located
        short = unanswered > len(named)
        return Candidates((named | unplaced) - located, unknown=short, short=short)
    members = {
        person_id
        for person_id, person in persons.items()
        if not person.has_left and (not answers.groups or answers.groups & person.groups)
    }
    members -= located | answers.absent  # those who are also said to be present come back below
    # Where nobody of the group remains, "all may be shown" says nothing: the face is somebody else's.
    return Candidates(frozenset(members) | ((answers.present | unplaced) - located), unknown=not members)


def may_be_shown(person: Person | None, channel: Channel) -> bool:
    """Whether this person may be shown on the channel; somebody who is not on the list may not."""
    if person is None or person.never_locatable:
        return False
    consent = person.consent(channel.id)
    return consent is ConsentState.GRANTED if channel.basis is Ground.CONSENT else consent not in REFUSALS
