"""The audit log: each row holds the hash of the one before, so that no row can be changed, taken out or moved unseen.

There is one chain for each tenant. A row says what happened, when, by which key, to which photo (SHA-256) and which
person (a ref, see `store/tables.py`), and in `detail` ids and hashes only. Rows are written in the transaction of what
they tell: neither can be there without the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from fotopoort.registry.store.tables import audit, audit_head, consent, written

BEGINNING: Final = "0" * 64  # what the first row holds as the hash of the one before


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something to write in the log."""

    kind: str
    photo: str | None = None
    person: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def append(connection: Connection, tenant: str, at: datetime, actor: str, entries: Iterable[AuditEntry]) -> None:
    """Add rows to the tenant's chain. Whoever else adds to it waits until this transaction ends.

    Args:
        at: when it happened; all entries get this moment.
        actor: id of the key.
    """
    head = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == tenant).with_for_update()
    seq, previous = connection.execute(head).one()
    rows = []
    for entry in entries:
        seq += 1
        row = {
            "tenant": tenant,
            "seq": seq,
            "at": written(at),
            "kind": entry.kind,
            "actor": actor,
            "photo": entry.photo,
            "person": entry.person,
            "detail": canonical(entry.detail),
            "previous": previous,
        }
        previous = row["hash"] = row_hash(row)
        rows.append(row)
    if rows:
        connection.execute(insert(audit), rows)
        connection.execute(update(audit_head).where(audit_head.c.tenant == tenant).values(seq=seq, hash=previous))


COLUMNS: Final = ("previous", "tenant", "seq", "at", "kind", "actor", "photo", "person", "detail")


def row_hash(row: dict[str, Any]) -> str:
    """SHA-256 over the row's columns, a line each; none of them can hold a line end."""
    return hashlib.sha256("\n".join("" if row[c] is None else str(row[c]) for c in COLUMNS).encode()).hexdigest()


def canonical(value: object) -> str:
    """The one way to write a value as JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def consent_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row of the table `consent`. The log holds it, so that what was said cannot be changed unseen."""
    return digest({column.name: _plain(row[column.name]) for column in consent.columns})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return written(value)
    return value.isoformat() if isinstance(value, date) else value
