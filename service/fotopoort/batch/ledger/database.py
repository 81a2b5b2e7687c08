"""The database of a ledger: whole transactions, rows by the page, and one error for whatever goes wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, Select, Table, insert, inspect, select
from sqlalchemy.schema import CreateSchema

from fotopoort.batch.ledger.tables import SCHEMA, about, metadata
from fotopoort.errors import OutputUnwritable, RegistryUnavailable
from fotopoort.registry.store.database import Database
from fotopoort.registry.store.dialects import database_clock, insert_into
from fotopoort.vocabulary import Text

PAGE: Final = 500  # rows read or written at a time


class LedgerDatabase:
    """A database with the tables of `tables.py` in it.

    Args:
        database: of any kind that `Database` takes.
        schema: where the tables are, on PostgreSQL; None: in the database's own schema.
    """

    def __init__(self, database: Database, schema: str | None = None) -> None:
        self._database, self._schema = database, schema

    def prepare(self) -> None:
        """Make the tables where there are none.

        Raises:
            OutputUnwritable: another version of this program made them, or they cannot be used.
        """
        with self.write() as connection:
            if self._schema is not None:
                connection.execute(CreateSchema(self._schema, if_not_exists=True))
            metadata.create_all(connection)
            if connection.execute(select(about.c.schema)).scalar() is None:
                connection.execute(insert(about).values(schema=SCHEMA))
        if not self.fits():
            raise OutputUnwritable(
                Text(
                    nl="De map voor de uitvoer is gemaakt door een andere versie van dit programma.",
                    en="The output folder was made by another version of this program.",
                ),
                hint=Text(
                    nl="Gebruik die versie, of noem een andere map met --out.",
                    en="Use that version, or name another folder with --out.",
                ),
            )

    def fits(self) -> bool:
        """Whether the tables are there as this version of the program has them."""
        with self.read() as connection:
            exists = inspect(connection).has_table(about.name, schema=self._schema)
            return exists and connection.execute(select(about.c.schema)).scalar() == SCHEMA

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads.

        Raises:
            OutputUnwritable: the database cannot be used.
        """
        with _translating_errors(), self._database.read() as connection:
            yield self._in_schema(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing.

        Raises:
            OutputUnwritable: the database cannot be used.
        """
        with _translating_errors(), self._database.write() as connection:
            yield self._in_schema(connection)

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the database's clock, the only one that all workers share."""
        return database_clock(connection).timestamp()

    def upsert(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        """Put rows in a table, in place of those with the same key."""
        query = insert_into(connection, table)
        keys = {column.name for column in table.primary_key}
        changes = {name: query.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(query.on_conflict_do_update(index_elements=list(keys), set_=changes), rows)

    def pages(self, query: Select[Any], key: Column[Any]) -> Iterator[Row[Any]]:
        """All rows by `key`, read a page at a time: any number of them takes little memory and blocks no writer."""
        page = query
        while True:
            with self.read() as connection:
                rows = connection.execute(page.order_by(key).limit(PAGE)).all()
            yield from rows
            if len(rows) < PAGE:
                return
            page = query.where(key > getattr(rows[-1], key.name))

    def _in_schema(self, connection: Connection) -> Connection:
        if self._schema is None:
            return connection
        return connection.execution_options(schema_translate_map={None: self._schema})


@contextmanager
def _translating_errors() -> Iterator[None]:
    try:
        yield
    except RegistryUnavailable:
        raise OutputUnwritable(
            Text(
                nl="Wat de opdracht bijhoudt, kan niet worden geschreven of gelezen.",
                en="The records of the run cannot be written or read.",
            ),
            hint=Text(
                nl="Controleer of er ruimte is op de schijf met de uitvoer. Met --cluster: of PostgreSQL antwoordt.",
                en="Check that the disk of the output folder has room, or, with --cluster, that PostgreSQL answers.",
            ),
        ) from None
