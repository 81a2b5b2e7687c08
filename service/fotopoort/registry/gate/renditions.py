"""The renditions that a CMS was given, and may have published: what each shows, and whether it must be taken down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import gate, gate_rendition
from fotopoort.vocabulary import ChannelId


@dataclass(frozen=True, slots=True)
class GivenRendition:
    """A rendition that was given.

    Attributes:
        post, photo: that it was made of, and is decided about by.
        shows: what it was decided to show, as `application/gate/visibility.py` writes it.
        revoked: since when it must be taken down.
        is_current: no other one took its place.
    """

    gate: str
    sha256: str
    post: str
    photo: str
    width: int
    height: int
    bytes: int
    shows: Mapping[str, Any]
    revoked: datetime | None = None
    is_current: bool = True


def give(session: Session, new: GivenRendition) -> None:
    """Record that a rendition was given, as the current one of its gate; one that was given before is so again."""
    others = _is_here(session), gate_rendition.c.gate == new.gate
    session.connection.execute(update(gate_rendition).where(*others).values(is_current=False))
    values = {
        "post": new.post,
        "photo": new.photo,
        "shows": dict(new.shows),
        "revoked": None,
        "is_current": True,
    }
    this = (*others, gate_rendition.c.sha256 == new.sha256)
    if not session.connection.execute(update(gate_rendition).where(*this).values(values)).rowcount:
        key = {"tenant": session.tenant, "gate": new.gate, "sha256": new.sha256, "made": session.now}
        size = {"width": new.width, "height": new.height, "bytes": new.bytes}
        session.connection.execute(insert(gate_rendition).values({**key, **size, **values}))


def revoke(session: Session, given: GivenRendition) -> None:
    """Record that it must be taken down."""
    this = _is_here(session), gate_rendition.c.gate == given.gate, gate_rendition.c.sha256 == given.sha256
    session.connection.execute(update(gate_rendition).where(*this).values(revoked=session.now))


def of_gate(session: Session, gate_id: str) -> list[GivenRendition]:
    """All that were given for a gate, the current one first."""
    return _all(session, gate_rendition.c.gate == gate_id)


def of_post(session: Session, post_id: str) -> list[GivenRendition]:
    """Those made of photos of a post that were not revoked."""
    return _all(session, gate_rendition.c.post == post_id, gate_rendition.c.revoked.is_(None))


def by_sha256(session: Session, sha256: str, channel: ChannelId) -> list[GivenRendition]:
    """Those with this hash that the caller was given for this channel; what still holds first."""
    its_gates = select(gate.c.id).where(
        gate.c.tenant == session.tenant, gate.c.owner == session.caller.id, gate.c.channel == channel
    )
    found = _all(session, gate_rendition.c.sha256 == sha256, gate_rendition.c.gate.in_(its_gates))
    return sorted(found, key=lambda given: given.revoked is not None)


def posts_of(session: Session) -> set[str]:
    """The posts with photos of which something may be out."""
    out = _is_here(session), gate_rendition.c.revoked.is_(None)
    return set(session.connection.execute(select(gate_rendition.c.post).where(*out).distinct()).scalars())


def _is_here(session: Session) -> ColumnElement[bool]:
    return gate_rendition.c.tenant == session.tenant


def _all(session: Session, *are: ColumnElement[bool]) -> list[GivenRendition]:
    query = select(gate_rendition).where(_is_here(session), *are)
    return list(map(_given, session.connection.execute(query.order_by(gate_rendition.c.is_current.desc()))))


def _given(row: Row[Any]) -> GivenRendition:
    return GivenRendition(
        gate=row.gate,
        sha256=row.sha256,
        post=row.post,
        photo=row.photo,
        width=row.width,
        height=row.height,
        bytes=row.bytes,
        shows=row.shows,
        revoked=row.revoked,
        is_current=row.is_current,
    )
