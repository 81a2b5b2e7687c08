"""The database: SQLite in the data folder, or PostgreSQL by URL. One code path for both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fotopoort.errors import RegistryNewer, RegistryUnavailable
from fotopoort.registry.store.engine import make_engine
from fotopoort.registry.store.opening_lock import opening_lock

SECONDS_TO_WAIT: Final = 5  # for a lock or a connection; then the registry counts as not reachable
SECONDS_TO_OPEN: Final = 120  # for other programs that are opening the same registry
SECONDS_IDLE: Final = 60
HEAD: Final = "0017"  # the schema that this program needs: the newest in `migrations/versions`
OPENING: Final = 0x666F746F  # "foto": the number of the advisory lock on PostgreSQL
MIGRATIONS: Final = Path(__file__).with_name("migrations")


class Database:
    """The database that holds the registry. Every read and every write is one transaction.

    Args:
        url: of SQLite or PostgreSQL, as SQLAlchemy writes it.
        seconds: how long to wait for a lock or a connection.
        idle_seconds: how long a program may be idle in a transaction, on PostgreSQL: a program that was frozen in one
            would otherwise keep its locks for ever.
        opening_seconds: how long to wait for other programs that are opening the same database.
    """

    def __init__(
        self,
        url: str,
        *,
        seconds: float = SECONDS_TO_WAIT,
        idle_seconds: float = SECONDS_IDLE,
        opening_seconds: float = SECONDS_TO_OPEN,
    ) -> None:
        self._engine = make_engine(url, seconds, idle_seconds)
        self._opening_seconds = opening_seconds

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database from beginning to end, and changes nothing.

        Raises:
            RegistryUnavailable: the database cannot be reached, or is locked.
        """
        with _translating_errors(), self._engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or, when an error leaves this block, nothing.

        SQLite has one writer at a time; a writer waits for its turn at the beginning, not halfway.

        Raises:
            RegistryUnavailable: the database cannot be reached, or stays locked.
        """
        with _translating_errors(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Wait until no other program is opening this database, and keep the others waiting until the block ends.

        Creating the file, switching it to WAL and migrating it must not be done by two programs at once: SQLite then
        refuses one of them without waiting. Programs that already have the database open are not held up. Such blocks
        cannot be nested.

        Raises:
            RegistryUnavailable: the database cannot be reached, or others are opening it for too long.
        """
        if self.dialect == "sqlite":
            try:
                with opening_lock(Path(self._engine.url.database or ""), self._opening_seconds):
                    yield
            except sqlite3.OperationalError:
                raise RegistryUnavailable from None
            return
        with self._separate_connection() as connection:
            # The ordinary limit for locks is meant for transactions, and is too short for somebody else's migration.
            connection.exec_driver_sql(f"SET lock_timeout = {int(self._opening_seconds * 1000)}")
            connection.execute(select(func.pg_advisory_lock(OPENING)))
            try:
                yield
            finally:
                _unlock(connection, OPENING)

    @contextmanager
    def alone(self, number: int) -> Iterator[bool]:
        """Whether nobody else, on any machine, is in such a block with the same number. PostgreSQL only.

        Raises:
            RegistryUnavailable: the database cannot be reached.
        """
        with self._separate_connection() as connection:
            is_alone = bool(connection.execute(select(func.pg_try_advisory_lock(number))).scalar_one())
            try:
                yield is_alone
            finally:
                if is_alone:
                    _unlock(connection, number)

    @contextmanager
    def _separate_connection(self) -> Iterator[Connection]:
        """A connection for an advisory lock. It is closed at the end, not returned to the pool: that drops the lock."""
        with _translating_errors(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            yield connection

    def version(self) -> str | None:
        """The schema's version; None in an empty database."""
        with self.read() as connection:
            return schema_version(connection)

    def migrate(self, to: str = HEAD) -> None:
        """Bring the schema to this program's version, from any earlier one or from nothing, in one transaction.

        Programs that do so at the same time wait for each other.

        Raises:
            RegistryNewer: a newer program made it.
            RegistryUnavailable: the database cannot be reached, or stays locked.
        """
        with self.opening():
            self.upgrade(to)

    def upgrade(self, to: str = HEAD) -> None:
        """Do what `migrate` does, within an `opening` block of the caller's."""
        if self.version() == HEAD == to:
            return
        with self.write() as connection:
            migrate(connection, to)

    def vacuum(self) -> None:
        """Leave nothing of what was erased on the disk: neither in the journal nor in pages that are no longer used.

        Raises:
            RegistryUnavailable: the database is in use; it can be done later.
        """
        if self.dialect != "sqlite":
            return  # PostgreSQL does so by itself in time (autovacuum)
        with _translating_errors():
            connection = self._engine.raw_connection()
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    connection.cursor().execute(statement)
            except sqlite3.Error:
                raise RegistryUnavailable from None
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _unlock(connection: Connection, number: int) -> None:
    """Give back an advisory lock: that of a closed connection goes only when a busy server has seen that it was."""
    with suppress(DBAPIError):
        connection.execute(select(func.pg_advisory_unlock(number)))


def schema_version(connection: Connection) -> str | None:
    """The schema's version; None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, to: str = HEAD) -> None:
    """Do what `Database.migrate` does, in a transaction within an `opening` block of the caller's.

    Raises:
        RegistryNewer: a newer program made it, or that version is not known.
    """
    # Imported here, because it takes a tenth of a second, which only a registry of another version has to wait for.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if {schema_version(connection), to} - revisions - {None}:
        raise RegistryNewer
    command.upgrade(config, to)


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite:///{path}"


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a row was added of which there may be one, and there is one."""
    codes = getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorname", None)
    return not {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}.isdisjoint(codes)


@contextmanager
def _translating_errors() -> Iterator[None]:
    """An error message of a database may quote rows, so nothing of it is passed on but that it failed."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if isinstance(error, DBAPIError) and not _is_outage(error):
            raise
        raise RegistryUnavailable from None


def _is_outage(error: SQLAlchemyError) -> bool:
    """Whether the database was not there for us, rather than asked something wrong."""
    if isinstance(error, (OperationalError, InterfaceError, InternalError)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:  # cut off, as after too long a pause
        return True
    return type(error) is DatabaseError  # SQLite: the file is no database, or is malformed
