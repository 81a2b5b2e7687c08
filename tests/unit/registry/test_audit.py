"""The audit log: one chain whoever writes, and nothing that was done to it behind its back goes unseen."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.audit import chain
from fotopoort.registry.audit.checkpoints import PRIVATE, export_head, read_heads
from fotopoort.registry.audit.verification import Checked, show, verify
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.consent_log import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import ConsentState

from .conftest import Clock

ROWS = 8


@pytest.fixture
def log(registry: Registry, caller: Caller) -> Registry:
    """A log of so many rows: the school that was made, a person, and what was said."""
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("p1", name="Noor Bakker"), ["groep 5"])
    for number in range(ROWS - 2):
        with registry.write(caller, Act.RECORD_CONSENT) as session:
            consent_log.record(session, Statement("p1", "website", ConsentState.GRANTED, wording=str(number)))
    return registry


def checked(registry: Registry, caller: Caller, heads: Path | None = None) -> Checked:
    with registry.read(caller, Act.SEE_AUDIT) as session:
        kept, forged = read_heads(heads, registry.keys_folder, "school") if heads else ([], [])
        assert not forged
        return verify(session, kept)


def tamper(registry: Registry, *statements: str) -> None:
    """Change the database as somebody would who is not this program."""
    with registry.database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_log_that_nobody_touched_holds_together(log: Registry, caller: Caller) -> None:
    assert checked(log, caller) == Checked(ROWS)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        pytest.param("UPDATE audit SET kind = 'x' WHERE seq = 4", "Row 4 was changed", id="kind"),
        pytest.param("UPDATE audit SET actor = 'x' WHERE seq = 4", "Row 4 was changed", id="actor"),
        pytest.param("UPDATE audit SET at = '2020' WHERE seq = 4", "Row 4 was changed", id="moment"),
        pytest.param("UPDATE audit SET detail = '{}' WHERE seq = 4", "Row 4 was changed", id="detail"),
        pytest.param("UPDATE audit SET person = NULL WHERE seq = 4", "Row 4 was changed", id="person"),
        pytest.param("UPDATE audit SET photo = 'x' WHERE seq = 4", "Row 4 was changed", id="photo"),
        pytest.param("UPDATE audit SET hash = previous WHERE seq = 4", "Row 4 was changed", id="hash"),
        pytest.param("UPDATE audit SET previous = hash WHERE seq = 4", "Row 4 was changed", id="the one before"),
        pytest.param("DELETE FROM audit WHERE seq = 1", "Row 1 was taken out", id="the first deleted"),
        pytest.param("DELETE FROM audit WHERE seq = 4", "Row 4 was taken out", id="one deleted"),
        pytest.param("DELETE FROM audit WHERE seq = 8", "Rows 8 to 8 were cut off", id="the last deleted"),
        pytest.param("DELETE FROM audit WHERE seq > 5", "Rows 6 to 8 were cut off", id="cut off"),
        pytest.param("UPDATE audit SET seq = 99 WHERE seq = 4", "Row 4 was taken out", id="moved"),
        pytest.param("UPDATE audit_head SET seq = 7", "head of the log was changed", id="head"),
        pytest.param("UPDATE audit_head SET hash = 'x'", "head of the log was changed", id="hash of the head"),
        pytest.param("DELETE FROM audit_head", "head of the log was taken out", id="no head"),
        pytest.param("UPDATE consent SET word = 'refused' WHERE wording = '2'", "was changed", id="a consent changed"),
        pytest.param("DELETE FROM consent WHERE wording = '2'", "was taken out", id="a consent deleted"),
        pytest.param("UPDATE consent SET id = 'x' WHERE wording = '2'", "Consent x is not in the log", id="a new one"),
    ],
)
def test_whatever_is_done_to_it_is_found_and_named(log: Registry, caller: Caller, statement: str, says: str) -> None:
    tamper(log, statement)
    wrong = checked(log, caller).wrong
    assert wrong is not None
    assert says in wrong


def test_rows_that_change_places_are_found(log: Registry, caller: Caller) -> None:
    tamper(
        log,
        "UPDATE audit SET seq = 99 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 99",
    )
    assert checked(log, caller) == Checked(3, "Row 4 was changed.")


def forge(connection: Connection, rows: int) -> None:
    """Write the last rows anew with hashes that fit, the head as well: what only a signed head can show."""
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
    """Cut the last rows off, the head as well."""
    seq = ROWS - rows
    connection.execute(text(f"DELETE FROM audit WHERE seq > {seq}"))  # noqa: S608
    connection.execute(
        text(f"UPDATE audit_head SET seq = {seq}, hash = (SELECT hash FROM audit WHERE seq = {seq})")  # noqa: S608
    )


@pytest.mark.parametrize(("attack", "says"), [(forge, "not the one that was signed"), (cut, "a signed head has them")])
def test_who_rewrites_the_log_and_its_head_is_betrayed_by_a_signed_head(
    log: Registry,
    caller: Caller,
    clock: Clock,
    tmp_path: Path,
    attack: Callable[[Connection, int], None],
    says: str,
) -> None:
    with log.read(caller, Act.SEE_AUDIT) as session:
        export_head(session, tmp_path / "heads")
    with log.database.write() as connection:
        connection.execute(text("DELETE FROM consent"))  # else those give it away first
        attack(connection, 3)
    wrong = checked(log, caller, tmp_path / "heads").wrong
    assert wrong is not None
    assert says in wrong
    clock.now += timedelta(days=1)


def test_heads_are_one_file_a_day_and_signed(log: Registry, caller: Caller, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "heads"
    for _ in range(2):
        with log.read(caller, Act.SEE_AUDIT) as session:
            export_head(session, folder)
            export_head(session, folder)
        clock.now += timedelta(days=1)
    assert [place.name for place in sorted(folder.iterdir())] == ["school-2026-11-24.json", "school-2026-11-25.json"]
    heads, forged = read_heads(folder, log.keys_folder, "school")
    assert [head.seq for head in heads] == [ROWS, ROWS]
    assert not forged
    assert (log.keys_folder / PRIVATE).stat().st_mode & 0o777 == 0o600
    first = folder / "school-2026-11-24.json"
    first.write_text(json.dumps(json.loads(first.read_text()) | {"seq": 3}))
    assert read_heads(folder, log.keys_folder, "school")[1] == ["school-2026-11-24.json"]


def test_erasing_somebody_leaves_the_log_whole(log: Registry, caller: Caller) -> None:
    with log.write(caller, Act.ERASE) as session:
        erasure.erase(session, "p1", "asked for it")
    assert checked(log, caller) == Checked(ROWS + 1)


def test_what_it_says_of_a_person(log: Registry, caller: Caller) -> None:
    with log.read(caller, Act.SEE_AUDIT) as session:
        rows = show(session, person=people.ref_of(session, "p1"))
    assert [row.kind for row in rows] == ["person.added", *["consent"] * (ROWS - 2)]
    assert "Noor" not in repr(rows)


def test_many_writers_keep_one_chain(registry: Registry, caller: Caller) -> None:
    writers, entries = 4, 12

    def write(writer: int) -> None:
        for number in range(entries):
            with registry.write(caller, Act.SCREEN) as session:
                session.note("key.used", route=f"{writer} {number}")
                session.note("key.used", route="again")

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    assert checked(registry, caller) == Checked(1 + 2 * writers * entries)


def test_each_school_has_a_chain_of_its_own(registry: Registry, caller: Caller, other_school: Caller) -> None:
    for who, _ in itertools.product((caller, other_school), range(3)):
        with registry.write(who, Act.SCREEN) as session:
            session.note("key.used")
    tamper(registry, "UPDATE audit SET kind = 'x' WHERE tenant = 'other' AND seq = 2")
    assert checked(registry, caller) == Checked(4)
    assert checked(registry, other_school).wrong == "Row 2 was changed."
