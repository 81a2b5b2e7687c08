"""Noes that are there since the last look, though nobody said no meanwhile: a yes that had taken them back has ended,
by a day or otherwise, or they were said ahead of their time. What was published until then has to be taken down.

A yes can have begun and ended between two looks: whoever might be shown at any moment between them counts as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import delete, insert, select

from fotopoort.registry.consent.consent_log import (
    by_ref_and_channel,
    channels_forbidden_by,
    derivations,
    derived_consents,
)
from fotopoort.registry.consent.derivation import FORBIDS, Consent
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import consent as consent_table
from fotopoort.registry.store.tables import noes_seen
from fotopoort.vocabulary import ChannelId


def take_down(session: Session) -> int:
    """Create a task for every place where somebody was shown, or may have been, of whom there is such a no. Returns how
    many are new. The first look of a school only remembers who may not be shown."""
    states = derived_consents(session)
    noes = sorted(key for key, derived in states.items() if derived.state in FORBIDS)
    is_here = noes_seen.c.tenant == session.tenant
    last_look = session.connection.execute(select(noes_seen).where(is_here)).one_or_none()
    session.connection.execute(delete(noes_seen).where(is_here))
    session.connection.execute(insert(noes_seen).values(tenant=session.tenant, at=session.now, noes=noes))
    if last_look is None:
        return 0
    told = _told(session, last_look.at)
    begun = set(noes).difference(map(tuple, last_look.noes), told)
    statements = by_ref_and_channel(session, {ref for ref, _ in noes})
    held = derivations(session, {ref for ref, _ in noes})
    for key in noes:
        since = told.get(key, last_look.at).astimezone(session.now.tzinfo)
        if any(held[key](moment).state not in FORBIDS for moment in _moments(since, session.now, statements[key])):
            begun.add(key)
    withdrawals = []
    for ref, channel in sorted(begun):
        by = states[ref, channel].by
        no = next(consent for consent in statements[ref, channel] if consent.id in by and consent.decision in FORBIDS)
        withdrawals.append(takedowns.Withdrawal(ref, channel, no.id))
    return takedowns.create_tasks(session, withdrawals)


def _moments(since: datetime, now: datetime, statements: Iterable[Consent]) -> Iterator[datetime]:
    """The moments between these two from which something else can hold: days begin in their time zone."""
    yield since
    for days in range(1, (now.date() - since.date()).days + 1):
        yield datetime.combine(since.date() + timedelta(days=days), time(), now.tzinfo)
    yield from (consent.at for consent in statements if since < consent.at < now)


def _told(session: Session, since: datetime) -> dict[tuple[str, ChannelId], datetime]:
    """Who said no since then, for which channels, and when last: it held at once, and recording it made the tasks."""
    rows = session.connection.execute(
        select(consent_table)
        .where(
            consent_table.c.tenant == session.tenant,
            consent_table.c.recorded >= since,
            consent_table.c.word.in_([decision.value for decision in FORBIDS]),
        )
        .order_by(consent_table.c.recorded)
    ).all()
    zone = session.now.tzinfo
    return {
        (row.person, channel.id): row.recorded
        for row in rows
        if row.valid_from is None or row.valid_from <= row.recorded.astimezone(zone).date()
        for channel in channels_forbidden_by(session, row._mapping)
    }
