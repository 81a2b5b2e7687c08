"""Who could a face be that nobody was tapped for, and may they be shown?"""

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
    unknown: bool  # it could also be somebody the school's list does not say
    short: bool = False  # "nobody else is in it" was said, but there are more faces than people


def candidates(
    answers: Answers,
    known: Mapping[PersonId, Person],
    *,
    located: frozenset[PersonId],
    unplaced: frozenset[PersonId],
    unanswered: int,
) -> Candidates:
    """Who the faces without an answer could be.

    Args:
        known: everyone the school knows; empty where that is not known.
        located: who was tapped, or drawn: they cannot be another face as well.
        unplaced: who was tapped where no face is now: in the photo somewhere, but answering for nobody.
        unanswered: how many recognisable faces have no answer of their own.
    """
    if answers.only_present:
        named = answers.present - located
        short = unanswered > len(named)
        return Candidates((named | unplaced) - located, unknown=short, short=short)
    members = {
        id
        for id, person in known.items()
        if not person.has_left and (not answers.groups or answers.groups & person.groups)
    }
    members -= located | answers.absent  # who is said to be present as well comes back below
    # A group of which nobody is left does not mean that all of nobody may be shown: the face is somebody else's.
    return Candidates(frozenset(members) | ((answers.present | unplaced) - located), unknown=not members)


def may_be_shown(person: Person | None, channel: Channel) -> bool:
    """Whether this person may be shown on the channel; somebody who is not known may not."""
    if person is None or person.never_locatable:
        return False
    consent = person.consent(channel.id)
    return consent is ConsentState.GRANTED if channel.basis is Ground.CONSENT else consent not in REFUSALS
