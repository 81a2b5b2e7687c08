"""The keys of endpoints and sources, as they are kept: sealed, so that whoever takes the database can sign nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fotopoort.registry.registry import Session
from fotopoort.registry.store.sealed_columns import SealingKey
from fotopoort.vocabulary import Text

KEY: Final = SealingKey(
    "webhooks.key",
    Text(
        nl="Zet het bestand webhooks.key terug. Is het kwijt? Voeg de adressen en afzenders dan opnieuw toe.",
        en="Put the file webhooks.key back. If it is lost, add the endpoints and sources again.",
    ),
)


def seal(session: Session, place: str, keys: Sequence[str]) -> str:
    """Keys as they are stored.

    Args:
        place: whose they are.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    return KEY.seal(session, place, "\n".join(keys).encode())


def opened(session: Session, place: str, sealed: str) -> tuple[str, ...]:
    """The keys that were stored, as texts: secrets.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    return tuple(KEY.open(session, place, sealed).decode().split("\n"))
