"""A backup of the whole registry in one file, the same for every database, and a registry from such a file.

Key files and held originals are not in it: with them beside it, a stolen backup would be a stolen photo.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    TableClause,
    Text,
    cast,
    column,
    insert,
    select,
    table,
    type_coerce,
)

from fotopoort.errors import BadBackup, ChainBroken, OutputUnwritable
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.chain import canonical
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import migrate
from fotopoort.registry.store.tables import Moment, metadata, tenant

FORMAT: Final = "fotopoort registry 1"
AT_A_TIME: Final = 5_000  # rows in memory


def backup(registry: Registry, caller: Caller, path: Path) -> int:
    """Write every school's rows to one file, whole or not at all, as of one moment. Returns how many rows it holds.

    Raises:
        Forbidden: the caller may not.
        OutputUnwritable: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".fotopoort-", suffix=".part", delete=False) as part:
            try:
                with registry.read(caller, Act.MAINTAIN) as session, gzip.GzipFile(fileobj=part, mode="wb") as packed:
                    rows = _write(session.connection, registry.database.version() or "", packed)
                part.flush()
                os.fsync(part.fileno())
                os.chmod(part.name, 0o600)
                os.replace(part.name, path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputUnwritable(f"The backup cannot be written ({error.strerror}).") from None
    with registry.write(caller, Act.MAINTAIN) as session:
        session.note("backup", rows=rows)
    return rows


def restore(registry: Registry, caller: Caller, path: Path) -> int:
    """Fill an empty registry from a backup, also of an earlier version, whole or not at all.

    Args:
        registry: without schools, or without a schema.

    Returns:
        How many rows were restored.

    Raises:
        BadBackup: it is none, it is damaged, or the registry is not empty.
        RegistryNewer: a newer program made it.
        ChainBroken: the audit log in it does not hold together; nothing was restored.
    """
    caller.must(Act.MAINTAIN)
    schema, rows = _check(path)
    with registry.database.write() as connection:
        if registry.database.version() is None:
            migrate(connection, schema)
        elif registry.database.version() != schema or connection.execute(select(tenant.c.id)).first():
            raise BadBackup(
                "The registry is not empty.", hint="Restore where there is none yet: see FOTOPOORT_DATA_FOLDER."
            )
        for into, some in _tables(path):
            connection.execute(insert(into), some)
        migrate(connection)
        schools = list(connection.execute(select(tenant.c.id)).scalars())
        for school in schools:
            checked = verify(registry.session(connection, console(school)))
            if checked.wrong:
                raise ChainBroken(f"{checked.wrong} Nothing was restored.")
    if caller.tenant in schools:
        with registry.write(caller, Act.MAINTAIN) as session:
            session.note("restore", rows=rows)
    return rows


def _write(connection: Connection, schema: str, file: gzip.GzipFile) -> int:
    digest, count = hashlib.sha256(), 0

    def line(content: object) -> None:
        written = canonical(content).encode() + b"\n"
        digest.update(written)
        file.write(written)

    line({"format": FORMAT, "schema": schema, "program": version("fotopoort")})
    for kept in metadata.sorted_tables:
        line({"table": kept.name, "columns": [one.name for one in kept.columns]})
        query = select(*map(_raw, kept.columns)).order_by(*kept.primary_key.columns)
        with connection.execute(query, execution_options={"yield_per": AT_A_TIME}) as rows:
            for row in rows:
                line(list(row))
                count += 1
    file.write(canonical({"rows": count, "sha256": digest.hexdigest()}).encode() + b"\n")
    return count


def _raw(one: Column[Any]) -> ColumnElement[Any]:
    """A column as text where JSON has no such value."""
    if isinstance(one.type, Moment):
        return type_coerce(one, Text)
    return cast(one, Text) if isinstance(one.type, (Date, JSON)) else one


def _check(path: Path) -> tuple[str, int]:
    """The schema's version and the number of rows, after reading all of it."""
    digest, count, head, tail = hashlib.sha256(), 0, "", ""
    for line in _lines(path):
        digest.update(f"{tail}\n".encode() if tail else b"")
        count += tail.startswith("[")
        head, tail = head or line, line
    try:
        first, last = json.loads(head), json.loads(tail)
        whole = (last["rows"], last["sha256"]) == (count, digest.hexdigest())
        known = first["format"] == FORMAT
        schema = str(first["schema"])
    except (ValueError, KeyError, TypeError):
        raise BadBackup from None
    if not (whole and known):
        raise BadBackup("The backup is damaged or cut off.", hint="Take another copy of it.")
    return schema, count


def _tables(path: Path) -> Iterator[tuple[TableClause, list[dict[str, Any]]]]:
    """The rows of each table, some at a time, with the columns that the backup has."""
    some: list[dict[str, Any]] = []
    into, columns = table(""), list[str]()
    for line in _lines(path):
        content = json.loads(line)
        if isinstance(content, list):
            some.append(dict(zip(columns, content, strict=True)))
        if some and (isinstance(content, dict) or len(some) >= AT_A_TIME):
            yield into, some
            some = []
        if isinstance(content, dict) and "table" in content:
            columns = content["columns"]
            into = table(content["table"], *map(column, columns))


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path, "rt", encoding="ascii", newline="\n") as lines:
            for line in lines:
                yield line.removesuffix("\n")
    except FileNotFoundError:
        raise BadBackup("There is no backup at that path.") from None
    except (OSError, EOFError, ValueError):
        raise BadBackup("The backup is damaged or cut off.", hint="Take another copy of it.") from None
