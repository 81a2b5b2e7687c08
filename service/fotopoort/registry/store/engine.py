"""Connections to SQLite and to PostgreSQL, set up so that both keep the promises of `database.Database`."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, GenerativeSelect, UpdateBase, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from fotopoort.errors import BadSetting
from fotopoort.vocabulary import Text

SECONDS_BETWEEN_TRIES: Final = 0.05

# A new file must be closed before any connection of this process locks it: see `create_private_file`. It concerns the
# whole process, whatever engine creates the file, and is therefore a module's.
_CREATING: Final = Lock()


def make_engine(url: str, seconds: float, idle_seconds: float) -> Engine:
    """SQLAlchemy's engine for a database; for the arguments, see `database.Database`.

    Raises:
        BadSetting: the URL is of no database that can be used.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            limits = {"lock_timeout": seconds, "idle_in_transaction_session_timeout": idle_seconds}
            options = [f"-c {name}={int(limit * 1000)}" for name, limit in limits.items()]
            engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                hide_parameters=True,
                pool_timeout=seconds,
                connect_args={
                    "connect_timeout": max(2, int(seconds)),
                    "options": " ".join([*options, "-c timezone=UTC"]),
                },
            )
            _keep_readers_reading(engine)
            return engine
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            engine = create_engine(
                parsed, hide_parameters=True, connect_args={"timeout": seconds, "isolation_level": None}
            )
            _prepare_sqlite(engine, Path(parsed.database), seconds)
            _keep_readers_reading(engine)
            return engine
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass
    raise BadSetting(
        Text(
            nl="FOTOPOORT_REGISTRY_URL moet sqlite:///BESTAND of postgresql://GEBRUIKER@HOST/DATABASE zijn.",
            en="FOTOPOORT_REGISTRY_URL takes sqlite:///FILE or postgresql://USER@HOST/DATABASE.",
        )
    ) from None


def writes(connection: Connection) -> bool:
    """Whether this is a transaction that writes, see `database.Database.write`."""
    return bool(connection.get_execution_options().get("writes", False))


def _keep_readers_reading(engine: Engine) -> None:
    """Have transactions that read refuse what PostgreSQL refuses in them. SQLite would let them change rows, and leaves
    locks of rows out, so that a mistake there would show on PostgreSQL alone."""

    @event.listens_for(engine, "before_execute")
    def refuse(connection: Connection, statement: object, *_: object) -> None:
        locks = isinstance(statement, GenerativeSelect) and statement._for_update_arg is not None
        if (locks or isinstance(statement, UpdateBase)) and not writes(connection):
            raise ValueError("a transaction that reads changes nothing, and locks no rows")


def _prepare_sqlite(engine: Engine, path: Path, seconds: float) -> None:
    @event.listens_for(engine, "do_connect")
    def create_private_file(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        """Create the file for this user alone; its journals get the same permissions.

        A file that exists is never opened here. Its locks belong to the process, not to the connection: closing any
        descriptor of it drops those of every open connection, and the next program to close the database would remove
        the journal that is in use. From then on we would read old rows (sqlite.org/howtocorrupt.html).
        """
        try:
            with _CREATING:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise sqlite3.OperationalError("the file cannot be created") from error

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        _use_wal(connection, time.monotonic() + seconds)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """The driver is in autocommit mode: transactions begin here."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")


def _use_wal(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch the file to WAL. While others read it, SQLite refuses the switch at once instead of waiting."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # the low byte is the primary result code
            if not is_busy or time.monotonic() >= deadline:
                raise
        time.sleep(SECONDS_BETWEEN_TRIES)
