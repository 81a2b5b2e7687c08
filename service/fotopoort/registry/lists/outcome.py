"""What holds after an import, and whether a no would be lost by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fotopoort.policy.policy import Channel, ParentsWord
from fotopoort.registry.consent import purposes
from fotopoort.registry.consent.derivation import FORBIDS, Consent, begun_by, derive
from fotopoort.registry.people.people import PersonRecord
from fotopoort.vocabulary import ConsentState, PersonId, Role

Key = tuple[PersonId, str]  # a person's id, and a channel


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import comes to.

    Attributes:
        lost: where somebody may be shown although a no is in force: what is recorded of the person would change so that
            it counts no longer.
        unsettled: where the list has a yes that changes nothing, because a no stays.
    """

    lost: frozenset[Key]
    unsettled: frozenset[Key]


def outcome(
    recorded: Iterable[Consent],
    planned: Sequence[Consent],
    before: Mapping[PersonId, PersonRecord],
    after: Mapping[PersonId, PersonRecord],
    now: datetime,
    channels: Sequence[Channel],
    parents_word: ParentsWord = ParentsWord.HOLDS,
) -> ImportOutcome:
    """What holds after an import, compared with what its statements alone would come to.

    Args:
        recorded: every statement of before.
        planned: the statements of the list.
        before, after: what is recorded of the people on the list; `before` has no new ones.
        now: this moment, in the school's time zone.
        channels, parents_word: of the policy.
    """
    by_person: dict[PersonId, list[Consent]] = {}
    for consent in (*recorded, *planned):
        if consent.person in after:
            by_person.setdefault(consent.person, []).append(consent)
    statements = {
        (person, channel): counting
        for person, consents in by_person.items()
        for channel, counting in purposes.by_channel(consents, channels).items()
    }
    new = {consent.id for consent in planned if consent.decision is ConsentState.GRANTED}
    granting = {key for key, counting in statements.items() if not new.isdisjoint(item.id for item in counting)}
    lost, unsettled = set(), set()
    for key, consents in statements.items():
        record = after[key[0]]
        state = _state(consents, record, now, parents_word)
        as_recorded = _state(consents, before.get(key[0], record), now, parents_word)
        if as_recorded in FORBIDS and state not in FORBIDS:
            lost.add(key)
        if state in FORBIDS and key in granting:
            unsettled.add(key)
    return ImportOutcome(frozenset(lost), frozenset(unsettled))


def _state(
    consents: Collection[Consent], record: PersonRecord, now: datetime, parents_word: ParentsWord
) -> ConsentState:
    return derive(
        begun_by(consents, now),
        now,
        is_pupil=record.role is Role.PUPIL,
        own_from=record.own_from,
        leaves=record.leaves,
        had_left=max(record.had_left, default=None),
        parents_word=parents_word,
    ).state
