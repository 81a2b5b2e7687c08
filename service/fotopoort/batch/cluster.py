"""Runs that many machines share: their ledgers are in one PostgreSQL database, with a schema for each output folder.

The machine that begins a run plans it, follows it and makes the report; workers on any machine judge the photos. What a
worker must know is recorded with the run. It takes part only where its program, rules, models and limits are the same
as on the machine where the run began, and where it sees the same files: a folder of the same name on another machine
need not be the same folder.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Final

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, ProgrammingError

from fotopoort.application.contract.documents import Json
from fotopoort.application.input_files import printable
from fotopoort.batch.ledger.database import LedgerDatabase
from fotopoort.batch.ledger.leases import lease_seconds
from fotopoort.batch.ledger.ledger import SECONDS_TO_WAIT, Ledger
from fotopoort.batch.ledger.location import ANOTHER_RUN, OWN, SHARED, WAIT, has_record
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.storage import Storage, require
from fotopoort.errors import BadSetting, FolderUnreadable, OutputUnwritable, UseError
from fotopoort.policy.policy import Policy
from fotopoort.registry.store.database import Database
from fotopoort.settings import PREFIX, Settings
from fotopoort.vocabulary import Text

SCHEMA_PREFIX: Final = "fotopoort_batch_"
SHARE_THE_FOLDERS: Final = Text(
    nl="Deel de mappen, en koppel ze op elke computer op dezelfde plek.",
    en="Share the folders, and mount them in the same place on every machine.",
)
SECONDS_BETWEEN_LOOKS: Final = 2.0
MAX_OUTAGES: Final = 30  # looks in a row at which the database does not answer; a restart takes fewer

# What must be the same on all machines, by its name in the run's request (see `_required`), in Dutch. A setting goes by
# the name of its variable in both languages.
REQUIRED_NL: Final = {
    "the version of Fotopoort": "de versie van Fotopoort",
    "the policy": "het bestand met de regels",
    "the set of models": "de verzameling modellen",
}


@dataclass(frozen=True, slots=True)
class SharedRun:
    """A run that another machine began.

    Attributes:
        key: equal as long as it is the same run.
        run: its number.
        document: its request, as `shared_request` made it.
    """

    key: tuple[str, int]
    ledger: Ledger
    run: int
    tenant: str
    document: Json = field(repr=False)

    @property
    def place(self) -> str:
        """Where its results go, as people can read it."""
        return printable(self.document["out"])

    def request(self, policy: Policy, models: str, settings: Settings) -> RunRequest:
        """The run's request, where this machine may take part.

        Raises:
            UseError: it may not; the message says why, the hint what to do.
        """
        for name, value in _required(policy, models, settings).items():
            if self.document["alike"].get(name) != value:
                raise UseError(
                    Text(
                        nl=f"Op deze computer is iets anders dan op de computer waar de opdracht begon:"
                        f" {REQUIRED_NL.get(name, name)}.",
                        en=f"On this machine, {name} is not as on the machine where the run began.",
                    ),
                    hint=Text(
                        nl="Geef alle computers hetzelfde programma, dezelfde regels en dezelfde instellingen, en"
                        " start de workers opnieuw.",
                        en="Give all machines the same program, policy file and settings, and start their workers"
                        " again.",
                    ),
                )
        request = RunRequest.from_json(self.document)
        if request.out.read(SHARED, settings) != self.key[0].encode():
            raise UseError(
                Text(
                    nl="Deze computer ziet de map voor de uitvoer van de opdracht niet.",
                    en="This machine does not see the output folder of the run.",
                ),
                hint=SHARE_THE_FOLDERS,
            )
        try:
            require(request.photos)
        except FolderUnreadable:
            raise UseError(
                Text(
                    nl="Deze computer ziet de foto's van de opdracht niet.",
                    en="This machine does not see the photos of the run.",
                ),
                hint=SHARE_THE_FOLDERS,
            ) from None
        return request


class Cluster:
    """The ledgers in one PostgreSQL database.

    Args:
        seconds: how long a worker may be silent, also in the middle of a transaction, before another gets its photos.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database, self._seconds = database, seconds

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator[Cluster]:
        """The ledgers in the database that has the registry.

        Raises:
            BadSetting: machines cannot share that database.
        """
        try:
            url = make_url(settings.registry_url or "sqlite://")
        except ArgumentError:
            url = make_url("sqlite://")
        if url.get_backend_name() != "postgresql":
            raise BadSetting(
                Text(
                    nl="Computers werken samen via een database van PostgreSQL.",
                    en="Machines work together by way of a PostgreSQL database.",
                ),
                hint=Text(
                    nl="Zet FOTOPOORT_REGISTRY_URL op postgresql://USER@HOST/DATABASE, op elke computer hetzelfde.",
                    en="Set FOTOPOORT_REGISTRY_URL to postgresql://USER@HOST/DATABASE, the same on every machine.",
                ),
            )
        seconds = lease_seconds(settings)
        database = Database(settings.registry_url or "", seconds=SECONDS_TO_WAIT, idle_seconds=seconds)
        try:
            yield cls(database, seconds)
        finally:
            database.close()

    @contextmanager
    def ledger(self, out: Storage, settings: Settings) -> Iterator[Ledger]:
        """The ledger of an output folder, made where there is none, for the machine that begins runs in it.

        Raises:
            OutputUnwritable: another machine is following a run in it, it belongs to another ledger, or it cannot be
                written.
        """
        schema = schema_of(out.address)
        if out.read(SHARED, settings) != schema.encode() and (has_record(out, SHARED) or has_record(out, OWN)):
            raise OutputUnwritable(
                Text(
                    nl="Deze map hoort bij opdrachten zonder --cluster, of had eerder een ander pad.",
                    en="This output folder belongs to runs without --cluster, or was named by another path.",
                ),
                hint=Text(
                    nl="Noem hem zoals eerder, of noem een andere map met --out.",
                    en="Name it as before, or another one with --out.",
                ),
            )
        with self._database.alone(int(hashlib.sha256(schema.encode()).hexdigest()[:15], 16)) as is_alone:
            if not is_alone:
                raise OutputUnwritable(ANOTHER_RUN, hint=WAIT)
            tables = LedgerDatabase(self._database, schema)
            tables.prepare()
            out.write(SHARED, schema.encode())
            yield Ledger(tables, self._seconds)

    def runs(self) -> Iterator[SharedRun]:
        """The runs that have work for other machines.

        Raises:
            RegistryUnavailable, OutputUnwritable: the database does not answer.
        """
        with self._database.read() as connection:
            query = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE :name ORDER BY nspname")
            pattern = SCHEMA_PREFIX.replace("_", r"\_") + "%"
            schemas = list(connection.execute(query, {"name": pattern}).scalars())
        for schema in schemas:
            tables = LedgerDatabase(self._database, schema)
            ledger = Ledger(tables, self._seconds)
            try:
                claimable = ledger.claimable_run() if tables.fits() else None
            except ProgrammingError:  # the schema is gone by now, or this user may not read it
                continue
            if claimable is not None:
                run, document = claimable
                yield SharedRun((schema, run), ledger, run, document["tenant"], document)


