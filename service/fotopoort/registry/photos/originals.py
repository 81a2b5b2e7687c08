"""Original photos, kept encrypted beside the database for answers that come later, and for a limited time only."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from fotopoort.errors import PhotoGone
from fotopoort.registry.registry import Session
from fotopoort.registry.store import sealed_files
from fotopoort.registry.store.sealed_files import ORIGINALS
from fotopoort.registry.store.tables import screening


def hold(session: Session, screening_id: str, photo: bytes, hours: float) -> None:
    """Keep a photo, encrypted, for so many hours.

    Raises:
        KeyMissing: the key file cannot be used.
        RegistryError: it cannot be written.
    """
    if hours <= 0:
        return
    sealed_files.write(session, ORIGINALS, screening_id, photo)
    until = session.now + timedelta(hours=hours)
    session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=until))


def take(session: Session, screening_id: str) -> bytes:
    """A photo that is kept.

    Raises:
        PhotoGone: it is no longer kept, or never was.
        KeyMissing: the key file cannot be used.
    """
    query = select(screening.c.held_until, screening.c.sha256).where(_is(session, screening_id))
    row = session.connection.execute(query).one_or_none()
    if row is None or row.held_until is None or row.held_until <= session.now:
        raise PhotoGone
    photo = sealed_files.read(session, ORIGINALS, screening_id)
    if photo is None or hashlib.sha256(photo).hexdigest() != row.sha256:
        raise PhotoGone
    return photo


def erase(session: Session, screening_id: str) -> None:
    """Erase the original of a screening, if one is held."""
    sealed_files.remove(session, ORIGINALS, screening_id)
    session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=None))
    session.note("originals.erased", count=1)


def erase_expired(session: Session) -> int:
    """Erase the originals past their time, and files that no screening refers to. Returns how many were erased."""
    query = select(screening.c.id, screening.c.held_until).where(
        screening.c.tenant == session.tenant, screening.c.held_until.is_not(None)
    )
    held_until = {row.id: row.held_until for row in session.connection.execute(query)}
    erased = 0
    for name in sealed_files.names(session, ORIGINALS):
        if name in held_until:
            is_due = held_until[name] <= session.now
        else:
            is_due = sealed_files.is_left_behind(session, ORIGINALS, name)
        if is_due:
            sealed_files.remove(session, ORIGINALS, name)
            erased += 1
    for screening_id, until in held_until.items():
        if until <= session.now:
            session.connection.execute(update(screening).where(_is(session, screening_id)).values(held_until=None))
    if erased:
        session.note("originals.erased", count=erased)
    return erased


def _is(session: Session, screening_id: str) -> ColumnElement[bool]:
    return (screening.c.tenant == session.tenant) & (screening.c.id == screening_id)
