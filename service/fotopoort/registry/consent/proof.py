"""Whose consent cannot be shown: "niet aantoonbaar".

A consent can be shown where it is known which question somebody answered, word for word, and who did (GDPR, article 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fotopoort.policy.policy import Ground
from fotopoort.registry import school_settings
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.derivation import Consent, is_unnamed
from fotopoort.registry.people import people
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import ChannelId, ConsentState, PersonId


class Lack(StrEnum):
    """What is not known of a consent."""

    NO_WORDING = "no_wording"  # nor which question was answered
    WORDING_NOT_KEPT = "wording_not_kept"  # the question has a name, and nobody knows its words
    NOBODY_NAMED = "nobody_named"  # "a guardian" said so


@dataclass(frozen=True, slots=True)
class Unproven:
    """Somebody who is shown on a channel by a consent that cannot be shown. The fields are those of the JSON document.

    Attributes:
        basis: the channel's ground; where it is objection, nothing rests on this consent.
        consents: the ids of the statements that decide it.
    """

    person: PersonId
    channel: ChannelId
    basis: Ground
    lacks: tuple[Lack, ...]
    consents: tuple[str, ...]


def unproven(session: Session) -> list[Unproven]:
    """Every consent in force that cannot be shown, by person and channel."""
    statements = {consent.id: consent for of_one in consent_log.by_ref(session).values() for consent in of_one}
    grounds = {channel.id: channel.basis for channel in school_settings.channels(session)}
    ids, found = people.ids(session), []
    for (ref, channel), derived in consent_log.derived_consents(session).items():
        lacking = [_lacks(statements[consent]) for consent in derived.by]
        if derived.state is ConsentState.GRANTED and all(lacking):
            lacks = tuple(sorted({lack for lacks in lacking for lack in lacks}))
            found.append(Unproven(ids[ref], channel, grounds[channel], lacks, derived.by))
    return sorted(found, key=lambda item: (item.person, item.channel))


def _lacks(consent: Consent) -> list[Lack]:
    lacks = []
    if consent.wording_sha256 is None or not consent.channels:
        lacks.append(Lack.WORDING_NOT_KEPT if consent.wording.strip() else Lack.NO_WORDING)
    if is_unnamed(consent):
        lacks.append(Lack.NOBODY_NAMED)
    return lacks
