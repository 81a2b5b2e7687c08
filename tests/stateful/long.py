"""Many steps, by hand: `python -m tests.stateful.long 20000`; new ones each time unless a seed is given."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.postgresql import fresh_database, server
from tests.stateful.machine import School

from fotopoort.registry.store.database import Database, sqlite_url

STEPS = 40  # of one machine


@contextmanager
def sqlite_databases() -> Iterator[Callable[[], str]]:
    """Makes new SQLite databases with the schema in them."""
    with tempfile.TemporaryDirectory() as name:
        template = Path(name) / "template.db"
        database = Database(sqlite_url(template))
        database.migrate()
        database.vacuum()
        database.close()

        def make() -> str:
            path = Path(name) / f"{uuid.uuid4().hex}.db"
            shutil.copy(template, path)
            return sqlite_url(path)

        yield make


@contextmanager
def postgresql_databases() -> Iterator[Callable[[], str]]:
    """Makes new PostgreSQL databases with the schema in them, on a server of the tests' own."""
    with server() as address, fresh_database(address) as template:
        database = Database(template)
        database.migrate()
        database.close()
        name = template.partition("@/")[2].partition("?")[0]
        open_ones: list[object] = []

        def make() -> str:
            context = fresh_database(address, name)
            open_ones.append(context)  # dropped with the server
            return context.__enter__()

        yield make


def run(
    new_database: Callable[[], str],
    machines: int,
    steps: int = STEPS,
    *,
    number: int | None = None,
    unchecked: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
    shrinks: bool = True,
    progress: Callable[[Counter[str]], None] = lambda counts: None,
) -> Counter[str]:
    """Run so many machines; raises at the first fault, with the way to it. Returns how much was done.

    Args:
        number: a seed; None: the same machines each time.
        unchecked, without: see `School`.
        shrinks: look for the shortest way to a fault.
        progress: is told after each machine how much was done so far.
    """

    class Here(School):
        def teardown(self) -> None:
            super().teardown()
            progress(Here.counts)

    Here.new_database, Here.unchecked, Here.without = staticmethod(new_database), unchecked, without
    Here.counts = Counter()
    run_state_machine_as_test(
        seed(number)(Here) if number is not None else Here,
        settings=settings(
            max_examples=machines,
            stateful_step_count=steps,
            derandomize=number is None,
            database=None,
            deadline=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        ),
    )
    return Here.counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", type=int, help="about how many")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL")
    parser.add_argument("--seed", type=int, help="to take the same steps again")
    parser.add_argument("--unchecked", nargs="*", default=[], help="kinds of faults to pass over")
    parser.add_argument("--without", nargs="*", default=[], help="rules to leave out")
    parser.add_argument("--no-shrink", action="store_true", help="tell a fault as it was met: shrinking takes minutes")
    given = parser.parse_args()
    number = given.seed if given.seed is not None else uuid.uuid4().int % 2**32
    print(f"seed {number}")  # noqa: T201
    with postgresql_databases() if given.postgresql else sqlite_databases() as make:
        taken = run(
            make,
            max(1, given.steps // STEPS),
            number=number,
            unchecked=frozenset(given.unchecked),
            without=frozenset(given.without),
            shrinks=not given.no_shrink,
            progress=lambda counts: print(counts["steps"], end=" ", flush=True),  # noqa: T201
        )
    print(", ".join(f"{name} {count}" for name, count in taken.items()))  # noqa: T201


if __name__ == "__main__":
    main()
