"""A post: whose it is, who may see it, and what it is about.

Its revision goes up with every change. Whoever changes something says which revision they saw, and is refused if
somebody changed the post since. Photos that came in or were judged since do not count: they take back nothing of what
was seen, and come while people work. It is one file: each part of it reads or writes the same row.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from fotopoort.errors import FutureDay, NotFound, PostChanged, PostEnded, TextTooLong, UnknownChannel, UnknownGroup
from fotopoort.registry import outbox
from fotopoort.registry.people.groups import is_own, school_year, spelled
from fotopoort.registry.registry import Session
from fotopoort.registry.store.column_types import storable
from fotopoort.registry.store.tables import post, post_photo
from fotopoort.vocabulary import ChannelId, Text

MAX_TEXT: Final = 20_000  # characters
MAX_LISTED: Final = 100
GATE_NOTICE: Final = "gate.notice"  # the job that tells a CMS what became of what it sent in a post


class PostState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"  # somebody said that it is: nothing that could be seen or read is left
    EXPIRED = "expired"  # the same, but its time was over


class Origin(StrEnum):
    PAGE = "page"  # somebody at school began it
    CMS = "cms"  # its photos came by the gate


@dataclass(frozen=True, slots=True)
class PostRecord:
    """What is recorded of a post.

    Attributes:
        owner: the id of the caller who made it.
        groups: who is in its photos, where nothing else was said.
        together: all channels get the same, by the strictest of them.
        revision: goes up with every change.
        until: it expires then, if it is not finished before.
        reference: what the CMS calls it that sent its photos.
        day_known: somebody said that it is of this day; else it was made on it, and its photos can be of any.
    """

    id: str
    owner: str
    groups: tuple[str, ...]
    channels: tuple[ChannelId, ...]
    together: bool
    day: date
    text: str = field(repr=False)
    state: PostState
    revision: int
    made: datetime
    changed: datetime
    until: datetime
    origin: Origin = Origin.PAGE
    reference: str = field(default="", repr=False)
    day_known: bool = True

    @property
    def stated_day(self) -> date | None:
        """The day on which somebody said that its photos were taken; None: nobody did."""
        return self.day if self.day_known else None


def make(
    session: Session,
    *,
    groups: Collection[str],
    channels: Sequence[ChannelId],
    day: date,
    text: str = "",
    together: bool = False,
    hours: float,
    origin: Origin = Origin.PAGE,
    reference: str = "",
    day_known: bool = True,
) -> PostRecord:
    """Begin a post.

    Args:
        day: on which most of its photos were taken.
        together: see `PostRecord`.
        hours: until it expires.
        origin, reference, day_known: see `PostRecord`.

    Raises:
        UnknownGroup: one of the groups is not within reach in the school year of that day.
        UnknownChannel, FutureDay, TextTooLong: it cannot be so.
    """
    row = {
        "tenant": session.tenant,
        "id": uuid.uuid4().hex,
        "owner": session.caller.id,
        "state": PostState.OPEN.value,
        "revision": 1,
        "edited": 1,
        "together": together,
        "made": session.now,
        "changed": session.now,
        "until": session.now + timedelta(hours=hours),
        "origin": origin.value,
        "reference": reference,
        "day_known": day_known,
        **checked(session, channels, day, text),
        "groups": spelled_groups(session, groups, day),
    }
    session.connection.execute(insert(post).values(row))
    session.note("post.made", post=row["id"])
    return get(session, str(row["id"]))


def get(session: Session, post_id: str) -> PostRecord:
    """A post within reach, also one that is finished.

    Raises:
        NotFound: there is none.
    """
    return _record(session, find(session, post_id))


def get_open(session: Session, post_id: str) -> PostRecord:
    """A post within reach that is not over.

    Raises:
        NotFound: there is none.
        PostEnded: it is finished or has expired.
    """
    return _record(session, find_open(session, post_id))


def listed(session: Session, *, open_only: bool = False) -> list[PostRecord]:
    """The posts within reach, newest first: at most MAX_LISTED that people began, and as many of CMSes."""
    query = select(post).where(post.c.tenant == session.tenant).order_by(post.c.made.desc(), post.c.id)
    if open_only:
        query = query.where(post.c.state == PostState.OPEN.value, post.c.until > session.now)
    found: list[PostRecord] = []
    counts = Counter[str]()
    with session.connection.execute(query) as rows:
        for row in rows:
            if counts[row.origin] < MAX_LISTED and _is_within_reach(session, row):
                counts[row.origin] += 1
                found.append(_record(session, row))
            if counts.total() == MAX_LISTED * len(Origin):
                break
    return found


def of_reference(
    session: Session,
    reference: str,
    *,
    groups: Collection[str],
    channels: Sequence[ChannelId],
    day: date | None,
) -> PostRecord | None:
    """The open post of a CMS to which more is sent under this reference, newest first; None: there is none.

    Args:
        groups, channels: it is about exactly these.
        day: on which its photos were taken, as the CMS says; None: it did not.
    """
    theirs = post.c.tenant == session.tenant, post.c.owner == session.caller.id, post.c.origin == Origin.CMS.value
    is_open = post.c.state == PostState.OPEN.value, post.c.until > session.now, post.c.reference == storable(reference)
    spelled = spelled_groups(session, groups, day or session.today)
    for row in session.connection.execute(select(post).where(*theirs, *is_open).order_by(post.c.made.desc())).all():
        found = _record(session, row)
        if [*found.groups] == spelled and found.channels == tuple(channels) and found.stated_day == day:
            return found
    return None


# --- for the modules beside this one ---------------------------------------------------------------------


def find(session: Session, post_id: str) -> Row[Any]:
    """A post within reach: of a teacher's own groups and no others; all of the school for whoever works in the office.
    Machines have none.

    Raises:
        NotFound: there is none.
    """
    row = session.connection.execute(select(post).where(is_post(session, post_id))).one_or_none()
    if row is None or not _is_within_reach(session, row):
        raise NotFound(
            Text(nl="Dit bericht is er niet.", en="There is no such post."),
            hint=Text(nl="Kijk welke berichten er zijn.", en="See which posts there are."),
        )
    return row


def find_open(session: Session, post_id: str, revision: int | None = None) -> Row[Any]:
    """A post within reach that can be changed.

    Args:
        revision: that the caller saw; None: it does not matter.

    Raises:
        NotFound: there is none.
        PostEnded: it is finished or has expired.
        PostChanged: somebody changed it since.
    """
    row = find(session, post_id)
    if not is_open(session, row):
        raise PostEnded
    return row if revision is None else find_current(session, post_id, revision)


def find_current(session: Session, post_id: str, revision: int) -> Row[Any]:
    """A post within reach, also one that is over, as the caller saw it.

    Raises:
        NotFound: there is none.
        PostChanged: somebody changed it since.
    """
    row = find(session, post_id)
    if not row.edited <= revision <= row.revision:
        raise PostChanged
    return row


def is_open(session: Session, row: Row[Any]) -> bool:
    """Whether a post is not over, see `PostState`."""
    return _state(session, row) is PostState.OPEN


def bump(session: Session, post_id: str, *, edited: bool, photos: Collection[str] = ()) -> None:
    """Record that a post changed.

    Args:
        edited: by somebody: what others saw before is no longer what they would change.
        photos: that changed.
    """
    values: dict[str, Any] = {"revision": post.c.revision + 1, "changed": session.now}
    if edited:
        values["edited"] = post.c.revision + 1
    bumped = update(post).where(is_post(session, post_id)).values(values).returning(post.c.revision, post.c.origin)
    for row in session.connection.execute(bumped):
        if row.origin == Origin.CMS:  # which is to be told where that changed anything for it
            outbox.enqueue(session, GATE_NOTICE, {"post": post_id}, key=f"{post_id}:{row.revision}")
    revision = select(post.c.revision).where(is_post(session, post_id)).scalar_subquery()
    are_changed = post_photo.c.tenant == session.tenant, post_photo.c.id.in_(photos)
    if photos:
        session.connection.execute(update(post_photo).where(*are_changed).values(revision=revision))


def is_post(session: Session, post_id: str) -> ColumnElement[bool]:
    return (post.c.tenant == session.tenant) & (post.c.id == post_id)


def spelled_groups(session: Session, groups: Collection[str], day: date) -> list[str]:
    if session.caller.own_groups_only and not groups:
        raise UnknownGroup(
            Text(nl="Er is niet gezegd over welke groep dit gaat.", en="It is not said which group this is about."),
            hint=Text(nl="Noem een van je eigen groepen.", en="Name one of your own groups."),
        )
    return sorted({spelled(session, group, school_year(day)) for group in groups})


def checked(session: Session, channels: Sequence[ChannelId], day: date, text: str) -> dict[str, Any]:
    if day > session.today:
        raise FutureDay
    if len(text) > MAX_TEXT:
        raise TextTooLong(
            Text(
                nl=f"De tekst is langer dan {MAX_TEXT} tekens.",
                en=f"The text is longer than {MAX_TEXT} characters.",
            ),
            hint=Text(nl="Maak hem korter.", en="Make it shorter."),
        )
    if not set(channels) <= {channel.id for channel in session.channels}:
        raise UnknownChannel
    return {"channels": list(dict.fromkeys(channels)), "day": day, "text": storable(text)}


def _is_within_reach(session: Session, row: Row[Any]) -> bool:
    caller = session.caller
    if caller.is_machine:
        return False
    return not caller.own_groups_only or (bool(row.groups) and all(is_own(session, group) for group in row.groups))


def _state(session: Session, row: Row[Any]) -> PostState:
    is_over = row.state == PostState.OPEN and row.until <= session.now
    return PostState.EXPIRED if is_over else PostState(row.state)


def _record(session: Session, row: Row[Any]) -> PostRecord:
    state = _state(session, row)
    return PostRecord(
        id=row.id,
        owner=row.owner,
        groups=tuple(row.groups),
        channels=tuple(row.channels),
        together=row.together,
        day=row.day,
        text=row.text if state is PostState.OPEN else "",
        state=state,
        revision=row.revision,
        made=row.made,
        changed=row.changed,
        until=row.until,
        origin=Origin(row.origin),
        reference=row.reference if state is PostState.OPEN else "",
        day_known=row.day_known,
    )
