"""Websites that photos are fetched from: their address, our private keys for them, and which program polls them now.

The private keys are stored encrypted under a key in a file elsewhere: whoever takes the database or a backup opens no
photo and signs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from fotopoort.errors import AlreadyThere, NotFound
from fotopoort.registry.registry import Session
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.sealed_columns import SealingKey
from fotopoort.registry.store.tables import pull_pairing
from fotopoort.vocabulary import Text

KEY: Final = SealingKey(
    "pull.key",
    Text(
        nl="Zet het bestand pull.key terug, of koppel de website opnieuw.",
        en="Put the file pull.key back, or pair the website again.",
    ),
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A website.

    Attributes:
        id: of our public key's hash; both sides show it.
        address: of its routes.
        reached: when it answered last.
        error: the code of what went wrong since then.
    """

    id: str
    address: str
    made: datetime
    reached: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to poll a website, for a while.

    Attributes:
        secret: our private keys.
        sequence: of the next message; no other gets it.
    """

    address: str
    secret: bytes = field(repr=False)
    sequence: int


def add(session: Session, pairing_id: str, address: str, secret: bytes, sequence: int) -> None:
    """Fetch photos from this website from now on.

    Raises:
        KeyMissing: the key file cannot be used.
        AlreadyThere: this website is there already, or this id is.
    """
    require_new(session, pairing_id, address)
    session.connection.execute(
        insert(pull_pairing).values(
            tenant=session.tenant,
            id=pairing_id,
            address=address,
            secret=KEY.seal(session, f"pull/{pairing_id}", secret),
            sequence=sequence,
            made=session.now,
        )
    )
    session.note("pull.paired", pairing=pairing_id)


def require_new(session: Session, pairing_id: str, address: str) -> None:
    """Go on only where neither this website nor this id is there yet.

    Raises:
        AlreadyThere: one is.
    """
    if any(pairing_id == pairing.id or address == pairing.address for pairing in pairings(session)):
        raise AlreadyThere(
            Text(nl="Deze website is al gekoppeld.", en="This website is paired already."),
            hint=Text(
                nl="Haal de oude koppeling weg met `fotopoort pull remove`.",
                en="Remove the old pairing with `fotopoort pull remove`.",
            ),
        )


def pairings(session: Session) -> list[Pairing]:
    """All websites, oldest first."""
    columns = (pull_pairing.c[name] for name in ("id", "address", "made", "reached", "error"))
    rows = session.connection.execute(
        select(*columns).where(pull_pairing.c.tenant == session.tenant).order_by(pull_pairing.c.made, pull_pairing.c.id)
    )
    return [Pairing(*row) for row in rows]


def hosts(session: Session) -> dict[str, str]:
    """The name of each website, by the id of its pairing: what people know it by."""
    return {pairing.id: urlsplit(pairing.address).hostname or "" for pairing in pairings(session)}


def remove(session: Session, pairing_id: str) -> None:
    """Fetch nothing from this website any more, and forget which photos it sent.

    Raises:
        NotFound: there is no such pairing.
    """
    if not session.connection.execute(delete(pull_pairing).where(_is(session, pairing_id))).rowcount:
        raise NotFound(
            Text(nl="Die koppeling is er niet.", en="There is no such pairing."),
            hint=Text(nl="Kijk bij `fotopoort pull list`.", en="See `fotopoort pull list`."),
        )
    session.note("pull.removed", pairing=pairing_id)


def lease(session: Session, pairing_id: str, worker: str, *, seconds: float, number: int) -> Lease | None:
    """Take or keep the right to poll a website, and the number of the next message to it.

    Args:
        worker: who asks; of several, one has the lease.
        seconds: how long it holds, unless it is taken again.
        number: of the message, unless a later one was sent.

    Returns:
        None where another has it, or the pairing was removed.

    Raises:
        KeyMissing: the key file cannot be used.
    """
    now = database_clock(session.connection)
    is_free = or_(pull_pairing.c.worker.is_(None), pull_pairing.c.worker == worker, pull_pairing.c.until < now)
    found = session.connection.execute(
        select(pull_pairing.c.address, pull_pairing.c.secret, pull_pairing.c.sequence)
        .where(_is(session, pairing_id), is_free)
        .with_for_update()
    ).one_or_none()
    if found is None:
        return None
    sequence = max(number, found.sequence + 1)
    row = {"worker": worker, "until": now + timedelta(seconds=seconds), "sequence": sequence}
    session.connection.execute(update(pull_pairing).where(_is(session, pairing_id)).values(row))
    return Lease(found.address, KEY.open(session, f"pull/{pairing_id}", found.secret), sequence)


def has_lease(session: Session, pairing_id: str, worker: str) -> bool:
    """Whether this worker still has the right to poll a website; no other gets it until this transaction ends."""
    is_own = and_(_is(session, pairing_id), pull_pairing.c.worker == worker)
    return session.connection.execute(select(pull_pairing.c.id).where(is_own).with_for_update()).first() is not None


def release(session: Session, pairing_id: str, worker: str) -> None:
    """Leave a website to others, if this worker has it."""
    row = {"worker": None, "until": None}
    is_own = and_(_is(session, pairing_id), pull_pairing.c.worker == worker)
    session.connection.execute(update(pull_pairing).where(is_own).values(row))


def record(session: Session, pairing_id: str, error: str | None) -> None:
    """Write down how the last attempt went; None: the website answered."""
    row = {"error": error} if error else {"error": None, "reached": session.now}
    session.connection.execute(update(pull_pairing).where(_is(session, pairing_id)).values(row))


def _is(session: Session, pairing_id: str) -> ColumnElement[bool]:
    return and_(pull_pairing.c.tenant == session.tenant, pull_pairing.c.id == pairing_id)
