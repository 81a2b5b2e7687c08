"""What the school itself lays down, with its history: the basis of each channel, how long records are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select

from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.policy.policy import Channel, Ground
from fotopoort.registry.audit.chain import digest
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import setting
from fotopoort.vocabulary import ChannelId

BASIS: Final = "basis."  # and a channel's id
TAKEDOWN_DAYS: Final = "takedown.days"
TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing laid down, by which key, since when."""

    key: str
    value: str
    since: datetime
    actor: str
    reason: str


def value(session: Session, key: str, otherwise: str = "") -> str:
    """What is in force for a key now."""
    past = history(session, key)
    return past[-1].value if past else otherwise


def days(session: Session, key: str, otherwise: int) -> int:
    """What is in force for a key that holds a number of days."""
    text = value(session, key)
    return int(text) if text.isdecimal() else otherwise


def set_days(session: Session, key: str, days: int, reason: str) -> None:
    """Lay down a number of days.

    Raises:
        BadRecord: it is not from 1 to 36,500, or no reason is given.
    """
    if not 1 <= days <= 36_500:
        raise BadRecord("A number of days is from 1 to 36500.", hint="Give a whole number.")
    set_value(session, key, str(days), reason)


def history(session: Session, prefix: str = "") -> list[Setting]:
    """All that was laid down for the keys that begin so, oldest first."""
    rows = session.connection.execute(
        select(setting.c.key, setting.c.value, setting.c.since, setting.c.actor, setting.c.reason)
        .where(setting.c.tenant == session.tenant, setting.c.key.startswith(prefix, autoescape=True))
        .order_by(setting.c.since, setting.c.key)
    )
    return [Setting(*row) for row in rows]


def set_value(session: Session, key: str, value: str, reason: str) -> None:
    """Lay something down from now on. What held before stays known.

    Raises:
        BadRecord: no reason is given.
    """
    if not reason.strip():
        raise BadRecord("A reason is wanted.", hint="Say in a few words why this changes.")
    past = [one.since for one in history(session, key) if one.key == key]
    since = max([session.now, *(moment + TICK for moment in past)])  # two within one tick of the clock keep their order
    row = {"tenant": session.tenant, "key": key, "since": since, "value": value, "reason": reason}
    session.connection.execute(insert(setting).values(row | {"actor": session.caller.id}))
    session.note("setting", key=key, value=value, reason=digest(reason))
    session.bump_revision()


def set_basis(session: Session, channel_id: ChannelId, ground: Ground, reason: str) -> None:
    """Lay down on what ground somebody may be shown on a channel.

    Raises:
        UnknownChannel: the policy has no such channel.
        BadRecord: no reason is given.
    """
    set_value(session, BASIS + _known(session, channel_id), ground.value, reason)


def channels(session: Session) -> tuple[Channel, ...]:
    """The policy's channels, each with the ground in force: what the school laid down last, or else the policy's."""
    laid_down = {one.key.removeprefix(BASIS): Ground(one.value) for one in history(session, BASIS)}
    return tuple(replace(one, basis=laid_down.get(one.id, one.basis)) for one in session.channels)


def channel(session: Session, channel_id: ChannelId) -> Channel:
    """One channel with the ground in force.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    _known(session, channel_id)
    return next(one for one in channels(session) if one.id == channel_id)


def _known(session: Session, channel_id: ChannelId) -> ChannelId:
    known = [one.id for one in session.channels]
    if channel_id not in known:
        raise UnknownChannel(hint=f"Choose from: {', '.join(known)}.")
    return channel_id
