"""Verifying a log, and changing it as somebody would who is not this program."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit import chain
from fotopoort.registry.audit.checkpoints import read_checkpoints
from fotopoort.registry.audit.verification import Verification, verify
from fotopoort.registry.registry import Registry

ROWS = 8


def verified(registry: Registry, caller: Caller, folder: Path | None = None) -> Verification:
    """Verify the log, with the checkpoints in a folder."""
    with registry.read(caller, Act.SEE_AUDIT) as session:
        checkpoints, forged = read_checkpoints(folder, registry.keys_folder, "school") if folder else ([], [])
        assert not forged
        return verify(session, checkpoints)


def tamper(registry: Registry, *statements: str) -> None:
    """Change the database as somebody would who is not this program."""
    with registry.database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def forge(connection: Connection, rows: int) -> None:
    """Rewrite the last rows and the head with hashes that fit: only a signed checkpoint can show that."""
    columns = ", ".join(chain.COLUMNS)
    for seq in range(ROWS - rows + 1, ROWS + 1):
        row = dict(connection.execute(text(f"SELECT {columns} FROM audit WHERE seq = {seq}")).one()._mapping)  # noqa: S608
        previous = connection.execute(text(f"SELECT hash FROM audit WHERE seq = {seq - 1}")).scalar_one()  # noqa: S608
        row |= {"previous": previous, "actor": "nobody"}
        values = {"previous": previous, "hash": chain.row_hash(row), "seq": seq}
        connection.execute(
            text("UPDATE audit SET actor = 'nobody', previous = :previous, hash = :hash WHERE seq = :seq"), values
        )
        connection.execute(text("UPDATE audit_head SET hash = :hash"), values)


def cut(connection: Connection, rows: int) -> None:
    """Cut the last rows off, and change the head accordingly."""
    seq = ROWS - rows
    connection.execute(text(f"DELETE FROM audit WHERE seq > {seq}"))  # noqa: S608
    connection.execute(
        text(f"UPDATE audit_head SET seq = {seq}, hash = (SELECT hash FROM audit WHERE seq = {seq})")  # noqa: S608
    )