def schema_of(address: str) -> str:
    """The name of the schema with the ledger of an output folder."""
    return SCHEMA_PREFIX + hashlib.sha256(os.fsencode(address)).hexdigest()[:24]


def shared_request(request: RunRequest, policy: Policy, models: str, settings: Settings) -> Json:
    """What other machines must know to take part in a run."""
    return request.to_json() | {"tenant": settings.tenant, "alike": _required(policy, models, settings)}


def _required(policy: Policy, models: str, settings: Settings) -> Json:
    """What must be the same on all machines, by its name in English: the names are part of the run's request."""
    limits = ("precision", "max_megabytes", "max_megapixels", "seconds_per_photo")
    return {
        "the version of Fotopoort": version("fotopoort"),
        "the policy": policy.id,
        "the set of models": models,
        **{f"{PREFIX}{name.upper()}": getattr(settings, name) for name in limits},
    }


def follow(ledger: Ledger, run: int) -> Iterator[tuple[int, int]]:
    """Look at a run until it is done.

    Yields:
        How many photos are still to be done, and how many workers are doing them.

    Raises:
        RunReplaced: another run was begun in its place.
        OutputUnwritable: the database has not answered for a while.
    """
    outages = 0
    while True:
        start = time.monotonic()
        try:
            remaining, workers = ledger.remaining(run), ledger.workers(run)
        except OutputUnwritable:
            outages += 1
            if outages > MAX_OUTAGES:
                raise
        else:
            outages = 0
            yield remaining, workers
            if not remaining:
                return
        time.sleep(max(SECONDS_BETWEEN_LOOKS, 10 * (time.monotonic() - start)))


def worker_name() -> str:
    """A name for this process that no other worker has now."""
    return f"{socket.gethostname()}:{os.getpid()}"
