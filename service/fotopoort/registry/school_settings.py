"""What the school itself decides, with its history: the ground of each channel, whether it is first said who is in a
photo, and how long records are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, exists, insert, or_, select

from fotopoort.canonical_json import canonical, digest
from fotopoort.errors import BadRecord, UnknownChannel
from fotopoort.policy.policy import Channel, Ground
from fotopoort.registry.audit.chain import row_digest
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import former, person, setting
from fotopoort.vocabulary import ChannelId, Text

BASIS: Final = "basis."  # followed by a channel's id
WEIGHING: Final = "weighing."  # followed by a channel's id: who weighed that it goes without consent
TAKEDOWN_DAYS: Final = "takedown.days"
FIRST_SAY_WHO: Final = "first_say_who"
ON, OFF = "on", "off"
UNJUDGED: Final = "unjudged."  # followed by a channel's id: what becomes of files there that are no photos
TICK: Final = timedelta(microseconds=1)


class Unjudged(StrEnum):
    """What a CMS does with a file that is not judged, as it is no photo: a PDF, a video."""

    HOLD = "hold"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that the school has set: since when, and with which key (`actor`)."""

    key: str
    value: str
    since: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """That somebody weighed the interests of a channel that goes without consent (GDPR, article 6, 1f).

    Attributes:
        by: a function rather than a name: "the head, with the council of parents and staff".
        on: the day.
        filed: where it can be found.
    """

    by: str
    on: date
    filed: str


def value(session: Session, key: str, default: str = "") -> str:
    """The value in force now."""
    settings = history_of(session, key)
    return settings[-1].value if settings else default


def days(session: Session, key: str, default: int) -> int:
    """The value in force of a setting that is a number of days."""
    text = value(session, key)
    return int(text) if text.isdecimal() else default


def set_days(session: Session, key: str, days: int, reason: str) -> None:
    """Set a number of days.

    Raises:
        BadRecord: it is not from 1 to 36,500, or no reason is given.
    """
    if not 1 <= days <= 36_500:
        raise BadRecord(
            Text(nl="Een aantal dagen loopt van 1 tot en met 36500.", en="A number of days is from 1 to 36500."),
            hint=Text(nl="Geef een heel getal.", en="Give a whole number."),
        )
    set_value(session, key, str(days), reason)


def history(session: Session, prefix: str = "") -> list[Setting]:
    """Every value that was set for the keys that begin with `prefix`, oldest first."""
    return _settings(session, setting.c.key.startswith(prefix, autoescape=True))


def history_of(session: Session, key: str) -> list[Setting]:
    """Every value that was set for this key alone, oldest first: a channel's id can be how another one's begins."""
    return _settings(session, setting.c.key == key)


def _settings(session: Session, are_meant: ColumnElement[bool]) -> list[Setting]:
    rows = session.connection.execute(
        select(setting.c.key, setting.c.value, setting.c.since, setting.c.actor, setting.c.reason)
        .where(setting.c.tenant == session.tenant, are_meant)
        .order_by(setting.c.since, setting.c.key)
    )
    return [Setting(*row) for row in rows]


def set_value(session: Session, key: str, value: str, reason: str, *, in_log: str | None = None) -> None:
    """Set a value from now on. Earlier values stay in the history.

    Args:
        in_log: what the audit log has in place of a value that is somebody's own words.

    Raises:
        BadRecord: no reason is given.
    """
    if not reason.strip():
        raise BadRecord(
            Text(nl="Er is een reden nodig.", en="A reason is wanted."),
            hint=Text(nl="Schrijf kort waarom dit verandert.", en="Say in a few words why this changes."),
        )
    earlier = [setting.since for setting in history_of(session, key)]
    # Two changes within one tick of the clock keep their order.
    since = max([session.now, *(moment + TICK for moment in earlier)])
    row = {"tenant": session.tenant, "key": key, "since": since, "value": value, "reason": reason}
    row |= {"actor": session.caller.id}
    session.connection.execute(insert(setting).values(row))
    session.note("setting", key=key, value=in_log or value, reason=digest(reason), sha256=row_digest(setting, row))
    session.bump_revision()


