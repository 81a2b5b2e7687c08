"""A backup of the whole registry in one file, the same for every database, and a registry from such a file.

Key files and encrypted originals are not in it: with those, a stolen backup would be a stolen photo. Nor is who is
logged in, and what links were given: what had ended would hold again where an older backup is restored.
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

from fotopoort.canonical_json import canonical
from fotopoort.errors import BadBackup, ChainBroken, OutputUnwritable
from fotopoort.registry.access.roles import Act, Caller, console
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.column_types import Moment
from fotopoort.registry.store.database import migrate
from fotopoort.registry.store.tables import metadata, tenant
from fotopoort.vocabulary import Text as Sentence

FORMAT: Final = "fotopoort registry 1"
LEFT_OUT: Final = frozenset({"login_session", "invitation"})
BATCH_ROWS: Final = 5_000  # in memory at once


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
                with registry.read(caller, Act.MAINTAIN) as session, gzip.GzipFile(fileobj=part, mode="wb") as file:
                    rows = _write(session.connection, registry.database.version() or "", file)
                part.flush()
                os.fsync(part.fileno())
                os.chmod(part.name, 0o600)
                os.replace(part.name, path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputUnwritable(
            Sentence(
                nl=f"De back-up kan niet worden geschreven ({error.strerror}).",
                en=f"The backup cannot be written ({error.strerror}).",
            )
        ) from None
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
        BadBackup: it is no backup, it is damaged, or the registry is not empty.
        RegistryNewer: a newer program made it.
        ChainBroken: its audit log was tampered with; nothing was restored.
    """
    caller.must(Act.MAINTAIN)
    schema, rows = _check(path)
    with registry.database.opening(), registry.database.write() as connection:
        if registry.database.version() is None:
            migrate(connection, schema)
        elif registry.database.version() != schema or connection.execute(select(tenant.c.id)).first():
            raise BadBackup(
                Sentence(nl="Het register is niet leeg.", en="The registry is not empty."),
                hint=Sentence(
                    nl="Zet terug waar nog geen register is: zie FOTOPOORT_DATA_FOLDER.",
                    en="Restore where there is none yet: see FOTOPOORT_DATA_FOLDER.",
                ),
            )
        for target, batch in _tables(path):
            connection.execute(insert(target), batch)
        migrate(connection)
        schools = list(connection.execute(select(tenant.c.id)).scalars())
        for school in schools:
            problem = verify(registry.session(connection, console(school))).problem
            if problem is not None:
                raise ChainBroken(
                    Sentence(nl=f"{problem:nl} Er is niets teruggezet.", en=f"{problem:en} Nothing was restored.")
                )
    if caller.tenant in schools:
        with registry.write(caller, Act.MAINTAIN) as session:
            session.note("restore", rows=rows)
    return rows


def _write(connection: Connection, schema: str, file: gzip.GzipFile) -> int:
    digest, count = hashlib.sha256(), 0

    def line(content: object) -> None:
        encoded = canonical(content).encode() + b"\n"
        digest.update(encoded)
        file.write(encoded)

    line({"format": FORMAT, "schema": schema, "program": version("fotopoort")})
    for source in (source for source in metadata.sorted_tables if source.name not in LEFT_OUT):
        line({"table": source.name, "columns": [column.name for column in source.columns]})
        query = select(*map(_raw, source.columns)).order_by(*source.primary_key.columns)
        with connection.execute(query, execution_options={"yield_per": BATCH_ROWS}) as rows:
            for row in rows:
                line(list(row))
                count += 1
    file.write(canonical({"rows": count, "sha256": digest.hexdigest()}).encode() + b"\n")
    return count


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is stored; as text where JSON has no such value."""
    if isinstance(column.type, Moment):
        return type_coerce(column, Text)
    return cast(column, Text) if isinstance(column.type, (Date, JSON)) else column


def _check(path: Path) -> tuple[str, int]:
    """The schema's version and the number of rows, after reading the whole file.

    Raises:
        BadBackup: it is no backup, or it is damaged.
    """
    digest, count, head, tail = hashlib.sha256(), 0, "", ""
    for line in _lines(path):
        digest.update(f"{tail}\n".encode() if tail else b"")
        count += tail.startswith("[")
        head, tail = head or line, line
    try:
        first, last = json.loads(head), json.loads(tail)
        is_whole = (last["rows"], last["sha256"]) == (count, digest.hexdigest())
        is_known_format = first["format"] == FORMAT
        schema = str(first["schema"])
    except (ValueError, KeyError, TypeError):
        raise BadBackup from None
    if not (is_whole and is_known_format):
        raise _damaged()
    return schema, count


def _tables(path: Path) -> Iterator[tuple[TableClause, list[dict[str, Any]]]]:
    """The rows of each table, a batch at a time, with the columns that the backup has."""
    batch: list[dict[str, Any]] = []
    target, columns = table(""), list[str]()
    for line in _lines(path):
        content = json.loads(line)
        if isinstance(content, list):
            batch.append(dict(zip(columns, content, strict=True)))
        if batch and (isinstance(content, dict) or len(batch) >= BATCH_ROWS):
            yield target, batch
            batch = []
        if isinstance(content, dict) and "table" in content:
            columns = content["columns"]
            target = table(content["table"], *map(column, columns))


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path, "rt", encoding="ascii", newline="\n") as lines:
            for line in lines:
                yield line.removesuffix("\n")
    except FileNotFoundError:
        raise BadBackup(Sentence(nl="Op dat pad staat geen back-up.", en="There is no backup at that path.")) from None
    except (OSError, EOFError, ValueError):
        raise _damaged() from None


def _damaged() -> BadBackup:
    return BadBackup(
        Sentence(nl="De back-up is beschadigd of niet compleet.", en="The backup is damaged or cut off."),
        hint=Sentence(nl="Neem een andere kopie ervan.", en="Take another copy of it."),
    )
