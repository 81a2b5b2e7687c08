"""Withdrawal reaches back: where photos went in which somebody may no longer be shown, as tasks that are due."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Exists, exists, insert, select, update

from fotopoort.errors import NotFound
from fotopoort.registry import school_settings
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import groups_of, school_year
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import screening, shown, takedown, verdict
from fotopoort.vocabulary import ChannelId, Outcome, PersonId

DAYS: Final = 7  # in which a photo is to be taken down, unless the school says otherwise


@dataclass(frozen=True, slots=True)
class Task:
    """A photo to take down somewhere.

    Attributes:
        photo: SHA-256 of the file that was sent; `rendition`: of the one that may have gone out.
        place: where the caller said it would appear.
        person: None: they were erased; the photo may still be there.
        certain: False: the person may be one of the group that is shown; nobody said so.
    """

    id: str
    person: PersonId | None
    channel: ChannelId
    photo: str
    rendition: str | None
    place: str
    certain: bool
    due: date
    done: datetime | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who may no longer be shown on a channel, by which word. `person`: their ref."""

    person: str
    channel: ChannelId
    consent: str


def ask(session: Session, withdrawn: Sequence[Withdrawn]) -> int:
    """Make a task for every place where somebody was shown, or may have been. Returns how many are new."""
    out = select(verdict.c.channel).where(verdict.c.tenant == session.tenant, _may_be_out()).distinct()
    channels = set(session.connection.execute(out).scalars()) if withdrawn else set()
    return sum(_ask(session, one) for one in withdrawn if one.channel in channels)


def _ask(session: Session, withdrawn: Withdrawn) -> int:
    person, channel = withdrawn.person, withdrawn.channel
    mine = (takedown.c.tenant == session.tenant, takedown.c.person == person, takedown.c.channel == channel)
    already = {
        (row.photo, row.place): row
        for row in session.connection.execute(select(takedown).where(*mine, takedown.c.done.is_(None)))
    }
    rows: list[dict[str, Any]] = []
    days = school_settings.days(session, school_settings.TAKEDOWN_DAYS, DAYS)
    for (photo, place), (rendition, certain) in _where(session, person, channel).items():
        if (known := already.get((photo, place))) is None:
            rows.append(
                {
                    "tenant": session.tenant,
                    "id": uuid.uuid4().hex,
                    "person": person,
                    "consent": withdrawn.consent,
                    "channel": channel,
                    "photo": photo,
                    "rendition": rendition,
                    "place": place,
                    "certain": certain,
                    "at": session.now,
                    "due": session.today + timedelta(days=days),
                }
            )
        elif certain and not known.certain:
            session.connection.execute(update(takedown).where(*mine, takedown.c.id == known.id).values(certain=True))
    if rows:
        session.connection.execute(insert(takedown), rows)
    for one in rows:
        session.note("takedown", photo=one["photo"], person=person, takedown=one["id"], channel=channel)
    return len(rows)


def _where(session: Session, person: str, channel: ChannelId) -> dict[tuple[str, str], tuple[str | None, bool]]:
    """Photo and place where somebody is shown or may be; with the rendition, and whether that is certain."""
    out = (
        select(screening.c.id, screening.c.sha256, screening.c.at, screening.c.taken, verdict)
        .join(screening, (screening.c.tenant == verdict.c.tenant) & (screening.c.id == verdict.c.screening))
        .where(verdict.c.tenant == session.tenant, verdict.c.channel == channel, _may_be_out())
    )
    found = {
        (row.sha256, row.place): (row.rendition, True) for row in session.connection.execute(out.where(_shows(person)))
    }
    person_id, their_groups = people.ids(session).get(person, ""), groups_of(session, person)
    for row in session.connection.execute(out.where(verdict.c.by_group)):
        in_year = their_groups.get(school_year(row.taken or row.at.astimezone(session.now.tzinfo).date()), [])
        if row.groups and not set(row.groups) & set(in_year):
            continue
        said = screenings.said(session, row.screening, row.number)
        if person_id not in said.absent | screenings.located(said):
            found.setdefault((row.sha256, row.place), (row.rendition, False))
    return found


def tasks(session: Session, *, open_only: bool = True) -> list[Task]:
    """What must be taken down, the first due first."""
    known = people.ids(session)
    query = select(takedown).where(_here(session)).order_by(takedown.c.due, takedown.c.at, takedown.c.id)
    if open_only:
        query = query.where(takedown.c.done.is_(None))
    return [
        Task(
            id=row.id,
            person=known.get(row.person),
            channel=row.channel,
            photo=row.photo,
            rendition=row.rendition,
            place=row.place,
            certain=row.certain,
            due=row.due,
            done=row.done,
        )
        for row in session.connection.execute(query)
    ]


def done(session: Session, task_id: str) -> None:
    """The photo was taken down.

    Raises:
        NotFound: no open task has that id.
    """
    mine = (_here(session), takedown.c.id == task_id, takedown.c.done.is_(None))
    photo = session.connection.execute(select(takedown.c.photo).where(*mine)).scalar_one_or_none()
    if photo is None:
        raise NotFound("No open task has that id.", hint="See `fotopoort registry takedowns`.")
    session.connection.execute(update(takedown).where(*mine).values(done=session.now, done_by=session.caller.id))
    session.note("takedown.done", photo=photo, takedown=task_id)


def _may_be_out() -> ColumnElement[bool]:
    return verdict.c.outcome != Outcome.REJECT.value


def _shows(person: str) -> Exists:
    return exists().where(
        shown.c.tenant == verdict.c.tenant,
        shown.c.screening == verdict.c.screening,
        shown.c.number == verdict.c.number,
        shown.c.channel == verdict.c.channel,
        shown.c.person == person,
    )


def _here(session: Session) -> ColumnElement[bool]:
    return takedown.c.tenant == session.tenant