def set_basis(
    session: Session, channel_id: ChannelId, ground: Ground, reason: str, weighing: Weighing | None = None
) -> None:
    """Set on what ground people are shown on a channel.

    Args:
        weighing: of OBJECTION; None: it is not recorded, and the pages about the policy say so.

    Raises:
        UnknownChannel: the policy has no such channel.
        BadRecord: no reason is given; or the weighing is not whole, is still to come, or is of another ground.
    """
    _check_channel(session, channel_id)
    is_whole = weighing is None or (weighing.by.strip() and weighing.filed.strip() and weighing.on <= session.today)
    if not is_whole or (weighing is not None and ground is not Ground.OBJECTION):
        raise BadRecord(
            Text(
                nl="Bij een afweging horen drie dingen: wie, wanneer en waar die te vinden is.",
                en="A weighing takes three things: who, when, and where it can be found.",
            ),
            hint=Text(
                nl="Ze hoort bij de grondslag bezwaar (objection), en de dag is vandaag of eerder.",
                en="It goes with the basis objection, and the day is today or before.",
            ),
        )
    set_value(session, BASIS + channel_id, ground.value, reason)
    if weighing is not None:
        value = canonical({"by": weighing.by, "on": weighing.on.isoformat(), "filed": weighing.filed})
        set_value(session, WEIGHING + channel_id, value, reason, in_log=digest(value))


def weighings(session: Session) -> dict[ChannelId, Weighing]:
    """By channel, who weighed the ground in force. A weighing from before the ground was last set does not count."""
    found: dict[ChannelId, Weighing] = {}
    bases = {basis.key.removeprefix(BASIS): basis for basis in history(session, BASIS)}
    for recorded in history(session, WEIGHING):
        channel, weighed = recorded.key.removeprefix(WEIGHING), json.loads(recorded.value)
        basis = bases.get(channel)
        if basis is not None and basis.value == Ground.OBJECTION and basis.since <= recorded.since:
            found[channel] = Weighing(weighed["by"], date.fromisoformat(weighed["on"]), weighed["filed"])
    return found


def first_say_who(session: Session) -> bool:
    """Whether a photo in which somebody may be who may not be shown waits until somebody says who is in it.

    Where this is off, verdicts would reveal that somebody is never locatable. The school's latest setting holds, or
    else that of its policy.
    """
    return value(session, FIRST_SAY_WHO, ON if session.first_say_who else OFF) != OFF


def set_first_say_who(session: Session, on: bool, reason: str) -> None:
    """Turn `first_say_who` on or off.

    Raises:
        BadRecord: it is turned off while somebody is never locatable, erased people included; or no reason is given.
    """
    set_value(session, FIRST_SAY_WHO, ON if on else OFF, reason)
    # Only now that the revision is bumped: whoever makes somebody never locatable at the same time waits for this.
    if not on and _anybody_never_locatable(session):
        raise BadRecord(
            Text(
                nl="Dit kan niet uit zolang iemand nooit vindbaar is: een foto zou verraden om wie het gaat.",
                en="This cannot be turned off while somebody is never locatable: a photo would tell who it is.",
            ),
            hint=Text(
                nl="Wie gewist is, telt ook mee: die kan op oudere foto's staan.",
                en="Who was erased counts as well: they may be in older photos.",
            ),
        )


def unjudged(session: Session, channel_id: ChannelId) -> Unjudged:
    """What becomes of files on a channel that are no photos.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    _check_channel(session, channel_id)
    return Unjudged(value(session, UNJUDGED + channel_id, Unjudged.HOLD))


def set_unjudged(session: Session, channel_id: ChannelId, then: Unjudged, reason: str) -> None:
    """Set what becomes of them.

    Raises:
        UnknownChannel: the policy has no such channel.
        BadRecord: no reason is given.
    """
    _check_channel(session, channel_id)
    set_value(session, UNJUDGED + channel_id, then.value, reason)


def _anybody_never_locatable(session: Session) -> bool:
    tables = ((person, person.c.never_locatable), (former, former.c.never_locatable > 0))
    queries = [exists().where(table.c.tenant == session.tenant, is_hidden) for table, is_hidden in tables]
    return bool(session.connection.execute(select(or_(*queries))).scalar())


def channels(session: Session) -> tuple[Channel, ...]:
    """The policy's channels, each with the ground in force: what the school set last, or else the policy's."""
    grounds = {
        setting.key.removeprefix(BASIS): Ground(setting.value)  # the newest is last, and wins
        for setting in history(session, BASIS)
    }
    return tuple(replace(channel, basis=grounds.get(channel.id, channel.basis)) for channel in session.channels)


def channel(session: Session, channel_id: ChannelId) -> Channel:
    """One channel with the ground in force.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    _check_channel(session, channel_id)
    return next(channel for channel in channels(session) if channel.id == channel_id)


def _check_channel(session: Session, channel_id: ChannelId) -> None:
    ids = [channel.id for channel in session.channels]
    if channel_id not in ids:
        raise UnknownChannel(hint=Text(nl=f"Kies uit: {', '.join(ids)}.", en=f"Choose from: {', '.join(ids)}."))
