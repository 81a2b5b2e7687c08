"""What `fotopoort registry lists` tells of purposes that are gone while people said no to them."""

from __future__ import annotations

from typing import Any

from fotopoort.registry.consent.follow_ups import GonePurpose
from fotopoort.vocabulary import ConsentState, Text


def row(item: GonePurpose) -> dict[str, Any]:
    """As a row of the lists, about nobody in particular."""
    return {
        "what": "gone purpose",
        "person": None,
        "purpose": item.purpose,
        "state": ConsentState.REFUSED,
        "due": None,
        "consent": None,
        "people": item.people,
        "erased": item.erased,
    }


def told(item: GonePurpose) -> Text:
    """What it means, and what to do."""
    count = item.people + item.erased
    return Text(
        nl=f"Geen kanaal heeft nog het doel {item.purpose}, en zoveel mensen zeiden daar nee tegen: {count}. Heet het"
        " nu anders? Geef het zijn naam terug: anders geldt dit nee niet voor een kanaal dat er later bij komt. Is het"
        " kanaal weg? Dan hoef je niets te doen.",
        en=f"No channel has the purpose {item.purpose} any more, and so many people said no to it: {count}. If it has"
        " another name now, give it its own name back: otherwise that no does not hold for a channel that is added"
        " later. If the channel is gone, nothing needs to be done.",
    )
