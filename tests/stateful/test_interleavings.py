"""Whatever happens at a school, in whatever order: nobody is seen who may not be."""

from __future__ import annotations

from tests.stateful.long import postgresql_databases, run, sqlite_databases


def test_nothing_slips_through_on_sqlite() -> None:
    with sqlite_databases() as new_database:
        done = run(new_database, machines=12)
    assert done["renditions"] >= 200
    assert done["on disk"] >= 50


def test_nothing_slips_through_on_postgresql() -> None:
    with postgresql_databases() as new_database:
        assert run(new_database, machines=3)["renditions"] >= 40
