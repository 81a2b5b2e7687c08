"""The channel or purpose that the title of a column of consents speaks of.

A title such as "Toestemming foto's op de website" is understood when nothing is left of it, beside words that say no
more than that it is about consent for pictures, but one channel or purpose. What has a "not" in it is never understood:
there a yes may mean no.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from fotopoort.policy.policy import Channel

FILLING: Final = frozenset(
    """
    foto fotos foto's film filmpje filmpjes video videos video's beeld beelden beeldmateriaal afbeelding afbeeldingen
    opname opnamen opnames gebruik gebruiken publicatie publiceren plaatsing plaatsen tonen delen toestemming akkoord
    avg privacy privacyvoorkeur privacyvoorkeuren voorkeur mag mogen kind leerling leerlingen
    voor op in via van de het een en of door school onze openbare digitale account accounts
    photo photos picture pictures consent permission for on in the of and our
    """.split()
)
NEGATIVE: Final = frozenset(
    """
    geen niet nooit bezwaar bezwaren weigering weigert geweigerd ingetrokken intrekking zonder verbod verboden
    no not never without objection objects refused refusal withdrawn
    """.split()
)
SAID: Final[Mapping[str, Sequence[str]]] = {  # of purposes, in the words of the forms that Dutch schools use
    "closed_platform": ("besloten deel", "besloten deel website", "besloten omgeving", "ouderportaal", "ouderapp"),
    "website": ("website", "schoolwebsite", "site", "schoolsite"),
    "social_media": ("social media", "socialmedia", "sociale media"),
    "newsletter": ("nieuwsbrief", "nieuwsbrieven"),
    "school_guide": ("schoolgids", "schoolgids schoolbrochure", "schoolgids schoolbrochure schoolkalender"),
    "press": ("pers", "krant", "kranten", "kranten tijdschriften", "lokale krant", "lokale pers"),
}


class ConsentTitles:
    """Finds what a title speaks of.

    Args:
        channels: of the school's policy.
    """

    def __init__(self, channels: Collection[Channel]) -> None:
        found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for channel in channels:
            for title in (channel.id, channel.label.nl, channel.label.en, *channel.titles):
                found[_kernel(title)].add(channel.id)
        of_channels = set(found)
        for purpose in {channel.purpose for channel in channels}:
            name = _name(purpose, channels)
            for title in (purpose, *SAID.get(purpose, ())):
                if (kernel := _kernel(title)) not in of_channels:  # the channel is meant, not all that is like it
                    found[kernel].add(name)
        self._names = {kernel: next(iter(names)) for kernel, names in found.items() if kernel and len(names) == 1}

    def name(self, title: str) -> str | None:
        """The channel or purpose; None: none, or it is not certain."""
        return self._names.get(_kernel(title))


def _kernel(title: str) -> tuple[str, ...]:
    """What is left of a title; empty where it has a "not" in it."""
    words = re.findall(r"[^\W_]+(?:['’]s)?", title.casefold())
    if not NEGATIVE.isdisjoint(words):
        return ()
    return tuple(word for word in (word.replace("’", "'") for word in words) if word not in FILLING)


def _name(purpose: str, channels: Iterable[Channel]) -> str:
    """How consents for a purpose are recorded: for its channel where it has one, so that they hold for no later one."""
    ids = [channel.id for channel in channels if channel.purpose == purpose]
    return ids[0] if len(ids) == 1 else purpose
