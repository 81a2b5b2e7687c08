"""Tasks to take down what was published before. A withdrawal creates one for each place with a photo of that person; a
block, one for each place where that photo, or one much like it, may have been published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, insert, select, update

from fotopoort.errors import NotFound
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry import school_settings
from fotopoort.registry.answers import answer_log
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import groups_of
from fotopoort.registry.photos.serialisation import years_from_json
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import screening, shown, takedown, verdict
from fotopoort.vocabulary import Action, Answers, Basis, ChannelId, Outcome, PersonId, Text, Verdict

CONSENT, ERASURE, BLOCK = "consent", "erasure", "block"  # the causes of a task
DAYS: Final = 7  # within which a photo is to be taken down, unless the school has set another number
MAX_COMPARED: Final = 200_000  # screenings that are searched for photos much like a blocked one


@dataclass(frozen=True, slots=True)
class Task:
    """A photo to take down somewhere.

    Attributes:
        photo: SHA-256 of the file that was sent; `rendition`: of the file that may have been published.
        place: where the caller said that it would appear.
        person: None: they were erased, and the photo may still be published; or it is about nobody in particular.
        certain: False: the person may be in the group that is shown, but nobody said so; or only a part of the photo
            went out, and they may be in it; or the photo is much like one that was blocked.
        cause: "consent", "erasure" or "block".
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
    cause: str = "consent"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A person (by ref) who may no longer be shown on a channel, because of a consent (by id; "": another cause)."""

    person: str
    channel: ChannelId
    consent: str


# --- who can be seen -------------------------------------------------------------------------------------


def may_show_others(given: Verdict, answers: Answers) -> bool:
    """Whether somebody who is not named may be seen: because a face is shown that may be anybody's of the groups, or
    because only a part of the photo is published, in which somebody may show who was too small to be found."""
    by_group = any(face.basis is Basis.GROUP and face.action is Action.KEEP for face in given.faces.values())
    return not answers.nobody_else and (by_group or given.part is not None)


def shown_people(given: Verdict, answers: Answers) -> dict[PersonId, bool]:
    """Who can be seen in what may be published, according to the answers, and whether that is certain. Where only a
    part is published, it is uncertain of people of whom nobody said where they are."""
    visible: set[PersonId] = set()
    covered = {drawn.person for drawn in answers.drawn if drawn.person}
    for face_id, judged in given.faces.items():
        if judged.basis is Basis.IDENTIFIED and (person := answers.faces[face_id].person):
            (visible if judged.action is Action.KEEP else covered).add(person)
    # In the photo too: people pointed out where no face was found, and people who were only said to be in it.
    somewhere = (answers.present | answers.pointed_out) - covered
    return dict.fromkeys(somewhere, given.part is None) | dict.fromkeys(visible, True)


# --- tasks -----------------------------------------------------------------------------------------------


def create_tasks(session: Session, withdrawals: Sequence[Withdrawal], *, cause: str = CONSENT) -> int:
    """Create a task for every place where somebody was shown, or may have been. Returns how many are new.

    Args:
        cause: CONSENT, ERASURE or BLOCK.
    """
    published = select(verdict.c.channel).where(verdict.c.tenant == session.tenant, _may_be_published()).distinct()
    channels = set(session.connection.execute(published).scalars()) if withdrawals else set()
    wanted = [withdrawal for withdrawal in withdrawals if withdrawal.channel in channels]
    return sum(_create_tasks(session, withdrawal, cause) for withdrawal in wanted)


def _create_tasks(session: Session, withdrawal: Withdrawal, cause: str) -> int:
    person, channel = withdrawal.person, withdrawal.channel
    is_theirs = (takedown.c.tenant == session.tenant, takedown.c.person == person, takedown.c.channel == channel)
    open_tasks = {
        (row.photo, row.place): row
        for row in session.connection.execute(select(takedown).where(*is_theirs, takedown.c.done.is_(None)))
    }
    rows: list[dict[str, Any]] = []
    for (photo, place), (rendition, certain) in _places(session, person, channel).items():
        if (task := open_tasks.get((photo, place))) is None:
            rows.append(
                {
                    "person": person,
                    "consent": withdrawal.consent,
                    "cause": cause,
                    "channel": channel,
                    "photo": photo,
                    "rendition": rendition,
                    "place": place,
                    "certain": certain,
                }
            )
        elif certain and not task.certain:
            is_row = (*is_theirs, takedown.c.id == task.id)
            session.connection.execute(update(takedown).where(*is_row).values(certain=True))
    return _add(session, rows)


def create_tasks_of_block(session: Session, sha256: str, blocked: Blocklist) -> int:
    """Create a task for every place where a photo that is blocked, or one much like it, may have been published.
    Returns how many are new."""
    is_block = (_is_here(session), takedown.c.cause == BLOCK, takedown.c.done.is_(None))
    there = {
        (row.channel, row.photo, row.place) for row in session.connection.execute(select(takedown).where(*is_block))
    }
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for screening_id, photo in screenings_of(session, blocked).items():
        published = select(verdict).where(
            verdict.c.tenant == session.tenant, verdict.c.screening == screening_id, _may_be_published()
        )
        for row in session.connection.execute(published.order_by(verdict.c.number)):
            if (key := (row.channel, photo, row.place)) not in there:
                rows[key] = {
                    "person": "",
                    "consent": "",
                    "cause": BLOCK,
                    "channel": row.channel,
                    "photo": photo,
                    "rendition": row.rendition,
                    "place": row.place,
                    "certain": photo == sha256,
                }
    return _add(session, rows.values())


def _add(session: Session, tasks: Iterable[Mapping[str, Any]]) -> int:
    """Store new tasks, due after the school's days. Returns how many there are."""
    due = session.today + timedelta(days=school_settings.days(session, school_settings.TAKEDOWN_DAYS, DAYS))
    always = {"tenant": session.tenant, "at": session.now, "due": due}
    rows = [{**task, **always, "id": uuid.uuid4().hex} for task in tasks]
    if rows:
        session.connection.execute(insert(takedown), rows)
    for row in rows:
        person = row["person"] or None  # a block is about nobody in particular
        session.note("takedown", photo=row["photo"], person=person, takedown=row["id"], channel=row["channel"])
    return len(rows)


