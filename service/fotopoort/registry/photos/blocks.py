"""Photos that were reported and may not be published again (rule R02), nor photos that are much like them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from fotopoort.canonical_json import digest
from fotopoort.errors import BadRecord, NotFound
from fotopoort.photo.perceptual_hash import Blocklist
from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.chain import row_digest
from fotopoort.registry.photos import takedowns
from fotopoort.registry.posts import erasing
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import block, verdict
from fotopoort.vocabulary import ChannelId, Outcome, Text


@dataclass(frozen=True, slots=True)
class Block:
    """A photo that may not be published. `alike`: photos much like it are recognised too, not only this file."""

    id: str
    sha256: str
    alike: bool
    reason: str = field(repr=False)
    at: datetime
    lifted: datetime | None


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A verdict that was given on a photo, and where the photo would appear."""

    screening: str
    sha256: str
    channel: ChannelId
    outcome: Outcome
    place: str
    at: datetime


_REASON_NEEDED: Final = Text(nl="Er is een reden nodig.", en="A reason is wanted.")


def add(session: Session, sha256: str, likenesses: Sequence[str], reason: str) -> str:
    """Block a photo from now on, erase it from the posts that it is in, and create a task for each place where it may
    have gone. Returns the block's id.

    Args:
        likenesses: see `photo.perceptual_hash.perceptual_hashes`; empty where only the file's hash is known.

    Raises:
        BadRecord: no reason is given, or it is no SHA-256.
    """
    if not reason.strip():
        raise BadRecord(
            _REASON_NEEDED,
            hint=Text(
                nl="Schrijf kort waarom deze foto niet geplaatst mag worden.",
                en="Say in a few words why this photo may not be published.",
            ),
        )
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise BadRecord(
            Text(nl="Dat is geen SHA-256.", en="That is no SHA-256."),
            hint=Text(
                nl="Noem de foto zelf, of 64 hexadecimale cijfers.",
                en="Name the photo itself, or 64 hexadecimal digits.",
            ),
        )
    block_id = uuid.uuid4().hex
    row: dict[str, Any] = {
        "tenant": session.tenant,
        "id": block_id,
        "sha256": sha256,
        "likenesses": list(likenesses),
        "reason": reason,
    }
    row |= {"at": session.now, "actor": session.caller.id}
    session.connection.execute(insert(block).values(row))
    _note(session, row)
    _take_back(session, sha256, likenesses)
    return block_id


def add_likenesses(session: Session, block_id: str, likenesses: Sequence[str]) -> None:
    """Recognise a photo that was blocked by these too, from now on: erase and create tasks as `add` does. A block that
    was lifted meanwhile stays lifted.

    Args:
        likenesses: as for `add`; those that the block has already are let be.
    """
    is_row = (block.c.tenant == session.tenant, block.c.id == block_id, block.c.lifted.is_(None))
    row = session.connection.execute(select(block).where(*is_row)).mappings().one_or_none()
    if row is None or set(likenesses) <= set(row["likenesses"]):
        return
    together = list(dict.fromkeys([*row["likenesses"], *likenesses]))
    session.connection.execute(update(block).where(*is_row).values(likenesses=together))
    _note(session, {**row, "likenesses": together})
    _take_back(session, row["sha256"], together)


def _note(session: Session, row: Mapping[str, Any]) -> None:
    """Log a block as it is now: the log is compared with what it says last."""
    sealed = row_digest(block, row)
    session.note("block", photo=row["sha256"], block=row["id"], reason=digest(row["reason"]), sha256=sealed)


def _take_back(session: Session, sha256: str, likenesses: Sequence[str]) -> None:
    session.bump_revision()  # before the tasks: verdicts under way are written first, or made again
    blocked = Blocklist.of([sha256], likenesses)
    takedowns.create_tasks_of_block(session, sha256, blocked)
    erasing.erase_blocked(session, blocked)


def lift(session: Session, block_id: str, reason: str) -> None:
    """Allow a photo to be published again.

    Raises:
        Forbidden: the caller may not.
        NotFound: no photo is blocked under that id.
        BadRecord: no reason is given.
    """
    session.caller.must(Act.LIFT_BLOCK)
    if not reason.strip():
        raise BadRecord(
            _REASON_NEEDED,
            hint=Text(
                nl="Schrijf kort waarom deze foto weer geplaatst mag worden.",
                en="Say in a few words why this photo may be published again.",
            ),
        )
    is_row = (block.c.tenant == session.tenant, block.c.id == block_id, block.c.lifted.is_(None))
    sha256 = session.connection.execute(select(block.c.sha256).where(*is_row)).scalar_one_or_none()
    if sha256 is None:
        raise NotFound(
            Text(nl="Er is geen foto geblokkeerd onder dat id.", en="No photo is blocked under that id."),
            hint=Text(nl="Kijk bij `fotopoort registry blocks`.", en="See `fotopoort registry blocks`."),
        )
    lifted = {"lifted": session.now, "lifted_by": session.caller.id, "lift_reason": reason}
    session.connection.execute(update(block).where(*is_row).values(lifted))
    row = lifted | {"tenant": session.tenant, "id": block_id}
    sealed = row_digest(block, row, lifted=True)
    session.note("block.lifted", photo=sha256, block=block_id, reason=digest(reason), sha256=sealed)
    session.bump_revision()


def blocks(session: Session) -> list[Block]:
    """Every photo that is or was blocked, newest first."""
    rows = session.connection.execute(
        select(block).where(block.c.tenant == session.tenant).order_by(block.c.at.desc(), block.c.id)
    )
    return [Block(row.id, row.sha256, bool(row.likenesses), row.reason, row.at, row.lifted) for row in rows]


def blocklist(session: Session) -> Blocklist:
    """The photos that are blocked now, as `screening.screen` takes them."""
    rows = session.connection.execute(
        select(block.c.sha256, block.c.likenesses).where(block.c.tenant == session.tenant, block.c.lifted.is_(None))
    ).all()
    return Blocklist.of((row.sha256 for row in rows), (likeness for row in rows for likeness in row.likenesses))


def verdicts_given(session: Session, blocked: Blocklist) -> list[GivenVerdict]:
    """The verdicts by which these photos, or photos much like them, may have been published; newest first."""
    verdicts: list[GivenVerdict] = []
    for screening_id, sha256 in takedowns.screenings_of(session, blocked).items():
        given = session.connection.execute(
            select(verdict.c.channel, verdict.c.outcome, verdict.c.place, verdict.c.at)
            .where(verdict.c.tenant == session.tenant, verdict.c.screening == screening_id)
            .order_by(verdict.c.number.desc(), verdict.c.channel)
        )
        verdicts += [
            GivenVerdict(screening_id, sha256, row.channel, Outcome(row.outcome), row.place, row.at) for row in given
        ]
    return verdicts
