"""Runs that many machines do together: their ledgers are in one PostgreSQL database, a schema for each output folder.

Whoever begins a run plans it, follows it and makes the report; workers do it. What they must know of it stands in the
run. A worker takes part only where it has the same program, rules, models and limits as the others, and where it sees
the same files: a folder that goes by the same name on another machine need not be the same folder.
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
from fotopoort.batch.ledger.location import OWN, SHARED, has
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.storage import Storage, require
from fotopoort.errors import BadSetting, FolderUnreadable, OutputUnwritable, UseError
from fotopoort.policy.policy import Policy
from fotopoort.registry.store.database import Database
from fotopoort.settings import PREFIX, Settings

SCHEMAS: Final = "fotopoort_batch_"  # how their names begin
SHARE: Final = "Share the folders, and mount them in the same place on every machine."
SECONDS_BETWEEN_LOOKS: Final = 2.0
MAX_OUTAGES: Final = 30  # looks in a row at which the database does not answer; a restart takes fewer


@dataclass(frozen=True, slots=True)
class SharedRun:
    """A run that others began. `key`: the same as long as nothing about it has changed."""

    key: tuple[str, int]
    ledger: Ledger
    run: int
    tenant: str
    document: Json = field(repr=False)

    @property
    def place(self) -> str:
        """Where its results go, as people can read it."""
        return printable(self.document["out"])

    def asked(self, policy: Policy, models: str, settings: Settings) -> RunRequest:
        """What is asked, where this machine may take part.

        Raises:
            UseError: it may not; the message says why, the hint what to do.
        """
        for what, ours in _alike(policy, models, settings).items():
            if self.document["alike"].get(what) != ours:
                raise UseError(
                    f"On this machine, {what} is not as on the machine where the run began.",
                    hint="Give all machines the same program, policy file and settings, and start their workers again.",
                )
        asked = RunRequest.from_json(self.document)
        if asked.out.read(SHARED, settings) != self.key[0].encode():
            raise UseError("This machine does not see the output folder of the run.", hint=SHARE)
        try:
            require(asked.photos)
        except FolderUnreadable:
            raise UseError("This machine does not see the photos of the run.", hint=SHARE) from None
        return asked


class Cluster:
    """The ledgers in one database.

    Args:
        database: of PostgreSQL.
        seconds: how long a worker may be silent before its photos are given to another, and how long it may be so in
            a transaction.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database, self._seconds = database, seconds

    @classmethod
    @contextmanager
    def open(cls, settings: Settings) -> Iterator[Cluster]:
        """The ledgers in the database where the registry is.

        Raises:
            BadSetting: that is not one that many machines can use.
        """
        try:
            url = make_url(settings.registry_url or "sqlite://")
        except ArgumentError:
            url = make_url("sqlite://")
        if url.get_backend_name() != "postgresql":
            raise BadSetting(
                "Machines work together by way of a PostgreSQL database.",
                hint="Set FOTOPOORT_REGISTRY_URL to postgresql://USER@HOST/DATABASE, the same on every machine.",
            )
        seconds = lease_seconds(settings)
        database = Database(settings.registry_url or "", seconds=SECONDS_TO_WAIT, idle_seconds=seconds)
        try:
            yield cls(database, seconds)
        finally:
            database.close()

    @contextmanager
    def ledger(self, out: Storage, settings: Settings) -> Iterator[Ledger]:
        """The ledger of an output folder, made where there is none, for whoever begins runs in it.

        Raises:
            OutputUnwritable: a run is being followed elsewhere, another ledger knows what lies there, or it cannot be
                written.
        """
        schema = schema_of(out.address)
        if out.read(SHARED, settings) != schema.encode() and (has(out, SHARED) or has(out, OWN)):
            raise OutputUnwritable(
                "This output folder belongs to runs without --cluster, or was named by another path.",
                hint="Name it as before, or another one with --out.",
            )
        with self._database.alone(int(hashlib.sha256(schema.encode()).hexdigest()[:15], 16)) as alone:
            if not alone:
                raise OutputUnwritable("Another run is at work in the output folder.", hint="Wait until it ends.")
            store = LedgerDatabase(self._database, schema)
            store.prepare()
            out.write(SHARED, schema.encode())
            yield Ledger(store, self._seconds)

    def runs(self) -> Iterator[SharedRun]:
        """The runs that have work for others.

        Raises:
            RegistryUnavailable, OutputUnwritable: the database does not answer.
        """
        with self._database.read() as connection:
            query = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE :name ORDER BY nspname")
            schemas = list(connection.execute(query, {"name": SCHEMAS.replace("_", r"\_") + "%"}).scalars())
        for schema in schemas:
            store = LedgerDatabase(self._database, schema)
            ledger = Ledger(store, self._seconds)
            try:
                begun = ledger.begun() if store.fits() else None
            except ProgrammingError:  # it is gone by now, or not for us
                continue
            if begun is not None:
                run, document = begun
                yield SharedRun((schema, run), ledger, run, document["tenant"], document)


def schema_of(address: str) -> str:
    """The name of the schema with the ledger of an output folder."""
    return SCHEMAS + hashlib.sha256(os.fsencode(address)).hexdigest()[:24]


def for_others(asked: RunRequest, policy: Policy, models: str, settings: Settings) -> Json:
    """What other machines must know to take part."""
    return asked.to_json() | {"tenant": settings.tenant, "alike": _alike(policy, models, settings)}


def _alike(policy: Policy, models: str, settings: Settings) -> Json:
    """What must be the same on all machines."""
    limits = ("precision", "max_megabytes", "max_megapixels", "seconds_per_photo")
    return {
        "the version of Fotopoort": version("fotopoort"),
        "the policy": policy.id,
        "the set of models": models,
        **{f"{PREFIX}{name.upper()}": getattr(settings, name) for name in limits},
    }


def follow(ledger: Ledger, run: int) -> Iterator[tuple[int, int]]:
    """Until a run is done: how many photos are still to be done, and how many workers are doing them.

    Raises:
        RunReplaced: another run was begun in its place.
        OutputUnwritable: the database has not answered for a while.
    """
    outages = 0
    while True:
        start = time.monotonic()
        try:
            left, workers = ledger.left(run), ledger.workers(run)
        except OutputUnwritable:
            outages += 1
            if outages > MAX_OUTAGES:
                raise
        else:
            outages = 0
            yield left, workers
            if not left:
                return
        time.sleep(max(SECONDS_BETWEEN_LOOKS, 10 * (time.monotonic() - start)))


def this_worker() -> str:
    """A name that no other worker has now."""
    return f"{socket.gethostname()}:{os.getpid()}"