def screenings_of(session: Session, blocked: Blocklist) -> dict[str, str]:
    """The screenings of these photos, and of photos much like them, newest first: by id, the photo's SHA-256."""
    query = (
        select(screening.c.id, screening.c.sha256, screening.c.likeness)
        .where(screening.c.tenant == session.tenant)
        .order_by(screening.c.at.desc())
        .limit(MAX_COMPARED)
    )
    rows = session.connection.execute(query).all()
    return {row.id: row.sha256 for row in rows if blocked.holds(row.sha256, row.likeness)}


def _places(session: Session, person: str, channel: ChannelId) -> dict[tuple[str, str], tuple[str | None, bool]]:
    """By photo and place where somebody is or may be shown: the rendition, and whether it is certain."""
    published = (
        select(screening.c.id, screening.c.sha256, screening.c.taken, screening.c.years, verdict)
        .join(screening, (screening.c.tenant == verdict.c.tenant) & (screening.c.id == verdict.c.screening))
        .where(verdict.c.tenant == session.tenant, verdict.c.channel == channel, _may_be_published())
    )
    found: dict[tuple[str, str], tuple[str | None, bool]] = {}
    shows_them = published.join(shown, _is_of_verdict()).where(shown.c.person == person).add_columns(shown.c.certain)
    for row in session.connection.execute(shows_them.order_by(shown.c.certain)):
        found[row.sha256, row.place] = row.rendition, row.certain
    person_id, their_groups = people.ids(session).get(person, ""), groups_of(session, person, ended=True)
    for row in session.connection.execute(published.where(verdict.c.by_group)):
        years = years_from_json(row.years, row.taken)
        groups = {name for year, names in their_groups.items() if years is None or year in years for name in names}
        if row.groups and not set(row.groups) & groups:
            continue
        answers = answer_log.answers_of(session, row.screening, row.number)
        if person_id not in answers.absent | answers.pointed_out:
            found.setdefault((row.sha256, row.place), (row.rendition, False))
    return found


def tasks(session: Session, *, open_only: bool = True) -> list[Task]:
    """What must be taken down, the earliest due date first."""
    ids = people.ids(session)
    query = select(takedown).where(_is_here(session)).order_by(takedown.c.due, takedown.c.at, takedown.c.id)
    if open_only:
        query = query.where(takedown.c.done.is_(None))
    return [
        Task(
            id=row.id,
            person=ids.get(row.person),
            channel=row.channel,
            photo=row.photo,
            rendition=row.rendition,
            place=row.place,
            certain=row.certain,
            due=row.due,
            done=row.done,
            cause=row.cause,
        )
        for row in session.connection.execute(query)
    ]


def mark_done(session: Session, task_id: str) -> None:
    """Record that the photo was taken down.

    Raises:
        NotFound: no open task has that id.
    """
    is_row = (_is_here(session), takedown.c.id == task_id, takedown.c.done.is_(None))
    photo = session.connection.execute(select(takedown.c.photo).where(*is_row)).scalar_one_or_none()
    if photo is None:
        raise NotFound(
            Text(nl="Er is geen open taak met dat id.", en="No open task has that id."),
            hint=Text(nl="Kijk bij `fotopoort registry takedowns`.", en="See `fotopoort registry takedowns`."),
        )
    session.connection.execute(update(takedown).where(*is_row).values(done=session.now, done_by=session.caller.id))
    session.note("takedown.done", photo=photo, takedown=task_id)


def _may_be_published() -> ColumnElement[bool]:
    return verdict.c.outcome != Outcome.REJECT.value


def _is_of_verdict() -> ColumnElement[bool]:
    return and_(*(shown.c[name] == verdict.c[name] for name in ("tenant", "screening", "number", "channel")))


def _is_here(session: Session) -> ColumnElement[bool]:
    return takedown.c.tenant == session.tenant
