"""Runs over made-up photos, for the tests of the records of a run."""

from __future__ import annotations

import os

from sqlalchemy import update

from fotopoort.batch.entry import Entry
from fotopoort.batch.ledger.leases import Lease
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.ledger.photo_state import PhotoState
from fotopoort.batch.ledger.tables import shard
from fotopoort.batch.storage.walk import FoundFile
from fotopoort.registry.store.database import Database

SECONDS = 120
ODD = os.fsdecode(b"twee\nregels/geen-\xff-utf8.jpg")


def found(path: str, size: int = 1) -> FoundFile:
    return FoundFile(path, size, 2, path.rpartition(".")[0])


def entry(path: str, *, code: str | None = None, thumbnail: str | None = None) -> Entry:
    error = {"code": code, "message": "It went wrong.", "hint": "Try again."}
    document = {"file": path, "verdicts": {}} | ({"error": error} if code else {})
    return Entry(path, "a" * 64, "2024-03-12", ("groep 5",), "beef", document, thumbnail)


def every_photo(file: FoundFile, state: PhotoState | None) -> bool:
    return True


def leased_run(ledger: Ledger, *paths: str) -> tuple[int, Lease]:
    """A run over these photos, all of them to be done, and its first lease."""
    run = ledger.begin("/fotos")
    ledger.record_found(run, map(found, paths))
    ledger.plan(run, every_photo)
    lease = ledger.leases.claim(run, "one")
    assert lease
    return run, lease


def states(ledger: Ledger, run: int) -> list[tuple[FoundFile, PhotoState | None]]:
    """What is known of each photo when it is planned; none of them is wanted."""
    planned: list[tuple[FoundFile, PhotoState | None]] = []

    def note(file: FoundFile, state: PhotoState | None) -> bool:
        planned.append((file, state))
        return False

    ledger.plan(run, note)
    return planned


def run_out(url: str) -> None:
    """Every lease has run out."""
    database = Database(url)
    with database.write() as connection:
        connection.execute(update(shard).values(until=1.0))
    database.close()
