"""The registry's database: whether it answers, in which version, and what in it wants somebody's attention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from fotopoort.errors import RegistryNewer
from fotopoort.jobs.job import IS_WAITING, WAITING_SINCE, JobState
from fotopoort.operations.deliveries import count_jobs
from fotopoort.operations.doctor.finding import Finding, Subject, fail, ok, warn
from fotopoort.registry.people.groups import AUGUST
from fotopoort.registry.store.database import HEAD, Database, schema_version, sqlite_url
from fotopoort.registry.store.dialects import database_clock
from fotopoort.registry.store.tables import audit, consent, job, person, tenant
from fotopoort.vocabulary import Text

MAX_SKEW: Final = timedelta(seconds=30)
MAX_OVERDUE: Final = timedelta(minutes=15)  # of a job that nobody takes
DAYS_OF_A_BACKUP: Final = 7
DAYS_OF_A_LIST: Final = 366
BACKUP: Final = Text(nl="Maak er een: fotopoort registry backup BESTAND", en="Make one: fotopoort registry backup FILE")
IMPORT: Final = Text(
    nl="Lees hem in: fotopoort registry import BESTAND", en="Import it: fotopoort registry import FILE"
)
LOOK_AT_JOBS: Final = Text(
    nl="Kijk bij `fotopoort jobs list`, en dan `fotopoort jobs retry`.",
    en="See `fotopoort jobs list`, then `fotopoort jobs retry`.",
)
LOOK_AT_DELIVERIES: Final = Text(
    nl="Kijk bij `fotopoort webhooks dead`, en dan `fotopoort webhooks resend --all`.",
    en="See `fotopoort webhooks dead`, then `fotopoort webhooks resend --all`.",
)

ASK_AGAIN: Final = Text(
    nl="Klopt de klok? Een ja van hen telt dan pas na die dag, of als je de dag erbij zegt:"
    " `fotopoort registry consent … granted --at VANDAAG`. Een nee met zo'n dag telt al, en geen ja neemt het eerder"
    " terug.",
    en="Is the clock right? Then a yes of theirs counts only after that day, or where you give its day:"
    " `fotopoort registry consent … granted --at TODAY`. A no with such a day counts already, and no yes takes it back"
    " before.",
)


def database(subject: Subject) -> Iterator[Finding]:
    """Everything about the database; nothing more where it cannot be used.

    Raises:
        BadSetting, RegistryUnavailable, RegistryNewer: it cannot be used.
    """
    settings = subject.settings
    if not settings.has_registry:
        text = Text(nl="Er is nog geen register.", en="There is no registry yet.")
        advice = Text(nl="`fotopoort registry init` maakt er een.", en="`fotopoort registry init` makes one.")
        yield warn("database", text, advice)
        return
    opened = Database(settings.registry_url or sqlite_url(settings.sqlite_file))
    try:
        with opened.read() as connection:
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[opened.dialect]
            yield ok("database", Text(nl=f"{name} antwoordt.", en=f"{name} answers."))
            version = schema_version(connection)
            if version == HEAD:
                yield ok("schema", Text(nl=f"Versie {HEAD}, van dit programma.", en=f"Version {HEAD}, this program's."))
                yield _clock(connection, subject)
                yield from _school(connection, subject)
                return
    finally:
        opened.close()
    if version is not None and version > HEAD:
        raise RegistryNewer
    text = Text(
        nl=f"Versie {version or '-'}; dit programma heeft {HEAD} nodig.",
        en=f"Version {version or '-'}; this program needs {HEAD}.",
    )
    advice = Text(
        nl="Maak een back-up. De volgende start van `fotopoort serve` werkt het bij.",
        en="Make a backup. The next start of `fotopoort serve` brings it up to date.",
    )
    yield warn("schema", text, advice)


def _clock(connection: Connection, subject: Subject) -> Finding:
    """The clock of this machine beside the database's, and beside the latest row of the log."""
    now, there = subject.clock(), database_clock(connection)  # at once: other checks take their time
    skew = now - there
    latest = connection.execute(select(func.max(audit.c.at)).where(audit.c.tenant == subject.settings.tenant)).scalar()
    ahead = datetime.fromisoformat(latest) - now if latest else timedelta(0)
    worst = max(abs(skew), ahead)
    if worst > MAX_SKEW:
        seconds = int(worst.total_seconds())
        text = Text(
            nl=f"De klok van deze computer verschilt {seconds} s van die van de database.",
            en=f"This machine's clock differs {seconds} s from the database's.",
        )
        return fail("clock", text, Text(nl="Zet de klok gelijk, met NTP.", en="Set the clock right, with NTP."))
    return ok("clock", Text(nl="De klok loopt gelijk met de database.", en="The clock agrees with the database's."))


