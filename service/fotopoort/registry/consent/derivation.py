"""What all statements about showing somebody come to at a moment.

Statements are only ever added. What holds is derived from all of them, so that one can tell for any day what held then
and on whose word. In doubt the stricter reading counts: of statements made at the same moment the strictest, time alone
never loosens anything, and only a later statement by the same speaker replaces an earlier one. A speaker without a name
may be anybody: what takes such a no back is a statement that names it (`Consent.undoes`), and nothing else. A yes takes
a no back as long as it counts: when it has ended, the no is there again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from fotopoort.policy.policy import ParentsWord
from fotopoort.registry.consent.speakers import GUARDIANS, speaker_key
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId

# From the loosest to the strictest; the last three forbid alike.
STRICTNESS: Final = (
    ConsentState.GRANTED,
    ConsentState.NOT_ASKED,
    ConsentState.WITHDRAWN,
    ConsentState.REFUSED,
    ConsentState.OBJECTED,
)
FORBIDS: Final = frozenset(STRICTNESS[2:])


class Capacity(StrEnum):
    """In what capacity somebody speaks."""

    GUARDIAN = "guardian"
    OWN = "own"  # the person in question


@dataclass(frozen=True, slots=True)
class Consent:
    """A recorded statement: one speaker about showing one person, for one purpose.

    Attributes:
        purpose: a channel, or what consent is asked for; for which channels it counts, see `purposes.py`.
        decision: NOT_ASKED takes the speaker's earlier statements back.
        speaker: who made the statement, by id.
        at: when it was made, with a time zone; it counts from then.
        valid_from: it counts from this day on; None: at once.
        valid_until: the last day on which it counts. Only a granted consent ends by itself.
        verified: how the speaker's identity was verified.
        wording: which version of the question was answered.
        evidence: where the signed form or the message is kept.
        actor: who recorded it, by id.
        undoes: the id of a guardian's no that the same guardian takes back with this; None: of none.
        asked_for: the purpose of the channel when this was recorded, where that is called otherwise; None: it is not,
            or that was not kept yet.
        wording_sha256: the question word for word; None: it is not known, but for what `wording` says.
        channels: those that this question named; None: it is not known.
        purposes_then: what each channel asked consent for when this was recorded; None: that was not kept yet.
        keeps_no: with NOT_ASKED: it takes back what was granted and no no. It follows from the channel that the
            statement counts for, see `purposes.py`, and is recorded nowhere.
    """

    id: str
    person: PersonId
    purpose: str
    decision: ConsentState
    speaker: PersonId
    capacity: Capacity
    at: datetime
    valid_from: date | None = None
    valid_until: date | None = None
    verified: str = ""
    wording: str = ""
    evidence: str = ""
    actor: str = ""
    undoes: str | None = None
    asked_for: str | None = None
    wording_sha256: str | None = None
    channels: tuple[ChannelId, ...] | None = None
    purposes_then: Mapping[ChannelId, str] | None = field(default=None, hash=False)
    keeps_no: bool = field(default=False, metadata={"derived": True})

    def __post_init__(self) -> None:
        if (self.capacity is Capacity.OWN) != (self.speaker == self.person):
            raise ValueError("who speaks for themselves is the person, and nobody else is")

    def document(self) -> dict[str, Any]:
        """The fields as the JSON documents call them: there `decision` is `word`."""
        names = (field.name for field in fields(self) if not field.metadata.get("derived"))
        return {"word" if name == "decision" else name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class DerivedConsent:
    """What the statements about one person for one purpose come to.

    Attributes:
        by: ids of the consents that decide it; empty where no statement counts any more.
        since: when the last of those was made.
        conflict: somebody grants what somebody else forbids; it counts as refused until they agree.
        ended: a granted consent has ended: past its last day, or because the person left, or left and came back, or
            came of age, or is no pupil and it was a guardian's.
    """

    state: ConsentState
    by: tuple[str, ...] = ()
    since: datetime | None = None
    conflict: bool = False
    ended: bool = False


def derive(
    consents: Iterable[Consent],
    moment: datetime,
    *,
    is_pupil: bool = True,
    own_from: date | None = None,
    leaves: date | None = None,
    had_left: datetime | None = None,
    parents_word: ParentsWord = ParentsWord.HOLDS,
) -> DerivedConsent:
    """What all statements about one person for one purpose, in any order, come to at `moment`. A consent that has ended
    counts as not asked, which forbids nothing where the basis is objection: see `ended`.

    Args:
        moment: with the school's time zone, because days begin and end in that zone.
        is_pupil: of somebody who is no pupil only their own yes counts, on whatever day they said so. What a guardian
            forbade about them holds until they say otherwise after it: nobody but they themselves can have meant it.
        own_from: from this day the pupil's own statements count (the 16th birthday), and where they have spoken,
            what guardians granted counts no more; what a guardian forbade does, until the pupil says otherwise. Before
            that day, the pupil's own statements can only forbid. None: unknown, or never.
        leaves: the last day at school; consents end with it.
        had_left: from when somebody who is back had left: what was granted before has ended for good.
        parents_word: whether what guardians granted ends on that 16th birthday already; what they forbade never does.

    Raises:
        ValueError: the statements are about several people or purposes.
    """
    consents = list(consents)
    if len({(consent.person, consent.purpose) for consent in consents}) > 1:
        raise ValueError("statements about one person and one purpose")
    today = moment.date()
    own_from = own_from if is_pupil else date.min
    is_of_age = own_from is not None and today >= own_from
    has_left = leaves is not None and today > leaves
    begun = [consent for consent in consents if consent.at <= moment and (consent.valid_from or today) <= today]

    def is_own(consent: Consent) -> bool:
        """Whether the person made it, at an age at which that counts."""
        day = consent.at.astimezone(moment.tzinfo).date()
        return consent.capacity is Capacity.OWN and own_from is not None and day >= own_from

    has_decided = any(map(is_own, begun))  # also who took that back: what others granted does not return by it
    guardians_count = is_pupil and (not is_of_age or (parents_word is ParentsWord.HOLDS and not has_decided))

    def has_ended(consent: Consent) -> bool:
        """Whether it is a yes that does not count: past its last day, of before they left, or a guardian's."""
        is_over = (consent.valid_until or today) < today
        is_of_this_stay = not has_left and (had_left is None or consent.at >= had_left)
        counts = guardians_count or consent.capacity is Capacity.OWN
        return consent.decision is ConsentState.GRANTED and (is_over or not is_of_this_stay or not counts)

    statements, lapsed = _in_force(begun, has_ended)
    if own_statements := [
        consent
        for consent in statements
        if is_of_age and is_own(consent) and consent.decision is not ConsentState.NOT_ASKED and not has_ended(consent)
    ]:
        since = [no for no in statements if no.decision in FORBIDS and no.at >= own_statements[0].at]  # their last word
        statements = own_statements if is_pupil else [*own_statements, *since]
    forbidding = [consent for consent in statements if consent.decision in FORBIDS]
    granted = [
        consent
        for consent in statements
        if consent.decision is ConsentState.GRANTED and (is_own(consent) or consent.capacity is Capacity.GUARDIAN)
    ]
    granting = [consent for consent in granted if not has_ended(consent)]
    ended = lapsed or len(granting) < len(granted)
    if granting and forbidding:
        return _derived(ConsentState.REFUSED, granting + forbidding, conflict=True, ended=ended)
    if forbidding:
        strictest = max((consent.decision for consent in forbidding), key=STRICTNESS.index)
        return _derived(strictest, forbidding, ended=ended)
    if granting:
        return _derived(ConsentState.GRANTED, granting, ended=ended)
    return DerivedConsent(ConsentState.NOT_ASKED, ended=ended)


