"""Noes that begin to count by a day, and by nobody's word: a yes that had taken them back has ended, or they were said
ahead of their time. What was published until then has to be taken down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from fotopoort.registry.consent.consent_log import by_ref_and_channel, derivations
from fotopoort.registry.consent.derivation import FORBIDS, Consent, DerivedConsent
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import person

TICK = timedelta(microseconds=1)


def take_down(session: Session) -> int:
    """Create a task for every place where somebody was shown, or may have been, of whom a no began to count by a day.
    Returns how many are new: of what was told once since that day there is none."""
    return takedowns.create_tasks(session, list(_begun(session)))


def _begun(session: Session) -> Iterator[takedowns.Withdrawal]:
    days = {
        row.ref: {row.own_from, row.leaves and row.leaves + timedelta(days=1)}
        for row in session.connection.execute(
            select(person.c.ref, person.c.own_from, person.c.leaves).where(person.c.tenant == session.tenant)
        )
    }
    said = by_ref_and_channel(session)
    for (ref, channel), derived_at in derivations(session).items():
        consents, now = said[ref, channel], derived_at(session.now)
        if now.state in FORBIDS:
            begins = _begins(derived_at, [*days[ref], *_days(consents)], session)
            if begins is not None:
                no = next(consent.id for consent in consents if consent.id in now.by and consent.decision in FORBIDS)
                yield takedowns.Withdrawal(ref, channel, no, since=begins)


def _days(consents: Iterable[Consent]) -> Iterator[date | None]:
    """On which a statement begins to count, or counts no more."""
    for consent in consents:
        yield consent.valid_from
        yield consent.valid_until and consent.valid_until + timedelta(days=1)


def _begins(
    derived_at: Callable[[datetime], DerivedConsent], days: Iterable[date | None], session: Session
) -> datetime | None:
    """The beginning of the last of these days with which a no began to count; None: it did with none of them."""
    for day in sorted({day for day in days if day is not None and day <= session.today}, reverse=True):
        begin = datetime.combine(day, time(), session.now.tzinfo)
        if derived_at(begin).state in FORBIDS and derived_at(begin - TICK).state not in FORBIDS:
            return begin
    return None
