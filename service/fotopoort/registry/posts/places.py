"""Where the photos of a post went, as whoever published them says: a withdrawal later asks to take them down there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.registry.posts import photo_records
from fotopoort.registry.posts.posts import find
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import storable
from fotopoort.registry.store.tables import verdict
from fotopoort.vocabulary import ChannelId, Text

MAX_PLACE: Final = 500  # characters, of an address for one


def places(session: Session, post_id: str) -> dict[ChannelId, str]:
    """Where the photos of a post went, per channel; "" where nobody said so.

    Raises:
        NotFound: there is no such post within reach.
    """
    row = find(session, post_id)
    query = select(verdict.c.channel, verdict.c.place).where(
        verdict.c.tenant == session.tenant,
        verdict.c.screening.in_(_screenings(session, post_id)),
        verdict.c.place != "",
    )
    said = {found.channel: found.place for found in session.connection.execute(query.distinct())}
    return {channel: said.get(channel, "") for channel in row.channels}


def set_places(session: Session, post_id: str, said: Mapping[ChannelId, str]) -> None:
    """Record where the photos of a post went, also after its end.

    Raises:
        NotFound: there is no such post within reach.
        UnknownChannel: it is not for one of these channels.
        BadRecord: what is said is too long.
    """
    row = find(session, post_id)
    if not said.keys() <= set(row.channels):
        raise UnknownChannel
    if any(len(place) > MAX_PLACE for place in said.values()):
        raise BadRecord(
            Text(nl=f"Dat is langer dan {MAX_PLACE} tekens.", en=f"That is longer than {MAX_PLACE} characters."),
            hint=Text(nl="Het adres van de pagina is genoeg.", en="The address of the page is enough."),
        )
    for channel, place in sorted(said.items()):
        are_its = (
            verdict.c.tenant == session.tenant,
            verdict.c.screening.in_(_screenings(session, post_id)),
            verdict.c.channel == channel,
        )
        session.connection.execute(update(verdict).where(*are_its).values(place=storable(place.strip())))
        session.note("post.place", post=post_id, channel=channel, place=digest(place))


def _screenings(session: Session, post_id: str) -> list[str]:
    return [row.screening for row in photo_records.rows(session, post_id) if row.screening]
