"""What was said about showing somebody, and what that comes to at a moment.

Words are only ever added: the state is worked out from all of them, so that it can be said of any day what held then,
and by whose word. Whatever is doubtful is the stricter: words of one moment count as their strictest, time alone never
loosens, and only a later word of whoever spoke before takes that word away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from fotopoort.vocabulary import ConsentState, PersonId

# From the loosest to the strictest; the last three forbid alike.
STRICTNESS: Final = (
    ConsentState.GRANTED,
    ConsentState.NOT_ASKED,
    ConsentState.WITHDRAWN,
    ConsentState.REFUSED,
    ConsentState.OBJECTED,
)
FORBIDS: Final = frozenset(STRICTNESS[2:])
BIOMETRIC_MATCHING: Final = "biometric_matching"  # a purpose beside the channels


class Capacity(StrEnum):
    """In what capacity somebody speaks."""

    GUARDIAN = "guardian"
    OWN = "own"  # the person in question


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing said by one person about showing another, or themselves, for one purpose.

    Attributes:
        purpose: a channel, or BIOMETRIC_MATCHING.
        word: what was said. NOT_ASKED takes the speaker's earlier words back.
        speaker: who said it, by id.
        at: when it was said, with a time zone; it counts from then.
        valid_from: it counts from this day on; None: at once.
        valid_until: the last day on which it counts. Only a granted consent ends by itself.
        verified: how the speaker was known to be who they are.
        wording: which version of the question they answered.
        evidence: where the signed form or the message is kept.
        actor: who wrote it down, by id.
    """

    id: str
    person: PersonId
    purpose: str
    word: ConsentState
    speaker: PersonId
    capacity: Capacity
    at: datetime
    valid_from: date | None = None
    valid_until: date | None = None
    verified: str = ""
    wording: str = ""
    evidence: str = ""
    actor: str = ""

    def __post_init__(self) -> None:
        if (self.capacity is Capacity.OWN) != (self.speaker == self.person):
            raise ValueError("who speaks for themselves is the person, and nobody else is")


@dataclass(frozen=True, slots=True)
class DerivedConsent:
    """What the words about one person for one purpose come to.

    Attributes:
        by: ids of the consents that make it so; empty where nobody said anything that still counts.
        since: when the last of those was said.
        conflict: somebody grants what somebody else forbids; it counts as refused until they agree.
        ended: a consent that was granted has ended: past its last day, its person left, or came of age.
    """

    state: ConsentState
    by: tuple[str, ...] = ()
    since: datetime | None = None
    conflict: bool = False
    ended: bool = False


def standing(
    consents: Iterable[Consent], moment: datetime, *, own_from: date | None = None, leaves: date | None = None
) -> DerivedConsent:
    """What the words about one person for one purpose come to at `moment`.

    Args:
        consents: all that was said, in any order.
        moment: with the school's time zone: its days are that zone's.
        own_from: from this day the person's own word counts (a pupil's 16th birthday); until they have spoken, what a
            guardian granted counts no longer, and what one forbade does. Before it, their own word can only forbid.
            None: it is not known, or never.
        leaves: the last day at school; consents end with it.

    An ended consent is one that was not asked, which where the basis is objection forbids nothing: see `ended`.

    Raises:
        ValueError: the words are about several people or purposes.
    """
    consents = list(consents)
    if len({(one.person, one.purpose) for one in consents}) > 1:
        raise ValueError("words about one person and one purpose")
    today = moment.date()
    of_age = own_from is not None and today >= own_from
    left = leaves is not None and today > leaves
    words = _last_words(one for one in consents if one.at <= moment and (one.valid_from or today) <= today)

    def own(one: Consent) -> bool:
        """Said by the person, once their word counted."""
        said = one.at.astimezone(moment.tzinfo).date()
        return one.capacity is Capacity.OWN and own_from is not None and said >= own_from

    def runs(one: Consent) -> bool:
        return one.word is ConsentState.GRANTED and not left and (one.valid_until or today) >= today

    if spoken := [one for one in words if of_age and own(one) and (one.word in FORBIDS or runs(one))]:
        words = spoken
    forbidding = [one for one in words if one.word in FORBIDS]
    granted = [
        one for one in words if one.word is ConsentState.GRANTED and (own(one) or one.capacity is Capacity.GUARDIAN)
    ]
    granting = [one for one in granted if runs(one) and (own(one) or not of_age)]
    ended = len(granting) < len(granted)
    if granting and forbidding:
        return _standing(ConsentState.REFUSED, granting + forbidding, conflict=True, ended=ended)
    if forbidding:
        return _standing(max((one.word for one in forbidding), key=STRICTNESS.index), forbidding, ended=ended)
    if granting:
        return _standing(ConsentState.GRANTED, granting, ended=ended)
    return DerivedConsent(ConsentState.NOT_ASKED, ended=ended)


def _last_words(consents: Iterable[Consent]) -> list[Consent]:
    """The last word of each speaker; the strictest of those said at one moment."""
    last: dict[tuple[PersonId, Capacity], Consent] = {}
    for one in sorted(consents, key=_lateness):
        last[one.speaker, one.capacity] = one
    return list(last.values())


def _lateness(one: Consent) -> tuple[datetime, int, int, str]:
    """What is said later counts; of one moment the strictest, and of two grants the one that ends first."""
    return one.at, STRICTNESS.index(one.word), -(one.valid_until or date.max).toordinal(), one.id


def _standing(state: ConsentState, by: list[Consent], *, ended: bool, conflict: bool = False) -> DerivedConsent:
    return DerivedConsent(state, tuple(sorted(one.id for one in by)), max(one.at for one in by), conflict, ended)