def _school(connection: Connection, subject: Subject) -> Iterator[Finding]:
    school = subject.settings.tenant
    if connection.execute(select(tenant.c.id).where(tenant.c.id == school)).first() is None:
        text = Text(
            nl=f"De school {school} staat niet in het register.", en=f"The school {school} is not in the registry."
        )
        advice = Text(
            nl="Verbeter FOTOPOORT_TENANT, of voeg de school toe: fotopoort registry init",
            en="Correct FOTOPOORT_TENANT, or add the school: fotopoort registry init",
        )
        yield fail("school", text, advice)
        return
    yield _class_list(connection, school, subject.clock())
    yield from _consents(connection, school, subject.clock())
    yield _backup(connection, school, subject.clock())
    yield from _jobs(connection, school)
    yield from _deliveries(connection, school)


def _class_list(connection: Connection, school: str, now: datetime) -> Finding:
    people = connection.execute(select(func.count()).select_from(person).where(person.c.tenant == school)).scalar_one()
    if not people:
        text = Text(
            nl="Er is geen klassenlijst: iedereen is onbekend.", en="There is no class list: everybody is unknown."
        )
        return warn("class_list", text, IMPORT)
    latest = _latest(connection, school, "import")
    if latest is None:
        return ok(
            "class_list",
            Text(
                nl=f"{people} mensen, zonder lijst opgeschreven.", en=f"{people} people, written down without a list."
            ),
        )
    began = datetime(now.year - (now.month < AUGUST), AUGUST, 1, tzinfo=UTC)
    text = Text(
        nl=f"{people} mensen; de laatste lijst is van {latest:%Y-%m-%d}.",
        en=f"{people} people; the latest list is of {latest:%Y-%m-%d}.",
    )
    old = latest < began or now - latest > timedelta(days=DAYS_OF_A_LIST)
    return warn("class_list", text, IMPORT) if old else ok("class_list", text)


def _consents(connection: Connection, school: str, now: datetime) -> Iterator[Finding]:
    """Of how many people something is dated by a clock that was ahead."""
    is_to_come = consent.c.tenant == school, consent.c.at > now + MAX_SKEW
    people, until = connection.execute(
        select(func.count(consent.c.person.distinct()), func.max(consent.c.at)).where(*is_to_come)
    ).one()
    if people:
        text = Text(
            nl=f"Van {people} mensen staat iets opgeschreven met een dag die nog komt, tot {until:%Y-%m-%d}.",
            en=f"Of {people} people, something is recorded with a day to come, until {until:%Y-%m-%d}.",
        )
        yield warn("consents", text, ASK_AGAIN)


def _backup(connection: Connection, school: str, now: datetime) -> Finding:
    latest = _latest(connection, school, "backup")
    if latest is None:
        return warn("backup", Text(nl="Er is nooit een back-up gemaakt.", en="No backup was ever made."), BACKUP)
    text = Text(nl=f"De laatste is van {latest:%Y-%m-%d}.", en=f"The latest is of {latest:%Y-%m-%d}.")
    old = now - latest > timedelta(days=DAYS_OF_A_BACKUP)
    return warn("backup", text, BACKUP) if old else ok("backup", text)


def _jobs(connection: Connection, school: str) -> Iterator[Finding]:
    is_dead = job.c.state == JobState.DEAD.value
    dead = connection.execute(select(func.count()).where(job.c.tenant == school, is_dead)).scalar_one()
    if dead:
        text = Text(nl=f"{dead} taken zijn opgegeven.", en=f"{dead} jobs were given up.")
        yield warn("jobs", text, LOOK_AT_JOBS)
    since = database_clock(connection) - MAX_OVERDUE
    nobody = job.c.worker.is_(None), WAITING_SINCE < since
    waits = connection.execute(select(func.count()).where(job.c.tenant == school, IS_WAITING, *nobody)).scalar_one()
    if waits:
        text = Text(
            nl=f"{waits} taken wachten al langer dan een kwartier.",
            en=f"{waits} jobs have waited for more than a quarter of an hour.",
        )
        yield warn("jobs", text, Text(nl="Zet `fotopoort serve` aan.", en="Start `fotopoort serve`."))
    if not dead and not waits:
        yield ok("jobs", Text(nl="Geen taak is opgegeven of te laat.", en="No job was given up or is late."))


def _deliveries(connection: Connection, school: str) -> Iterator[Finding]:
    counts = count_jobs(connection, school)
    if counts.dead:
        text = Text(
            nl=f"{counts.dead} berichten aan de website zijn opgegeven.", en=f"{counts.dead} deliveries were given up."
        )
        yield warn("deliveries", text, LOOK_AT_DELIVERIES)
    else:
        yield ok(
            "deliveries",
            Text(nl=f"Geen opgegeven, {counts.waiting} wachten.", en=f"None given up, {counts.waiting} waiting."),
        )


def _latest(connection: Connection, school: str, kind: str) -> datetime | None:
    """When the log last had a row of a kind."""
    query = select(func.max(audit.c.at)).where(audit.c.tenant == school, audit.c.kind == kind)
    found = connection.execute(query).scalar()
    return datetime.fromisoformat(found) if found else None
