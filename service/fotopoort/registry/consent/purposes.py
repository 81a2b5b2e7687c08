"""For which channels a statement counts: a no for every channel of its purpose, a yes for those that were named.

A statement is about a channel or about a purpose, which is what consent is asked for and may have several channels. So
nothing but a yes that names it opens a channel that a school adds later, and every no to its purpose holds there, also
where the channel that it was said about is no longer there. Where a channel gets another purpose, or a purpose another
name, a no goes on counting for the channels for which it did; whatever else was said has to be said again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fotopoort.policy.policy import NO_PURPOSE, Channel
from fotopoort.registry.consent.derivation import FORBIDS, Consent
from fotopoort.school_file import Wording
from fotopoort.vocabulary import ChannelId, ConsentState, Text, group_key

# What the packaged channels ask consent for: of what was recorded before it was kept what consent was asked for.
EARLIER: Final[Mapping[ChannelId, str]] = {"social_schools": "closed_platform", "facebook": "social_media"}


def names(channels: Iterable[Channel]) -> list[str]:
    """What a statement can be about: the channels, then the purposes that are called otherwise."""
    channels = list(channels)
    return list(dict.fromkeys([*(channel.id for channel in channels), *(channel.purpose for channel in channels)]))


def by_channel(consents: Iterable[Consent], channels: Sequence[Channel]) -> dict[ChannelId, list[Consent]]:
    """The statements about one person that count for each channel, as statements about that channel; channels for which
    none does are left out."""
    purpose_of = purposes_of(channels)
    found: defaultdict[ChannelId, list[Consent]] = defaultdict(list)
    for consent in consents:
        for channel in channels:
            if counts_for(consent, channel, purpose_of):
                found[channel.id].append(replace(consent, purpose=channel.id))
            elif consent.decision is ConsentState.NOT_ASKED and _is_about(consent, channel):
                # Of what the channel asks for now this takes no no back: it asked for something else then.
                found[channel.id].append(replace(consent, purpose=channel.id, keeps_no=True))
    return dict(found)


def counts_for(consent: Consent, channel: Channel, purpose_of: Mapping[ChannelId, str]) -> bool:
    """Whether a statement counts for a channel.

    Args:
        purpose_of: every channel's purpose now.
    """
    if NO_PURPOSE in (consent.purpose, channel.id, channel.purpose):
        return False
    is_about = _is_about(consent, channel)
    if consent.decision in FORBIDS:
        return is_about or channel.purpose in purposes(consent, purpose_of) or _counted_then(consent, channel)
    if not is_about or not _asks_the_same(consent, channel):
        return False
    named = consent.channels if consent.channels is not None else {consent.purpose}
    return consent.decision is ConsentState.NOT_ASKED or channel.id in named


def _is_about(consent: Consent, channel: Channel) -> bool:
    """Whether a statement is about a channel, or about its purpose, by name."""
    names = channel.id, channel.purpose
    return consent.purpose in names and NO_PURPOSE not in names


def purposes(consent: Consent, purpose_of: Mapping[ChannelId, str]) -> set[str]:
    """What consent was asked for when this was said, as far as it is known, and what its channel asks for now."""
    name = consent.purpose
    return {purpose_of.get(name, name), consent.asked_for or EARLIER.get(name, name)}


def _counted_then(no: Consent, channel: Channel) -> bool:
    """Whether a no counted for a channel when it was recorded."""
    then = EARLIER if no.purposes_then is None else no.purposes_then
    return channel.id in then and then[channel.id] in {no.purpose, *purposes(no, then)}


def _asks_the_same(consent: Consent, channel: Channel) -> bool:
    """Whether a channel asks for what it asked for when this was said. One that came later does."""
    if consent.purposes_then is not None:
        return consent.purposes_then.get(channel.id, channel.purpose) == channel.purpose
    name = consent.purpose
    then = {consent.asked_for} if consent.asked_for else {name, EARLIER.get(name, name)}
    return name != channel.id or channel.purpose in then


def purposes_of(channels: Iterable[Channel]) -> dict[ChannelId, str]:
    """What each channel asks consent for."""
    return {channel.id: channel.purpose for channel in channels}


def asked_for(name: str, purpose_of: Mapping[ChannelId, str]) -> str | None:
    """The purpose of the channel of that name, where it is called otherwise."""
    purpose = purpose_of.get(name, name)
    return purpose if purpose != name else None


def purposes_then(consent: Consent) -> Mapping[ChannelId, str]:
    """What channels asked consent for when this was recorded, as far as it is known."""
    name = consent.purpose
    known = {name: consent.asked_for or EARLIER.get(name, name)}
    return known if consent.purposes_then is None else consent.purposes_then


def gone_purpose(no: Consent, channels: Iterable[Channel]) -> str | None:
    """What consent was asked for, where no channel asks for that any more: a channel that comes later knows of this no
    only if it does. None: one does."""
    asked = no.asked_for or EARLIER.get(no.purpose, no.purpose)
    return None if {asked, no.asked_for or no.purpose} & {channel.purpose for channel in channels} else asked


def wording_of(name: str, version: str, channels: Iterable[Channel], wordings: Iterable[Wording]) -> Wording | None:
    """The question of that version that asks consent for a purpose, or for a channel's; None: it is not known."""
    asked = {name, purposes_of(channels).get(name, name)}
    key = group_key(version)
    return next((known for known in wordings if known.purpose in asked and group_key(known.version) == key), None)


def problem(
    name: str, decision: ConsentState, version: str, channels: Sequence[Channel], wordings: Sequence[Wording]
) -> Text | None:
    """Why nobody can have said this: a yes that is for no channel at all."""
    if decision is not ConsentState.GRANTED:
        return None
    wording = wording_of(name, version, channels, wordings)
    is_channel = any(channel.id == name for channel in channels)
    if wording is None and not is_channel:
        return Text(
            nl=f"Een ja voor {name} geldt voor de kanalen die de vraag noemde, en die vraag is niet bekend",
            en=f"a yes for {name} is for the channels that the question named, and that question is not known",
        )
    if wording is not None and is_channel and name not in wording.channels:
        return Text(
            nl=f"De vraag {wording.version} noemde {name} niet: dit kan geen ja daarvoor zijn",
            en=f"the question {wording.version} did not name {name}: this can be no yes for it",
        )
    return None


def pseudo_channels(consents: Iterable[Consent], channels: Sequence[Channel]) -> Iterator[Channel]:
    """Each purpose, as if it were a channel of its own: those of the channels, and those that were ever spoken of."""
    purpose_of = purposes_of(channels)
    spoken_of = {purpose for consent in consents for purpose in purposes(consent, purpose_of)}
    for purpose in sorted(spoken_of.union(purpose_of.values()) - purpose_of.keys() - {NO_PURPOSE}):
        yield replace(channels[0], id=purpose, purpose=purpose)
