"""The audit log: each row holds the hash of the row before it, so that changing, removing or moving a row shows.

There is one chain for each tenant. A row records what happened, when, with which key, to which photo (SHA-256) and to
which person (a ref, see `store/tables/`); its `detail` holds ids and hashes only. A row is written in the transaction
that it records: neither can exist without the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, update

from fotopoort.canonical_json import canonical, digest
from fotopoort.registry.store.column_types import utc_text
from fotopoort.registry.store.tables import audit, audit_head, block, consent, override, person, setting

BEGINNING: Final = "0" * 64  # stands in the first row for the hash of the row before


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something to write in the log."""

    kind: str
    photo: str | None = None
    person: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def append(connection: Connection, tenant: str, at: datetime, actor: str, entries: Iterable[AuditEntry]) -> None:
    """Add rows to the tenant's chain. Other transactions that add to it wait until this one ends.

    Args:
        at: when it happened; all entries get this moment.
        actor: the id of the key.
    """
    head = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.tenant == tenant).with_for_update()
    seq, previous = connection.execute(head).one()
    rows = []
    for entry in entries:
        seq += 1
        row = {
            "tenant": tenant,
            "seq": seq,
            "at": utc_text(at),
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
    """SHA-256 over the row's columns, one on a line; none of them can hold a line end."""
    return hashlib.sha256("\n".join("" if row[c] is None else str(row[c]) for c in COLUMNS).encode()).hexdigest()


_LATER: Final = frozenset({"undoes", "asked_for", "wording_sha256", "purposes_then"})


def consent_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row of the table `consent`. The log holds it, so that changing a statement shows.

    Columns that came later count only where they hold something: rows of before they were there are as they were.
    """
    names = [column.name for column in consent.columns if column.name not in _LATER or row[column.name] is not None]
    return digest({name: _plain(row[name]) for name in names})


# What a verdict depends on in each row; not what erasing somebody may rewrite.
_DIGESTED: Final[Mapping[Table, tuple[str, ...]]] = {
    setting: ("tenant", "key", "since", "value", "actor"),
    override: ("tenant", "screening", "channel", "rule", "at", "actor"),
    block: ("tenant", "id", "sha256", "likenesses", "at", "actor"),
    person: ("tenant", "ref", "salt", "never_locatable"),
}


def row_digest(table: Table, row: Mapping[str, Any], *, lifted: bool = False) -> str:
    """SHA-256 of what counts in a row of `setting`, `override`, `block` or `person`, as the log holds it.

    Args:
        lifted: of a block: what is known since it was lifted.
    """
    names = ("tenant", "id", "lifted", "lifted_by") if lifted else _DIGESTED[table]
    return digest({"table": table.name} | {name: _plain(row[name]) for name in names})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value
