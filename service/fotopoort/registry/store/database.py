"""The database: SQLite in the data folder, or PostgreSQL by URL. One code path for both."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fotopoort.errors import BadSetting, RegistryNewer, RegistryUnavailable

SECONDS_TO_WAIT: Final = 5  # for a lock or a connection; then the registry counts as not reachable
SECONDS_IDLE: Final = 60
HEAD: Final = "0002"  # the schema that this program wants: the newest in `migrations/versions`
MIGRATING: Final = 0x666F746F  # "foto": the lock that migrations take turns by
MIGRATIONS: Final = Path(__file__).with_name("migrations")

_MAKING: Final = Lock()  # a new file is closed before any connection of this process locks it


class Database:
    """Where the registry is kept. Reading and writing are whole transactions.

    Args:
        url: SQLAlchemy's, of SQLite or PostgreSQL.
        seconds: how long to wait for a lock or a connection.
        idle_seconds: how long a program may do nothing in a transaction, on PostgreSQL: one that was frozen in it
            would otherwise keep its locks for ever.
    """

    def __init__(self, url: str, *, seconds: float = SECONDS_TO_WAIT, idle_seconds: float = SECONDS_IDLE) -> None:
        self._engine = _engine(url, seconds, idle_seconds)

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database from beginning to end.

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

        SQLite has one writer at a time; it waits for its turn at the beginning, not halfway.

        Raises:
            RegistryUnavailable: the database cannot be reached, or stays locked.
        """
        with _translating_errors(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def alone(self, what: int) -> Iterator[bool]:
        """Whether nobody else, on any machine, is in such a block with the same number. PostgreSQL only.

        Raises:
            RegistryUnavailable: the database cannot be reached.
        """
        with _translating_errors(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # closed at the end, not kept for others: with it goes the lock
            yield bool(connection.execute(select(func.pg_try_advisory_lock(what))).scalar_one())

    def version(self) -> str | None:
        """The schema's version; None in an empty database."""
        with self.read() as connection:
            return schema_version(connection)

    def migrate(self, to: str = HEAD) -> None:
        """Bring the schema to this program's version, from any earlier one or from nothing, in one transaction.

        Raises:
            RegistryNewer: a newer program made it.
            RegistryUnavailable: the database cannot be reached, or stays locked.
        """
        if self.version() == HEAD == to:
            return
        with self.write() as connection:
            migrate(connection, to)

    def tidy(self) -> None:
        """Leave nothing behind of what was erased: not in the journal, nor in pages that are no longer used.

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
        """Let go of every connection."""
        self._engine.dispose()


def schema_version(connection: Connection) -> str | None:
    """The schema's version; None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, to: str = HEAD) -> None:
    """`Database.migrate`, in a transaction that began elsewhere.

    Raises:
        RegistryNewer: a newer program made it, or that version is not known.
    """
    # Here, not above: a tenth of a second that only a registry of another version has to wait for.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")  # one at a time
    if {schema_version(connection), to} - known - {None}:
        raise RegistryNewer
    command.upgrade(config, to)


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite:///{path}"


def _engine(url: str, seconds: float, idle_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            limits = {"lock_timeout": seconds, "idle_in_transaction_session_timeout": idle_seconds}
            options = [f"-c {name}={int(limit * 1000)}" for name, limit in limits.items()]
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                hide_parameters=True,
                pool_timeout=seconds,
                connect_args={
                    "connect_timeout": max(2, int(seconds)),
                    "options": " ".join([*options, "-c timezone=UTC"]),
                },
            )
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            engine = create_engine(
                parsed, hide_parameters=True, connect_args={"timeout": seconds, "isolation_level": None}
            )
            _prepare_sqlite(engine, Path(parsed.database))
            return engine
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass
    raise BadSetting("FOTOPOORT_REGISTRY_URL takes sqlite:///FILE or postgresql://USER@HOST/DATABASE.") from None


def _prepare_sqlite(engine: Engine, path: Path) -> None:
    @event.listens_for(engine, "do_connect")
    def private(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        """The file is made for this user alone; its journals get the same permissions.

        A file that exists is never opened here. Its locks are the process's, not the connection's: closing any
        descriptor of it drops those of every open connection, and the next program to close the database would take
        away the journal that is in use. From then on we would read what was true before (sqlite.org/howtocorrupt.html).
        """
        try:
            with _MAKING:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise sqlite3.OperationalError("cannot be made") from error

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """The driver is in autocommit mode: transactions begin here."""
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translating_errors() -> Iterator[None]:
    """What a database says may quote rows, so nothing of it is passed on but that it failed."""
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
