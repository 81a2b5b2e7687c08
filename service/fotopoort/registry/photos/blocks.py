"""Photos that were reported and may not be published again: rule R02, for them and for what is much like them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update

from fotopoort.errors import BadRecord, NotFound
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.chain import digest
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import block


@dataclass(frozen=True, slots=True)
class Block:
    """A photo that may not be published. `alike`: are photos much like it recognised, or this very file alone?"""

    id: str
    sha256: str
    alike: bool
    reason: str = field(repr=False)
    at: datetime
    lifted: datetime | None


def add(session: Session, sha256: str, likenesses: Sequence[str], reason: str) -> str:
    """Block a photo from now on. Returns the block's id.

    Args:
        likenesses: see `photo.perceptual_hash.perceptual_hashes`; empty where only the file's hash is known.

    Raises:
        BadRecord: no reason is given, or it is no SHA-256.
    """
    if not reason.strip():
        raise BadRecord("A reason is wanted.", hint="Say in a few words why this photo may not be published.")
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise BadRecord("That is no SHA-256.", hint="Name the photo itself, or 64 hexadecimal digits.")
    block_id = uuid.uuid4().hex
    row = {"tenant": session.tenant, "id": block_id, "sha256": sha256, "likenesses": list(likenesses), "reason": reason}
    session.connection.execute(insert(block).values(row | {"at": session.now, "actor": session.caller.id}))
    session.note("block", photo=sha256, block=block_id, reason=digest(reason))
    session.bump_revision()
    return block_id


def lift(session: Session, block_id: str, reason: str) -> None:
    """Let a photo be published again. Only who may lift blocks may.

    Raises:
        Forbidden: the caller may not.
        NotFound: no photo is blocked under that id.
        BadRecord: no reason is given.
    """
    session.caller.must(Act.LIFT_BLOCK)
    if not reason.strip():
        raise BadRecord("A reason is wanted.", hint="Say in a few words why this photo may be published again.")
    mine = (block.c.tenant == session.tenant, block.c.id == block_id, block.c.lifted.is_(None))
    sha256 = session.connection.execute(select(block.c.sha256).where(*mine)).scalar_one_or_none()
    if sha256 is None:
        raise NotFound("No photo is blocked under that id.", hint="See `fotopoort registry blocks`.")
    lifted = {"lifted": session.now, "lifted_by": session.caller.id, "lift_reason": reason}
    session.connection.execute(update(block).where(*mine).values(lifted))
    session.note("block.lifted", photo=sha256, block=block_id, reason=digest(reason))
    session.bump_revision()


def blocks(session: Session) -> list[Block]:
    """Every photo that is or was blocked, the latest first."""
    rows = session.connection.execute(
        select(block).where(block.c.tenant == session.tenant).order_by(block.c.at.desc(), block.c.id)
    )
    return [Block(row.id, row.sha256, bool(row.likenesses), row.reason, row.at, row.lifted) for row in rows]


def blocklist(session: Session) -> Blocklist:
    """The photos that are blocked now, as `screening.screen` takes them."""
    rows = session.connection.execute(
        select(block.c.sha256, block.c.likenesses).where(block.c.tenant == session.tenant, block.c.lifted.is_(None))
    ).all()
    return Blocklist.of((row.sha256 for row in rows), (one for row in rows for one in row.likenesses))
