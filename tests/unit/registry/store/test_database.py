"""The database: private, whole transactions, and one error for whatever keeps it from answering."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Executable, delete, insert, select, text, union_all, update
from sqlalchemy.exc import IntegrityError
from tests.postgresql import fresh_database
from tests.waiting import PATIENCE

import fotopoort
from fotopoort.errors import BadSetting, RegistryNewer, RegistryUnavailable
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import HEAD, MIGRATIONS, Database, sqlite_url
from fotopoort.registry.store.tables import metadata, tenant

SCHOOL = "INSERT INTO tenant (id, name, time_zone, revision) VALUES ('{}', 'x', 'UTC', 0)"


def schools(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM tenant")).scalar_one())


def test_the_file_is_for_this_user_alone_and_kept_as_it_should(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "new" / "registry.db"))
    database.migrate()
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "busy_timeout")
        }
        assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000}
        for file in (tmp_path / "new").iterdir():
            assert file.stat().st_mode & 0o777 == 0o600, file
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    database.close()


def test_an_error_leaves_nothing_behind(registry: Registry) -> None:
    with pytest.raises(KeyError), registry.database.write() as connection:
        connection.execute(text(SCHOOL.format("a")))
        raise KeyError
    with pytest.raises(IntegrityError), registry.database.write() as connection:
        connection.execute(text(SCHOOL.format("a")))
        connection.execute(text("INSERT INTO audit_head (tenant, seq, hash) VALUES ('nobody', 0, '')"))
    assert schools(registry.database) == 1


def test_who_reads_sees_one_state_while_another_writes(registry: Registry) -> None:
    with registry.database.read() as reading:
        count = text("SELECT count(*) FROM tenant")
        before = reading.execute(count).scalar_one()
        with registry.database.write() as writing:
            writing.execute(text(SCHOOL.format("a")))
        assert reading.execute(count).scalar_one() == before
    assert schools(registry.database) == before + 1


@pytest.mark.parametrize(
    "statement",
    [
        select(tenant.c.id).with_for_update(),
        union_all(select(tenant.c.id), select(tenant.c.name)).with_for_update(),
        update(tenant).values(revision=7),
        delete(tenant),
        insert(tenant).values(id="a", name="x", time_zone="UTC", revision=0),
    ],
    ids=["a lock", "a lock of several", "a change", "a removal", "an addition"],
)
def test_who_reads_locks_and_changes_nothing_on_either_database(registry: Registry, statement: Executable) -> None:
    with pytest.raises(ValueError, match="locks no rows"), registry.database.read() as reading:
        reading.execute(statement)
    assert schools(registry.database) == 1


def test_a_second_connection_leaves_the_locks_of_the_first_so_that_others_are_seen(tmp_path: Path) -> None:
    """SQLite's locks are the process's: they are gone once it opens and closes the file beside SQLite, and then another
    program takes the journal that is in use for one that nobody reads any more.
    """
    path = tmp_path / "registry.db"
    database = Database(sqlite_url(path))
    database.migrate()
    with database.read(), database.read():
        pass  # two connections, which stay in the pool
    writes = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.close()"
    for number, name in enumerate("abcd", start=1):
        subprocess.run([sys.executable, "-c", writes, path, SCHOOL.format(name)], check=True)
        assert schools(database) == number
    database.close()


def test_a_writer_that_stays_too_long_keeps_others_out_with_a_clear_word(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "registry.db")
    first, other = Database(url), Database(url, seconds=0.1)
    first.migrate()
    with first.write() as connection:
        connection.execute(text(SCHOOL.format("a")))
        with pytest.raises(RegistryUnavailable, match="who may be shown"), other.write():
            pytest.fail("let in")
        assert schools(other) == 0
    assert schools(other) == 1


def test_who_is_frozen_in_a_transaction_does_not_keep_others_out_for_ever(postgresql: str) -> None:
    with fresh_database(postgresql) as url:
        frozen, other = Database(url, idle_seconds=2), Database(url, seconds=PATIENCE)
        with other.write() as connection:
            connection.execute(text("CREATE TABLE one (id integer)"))
            connection.execute(text("INSERT INTO one VALUES (1)"))
        with pytest.raises(RegistryUnavailable), frozen.write() as late:
            late.execute(text("UPDATE one SET id = 2"))
            with other.write() as connection:
                connection.execute(text("UPDATE one SET id = id + 10"))
            late.execute(text("UPDATE one SET id = 3"))
        with other.read() as connection:
            assert connection.execute(text("SELECT id FROM one")).scalar_one() == 11
        with frozen.read() as connection:
            assert connection.execute(text("SELECT id FROM one")).scalar_one() == 11, "it is connected again"
        frozen.close()
        other.close()


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0" + bytes(4000)])
def test_what_is_no_database_is_one_that_does_not_answer(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "registry.db").write_bytes(content)
    with pytest.raises(RegistryUnavailable), Database(sqlite_url(tmp_path / "registry.db")).read() as connection:
        connection.execute(text("SELECT * FROM tenant"))


def test_a_folder_that_cannot_be_made_is_one_that_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RegistryUnavailable):
        Database(sqlite_url(tmp_path / "file" / "registry.db")).migrate()


def test_a_server_that_is_not_there_does_not_answer() -> None:
    with pytest.raises(RegistryUnavailable):
        Database("postgresql://nobody:secret@127.0.0.1:1/nothing", seconds=2).migrate()


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "sqlite://", "secret", ""])
def test_a_wrong_url_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Database(url).read().__enter__()
    assert "secret" not in str(refused.value)


def test_a_database_in_use_is_vacuumed_later(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    database = Database(sqlite_url(path), seconds=0.1)
    database.migrate()
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(RegistryUnavailable):
        database.vacuum()
    lock.close()
    database.vacuum()


# --- migrations ------------------------------------------------------------------------------------------


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    """The same database without a schema."""
    database = Database(url)
    with database.write() as connection:
        for table in (*reversed(metadata.sorted_tables), "alembic_version"):
            connection.execute(text(f'DROP TABLE "{table}"'))
    yield database
    database.close()


def test_from_nothing_it_comes_to_what_the_program_wants(empty: Database) -> None:
    assert empty.version() is None
    empty.migrate()
    with empty.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    version = empty.version()
    empty.migrate()
    assert empty.version() == version


def test_from_the_version_before_with_all_that_is_in_it(empty: Database) -> None:
    empty.migrate("0001")
    with empty.write() as connection:
        connection.execute(text(SCHOOL.format("a")))
    assert empty.version() == "0001"
    empty.migrate()
    assert schools(empty) == 1
    with empty.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_version_that_the_program_wants() -> None:
    newest = max(place.name[:4] for place in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert newest == HEAD


def test_what_a_newer_program_made_is_left_alone(empty: Database) -> None:
    empty.migrate()
    with empty.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegistryNewer):
        empty.migrate()


MIGRATE = "import sys; from fotopoort.registry.store.database import Database; Database(sys.argv[1]).migrate()"
PACKAGE = Path(next(iter(fotopoort.__path__))).parent


def test_programs_that_start_at_once_all_find_it_migrated(empty: Database, url: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(PACKAGE)}
    programs = [subprocess.Popen([sys.executable, "-c", MIGRATE, url], env=environment) for _ in range(3)]
    assert [program.wait(PATIENCE) for program in programs] == [0, 0, 0]
    with empty.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
