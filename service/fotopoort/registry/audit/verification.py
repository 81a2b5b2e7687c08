"""Reading the audit log: does it still hold together, and what does it say of a photo or a person?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CursorResult, Row, Select, select

from fotopoort.registry.audit.chain import BEGINNING, COLUMNS, consent_digest
from fotopoort.registry.audit.checkpoints import Head, latest
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import audit, audit_head, consent

AT_A_TIME: Final = 10_000  # rows in memory


@dataclass(frozen=True, slots=True)
class Checked:
    """What looking through the log came to.

    Attributes:
        rows: how many rows were in order.
        wrong: what is wrong, and with which row; None: nothing is.
    """

    rows: int
    wrong: str | None = None


def verify(session: Session, heads: Sequence[Head] = ()) -> Checked:
    """Work out every hash anew, and name the first thing that does not fit.

    Args:
        heads: signed ones that were kept elsewhere; they show a log that was cut off or written anew from some row on.
    """
    expected, previous, consents, erased = 1, BEGINNING, dict[str, tuple[str, str]](), set[str]()
    hash_at = {head.seq: head for head in heads}
    with _streamed(session, _COLUMNS) as rows:
        for row in rows:
            wrong = _wrong(row, expected, previous, session.tenant, hash_at)
            if wrong is not None:
                return Checked(expected - 1, wrong)
            previous, expected = row.hash, expected + 1
            if row.kind == "consent":
                detail = json.loads(row.detail)
                consents[detail["consent"]] = (detail["sha256"], row.person)
            elif row.kind == "erased":
                erased.add(row.person)
    last = expected - 1
    furthest = latest(heads)
    if furthest is not None and furthest.seq > last:
        return Checked(last, f"Rows {last + 1} to {furthest.seq} were cut off: a signed head has them.")
    query = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == session.tenant)
    head = session.connection.execute(query).one_or_none()
    if head is None:
        return Checked(last, "The head of the log was taken out.")
    if head.seq > last:
        return Checked(last, f"Rows {last + 1} to {head.seq} were cut off.")
    if (head.seq, head.hash) != (last, previous):
        return Checked(last, "The head of the log was changed.")
    return Checked(last, _wrong_consent(session, consents, erased))


def show(session: Session, *, photo: str | None = None, person: str | None = None, most: int = 1000) -> list[Row[Any]]:
    """The rows about a photo (the first digits of its SHA-256 will do) or a person (their ref), oldest first."""
    query = select(audit.c.seq, audit.c.at, audit.c.kind, audit.c.actor, audit.c.photo, audit.c.person, audit.c.detail)
    query = query.where(audit.c.tenant == session.tenant).order_by(audit.c.seq).limit(most)
    if photo is not None:
        query = query.where(audit.c.photo.startswith(photo.lower(), autoescape=True))
    if person is not None:
        query = query.where(audit.c.person == person)
    return list(session.connection.execute(query))


_COLUMNS: Final = select(*(audit.c[name] for name in COLUMNS), audit.c.hash).order_by(audit.c.seq)


def _streamed(session: Session, query: Select[Any]) -> CursorResult[Any]:
    """The rows of this school, a few in memory at a time. Close it also when not all are read."""
    here = query.where(query.selected_columns.tenant == session.tenant)
    return session.connection.execute(here, execution_options={"yield_per": AT_A_TIME})


def _wrong(row: Row[Any], expected: int, previous: str, tenant: str, heads: dict[int, Head]) -> str | None:
    if row.seq != expected:
        return f"Row {expected} was taken out." if row.seq > expected else f"Row {row.seq} does not belong there."
    # As `audit.row_hash` does; written out, for a million rows.
    content = (
        f"{row.previous}\n{tenant}\n{row.seq}\n{row.at}\n{row.kind}\n{row.actor}\n"
        f"{row.photo or ''}\n{row.person or ''}\n{row.detail}"
    )
    if hashlib.sha256(content.encode()).hexdigest() != row.hash:
        return f"Row {row.seq} was changed."
    if row.previous != previous:
        return f"Row {row.seq} does not follow the one before it: rows were written anew, put in or moved."
    if (head := heads.get(row.seq)) is not None and head.hash != row.hash:
        return f"The log was written anew: row {row.seq} is not the one that was signed."
    return None


def _wrong_consent(session: Session, logged: dict[str, tuple[str, str]], erased: set[str]) -> str | None:
    """Whether what was said is still as it was written down."""
    with _streamed(session, select(consent)) as rows:
        for row in rows:
            told, _ = logged.pop(row.id, (None, None))
            if told is None:
                return f"Consent {row.id} is not in the log."
            if told != consent_digest(row._asdict()):
                return f"Consent {row.id} was changed."
    for consent_id, (_, person) in logged.items():
        if person not in erased:
            return f"Consent {consent_id} was taken out."
    return None
