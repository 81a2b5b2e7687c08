"""Photos that were fetched from a website: which ticket each got, and what the website was last told of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, delete, func, select, update

from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import insert_into
from fotopoort.registry.store.tables import pull_photo


@dataclass(frozen=True, slots=True)
class PulledPhoto:
    """A photo of a website.

    Attributes:
        id: the website's own.
        sealed: SHA-256 of the file as it was fetched.
        original: SHA-256 of the photo; None: it was a text, or could not be opened.
        ticket: by which its verdict is asked for; None: it could not be judged.
        refusal: the code of why.
        sent: SHA-256 of the verdict that the website has; empty: it was told that this does not hold any more.
        rendition: SHA-256 of the rendition that the website has and may show, or that is on its way there.
        changed: how many changes the website was not told of; more than none until its first verdict.
    """

    id: str
    sealed: str
    original: str | None
    ticket: str | None
    refusal: str | None
    sent: str | None
    rendition: str | None
    changed: int = 1


_COLUMNS = tuple(pull_photo.c[name] for name in PulledPhoto.__dataclass_fields__)


def add(session: Session, pairing: str, photo: PulledPhoto) -> None:
    """Write down a photo that was fetched. Fetched again, it replaces what was written, but for the rendition that the
    website has of it."""
    row = {name: getattr(photo, name) for name in PulledPhoto.__dataclass_fields__}
    again = {name: value for name, value in row.items() if name != "rendition"}
    new = insert_into(session.connection, pull_photo).values(
        row | {"tenant": session.tenant, "pairing": pairing, "made": session.now}
    )
    session.connection.execute(new.on_conflict_do_update(index_elements=["tenant", "pairing", "id"], set_=again))


def find(session: Session, pairing: str, ids: Collection[str]) -> dict[str, PulledPhoto]:
    """Those of these photos that were fetched, by id."""
    rows = session.connection.execute(select(*_COLUMNS).where(_of(session, pairing), pull_photo.c.id.in_(ids)))
    return {row.id: PulledPhoto(*row) for row in rows}


def changed(session: Session, pairing: str, limit: int, *, without: Collection[str] = ()) -> list[PulledPhoto]:
    """Photos of which the website is to be told, or may be: those that wait for their first verdict as well. First
    those of which it shows something, as that may have to be taken down."""
    rows = session.connection.execute(
        select(*_COLUMNS)
        .where(_of(session, pairing), pull_photo.c.changed > 0, pull_photo.c.id.not_in(without))
        .order_by(pull_photo.c.rendition.is_(None), pull_photo.c.made, pull_photo.c.id)
        .limit(limit)
    )
    return [PulledPhoto(*row) for row in rows]


def count_open(session: Session, pairing: str, *, without: Collection[str] = ()) -> int:
    """How many were fetched and not answered yet."""
    is_open = and_(pull_photo.c.changed > 0, pull_photo.c.sent.is_(None), pull_photo.c.id.not_in(without))
    return int(session.connection.execute(select(func.count()).where(_of(session, pairing), is_open)).scalar_one())


def mark_changed(session: Session, ticket: str) -> None:
    """Have the website told of whatever its photo with this ticket comes to now."""
    is_ticket = and_(pull_photo.c.tenant == session.tenant, pull_photo.c.ticket == ticket)
    session.connection.execute(update(pull_photo).where(is_ticket).values(changed=pull_photo.c.changed + 1))


def mark_changed_again(session: Session, pairing: str, ids: Collection[str] | None = None) -> None:
    """Look again at what these photos come to; None: at all that the website shows."""
    which = pull_photo.c.rendition.is_not(None) if ids is None else pull_photo.c.id.in_(ids)
    row = {"changed": pull_photo.c.changed + 1} | ({} if ids is None else {"sent": None})
    session.connection.execute(update(pull_photo).where(_of(session, pairing), which).values(row))


def record_sent(session: Session, pairing: str, photo: PulledPhoto, sent: str, rendition: str | None) -> None:
    """The website has this verdict, and this rendition. What changed since the photo was read is still to be told."""
    since = case((pull_photo.c.changed > photo.changed, pull_photo.c.changed - photo.changed), else_=0)
    row = {"sent": sent, "rendition": rendition, "changed": since}
    session.connection.execute(update(pull_photo).where(_of(session, pairing), pull_photo.c.id == photo.id).values(row))


def record_revoked(session: Session, pairing: str, photo_id: str) -> None:
    """The website has no rendition of this photo any more."""
    is_it = and_(_of(session, pairing), pull_photo.c.id == photo_id)
    sent = case((pull_photo.c.sent.is_not(None), ""))
    session.connection.execute(update(pull_photo).where(is_it).values(rendition=None, sent=sent))


def record_bringing(session: Session, pairing: str, photo_id: str, rendition: str) -> None:
    """This rendition is on its way to the website: from now on it can be there, and is to be revoked if need be. What
    the website was told before does not count any more."""
    is_it = and_(_of(session, pairing), pull_photo.c.id == photo_id)
    session.connection.execute(update(pull_photo).where(is_it).values(rendition=rendition, sent=None))


def forget(session: Session, pairing: str, photo_id: str) -> None:
    """The website has no such photo."""
    session.connection.execute(delete(pull_photo).where(_of(session, pairing), pull_photo.c.id == photo_id))


def _of(session: Session, pairing: str) -> ColumnElement[bool]:
    return and_(pull_photo.c.tenant == session.tenant, pull_photo.c.pairing == pairing)
