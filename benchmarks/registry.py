"""How fast the registry is, on SQLite and on PostgreSQL: a class list in, one group's state, the audit log."""

from __future__ import annotations

import io
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.postgresql import server

from benchmarks.table import markdown, marked
from fotopoort.errors import EmptyFile
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.audit import chain
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.lists import imports
from fotopoort.registry.people.snapshot import group_on_channel, snapshot
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.database import Database, sqlite_url
from fotopoort.screening.screen import Request, unjudged

PUPILS, STAFF, GROUPS, YEARS = 600, 30, 24, 5
AUDIT_ROWS = 1_000_000
AT_ONCE = 20_000
SCHOOL = console("school")
SECONDS_TO_IMPORT, MILLISECONDS_FOR_A_GROUP, SECONDS_TO_VERIFY = 10, 10, 60


def report() -> str:
    """The figures as a chapter of RESULTS.md."""
    measured = {name: _measure(url) for name, url in databases()}
    rows = []
    for key, title, limit in (
        ("import", "A spreadsheet imported, seconds", SECONDS_TO_IMPORT),
        ("again", "… the same one again, which changes nothing", SECONDS_TO_IMPORT),
        ("group", "Who of a group may be shown on a channel, ms, median of 50", MILLISECONDS_FOR_A_GROUP),
        ("school", "Everyone, as a verdict needs them, ms, median of 20", None),
        ("verdict", "A verdict written down, ms, median of 200", None),
        ("verify", f"{AUDIT_ROWS:,} rows of the audit log looked through, seconds", SECONDS_TO_VERIFY),
    ):
        shown = [marked(f"{one[key]:.3g}", limit is None or one[key] < limit) for one in measured.values()]
        rows.append([title, *shown, f"< {limit}" if limit else "–"])
    about = (
        f"The spreadsheet: {PUPILS} pupils and {STAFF} staff with names and groups, {YEARS} years of what was said"
        f" for three channels ({(PUPILS + STAFF) * YEARS * 3:,} words) and of groups; {GROUPS} groups of"
        f" {PUPILS // GROUPS}. Every change is a row of the audit log."
    )
    return f"## Registry\n\n{about}\n\n{markdown(['', *measured, 'target'], rows)}"


def databases() -> Iterator[tuple[str, str]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield "SQLite", sqlite_url(Path(folder) / "registry.db")
        try:
            yield "PostgreSQL", stack.enter_context(server()).format(database="postgres")
        except pytest.skip.Exception:
            return


def _measure(url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, _opened(url, Path(folder)) as registry:
        content = spreadsheet()

        def bring() -> None:
            with registry.write(SCHOOL, Act.IMPORT) as session:
                imports.apply(session, imports.plan(session, content))

        def group() -> None:
            with registry.read(SCHOOL, Act.SEE_GROUP) as session:
                group_on_channel(session, "groep 5", "website")

        def school() -> None:
            with registry.read(SCHOOL, Act.SCREEN) as session:
                snapshot(session)

        request = Request(("website", "facebook", "social_schools"))
        judged = unjudged(b"x", request, EmptyFile(), policy=load_policy())

        def verdict() -> None:
            with registry.write(SCHOOL, Act.SCREEN) as session:
                screenings.remember(session, replace(judged, id=uuid.uuid4().hex), request, places={})

        figures = {"import": _seconds(bring), "again": _seconds(bring)}
        figures |= {"group": _median(group, 50), "school": _median(school, 20), "verdict": _median(verdict, 200)}
        _lengthen(registry)

        def look_through() -> None:
            with registry.read(SCHOOL, Act.SEE_AUDIT) as session:
                checked = verify(session)
            assert (checked.rows, checked.problem) == (AUDIT_ROWS, None), checked

        return figures | {"verify": _seconds(look_through)}


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[Registry]:
    database = Database(url)
    database.migrate()
    registry = Registry(database, data_folder=folder, keys_folder=folder / "keys")
    registry.add_school(SCHOOL, "De Regenboog")
    yield registry
    registry.close()


def _lengthen(registry: Registry) -> None:
    """Make the audit log as long as it is to be, with rows as every request writes them."""
    with registry.read(SCHOOL, Act.SEE_AUDIT) as session:
        left = AUDIT_ROWS - verify(session).rows
    while left:
        some = min(left, AT_ONCE)
        entries = [chain.AuditEntry("key.used", detail={"route": "GET /v1/registry/groups"}) for _ in range(some)]
        with registry.write(SCHOOL, Act.SCREEN) as session:
            session.entries.extend(entries)
        left -= some


def spreadsheet() -> bytes:
    """A made-up school, as an XLSX."""
    workbook, chance = Workbook(), random.Random(1)
    people = workbook.active
    assert people is not None
    people.append(["Leerlingnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Rol", "Groep", "Geboortedatum"])
    words, years = workbook.create_sheet("toestemmingen"), workbook.create_sheet("groepen")
    words.append(["id", "kanaal", "antwoord", "wie", "hoedanigheid", "datum", "formulier"])
    years.append(["id", "schooljaar", "groep"])
    for number in range(PUPILS + STAFF):
        pupil, group = number < PUPILS, number % GROUPS
        name = [10_000 + number, f"Kind{number}", "van den" if number % 3 == 0 else "", f"Achternaam{number}"]
        born = date(2014, 1 + number % 12, 1 + number % 28) if pupil else None
        people.append([*name, "leerling" if pupil else "medewerker", f"groep {group + 1}" if pupil else "", born])
        for year in range(YEARS):
            for channel in ("social_schools", "website", "facebook"):
                word = chance.choice(["ja", "ja", "ja", "nee"])
                who = ["moeder", "ouder"] if pupil else ["", "zelf"]
                words.append([10_000 + number, channel, word, *who, date(2022 + year, 3, 1), f"v{year}"])
            if pupil and year:
                years.append([10_000 + number, f"{2021 + year}-{2022 + year}", f"groep {group + 1}"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _median(work: Callable[[], None], times: int) -> float:
    """In milliseconds."""
    return statistics.median(_seconds(work) for _ in range(times)) * 1000
