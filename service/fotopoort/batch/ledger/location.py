"""Where the ledger of an output folder is: in the folder, for one machine, or in a database, for machines together."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fotopoort.batch.ledger.leases import lease_seconds
from fotopoort.batch.ledger.ledger import Ledger
from fotopoort.batch.run_request import RunRequest
from fotopoort.batch.storage.storage import Folder, Storage
from fotopoort.errors import OutputUnwritable, UseError
from fotopoort.registry.store.database import sqlite_url
from fotopoort.settings import Settings

FOLDER: Final = ".fotopoort"  # in the output folder
OWN: Final = f"{FOLDER}/ledger.sqlite"
SHARED: Final = f"{FOLDER}/cluster"  # holds the name of the ledger's schema in the database


@contextmanager
def own_ledger(asked: RunRequest, settings: Settings) -> Iterator[Ledger]:
    """The ledger in the output folder, for this run alone, without what a run that was killed left behind.

    Raises:
        OutputUnwritable: it cannot be written, another run is at work in it, or machines together made what is there.
        UseError: a folder is in a bucket, where a ledger cannot be.
    """
    if not isinstance(asked.out, Folder) or not isinstance(asked.photos, Folder):
        raise UseError("A bucket needs --cluster.", hint="See docs/folders.md, On many machines.")
    if has(asked.out, SHARED):
        raise OutputUnwritable(
            "This output folder belongs to runs with --cluster.", hint="Add it, or name another folder with --out."
        )
    asked.out.write(f"{FOLDER}/test", b"")
    asked.out.remove(f"{FOLDER}/test")
    with (asked.out.path / FOLDER / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputUnwritable("Another run is at work in the output folder.", hint="Wait until it ends.") from None
        asked.out.sweep()
        url = sqlite_url((asked.out.path / OWN).absolute())
        with Ledger.open(url, lease_seconds(settings)) as ledger:
            yield ledger


def has(out: Storage, place: str) -> bool:
    """Whether a file is among the records of an output folder."""
    try:
        return any(f"{FOLDER}/{one.name}" == place for one in out.listing(FOLDER))
    except OSError:
        return False
