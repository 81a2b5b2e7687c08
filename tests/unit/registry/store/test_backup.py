"""A backup holds everything, and what is restored from it is the same, on another database too: whole or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, inspect, select, text

from fotopoort.errors import BadBackup, ChainBroken, Forbidden
from fotopoort.registry import school_settings
from fotopoort.registry.access import accounts, invitations, login_sessions, second_factor
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.backup import LEFT_OUT, backup, restore
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.registry.store.tables import metadata
from fotopoort.vocabulary import ConsentState

from ..conftest import Clock


@pytest.fixture
def filled(registry: Registry, caller: Caller, other_school: Caller) -> Registry:
    for who in (caller, other_school):
        with registry.write(who, Act.EDIT_PEOPLE) as session:
            people.add(session, PersonRecord("p1", name="Zoë 🙂 van “der” Berg", nicknames=("Zo",)), ["groep 5"])
            consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, valid_until=session.today))
            school_settings.set_value(session, "takedown.days", "3", "sneller")
    return registry


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Iterator[Registry]:
    """Where nothing is yet, not even tables."""
    database = Database(sqlite_url(tmp_path / "elsewhere" / "registry.db"))
    yield Registry(database, data_folder=tmp_path / "elsewhere", keys_folder=tmp_path / "keys", clock=clock)
    database.close()


def everything(registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    with registry.database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def test_what_is_restored_is_what_was_there(filled: Registry, empty: Registry, caller: Caller, tmp_path: Path) -> None:
    before = everything(filled)
    rows = backup(filled, caller, tmp_path / "backup.gz")
    assert rows == sum(map(len, before.values()))
    assert (tmp_path / "backup.gz").stat().st_mode & 0o777 == 0o600
    assert restore(empty, caller, tmp_path / "backup.gz") == rows
    after = everything(empty)
    assert after["audit"][:-1] == before["audit"]  # that it was restored is written down as well
    assert {name: found for name, found in after.items() if not name.startswith("audit")} == {
        name: found for name, found in before.items() if not name.startswith("audit")
    }


def test_a_backup_of_sqlite_restores_in_the_other_database(
    registry: Registry, empty: Registry, caller: Caller, tmp_path: Path
) -> None:
    with registry.database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    empty.database.migrate()
    empty.add_school(caller, "De Regenboog")
    rows = backup(empty, caller, tmp_path / "backup.gz")
    assert restore(registry, caller, tmp_path / "backup.gz") == rows


def test_who_logs_in_comes_back_and_where_they_were_logged_in_does_not(
    filled: Registry, empty: Registry, caller: Caller, tmp_path: Path
) -> None:
    """What had ended since would hold again: a session, or a link that was followed."""
    with filled.write(caller, Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, "po@school.nl", "Sanne", KeyRole.PRIVACY_OFFICER)
        invitations.invite(session, made.id)
        secret = login_sessions.start(session, made)
    held = login_sessions.find(filled.database, "school", secret, filled.clock(), login_sessions.Lifetime())
    with filled.write(caller, Act.MANAGE_ACCOUNTS) as session:
        second_factor.begin(session, held)
    before = everything(filled)
    backup(filled, caller, tmp_path / "backup.gz")
    restore(empty, caller, tmp_path / "backup.gz")
    after = everything(empty)
    assert after["account"] == before["account"]
    for table in LEFT_OUT:
        assert before[table]
        assert not after[table]


def test_a_registry_that_is_not_empty_is_left_alone(filled: Registry, caller: Caller, tmp_path: Path) -> None:
    backup(filled, caller, tmp_path / "backup.gz")
    before = everything(filled)
    with pytest.raises(BadBackup, match="not empty"):
        restore(filled, caller, tmp_path / "backup.gz")
    assert everything(filled) == before


@pytest.mark.parametrize("kind", ["cut off", "a line less", "a letter changed", "no backup", "empty", "not there"])
def test_a_damaged_backup_restores_nothing(
    filled: Registry, empty: Registry, caller: Caller, tmp_path: Path, kind: str
) -> None:
    good, bad = tmp_path / "good.gz", tmp_path / "bad.gz"
    backup(filled, caller, good)
    content = gzip.decompress(good.read_bytes())
    lines = content.splitlines(keepends=True)
    damaged = {
        "cut off": good.read_bytes()[:-20],
        "a line less": gzip.compress(b"".join(lines[:5] + lines[6:])),
        "a letter changed": gzip.compress(content.replace(b"granted", b"refused")),
        "no backup": b"something else",
        "empty": b"",
    }
    if kind in damaged:
        bad.write_bytes(damaged[kind])
    with pytest.raises(BadBackup):
        restore(empty, caller, bad)
    assert empty.database.version() is None


def test_a_backup_with_a_broken_log_restores_nothing(
    filled: Registry, empty: Registry, caller: Caller, tmp_path: Path
) -> None:
    with filled.database.write() as connection:
        connection.execute(text("UPDATE audit SET kind = 'x' WHERE seq = 2"))
    backup(filled, caller, tmp_path / "backup.gz")
    with pytest.raises(ChainBroken, match="Row 2 was changed"):
        restore(empty, caller, tmp_path / "backup.gz")
    assert empty.database.version() is None


def test_an_earlier_version_can_be_restored(empty: Registry, caller: Caller, clock: Clock, tmp_path: Path) -> None:
    old = Database(sqlite_url(tmp_path / "old.db"))
    old.migrate("0001")
    first = Registry(old, data_folder=tmp_path, keys_folder=tmp_path / "keys", clock=clock)
    first.add_school(caller, "De Regenboog")
    with old.write() as connection:  # what a program of that time would have found
        tables = [name for name in metadata.tables if name not in LATER]
        assert {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))} == {
            *tables,
            "alembic_version",
        }
    backup_of(first, caller, tmp_path / "backup.gz")
    restore(empty, caller, tmp_path / "backup.gz")
    assert empty.has_school("school")
    assert set(everything(empty)) == set(metadata.tables)


LATER = (
    "screening",
    "answer",
    "override",
    "verdict",
    "shown",
    "takedown",
    "block",
    "former",
    "former_consent",
    "noes_seen",
    "wording",
    "gate",
    "pull_pairing",
    "pull_photo",
    "gate_key",
    "gate_rendition",
    "job",
    "webhook_endpoint",
    "webhook_delivery",
    "webhook_source",
    "webhook_incoming",
    "account",
    "invitation",
    "recovery_code",
    "login_session",
    "post",
    "post_photo",
    "post_answer",
)


def backup_of(registry: Registry, caller: Caller, path: Path) -> None:
    """A backup as the program of version 0001 made it: without the tables and columns that came later."""
    with registry.database.write() as connection:
        tables = [as_it_was(table, connection) for table in metadata.sorted_tables if table.name not in LATER]
        for name in LATER:
            connection.execute(text(f"CREATE TABLE {name} (tenant TEXT)"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fotopoort.registry.store.backup.metadata", type("Then", (), {"sorted_tables": tables}))
        backup(registry, caller, path)


def as_it_was(table: Table, connection: Connection) -> Table:
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    columns = [Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns if c.name in there]
    return Table(table.name, MetaData(), *columns)


def test_only_who_may(registry: Registry, tmp_path: Path) -> None:
    office = Caller("school", "k1", KeyRole.OFFICE)
    with pytest.raises(Forbidden):
        backup(registry, office, tmp_path / "backup.gz")
    assert not list(tmp_path.glob("*.gz"))
    assert not list(tmp_path.glob(".fotopoort*"))