def begun_by(consents: Iterable[Consent], moment: datetime, now: datetime | None = None) -> list[Consent]:
    """The statements as they count at `moment`: this moment, or one of before `now`. Nobody records what is yet to be
    said, so one of later was dated by another clock, or this one is wrong: what it forbids and the yes that it takes
    back count already, what it grants and the no that it takes back do not yet. At a moment of before, of what is
    dated after `now` only the noes count: what had been published was taken down when they were recorded."""
    now = max(moment, now or moment)
    waits = {ConsentState.GRANTED, ConsentState.NOT_ASKED} if moment < now else {ConsentState.GRANTED}

    def begun(consent: Consent) -> Consent:
        if consent.at <= now or consent.decision in waits:
            return consent
        is_later = consent.valid_from is not None and consent.valid_from > consent.at.astimezone(moment.tzinfo).date()
        valid_from = consent.valid_from if is_later else None
        keeps_no = consent.keeps_no or consent.decision is ConsentState.NOT_ASKED
        return replace(consent, at=moment, valid_from=valid_from, keeps_no=keeps_no)

    return [begun(consent) for consent in consents]


def _in_force(counting: Sequence[Consent], has_ended: Callable[[Consent], bool]) -> tuple[list[Consent], bool]:
    """The last statement of each speaker and every no without a name, but for what a guardian took back; and whether a
    no is among them that an ended yes had taken back.

    Args:
        has_ended: whether it is a yes that counts no more. It takes no no back any more, neither do earlier yeses that
            it replaced.
    """

    def takes_back(consent: Consent) -> bool:
        return not (has_ended(consent) or consent.keeps_no)

    def strictness(consent: Consent) -> tuple[int, int, str]:
        """At the same moment the stricter counts, and of two grants the one that ends first."""
        last_day = consent.valid_until or date.max
        return STRICTNESS.index(consent.decision), -last_day.toordinal(), consent.id

    def last_words(consent: Consent) -> list[Consent]:
        """What its speaker said last, from then on, that forbids nothing. Of speakers without a name each may be
        another one: there it is all that was said."""
        speaker = _speaker(consent)
        later = (other for other in counting if other.at >= consent.at and other.decision not in FORBIDS)
        of_speaker = [other for other in later if _speaker(other) == speaker]
        if is_unnamed(consent):
            return of_speaker
        return [max(of_speaker, key=lambda other: (other.at, *strictness(other)))]

    by_id = {consent.id: consent for consent in counting}
    undone_by = {
        consent.id: no.id
        for consent in counting
        if (no := by_id.get(consent.undoes or "")) is not None
        and _undoes(consent, no)
        and takes_back(consent)
        and all(map(takes_back, last_words(consent)))
    }
    undone = set(undone_by.values())

    def precedence(consent: Consent) -> tuple[datetime, int, int, int, str]:
        """The later counts. What takes a no back comes after it, and before the other refusals of the same moment."""
        forbids = consent.decision in FORBIDS
        stage = (1 if consent.id in undone else 3) if forbids else (2 if consent.id in undone_by else 0)
        return consent.at, stage, *strictness(consent)

    latest: dict[tuple[str, ...], Consent] = {}
    noes: dict[tuple[str, ...], Consent] = {}  # of a speaker with a name, after which there were yeses alone
    lapsed = set[tuple[str, ...]]()  # whose latest yes has ended, so that such a no is there again
    for consent in sorted(counting, key=precedence):
        speaker = _speaker(consent)
        if is_unnamed(consent) and consent.decision in FORBIDS:
            latest[*speaker, consent.id] = consent
            latest.pop(speaker, None)  # what was said without a name before ends with it
            continue
        if speaker in noes and not takes_back(consent):
            latest[speaker] = noes[speaker]
            (lapsed.add if has_ended(consent) else lapsed.discard)(speaker)
            continue
        latest[speaker] = consent
        lapsed.discard(speaker)
        if consent.decision in FORBIDS:
            noes[speaker] = consent
        elif consent.decision is ConsentState.NOT_ASKED:
            noes.pop(speaker, None)
    in_force = [consent for consent in latest.values() if consent.id not in undone]
    return in_force, any(noes[speaker].id not in undone for speaker in lapsed)


def _speaker(consent: Consent) -> tuple[str, Capacity]:
    return speaker_key(consent.speaker), consent.capacity


def is_unnamed(consent: Consent) -> bool:
    """Whether a guardian said it, and nobody knows which."""
    return _speaker(consent) == (GUARDIANS, Capacity.GUARDIAN)


def _undoes(consent: Consent, no: Consent) -> bool:
    """Whether this takes that back: a later statement that forbids nothing, both by a guardian."""
    return (
        no.decision in FORBIDS
        and consent.decision not in FORBIDS
        and consent.at >= no.at
        and consent.capacity is no.capacity is Capacity.GUARDIAN
    )


def _derived(state: ConsentState, by: list[Consent], *, ended: bool, conflict: bool = False) -> DerivedConsent:
    since = max(consent.at for consent in by)
    return DerivedConsent(state, tuple(sorted(consent.id for consent in by)), since, conflict, ended)
